//! What the confirm bar says before anything happens: what differs from the wish, and what stands in the way.

use super::selection::{Key, MOST, Selection};
use super::targets;
use courseferry_api::{Exception, Home, Plan};
use courseferry_words::{Words, fill};

/// So many exceptions are shown at once.
pub const SHOWN: usize = 4;

/// One difference, with what can be done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Which course.
    pub key: Key,
    /// The how many of its course's lines, from 0, that can or cannot be helped by another category.
    pub nth: usize,
    /// What differs and why, in a sentence.
    pub text: String,
    /// The course would not be restored at all.
    pub refused: bool,
    /// Another category could help.
    pub elsewhere: bool,
}

impl Line {
    /// What it is known by while its words change.
    pub fn name(&self) -> String {
        format!("{} {} {} {}", self.key.0, self.key.1, self.elsewhere, self.nth)
    }
}

/// The differences of the chosen courses, refusals first. Answers about courses no longer chosen are left out. The
/// course that is being sent elsewhere keeps a line, also once nothing differs: whoever is choosing is not cut short.
pub fn exceptions(words: &Words, home: &Home, chosen: &Selection, plan: &Plan, changing: Option<&Key>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for planned in &plan.courses {
        let key = (planned.choice.remote.clone(), planned.choice.course);
        let Some(picked) = chosen.get(&key) else { continue };
        let course = ("course", picked.full_name.as_str());
        for exception in &planned.exceptions {
            let (text, refused, elsewhere) = match exception {
                Exception::DefaultInstead { reason } => {
                    let category = planned.category.and_then(|id| targets::name(home, id)).unwrap_or(words.the_default);
                    (fill(words.goes_to_default, &[course, ("category", category), ("reason", reason)]), false, true)
                }
                Exception::ShortNameTaken { becomes } => {
                    (fill(words.renamed, &[("old", &picked.short_name), ("new", becomes)]), false, false)
                }
                Exception::Refused { problem } => {
                    (fill(words.refused, &[course, ("reason", &problem.message)]), true, true)
                }
                Exception::Incomplete { reason } => {
                    (fill(words.incomplete, &[course, ("reason", reason)]), false, true)
                }
            };
            let nth = lines.iter().filter(|line| line.key == key && line.elsewhere == elsewhere).count();
            lines.push(Line { key: key.clone(), nth, text: text.trim_end().to_owned(), refused, elsewhere });
        }
        if changing == Some(&key) && !lines.iter().any(|line| line.key == key && line.elsewhere) {
            let category = planned.category.and_then(|id| targets::name(home, id)).unwrap_or(words.the_default);
            let text = fill(words.goes_to, &[course, ("category", category)]);
            lines.push(Line { key, nth: 0, text, refused: false, elsewhere: true });
        }
    }
    let (mut lines, others): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.refused);
    lines.extend(others);
    lines
}

/// How many more may be chosen.
pub fn room(home: &Home, chosen: usize) -> usize {
    let tonight = if home.policy.per_night == 0 { MOST } else { home.policy.left as usize };
    MOST.min(tonight).saturating_sub(chosen)
}

/// Why it cannot be restored as chosen, if it cannot.
pub fn obstacle(words: &Words, home: &Home, chosen: usize) -> Option<String> {
    let left = home.policy.left as usize;
    let over = chosen.checked_sub(left).filter(|over| *over > 0 && home.policy.per_night > 0)?;
    Some(fill(words.over_limit, &[("n", &left.to_string()), ("over", &over.to_string())]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logic::selection::tests::picked;
    use crate::logic::targets::tests::home;
    use courseferry_api::{CategoryId, ErrorCode, Language, PlannedCourse, Policy, Problem, Target};

    fn plan(chosen: &Selection, exceptions: Vec<Vec<Exception>>) -> Plan {
        let choices = chosen.choices(Target::Original).into_iter().zip(exceptions);
        let planned = |(choice, exceptions)| PlannedCourse {
            choice,
            category: Some(CategoryId(3)),
            short_name: "C1_1".into(),
            exceptions,
        };
        Plan { courses: choices.map(planned).collect() }
    }

    #[test]
    fn each_difference_is_said_with_its_reason_refusals_first() {
        let chosen = Selection(vec![picked(1), picked(2)]);
        let reason = "You may not restore into Arts.".to_owned();
        let problem = Problem::new(ErrorCode::RestoreTaken, Language::English, "", "");
        let differences = vec![
            vec![Exception::DefaultInstead { reason }, Exception::ShortNameTaken { becomes: "C1_1".into() }],
            vec![Exception::Refused { problem }],
        ];
        let lines = exceptions(Words::of(Language::English), &home(), &chosen, &plan(&chosen, differences), None);
        let texts: Vec<_> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "“Course 2” cannot be restored: This course is already scheduled or restored.",
                "“Course 1” goes to Physics. You may not restore into Arts.",
                "C1 exists here: yours becomes C1_1.",
            ]
        );
        assert!(lines.iter().map(|line| line.elsewhere).eq([true, true, false]));
    }

    #[test]
    fn a_course_that_is_being_sent_elsewhere_keeps_its_line_once_nothing_differs() {
        let chosen = Selection(vec![picked(1), picked(2)]);
        let plan = plan(&chosen, vec![vec![], vec![]]);
        let lines = exceptions(Words::of(Language::English), &home(), &chosen, &plan, Some(&picked(2).key));
        let texts: Vec<_> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts, ["“Course 2” goes to Physics."]);
    }

    #[test]
    fn an_answer_about_a_course_left_out_meanwhile_is_not_shown() {
        let mut chosen = Selection(vec![picked(1)]);
        let plan = plan(&chosen, vec![vec![Exception::ShortNameTaken { becomes: "X".into() }]]);
        chosen.remove(&picked(1).key);
        assert!(exceptions(Words::of(Language::English), &home(), &chosen, &plan, None).is_empty());
    }

    #[test]
    fn the_nights_limit_is_said_before_anything_is_sent() {
        let policy = Policy { per_night: 10, left: 2, ..home().policy };
        let home = Home { policy, ..home() };
        assert_eq!(room(&home, 1), 1);
        let words = Words::of(Language::English);
        assert_eq!(obstacle(words, &home, 2), None);
        let said = "You may schedule 2 more for one night: leave 3 out.";
        assert_eq!(obstacle(words, &home, 5).as_deref(), Some(said));
    }
}
