//! What somebody wants of the chosen courses otherwise than it is there: of one alone, or of all that have no wish of their
//! own.

use super::selection::{Picked, Selection};
use crate::i18n::{Locale, text};
use courseferry_api::{CourseId, Enrolments, ExistingCourse, Options, UnixTime};
use std::collections::BTreeSet;

/// A course here to which something is added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Existing {
    /// Which.
    pub id: CourseId,
    /// Its name.
    pub name: String,
    /// When it starts.
    pub starts: Option<UnixTime>,
}

impl From<ExistingCourse> for Existing {
    fn from(course: ExistingCourse) -> Self {
        Self { id: course.id, name: course.full_name, starts: course.starts }
    }
}

/// What is wanted of all chosen courses; none is as there, and a course of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ForAll {
    /// They are added to this one.
    pub existing: Option<Existing>,
    /// When they start.
    pub starts: Option<UnixTime>,
    /// Students see them.
    pub visible: Option<bool>,
}

/// What is wanted of one course. The outer none is: as of the others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::option_option, reason = "as of the others, as there, and something else are three things")]
pub struct Wishes {
    /// It is added to this one.
    pub existing: Option<Option<Existing>>,
    /// When it starts.
    pub starts: Option<Option<UnixTime>>,
    /// Students see it.
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

/// What is wanted of one course, in sentences.
fn sentences(locale: &Locale, picked: &Picked, for_all: &ForAll) -> Vec<String> {
    let wishes = &picked.wishes;
    let mut said = Vec::new();
    if let Some(existing) = wishes.existing(for_all) {
        said.push(locale.fill(text::ADDED_TO, &[("course", &existing.name)]));
        said.extend(dates_move(locale, picked.starts, existing.starts));
    } else {
        if let Some(starts) = wishes.starts(for_all) {
            let date = locale.fill(text::WISH_STARTS, &[("date", &locale.full_date(starts))]);
            said.push(match dates_move(locale, picked.starts, Some(starts)) {
                Some(moved) => format!("{date} {moved}"),
                None => date,
            });
        }
        said.extend(
            wishes.visible(for_all).map(|shown| locale.t(if shown { text::WISH_SHOWN } else { text::WISH_HIDDEN })),
        );
        said.extend(wishes.students.then(|| locale.t(text::WISH_STUDENTS)));
        said.extend(match wishes.enrolments {
            Enrolments::Never => None,
            Enrolments::WithUsers => Some(locale.t(text::WISH_METHODS_USED)),
            Enrolments::Always => Some(locale.t(text::WISH_METHODS)),
        });
        let names = [wishes.full_name.trim(), wishes.short_name.trim()].into_iter().filter(|name| !name.is_empty());
        let names = names.collect::<Vec<_>>().join(", ");
        said.extend((!names.is_empty()).then(|| locale.fill(text::WISH_NAMED, &[("name", &names)])));
    }
    let left_out = wishes.sections.len() + wishes.activities.len();
    said.extend((left_out > 0).then(|| locale.count(text::WISH_LEFT_OUT, left_out)));
    said
}

/// Of which of the chosen courses students' data stay where they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Promise {
    /// Of all.
    All,
    /// Of some.
    Others,
    /// Of none.
    None,
}

/// What can be promised of students' data.
pub fn promise(chosen: &Selection, for_all: &ForAll) -> Promise {
    let with = chosen.0.iter().filter(|picked| picked.wishes.options(for_all).students).count();
    match with {
        0 => Promise::All,
        n if n == chosen.len() => Promise::None,
        _ => Promise::Others,
    }
}

/// What is wanted of the chosen courses, each sentence once; of how many it is true if not of all.
pub fn summary(locale: &Locale, chosen: &Selection, for_all: &ForAll) -> Vec<String> {
    let mut lines: Vec<(String, usize)> = Vec::new();
    for sentence in chosen.0.iter().flat_map(|picked| sentences(locale, picked, for_all)) {
        match lines.iter_mut().find(|(known, _)| *known == sentence) {
            Some((_, of)) => *of += 1,
            None => lines.push((sentence, 1)),
        }
    }
    let line = |(sentence, of): (String, usize)| {
        if of == chosen.len() {
            return sentence;
        }
        let total = locale.number(chosen.len());
        locale.count_with(text::WISH_OF, of, &[("total", &total), ("wish", &sentence)])
    };
    lines.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::stub::{NOW, english};
    use crate::logic::selection::tests::picked;
    use courseferry_api::Target;

    fn existing() -> Existing {
        Existing { id: CourseId(43), name: "Optics 2026".into(), starts: Some(NOW.plus(364 * 86_400)) }
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
    fn what_is_not_touched_is_no_wish() {
        assert!(Wishes { full_name: "  ".into(), ..Wishes::default() }.options(&ForAll::default()).is_as_there());
    }

    #[test]
    fn an_existing_course_is_asked_for_without_names_and_dates() {
        let own = Wishes { full_name: "Mine".into(), starts: Some(Some(NOW)), ..Wishes::default() };
        let for_all = ForAll { existing: Some(existing()), ..ForAll::default() };
        let options = own.options(&for_all);
        assert_eq!(options, Options { target_course: Some(CourseId(43)), ..Options::default() });
    }

    #[test]
    fn students_come_only_where_they_are_wanted_and_of_the_others_it_is_said_that_they_stay() {
        let mut chosen = Selection(vec![picked(1), picked(2)]);
        let for_all = ForAll::default();
        assert_eq!(promise(&chosen, &for_all), Promise::All);
        let with = |chosen: &mut Selection, id| chosen.wish(&picked(id).key, |wishes| wishes.students = true);
        with(&mut chosen, 1);
        assert_eq!(promise(&chosen, &for_all), Promise::Others);
        let said = summary(&english(), &chosen, &for_all);
        assert_eq!(said, ["1 of 2 courses: **Students come along, with their submissions and grades.**"]);
        with(&mut chosen, 2);
        assert_eq!(promise(&chosen, &for_all), Promise::None);
        let added = ForAll { existing: Some(existing()), ..ForAll::default() };
        assert_eq!(promise(&chosen, &added), Promise::All, "into a course that exists they never come");
    }

    #[test]
    fn without_a_place_for_every_course_nothing_is_asked_for() {
        let mut chosen = Selection(vec![picked(1), picked(2)]);
        assert_eq!(chosen.choices(None, &ForAll::default()), None);
        chosen.wish(&picked(1).key, |wishes| wishes.existing = Some(Some(existing())));
        assert_eq!(chosen.choices(None, &ForAll::default()), None);
        let for_all = ForAll { existing: Some(existing()), ..ForAll::default() };
        assert_eq!(chosen.choices(None, &for_all).map(|choices| choices.len()), Some(2));
    }

    #[test]
    fn wishes_are_said_once_with_the_days_by_which_dates_move() {
        let started = |id| Picked { starts: Some(NOW), ..picked(id) };
        let mut chosen = Selection(vec![started(1), started(2)]);
        let later = ForAll { starts: Some(NOW.plus(364 * 86_400)), ..ForAll::default() };
        let said = summary(&english(), &chosen, &later);
        assert_eq!(said.len(), 1);
        assert!(said[0].ends_with("All dates in it move by 364 days."), "{said:?}");
        chosen.wish(&started(2).key, |wishes| wishes.existing = Some(Some(existing())));
        let said = summary(&english(), &chosen, &ForAll::default());
        let added = "1 of 2 courses: Content is **added** to “Optics 2026”; nothing in it is changed or removed.";
        assert_eq!(said, [added, "1 of 2 courses: All dates in it move by 364 days."]);
    }

    #[test]
    fn dates_that_stay_are_not_said_to_move() {
        assert_eq!(dates_move(&english(), Some(NOW), Some(NOW)), None);
        assert_eq!(dates_move(&english(), None, Some(NOW)), None);
        let back = dates_move(&english(), Some(NOW), Some(NOW.plus(-86_400)));
        assert_eq!(back.as_deref(), Some("All dates in it move back by 1 day."));
    }
}
