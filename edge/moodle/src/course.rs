//! A course of a remote, as the remote lists it.

use crate::text::plain_text;
use courseferry_api::{RemoteCourseId, UnixTime, lenient};
use serde::{Deserialize, Serialize};

/// The most bytes of one person's list on one remote, about as the cache stores it.
const LIST_LIMIT: usize = 3 * 1024 * 1024;

/// A person's courses on a remote.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Courses {
    /// As many as a list may hold, those that started last.
    pub courses: Vec<Course>,
    /// How many more there are. What a remote itself answers has no such field.
    #[serde(default)]
    pub left_out: usize,
}

/// As many courses as a list may hold; those that started last are kept.
pub fn within_limit(mut courses: Vec<Course>) -> Courses {
    let all = courses.len();
    let total: usize = courses.iter().map(Course::size).sum();
    if total > LIST_LIMIT {
        courses.sort_by_key(|course| std::cmp::Reverse(course.startdate));
        let mut left = LIST_LIMIT;
        courses.retain(|course| {
            let fits = course.size() <= left;
            left -= if fits { course.size() } else { left };
            fits
        });
    }
    Courses { left_out: all - courses.len(), courses }
}

/// A course of a remote, as its list has it. Fields that we do not use are not read; the usernames
/// of colleagues (`concernedusers`) are among them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Course {
    pub id: RemoteCourseId,
    /// Its short name as it is stored, markup and all.
    #[serde(deserialize_with = "lenient::name")]
    pub shortname: String,
    /// Its full name as it is stored, markup and all.
    #[serde(default, deserialize_with = "lenient::name")]
    pub fullname: String,
    /// Its id number; empty if it has none.
    #[serde(default, deserialize_with = "lenient::name")]
    pub idnumber: String,
    /// The names of its categories there, from the top down; only our kind of remote tells.
    #[serde(default, skip_serializing_if = "String::is_empty", deserialize_with = "lenient::name")]
    pub categorypath: String,
    /// When it starts, if it says so.
    #[serde(default, deserialize_with = "lenient::moment")]
    pub startdate: Option<UnixTime>,
    /// Whether students see it. A remote that does not say so lists what everybody sees.
    #[serde(default = "yes", deserialize_with = "lenient::flag")]
    pub visible: bool,
    /// Whether the teacher may take students' data along; only our kind of remote tells.
    #[serde(default, skip_serializing_if = "std::ops::Not::not", deserialize_with = "lenient::flag")]
    pub users: bool,
    /// What names its category on both sites, if the remote tells.
    #[serde(default, deserialize_with = "lenient::filled")]
    pub categoryidentifier: Option<String>,
}

fn yes() -> bool {
    true
}

impl Course {
    /// About how many bytes it takes in the cache.
    fn size(&self) -> usize {
        let texts = [&self.shortname, &self.fullname, &self.idnumber, &self.categorypath];
        let identifier = self.categoryidentifier.as_ref().map_or(0, String::len);
        120 + identifier + texts.into_iter().map(String::len).sum::<usize>()
    }

    /// Its full name in the reader's language.
    pub fn full_name(&self, language: &str) -> String {
        plain_text(&self.fullname, language)
    }

    /// Its short name in the reader's language.
    pub fn short_name(&self, language: &str) -> String {
        plain_text(&self.shortname, language)
    }
}
