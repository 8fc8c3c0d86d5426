//! What the teacher has chosen, each course with its own target if it has one. It outlives lost connections,
//! ended sessions and lists that cannot be loaded, so it keeps the names it needs.

use super::wishes::{ForAll, Wishes};
use courseferry_api::{Choice, Course, RemoteCourseId, RemoteId, Restore, ScheduleAnswer, Target, UnixTime};

/// Most courses that one request takes.
pub const MOST: usize = 200;

/// A course of a remote.
pub type Key = (RemoteId, RemoteCourseId);

/// A chosen course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picked {
    pub key: Key,
    pub full_name: String,
    pub short_name: String,
    /// When it starts on the remote.
    pub starts: Option<UnixTime>,
    /// What is wanted of it alone.
    pub wishes: Wishes,
    /// Where it goes, if not where the others go.
    pub target: Option<Target>,
}

impl Picked {
    /// `course` of `remote`, going where the others go.
    pub fn new(remote: &RemoteId, course: &Course) -> Self {
        let (full_name, short_name) = (course.full_name.clone(), course.short_name.clone());
        let (key, starts) = ((remote.clone(), course.id), course.starts);
        Self { key, full_name, short_name, starts, wishes: Wishes::default(), target: None }
    }
}

/// The chosen courses, in the order of choosing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection(pub Vec<Picked>);

impl Selection {
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The course, if it is chosen.
    pub fn get(&self, key: &Key) -> Option<&Picked> {
        self.0.iter().find(|picked| picked.key == *key)
    }

    /// The course is chosen.
    pub fn has(&self, remote: &RemoteId, course: RemoteCourseId) -> bool {
        self.0.iter().any(|picked| picked.key.1 == course && picked.key.0 == *remote)
    }

    /// Chooses it, unless [`MOST`] are chosen.
    pub fn add(&mut self, picked: Picked) {
        if self.get(&picked.key).is_none() && self.len() < MOST {
            self.0.push(picked);
        }
    }

    /// Chooses it no longer.
    pub fn remove(&mut self, key: &Key) {
        self.0.retain(|picked| picked.key != *key);
    }

    /// Gives it its own target, or lets it go with the others. With its own it is a course of its own.
    pub fn send(&mut self, key: &Key, target: Option<Target>) {
        for picked in self.0.iter_mut().filter(|picked| picked.key == *key) {
            picked.target = target;
            picked.wishes.existing = target.map(|_| None);
        }
    }

    /// Changes what is wanted of it alone.
    pub fn wish(&mut self, key: &Key, change: impl FnOnce(&mut Wishes)) {
        if let Some(picked) = self.0.iter_mut().find(|picked| picked.key == *key) {
            change(&mut picked.wishes);
        }
    }

    /// What to ask the Worker for; none while it is not decided of every course where it goes.
    pub fn choices(&self, common: Option<Target>, for_all: &ForAll) -> Option<Vec<Choice>> {
        let choice = |p: &Picked| {
            let options = p.wishes.options(for_all);
            // A course that is added to is in its category.
            let target = p.target.or(common).or(options.target_course.map(|_| Target::Default))?;
            Some(Choice { options, ..Choice::new(p.key.0.clone(), p.key.1, target) })
        };
        self.0.iter().map(choice).collect()
    }

    /// Lets go what the Worker has scheduled; what it refused stays chosen.
    pub fn forget_answered(&mut self, answer: &ScheduleAnswer) {
        for result in answer.results.iter().filter(|result| result.restore.is_some()) {
            self.remove(&(result.choice.remote.clone(), result.choice.course));
        }
    }

    /// After an answer that never arrived: lets go what was scheduled nevertheless, at `asked` or later.
    pub fn forget_scheduled(&mut self, restores: &[Restore], asked: UnixTime) {
        for restore in restores.iter().filter(|restore| restore.created >= asked) {
            self.remove(&(restore.remote.clone(), restore.remote_course));
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::i18n::stub::NOW;
    use crate::logic::restores::tests::restore;
    use crate::logic::wishes::Existing;
    use courseferry_api::{CategoryId, CourseId, ErrorCode, Language, Problem, Scheduled};

    /// Course `id` of the remote of all tests.
    pub fn picked(id: i64) -> Picked {
        let key = (restore(1).remote, RemoteCourseId(id));
        let (full_name, short_name) = (format!("Course {id}"), format!("C{id}"));
        Picked { key, full_name, short_name, starts: None, wishes: Wishes::default(), target: None }
    }

    /// What is asked for of courses that all have a place.
    pub fn all(chosen: &Selection, common: Target) -> Vec<Choice> {
        chosen.choices(Some(common), &ForAll::default()).expect("a place for each")
    }

    #[test]
    fn a_course_goes_where_the_others_go_unless_sent_elsewhere() {
        let mut chosen = Selection(vec![picked(1), picked(2)]);
        chosen.send(&picked(2).key, Some(Target::Category(CategoryId(5))));
        let targets: Vec<_> = all(&chosen, Target::Original).into_iter().map(|c| c.target).collect();
        assert_eq!(targets, [Target::Original, Target::Category(CategoryId(5))]);
    }

    #[test]
    fn what_was_refused_stays_chosen() {
        let mut chosen = Selection(vec![picked(1), picked(2)]);
        let [first, second] = all(&chosen, Target::Default).try_into().expect("two");
        let problem = Problem::new(ErrorCode::RestoreTaken, Language::English, "", "");
        let results = vec![
            Scheduled { choice: first, restore: Some(restore(1)), problem: None },
            Scheduled { choice: second, restore: None, problem: Some(problem) },
        ];
        chosen.forget_answered(&ScheduleAnswer { results });
        assert_eq!(chosen.0, [picked(2)]);
    }

    #[test]
    fn what_was_scheduled_although_the_answer_got_lost_is_not_scheduled_twice() {
        let mut chosen = Selection(vec![picked(1), picked(2)]);
        let (mut old, mut new) = (restore(2), restore(1));
        (old.created, new.created) = (NOW.plus(-3_600), NOW.plus(1));
        chosen.forget_scheduled(&[new, old], NOW);
        assert_eq!(chosen.0, [picked(2)]);
    }

    #[test]
    fn choosing_twice_or_beyond_the_limit_adds_nothing() {
        let mut chosen = Selection::default();
        (0..300).chain(0..300).for_each(|id| chosen.add(picked(id)));
        assert_eq!(chosen.len(), MOST);
    }

    #[test]
    fn one_wish_for_all_leaves_exceptions_as_they_are() {
        let own = Wishes { starts: Some(None), visible: Some(Some(true)), ..Wishes::default() };
        let chosen = Selection(vec![picked(1), Picked { wishes: own, ..picked(2) }]);
        let for_all = ForAll { starts: Some(NOW), visible: Some(false), existing: None };
        let options: Vec<_> =
            chosen.choices(Some(Target::Default), &for_all).unwrap().into_iter().map(|choice| choice.options).collect();
        assert_eq!((options[0].starts, options[0].visible), (Some(NOW), Some(false)));
        assert_eq!((options[1].starts, options[1].visible), (None, Some(true)));
    }

    #[test]
    fn without_a_place_for_every_course_nothing_is_asked_for() {
        let existing = Existing { id: CourseId(43), name: "Optics 2026".into(), starts: None };
        let mut chosen = Selection(vec![picked(1), picked(2)]);
        assert_eq!(chosen.choices(None, &ForAll::default()), None);
        chosen.wish(&picked(1).key, |wishes| wishes.existing = Some(Some(existing.clone())));
        assert_eq!(chosen.choices(None, &ForAll::default()), None);
        let for_all = ForAll { existing: Some(existing), ..ForAll::default() };
        assert_eq!(chosen.choices(None, &for_all).map(|choices| choices.len()), Some(2));
    }
}
