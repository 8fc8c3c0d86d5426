//! Where courses may go: the offered targets, their names, and the last one chosen.

use super::search::Query;
use crate::i18n::{Locale, text};
use courseferry_api::{Category, CategoryId, Home, Target};

/// Up to so many categories a native select is quick; beyond, people type.
pub const SELECT_LIMIT: usize = 30;
/// So many lines of a long list are shown at a time.
pub const LISTED: usize = 50;

/// `Sciences / Physics`.
fn path(category: &Category) -> String {
    category.path.join(" / ")
}

/// The category's own name.
pub fn name(home: &Home, id: CategoryId) -> Option<&str> {
    home.categories.iter().find(|c| c.id == id)?.path.last().map(String::as_str)
}

/// The default category's name.
fn default_name(locale: &Locale, home: &Home) -> String {
    let known = home.policy.default_category.and_then(|id| name(home, id));
    known.map_or_else(|| locale.t(text::THE_DEFAULT), str::to_owned)
}

/// What somebody who reads on calls it: the last part of a path.
pub fn short_label(locale: &Locale, home: &Home, target: Target) -> String {
    match target {
        Target::Original => locale.t(text::TARGET_ORIGINAL_SHORT),
        Target::Default => default_name(locale, home),
        Target::Category(id) => name(home, id).unwrap_or_default().to_owned(),
    }
}

/// The target as a line of a list.
fn label(locale: &Locale, home: &Home, target: Target) -> String {
    match target {
        Target::Original => locale.t(text::TARGET_ORIGINAL),
        Target::Default => locale.fill(text::TARGET_DEFAULT, &[("category", &default_name(locale, home))]),
        Target::Category(id) => home.categories.iter().find(|c| c.id == id).map(path).unwrap_or_default(),
    }
}

/// The targets above the list of categories.
fn special(home: &Home) -> Vec<Target> {
    let original = home.policy.original_category.then_some(Target::Original);
    original.into_iter().chain(home.policy.default_category.map(|_| Target::Default)).collect()
}

/// Everything that may be chosen, in the order of the list.
fn all(home: &Home) -> Vec<Target> {
    special(home).into_iter().chain(home.categories.iter().map(|c| Target::Category(c.id))).collect()
}

/// What a picker lists, with the words for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offer {
    /// What stands above the categories: the original category, the default one.
    pub special: Vec<(Target, String)>,
    pub categories: Vec<(Target, String)>,
}

impl Offer {
    /// All that the current user may choose.
    pub fn new(locale: &Locale, home: &Home) -> Self {
        let line = |target| (target, label(locale, home, target));
        let categories = home.categories.iter().map(|category| line(Target::Category(category.id))).collect();
        Self { special: special(home).into_iter().map(line).collect(), categories }
    }

    /// The same for courses whose original category is not to be had.
    pub fn without_original(mut self) -> Self {
        self.special.retain(|(target, _)| *target != Target::Original);
        self
    }

    pub fn lines(&self) -> Vec<(Target, String)> {
        self.special.iter().chain(&self.categories).cloned().collect()
    }

    /// The line of a target.
    pub fn line(&self, target: Target) -> Option<String> {
        self.lines().into_iter().find(|(offered, _)| *offered == target).map(|(_, line)| line)
    }
}

/// The target offered first: the last one chosen here if it is still to be had, else the site's.
pub fn first(home: &Home, last: Option<Target>) -> Option<Target> {
    let offered = all(home);
    let has = |target: &Target| offered.contains(target);
    last.filter(has).or(Some(home.policy.first_target).filter(has)).or_else(|| offered.first().copied())
}

/// The targets whose line has every word of `typed`; `fold` makes texts ready to be searched.
pub fn matching(lines: &[(Target, String)], typed: &str, fold: impl Fn(&str) -> String) -> Vec<(Target, String)> {
    let query = Query::new(&fold(typed));
    lines.iter().filter(|(_, line)| query.matches(&fold(line))).cloned().collect()
}

/// A target as the value of an option, and in the browser's memory.
pub fn write(target: Target) -> String {
    match target {
        Target::Original => "original".to_owned(),
        Target::Default => "default".to_owned(),
        Target::Category(id) => id.to_string(),
    }
}

/// The inverse of [`write`].
pub fn read(text: &str) -> Option<Target> {
    match text {
        "original" => Some(Target::Original),
        "default" => Some(Target::Default),
        number => number.parse().ok().map(|id| Target::Category(CategoryId(id))),
    }
}

/// The number in what somebody pasted: a number, or an address with `categoryid=` or `id=`.
pub fn number_in(text: &str) -> Option<i64> {
    let text = text.trim();
    let tail = ["categoryid=", "id="].iter().find_map(|key| text.split_once(key).map(|(_, tail)| tail)).unwrap_or(text);
    let digits: String = tail.chars().take_while(char::is_ascii_digit).collect();
    let whole = tail.len() == text.len() && digits.len() != tail.len();
    if whole { None } else { digits.parse().ok() }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::i18n::stub::{NOW, english};
    use courseferry_api::{Me, Permissions, Policy, RestoreWindow, UnixTime, UserId};

    /// A teacher who may restore into "Sciences / Physics" (3, the default) and "Arts" (5).
    pub fn home() -> Home {
        let category =
            |id, path: &[&str]| Category { id: CategoryId(id), path: path.iter().map(|&p| p.into()).collect() };
        Home {
            now: NOW,
            me: Me {
                id: UserId(7),
                username: "tteacher".into(),
                name: "Tina Teacher".into(),
                locale: "en".into(),
                time_zone: "UTC".into(),
                acting: None,
            },
            may: Permissions { restore: true, ..Permissions::default() },
            remotes: Vec::new(),
            categories: vec![category(3, &["Sciences", "Physics"]), category(5, &["Arts"])],
            policy: Policy {
                one_per_course: false,
                original_category: true,
                first_target: Target::Original,
                default_category: Some(CategoryId(3)),
                enrol: true,
                per_night: 0,
                left: 0,
                max_full_name: 254,
                max_short_name: 100,
            },
            window: RestoreWindow {
                always: false,
                start: 1_200,
                end: 360,
                time_zone: "UTC".into(),
                open: false,
                opens: UnixTime(1_763_841_600),
                closes: UnixTime(1_763_877_600),
            },
            paused: false,
            restores: Vec::new(),
            problems: Vec::new(),
        }
    }

    #[test]
    fn the_last_target_is_offered_first_only_while_it_may_be_chosen() {
        let home = home();
        assert_eq!(first(&home, Some(Target::Category(CategoryId(5)))), Some(Target::Category(CategoryId(5))));
        assert_eq!(first(&home, Some(Target::Category(CategoryId(9)))), Some(Target::Original));
        let nowhere = Home {
            categories: Vec::new(),
            policy: Policy { original_category: false, default_category: None, ..home.policy.clone() },
            ..home
        };
        assert_eq!(first(&nowhere, None), None);
    }

    #[test]
    fn categories_are_found_by_any_part_of_their_path() {
        let home = home();
        let lines = Offer::new(&english(), &home).lines();
        let found = matching(&lines, "Physics scien", str::to_lowercase);
        assert_eq!(found, [(Target::Category(CategoryId(3)), "Sciences / Physics".to_owned())]);
    }

    #[test]
    fn targets_survive_the_browsers_memory() {
        for target in [Target::Original, Target::Default, Target::Category(CategoryId(12))] {
            assert_eq!(read(&write(target)), Some(target));
        }
        assert_eq!(read("nonsense"), None);
    }

    #[test]
    fn a_category_is_understood_by_number_or_address() {
        assert_eq!(number_in(" 12 "), Some(12));
        assert_eq!(number_in("https://m.example/course/index.php?categoryid=45&x=1"), Some(45));
        assert_eq!(number_in("https://m.example/course/management.php"), None);
        assert_eq!(number_in("Physics"), None);
    }
}
