//! Where courses may go: the offered targets, their names, and the last one chosen.

use super::search::{Query, fold};
use courseferry_api::{Category, CategoryId, Home, Target};
use courseferry_words::{Words, fill};

/// Up to so many categories a native select is quick; beyond, people type.
pub const SELECT_LIMIT: usize = 30;
/// So many lines of a long list are shown at a time.
pub const LISTED: usize = 50;

/// `Sciences / Physics`.
pub fn path(category: &Category) -> String {
    category.path.join(" / ")
}

/// The category's own name.
pub fn name(home: &Home, id: CategoryId) -> Option<&str> {
    home.categories.iter().find(|c| c.id == id)?.path.last().map(String::as_str)
}

/// The target as a line of a list.
pub fn label(words: &Words, home: &Home, target: Target) -> String {
    match target {
        Target::Original => words.target_original.to_owned(),
        Target::Default => {
            let name = home.policy.default_category.and_then(|id| name(home, id)).unwrap_or(words.the_default);
            fill(words.target_default, &[("category", name)])
        }
        Target::Category(id) => home.categories.iter().find(|c| c.id == id).map(path).unwrap_or_default(),
    }
}

/// The targets above the list of categories.
pub fn special(home: &Home) -> Vec<Target> {
    let original = home.policy.original_category.then_some(Target::Original);
    original.into_iter().chain(home.policy.default_category.map(|_| Target::Default)).collect()
}

/// Everything that may be chosen, in the order of the list.
pub fn all(home: &Home) -> Vec<Target> {
    special(home).into_iter().chain(home.categories.iter().map(|c| Target::Category(c.id))).collect()
}

/// The target offered first: the last one chosen here if it is still to be had, else the site's.
pub fn first(home: &Home, last: Option<Target>) -> Option<Target> {
    let offered = all(home);
    let has = |target: &Target| offered.contains(target);
    last.filter(has).or(Some(home.policy.first_target).filter(has)).or_else(|| offered.first().copied())
}

/// The targets whose line has every word of `typed`.
pub fn matching(words: &Words, home: &Home, typed: &str) -> Vec<(Target, String)> {
    let query = Query::new(typed);
    let lines = all(home).into_iter().map(|target| (target, label(words, home, target)));
    lines.filter(|(_, line)| query.matches(&fold(line))).collect()
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

/// The category number in what somebody pasted: a number, or an address with `categoryid=` or `id=`.
pub fn category_of_address(text: &str) -> Option<CategoryId> {
    let text = text.trim();
    let tail = ["categoryid=", "id="].iter().find_map(|key| text.split_once(key).map(|(_, tail)| tail)).unwrap_or(text);
    let digits: String = tail.chars().take_while(char::is_ascii_digit).collect();
    let whole = tail.len() == text.len() && digits.len() != tail.len();
    if whole { None } else { digits.parse().ok().map(CategoryId) }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use courseferry_api::{Language, Me, Permissions, Policy, RestoreWindow, UnixTime, UserId};

    /// A teacher who may restore into "Sciences / Physics" (3, the default) and "Arts" (5).
    pub fn home() -> Home {
        let category =
            |id, path: &[&str]| Category { id: CategoryId(id), path: path.iter().map(|&p| p.into()).collect() };
        Home {
            now: super::super::time::tests::NOW,
            me: Me {
                id: UserId(7),
                username: "tteacher".into(),
                name: "Tina Teacher".into(),
                locale: "en".into(),
                time_zone: "UTC".into(),
                acting: None,
            },
            may: Permissions { restore: true, manage: false, start_now: false },
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
        let found = matching(Words::of(Language::English), &home(), "physics scien");
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
        assert_eq!(category_of_address(" 12 "), Some(CategoryId(12)));
        assert_eq!(category_of_address("https://m.example/course/index.php?categoryid=45&x=1"), Some(CategoryId(45)));
        assert_eq!(category_of_address("https://m.example/course/management.php"), None);
        assert_eq!(category_of_address("Physics"), None);
    }
}
