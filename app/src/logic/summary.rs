//! What is wanted of the chosen courses otherwise than it is there, in sentences.

use super::selection::{Picked, Selection};
use super::wishes::{ForAll, dates_move};
use crate::i18n::{Locale, text};
use courseferry_api::{Enrolments, UnixTime};

/// What is wanted of one course, in sentences.
fn sentences(locale: &Locale, picked: &Picked, for_all: &ForAll) -> Vec<String> {
    let wishes = &picked.wishes;
    let mut said = Vec::new();
    if let Some(existing) = wishes.existing(for_all) {
        said.push(locale.fill(text::ADDED_TO, &[("course", &existing.name)]));
        said.extend(dates_move(locale, picked.starts, existing.starts));
    } else {
        said.extend(start_and_visibility(locale, wishes.starts(for_all), picked.starts, wishes.visible(for_all)));
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

/// When a course starts that starts `there` on the remote, and who sees it, where that is wanted.
pub fn start_and_visibility(
    locale: &Locale,
    starts: Option<UnixTime>,
    there: Option<UnixTime>,
    visible: Option<bool>,
) -> Vec<String> {
    let starts = starts.map(|starts| {
        let date = locale.fill(text::WISH_STARTS, &[("date", &locale.full_date(starts))]);
        match dates_move(locale, there, Some(starts)) {
            Some(moved) => format!("{date} {moved}"),
            None => date,
        }
    });
    let visible = visible.map(|shown| locale.t(if shown { text::WISH_SHOWN } else { text::WISH_HIDDEN }));
    starts.into_iter().chain(visible).collect()
}

/// For which of the chosen courses it can be promised that students' data stay on the remote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Promise {
    All,
    Others,
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
    use crate::logic::wishes::Existing;
    use courseferry_api::CourseId;

    fn existing() -> Existing {
        Existing { id: CourseId(43), name: "Optics 2026".into(), starts: Some(NOW.plus(364 * 86_400)) }
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
}
