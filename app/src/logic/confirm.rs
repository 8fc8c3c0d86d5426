//! What the confirm bar says before anything happens: what differs from the wish, and what stands in the way.

use super::selection::{Key, MOST, Selection};
use super::targets;
use crate::i18n::{Locale, text};
use courseferry_api::{Exception, Home, Plan, PlannedCourse, TakenName, Target};

/// In what way courses differ from the wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// They cannot be restored.
    Refused {
        /// Why, in a sentence.
        reason: String,
    },
    /// They go to this category, the default one, instead of their original one.
    Default {
        category: String,
        /// Why, in a sentence.
        reason: String,
    },
    /// Something may be left out.
    Incomplete {
        /// Why, in a sentence.
        reason: String,
    },
    /// One of its names is taken here.
    Renamed {
        /// The name that is taken.
        old: String,
        /// Full and short name that the course gets here.
        new: String,
    },
    /// Somebody is choosing another category for them; for now they go to this one.
    Changing { category: String },
}

/// What differs for one course, or for several in the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is known by while its words and courses change.
    pub id: String,
    pub kind: Kind,
    /// In the order of the plan.
    pub courses: Vec<Key>,
}

/// Courses for which somebody is choosing another category: their line stays, also once nothing differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changing {
    /// The [`Difference`] that they come from.
    pub id: String,
    pub courses: Vec<Key>,
}

/// The differences of the chosen courses, equal ones together, refusals first. Answers about courses that are no longer
/// chosen are left out.
pub fn differences(
    locale: &Locale,
    home: &Home,
    chosen: &Selection,
    plan: &Plan,
    changing: Option<&Changing>,
) -> Vec<Difference> {
    let mut found: Vec<Difference> = Vec::new();
    let mut add = |id: String, kind: Kind, key: &Key| match found.iter_mut().find(|known| known.id == id) {
        Some(known) => known.courses.push(key.clone()),
        None => found.push(Difference { id, kind, courses: vec![key.clone()] }),
    };
    for planned in &plan.courses {
        let key = (planned.choice.remote.clone(), planned.choice.course);
        if chosen.get(&key).is_none() {
            continue;
        }
        let changing = changing.filter(|changing| changing.courses.contains(&key));
        for exception in &planned.exceptions {
            let kind = Kind::of(locale, home, planned, exception);
            if changing.is_none() || !kind.movable() {
                add(format!("{kind:?}"), kind, &key);
            }
        }
        if let Some(changing) = changing {
            add(changing.id.clone(), Kind::Changing { category: place(locale, home, planned) }, &key);
        }
    }
    found.sort_by_key(|difference| !difference.refused());
    found
}

impl Kind {
    fn of(locale: &Locale, home: &Home, planned: &PlannedCourse, exception: &Exception) -> Self {
        match exception {
            Exception::DefaultInstead { reason } => {
                Self::Default { category: place(locale, home, planned), reason: reason.clone() }
            }
            Exception::Renamed { taken, full_name, short_name } => {
                let (TakenName::Short(old) | TakenName::Full(old)) = taken;
                Self::Renamed { old: old.clone(), new: format!("{full_name}, {short_name}") }
            }
            Exception::Refused { problem } => Self::Refused { reason: problem.message.clone() },
            Exception::Incomplete { reason } => Self::Incomplete { reason: reason.clone() },
        }
    }

    /// Another category could help.
    fn movable(&self) -> bool {
        !matches!(self, Self::Renamed { .. })
    }
}

impl Difference {
    /// The courses would not be restored at all.
    pub fn refused(&self) -> bool {
        matches!(self.kind, Kind::Refused { .. })
    }

    /// Another category could help.
    pub fn movable(&self) -> bool {
        self.kind.movable()
    }

    /// What differs and why. One course is called by its name, several by their number.
    pub fn sentence(&self, locale: &Locale, chosen: &Selection) -> String {
        let name = match self.courses.as_slice() {
            [one] => chosen.get(one).map(|picked| picked.full_name.as_str()),
            _ => None,
        };
        let n = self.courses.len();
        let say = |one, many, values: &[(&str, &str)]| match name {
            Some(name) => locale.fill(one, &[&[("course", name)], values].concat()),
            None => locale.count_with(many, n, values),
        };
        let said = match &self.kind {
            Kind::Refused { reason } => say(text::REFUSED, text::N_REFUSED, &[("reason", reason)]),
            Kind::Incomplete { reason } => say(text::INCOMPLETE, text::N_INCOMPLETE, &[("reason", reason)]),
            Kind::Changing { category } => say(text::GOES_TO, text::N_GO_TO, &[("category", category)]),
            Kind::Default { category, reason } => {
                let values = [("category", category.as_str()), ("reason", reason.as_str())];
                say(text::GOES_TO_DEFAULT, text::N_GO_TO_DEFAULT, &values)
            }
            Kind::Renamed { old, new } => locale.fill(text::RENAMED, &[("old", old), ("new", new)]),
        };
        said.trim_end().to_owned()
    }
}

/// The name of the category to which a course would go.
fn place(locale: &Locale, home: &Home, planned: &PlannedCourse) -> String {
    let known = planned.category.and_then(|id| targets::name(home, id));
    known.map_or_else(|| locale.t(text::THE_DEFAULT), str::to_owned)
}

/// Where a chosen course goes: as the plan says if there is one, else as it was asked for.
pub fn destination(locale: &Locale, home: &Home, key: &Key, asked: Target, plan: Option<&Plan>) -> String {
    let of = |planned: &&PlannedCourse| planned.choice.remote == key.0 && planned.choice.course == key.1;
    let planned = plan.and_then(|plan| plan.courses.iter().find(of));
    if let Some(existing) = planned.and_then(|planned| planned.added_to.clone()) {
        return existing;
    }
    let planned = planned.filter(|planned| planned.category.is_some());
    planned.map_or_else(|| targets::short_label(locale, home, asked), |planned| place(locale, home, planned))
}

/// How many more may be chosen.
pub fn room(home: &Home, chosen: usize) -> usize {
    let tonight = if home.policy.per_night == 0 { MOST } else { home.policy.left as usize };
    MOST.min(tonight).saturating_sub(chosen)
}

/// Why it cannot be restored as chosen, if it cannot.
pub fn obstacle(locale: &Locale, home: &Home, chosen: usize) -> Option<String> {
    let left = home.policy.left as usize;
    let over = chosen.checked_sub(left).filter(|over| *over > 0 && home.policy.per_night > 0)?;
    Some(locale.fill(text::OVER_LIMIT, &[("n", &left.to_string()), ("over", &over.to_string())]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::stub::english;
    use crate::logic::selection::tests::{all, picked};
    use crate::logic::targets::tests::home;
    use courseferry_api::{CategoryId, ErrorCode, Language, Policy, Problem};

    fn plan(chosen: &Selection, exceptions: Vec<Vec<Exception>>) -> Plan {
        let choices = all(chosen, Target::Original).into_iter().zip(exceptions);
        let planned = |(choice, exceptions)| PlannedCourse {
            choice,
            category: Some(CategoryId(3)),
            added_to: None,
            dates_refused: None,
            may_bring_students: false,
            may_bring_methods: false,
            exceptions,
        };
        Plan { courses: choices.map(planned).collect() }
    }

    fn default_instead() -> Exception {
        Exception::DefaultInstead { reason: "You may not restore into Arts.".to_owned() }
    }

    fn renamed() -> Exception {
        let taken = TakenName::Short("C1".to_owned());
        Exception::Renamed { taken, full_name: "Course 1 copy 1".to_owned(), short_name: "C1_1".to_owned() }
    }

    fn sentences(chosen: &Selection, plan: &Plan, changing: Option<&Changing>) -> Vec<String> {
        let found = differences(&english(), &home(), chosen, plan, changing);
        found.iter().map(|difference| difference.sentence(&english(), chosen)).collect()
    }

    #[test]
    fn each_difference_is_said_with_its_reason_refusals_first() {
        let chosen = Selection(vec![picked(1), picked(2)]);
        let problem = Problem::new(ErrorCode::RestoreTaken, Language::English, "", "");
        let taken = problem.message.clone();
        let plan = plan(&chosen, vec![vec![default_instead(), renamed()], vec![Exception::Refused { problem }]]);
        let expected = [
            format!("“Course 2” cannot be restored: {taken}"),
            "“Course 1” goes to Physics. You may not restore into Arts.".to_owned(),
            "C1 exists here: yours becomes Course 1 copy 1, C1_1.".to_owned(),
        ];
        assert_eq!(sentences(&chosen, &plan, None), expected);
        let found = differences(&english(), &home(), &chosen, &plan, None);
        assert!(found.iter().map(Difference::movable).eq([true, true, false]));
    }

    #[test]
    fn what_differs_in_the_same_way_is_one_line() {
        let chosen = Selection((1..=14).map(picked).collect());
        let plan = plan(&chosen, vec![vec![default_instead()]; 14]);
        let expected = ["14 courses go to Physics. You may not restore into Arts."];
        assert_eq!(sentences(&chosen, &plan, None), expected);
    }

    #[test]
    fn courses_that_are_being_sent_elsewhere_keep_their_line_once_nothing_differs() {
        let chosen = Selection(vec![picked(1), picked(2)]);
        let before = plan(&chosen, vec![vec![], vec![default_instead()]]);
        let line = differences(&english(), &home(), &chosen, &before, None).remove(0);
        let changing = Changing { id: line.id.clone(), courses: line.courses };
        let after = plan(&chosen, vec![vec![], vec![]]);
        assert_eq!(sentences(&chosen, &after, Some(&changing)), ["“Course 2” goes to Physics."]);
        assert_eq!(differences(&english(), &home(), &chosen, &after, Some(&changing))[0].id, line.id);
    }

    #[test]
    fn an_answer_about_a_course_left_out_meanwhile_is_not_shown() {
        let mut chosen = Selection(vec![picked(1)]);
        let plan = plan(&chosen, vec![vec![renamed()]]);
        chosen.remove(&picked(1).key);
        assert!(sentences(&chosen, &plan, None).is_empty());
    }

    #[test]
    fn a_chosen_course_is_said_to_go_where_it_really_goes() {
        let chosen = Selection(vec![picked(1)]);
        let planned = plan(&chosen, vec![vec![default_instead()]]);
        let to = |plan| destination(&english(), &home(), &picked(1).key, Target::Category(CategoryId(5)), plan);
        assert_eq!((to(None), to(Some(&planned))), ("Arts".to_owned(), "Physics".to_owned()));
    }

    #[test]
    fn the_nights_limit_is_said_before_anything_is_sent() {
        let policy = Policy { per_night: 10, left: 2, ..home().policy };
        let home = Home { policy, ..home() };
        assert_eq!(room(&home, 1), 1);
        assert_eq!(obstacle(&english(), &home, 2), None);
        let said = "You may schedule 2 more for one night: leave 3 out.";
        assert_eq!(obstacle(&english(), &home, 5).as_deref(), Some(said));
    }
}
