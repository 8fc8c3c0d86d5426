//! Things to check, as the client's restore log tells them: cut, equal ones counted, and never too many for a row.

use courseferry_api::Warning;

/// Warnings that are kept of one restore.
const KEPT: usize = 50;
/// Characters of each.
const MESSAGE: usize = 500;
/// Characters of a warning's code.
const CODE: usize = 100;
/// The code of the last warning where there were more than are kept.
pub const MORE: &str = "more";

/// The first so many characters.
pub(crate) fn cut(text: &str, characters: usize) -> String {
    text.chars().take(characters).collect()
}

/// What is kept of these warnings.
pub fn tidied(warnings: &[Warning]) -> Vec<Warning> {
    let mut kept: Vec<Warning> = Vec::new();
    let mut more: u32 = 0;
    for warning in warnings {
        let (code, message) = (cut(&warning.code, CODE), cut(&warning.message, MESSAGE));
        let count = warning.count.max(1);
        let full = kept.len() >= KEPT - 1;
        match kept.iter_mut().find(|known| known.code == code && known.message == message) {
            Some(known) => known.count = known.count.saturating_add(count),
            None if full => more = more.saturating_add(count),
            None => kept.push(Warning { code, message, count }),
        }
    }
    if more > 0 {
        kept.push(Warning { code: MORE.to_owned(), message: format!("+ {more}"), count: more });
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_warnings_are_counted_and_long_ones_cut() {
        let file = |n: u32| Warning::new("log", format!("file {n} is missing"));
        let kept = tidied(&[file(1), file(2), file(1), Warning::new("log", "é".repeat(90_000))]);
        assert_eq!(kept.iter().map(|warning| warning.count).collect::<Vec<_>>(), [2, 1, 1]);
        assert_eq!(kept.last().map(|warning| warning.message.chars().count()), Some(500));
    }

    #[test]
    fn of_five_thousand_warnings_fifty_lines_stay_and_the_last_says_how_many_more() {
        let all: Vec<Warning> = (0..5_000).map(|n| Warning::new("log", format!("file {n} is missing"))).collect();
        let kept = tidied(&all);
        assert_eq!(kept.len(), 50);
        assert_eq!(kept.last().map(|warning| (warning.code.as_str(), warning.count)), Some((MORE, 4_951)));
    }
}
