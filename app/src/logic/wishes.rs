//! What somebody wants of the chosen courses otherwise than it is there: of one alone, or of all that have no wish of their
//! own.

use crate::i18n::{Locale, text};
use courseferry_api::{CourseId, Enrolments, ExistingCourse, Options, UnixTime};
use std::collections::BTreeSet;

/// A course here to which something is added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Existing {
    pub id: CourseId,
    pub name: String,
    pub starts: Option<UnixTime>,
}

impl From<ExistingCourse> for Existing {
    fn from(course: ExistingCourse) -> Self {
        Self { id: course.id, name: course.full_name, starts: course.starts }
    }
}

/// What is wanted of all chosen courses. None leaves it as it is on the remote; without `existing` each becomes a new
/// course.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ForAll {
    /// They are added to this one.
    pub existing: Option<Existing>,
    pub starts: Option<UnixTime>,
    pub visible: Option<bool>,
}

/// What is wanted of one course. An outer none follows what is wanted of all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::option_option, reason = "as of the others, as there, and something else are three things")]
pub struct Wishes {
    /// It is added to this one.
    pub existing: Option<Option<Existing>>,
    pub starts: Option<Option<UnixTime>>,
    pub visible: Option<Option<bool>>,
    /// Its full name, as far as it is typed.
    pub full_name: String,
    /// Its short name, as far as it is typed.
    pub short_name: String,
    /// Students come along with their data.
    pub students: bool,
    /// Which enrolment methods come along.
    pub enrolments: Enrolments,
    /// Sections that stay there.
    pub sections: BTreeSet<i64>,
    /// Activities that stay there.
    pub activities: BTreeSet<i64>,
}

impl Wishes {
    /// The course that it is added to.
    pub fn existing<'a>(&'a self, for_all: &'a ForAll) -> Option<&'a Existing> {
        self.existing.as_ref().unwrap_or(&for_all.existing).as_ref()
    }

    /// When it starts.
    pub fn starts(&self, for_all: &ForAll) -> Option<UnixTime> {
        self.starts.unwrap_or(for_all.starts)
    }

    /// Whether students see it.
    pub fn visible(&self, for_all: &ForAll) -> Option<bool> {
        self.visible.unwrap_or(for_all.visible)
    }

    /// What the Worker is asked for.
    pub fn options(&self, for_all: &ForAll) -> Options {
        let typed = |name: &String| Some(name.trim().to_owned()).filter(|name| !name.is_empty());
        let parts = Options {
            leave_out_sections: self.sections.iter().copied().collect(),
            leave_out_activities: self.activities.iter().copied().collect(),
            ..Options::default()
        };
        match self.existing(for_all) {
            // A course that exists keeps what is its own.
            Some(existing) => Options { target_course: Some(existing.id), ..parts },
            None => Options {
                full_name: typed(&self.full_name),
                short_name: typed(&self.short_name),
                starts: self.starts(for_all),
                visible: self.visible(for_all),
                students: self.students,
                enrolments: self.enrolments,
                ..parts
            },
        }
    }
}

/// `All dates in it move by 364 days.`; nothing where they stay.
pub fn dates_move(locale: &Locale, there: Option<UnixTime>, here: Option<UnixTime>) -> Option<String> {
    let days = locale.days_between(there?, here?);
    let n = usize::try_from(days.unsigned_abs()).unwrap_or(usize::MAX);
    match days {
        0 => None,
        1.. => Some(locale.count(text::DATES_MOVE, n)),
        _ => Some(locale.count(text::DATES_MOVE_BACK, n)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::stub::{NOW, english};

    #[test]
    fn what_is_not_touched_is_no_wish() {
        assert!(Wishes { full_name: "  ".into(), ..Wishes::default() }.options(&ForAll::default()).is_as_there());
    }

    #[test]
    fn an_existing_course_is_asked_for_without_names_and_dates() {
        let own = Wishes { full_name: "Mine".into(), starts: Some(Some(NOW)), ..Wishes::default() };
        let existing = Existing { id: CourseId(43), name: "Optics 2026".into(), starts: None };
        let for_all = ForAll { existing: Some(existing), ..ForAll::default() };
        let options = own.options(&for_all);
        assert_eq!(options, Options { target_course: Some(CourseId(43)), ..Options::default() });
    }

    #[test]
    fn dates_that_stay_are_not_said_to_move() {
        assert_eq!(dates_move(&english(), Some(NOW), Some(NOW)), None);
        assert_eq!(dates_move(&english(), None, Some(NOW)), None);
        let back = dates_move(&english(), Some(NOW), Some(NOW.plus(-86_400)));
        assert_eq!(back.as_deref(), Some("All dates in it move back by 1 day."));
    }
}
