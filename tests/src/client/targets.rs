//! Courses that exist already and are added to: who may, which are found, and what a restore adds to them.

use super::{
    course::Course,
    moodle::Records,
    people::{Site, User},
};
use crate::backup::{ReadActivity, ReadBackup, ReadSection};
use courseferry_access::{UserId, capabilities::RESTORE_COURSE};
use serde_json::{Value, json};

/// The most that one search gives.
const MOST: usize = 50;
/// The front page, to which nothing can be added.
const FRONT_PAGE: i64 = 1;

impl Records {
    /// Why a user may not add to a course, as code and detail.
    pub fn why_not_adding(&self, user: i64, id: i64) -> Option<(&'static str, String)> {
        if !self.site.user(user).is_some_and(User::is_active) {
            return Some(("client.user_inactive", format!("user {user} is suspended, deleted or not confirmed")));
        }
        let Some(course) = self.courses.get(&id).filter(|course| course.id != FRONT_PAGE && !course.half_made) else {
            return Some(("client.course_missing", format!("course {id}")));
        };
        let refused = || ("client.no_capability", format!("{RESTORE_COURSE} in course {id}"));
        (!self.site.may_restore_in(user, course)).then(refused)
    }

    /// Whether a user has a course to which they may add, where the site lets people do that.
    pub fn has_targets(&self, user: i64) -> bool {
        self.site.target_courses && self.courses.keys().any(|id| self.why_not_adding(user, *id).is_none())
    }

    /// Whether a user sees the widget.
    pub fn sees_widget(&self, user: i64) -> bool {
        self.site.may_see_widget(user) || !self.site.is_guest(user) && self.has_targets(user)
    }

    /// What `get_target_courses` answers: those that began last first, or the one that is asked about.
    pub fn target_courses(&self, user: i64, search: &str, limit: usize, one: i64) -> Value {
        let entry = |course: &Course| {
            let category = self.site.category(course.category).map(|category| category.name.clone());
            json!({
                "id": course.id, "fullname": course.fullname, "shortname": course.shortname, "visible": course.visible,
                "startdate": course.starts, "categoryid": course.category, "category": category.unwrap_or_default(),
            })
        };
        let answer = |courses: Vec<Value>, more: bool, (error, detail): (&str, String)| json!({ "courses": courses, "more": more, "error": error, "errordetail": detail });
        if one != 0 {
            return match self.why_not_adding(user, one) {
                Some(refusal) => answer(Vec::new(), false, refusal),
                None => answer(self.courses.get(&one).map(entry).into_iter().collect(), false, ("", String::new())),
            };
        }
        let search = search.trim().to_lowercase();
        let called =
            |course: &&Course| format!("{} {}", course.fullname, course.shortname).to_lowercase().contains(&search);
        let found = self.courses.values().filter(called);
        let mut found: Vec<_> = found.filter(|course| self.why_not_adding(user, course.id).is_none()).collect();
        found.sort_by_key(|course| std::cmp::Reverse((course.starts, course.id)));
        let limit = limit.clamp(1, MOST);
        answer(found.iter().take(limit).map(|course| entry(course)).collect(), found.len() > limit, ("", String::new()))
    }
}

impl Site {
    /// `moodle/restore:restorecourse` in a course: editing teachers have it in theirs, unless a role of theirs prohibits
    /// it above.
    fn may_restore_in(&self, user: i64, course: &Course) -> bool {
        let context = Self::context_of(course.category);
        let teaches = course.participants.get(&user).is_some_and(|role| role == "editingteacher");
        let prohibited = self.prohibits(user, &RESTORE_COURSE, context);
        // Whoever is neither in a course nor manages it cannot enter it, whatever else they may do.
        let manages = self.config.siteadmins.contains(&UserId(user)) || self.has_archetype(user, "manager");
        let enters = manages || course.participants.contains_key(&user);
        enters && !prohibited && (teaches || self.may(user, &RESTORE_COURSE, context))
    }
}

impl Course {
    /// Adds the activities of the first two sections and nothing more; returns which.
    pub fn add_a_part(&mut self, job: &str, mut read: ReadBackup) -> Vec<(usize, ReadActivity)> {
        read.sections.truncate(2);
        read.files = (0, 0);
        let numbered = read.sections.iter().enumerate();
        let part = numbered.flat_map(|(n, section)| section.activities.iter().map(move |one| (n, one.clone())));
        let part = part.collect();
        self.add(job, read);
        part
    }

    /// What core's restore adds: sections of the same number are one, missing ones are made, and what is there stays.
    pub fn add(&mut self, job: &str, read: ReadBackup) {
        for (number, section) in read.sections.into_iter().enumerate() {
            while self.sections.len() <= number {
                self.sections.push(ReadSection { name: String::new(), activities: Vec::new() });
            }
            if let Some(own) = self.sections.get_mut(number) {
                own.activities.extend(section.activities);
            }
        }
        self.files = (self.files.0 + read.files.0, self.files.1 + read.files.1);
        self.added.push(job.to_owned());
    }
}
