//! Every setting that the Worker reads is explained where administrators look: with its true default, the original's
//! name for it, and what happens when it is wrong. In `edge/wrangler.toml`, and in `docs/settings.md`.
#![expect(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "all of this is test code")]

use courseferry_ferry::Settings;
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

const WRANGLER: &str = include_str!("../../wrangler.toml");
const PAGE: &str = include_str!("../../../docs/settings.md");
const MIGRATION: &str = include_str!("../../companion/classes/local/migration.php");
/// What has no default.
const REQUIRED: [(&str, &str); 2] =
    [("client_wwwroot", "https://moodle.example.org"), ("worker_origin", "https://ferry.example.org")];

/// Reads settings of which these are set besides the required ones.
fn read(set: &BTreeMap<String, String>) -> (Settings, BTreeSet<String>) {
    let asked = RefCell::new(BTreeSet::new());
    let get = |name: &str| {
        asked.borrow_mut().insert(name.to_owned());
        let required = REQUIRED.iter().find(|(required, _)| *required == name).map(|(_, value)| (*value).to_owned());
        set.get(name).cloned().or(required)
    };
    let settings = Settings::read(get, |_| true).expect("good settings");
    (settings, asked.into_inner())
}

/// The cells of each row of the page that begins with a name.
fn rows() -> BTreeMap<String, Vec<&'static str>> {
    let cells = |line: &'static str| line.trim_matches('|').split(" | ").map(str::trim).collect::<Vec<_>>();
    let named = |cells: Vec<&'static str>| {
        let name = cells.first()?.strip_prefix('`')?.strip_suffix('`')?.to_owned();
        Some((name, cells))
    };
    PAGE.lines().filter(|line| line.starts_with("| `")).filter_map(|line| named(cells(line))).collect()
}

/// What stands above a setting in `wrangler.toml`, and its value. Settings without a blank line between share it.
fn explained(name: &str) -> (String, String) {
    let lines: Vec<&str> = WRANGLER.lines().collect();
    let prefix = format!("{name} = ");
    let place = lines.iter().position(|line| line.starts_with(&prefix)).unwrap_or_else(|| panic!("{name} is missing"));
    let above = lines[..place].iter().rev().take_while(|line| !line.is_empty() && !line.starts_with("# ---"));
    let mut comment: Vec<&str> = above.filter_map(|line| line.strip_prefix("# ")).collect();
    comment.reverse();
    let value = lines[place].trim_start_matches(&prefix).trim_matches('"');
    (comment.join(" "), value.to_owned())
}

#[test]
fn every_setting_has_its_row_with_its_true_default_and_none_is_told_that_does_not_exist() {
    let (defaults, asked) = read(&BTreeMap::new());
    let rows = rows();
    let told: BTreeMap<String, String> = rows
        .iter()
        .filter(|(name, _)| asked.contains(*name))
        .filter_map(|(name, cells)| Some((name.clone(), cells[1].strip_prefix('`')?.strip_suffix('`')?.to_owned())))
        .collect();
    let required = REQUIRED.map(|(name, _)| name.to_owned());
    assert_eq!(told.keys().chain(&required).cloned().collect::<BTreeSet<_>>(), asked);
    assert_eq!(read(&told).0, defaults, "the defaults are the true ones");
    for name in &asked {
        let cells = &rows[name];
        assert!(cells.len() == 4 && cells[3].contains(" · "), "{name} says what it is and what happens if wrong");
    }
    let settings = rows.iter().filter(|(name, _)| name.chars().all(|c| c.is_lowercase() || c == '_'));
    assert_eq!(settings.map(|(name, _)| name.clone()).collect::<BTreeSet<_>>(), asked);
}

#[test]
fn wrangler_toml_carries_every_setting_with_its_default_and_the_originals_name() {
    let (defaults, asked) = read(&BTreeMap::new());
    let rows = rows();
    for name in &asked {
        let (comment, _) = explained(name);
        let default = rows[name][1].trim_matches('`');
        let tells = match default {
            "none" => comment.contains("No default."),
            default => comment.contains("Default") && comment.contains(default),
        };
        assert!(tells, "{name}: {default} is not in: {comment}");
        assert!(name.ends_with("_seconds") || comment.contains("Original"), "{name}: {comment}");
    }
    // As delivered the file says the defaults, but for what is each site's own.
    let own = ["client_wwwroot", "worker_origin", "timezone"];
    let delivered = asked.iter().filter(|name| !own.contains(&name.as_str()));
    let delivered = delivered.map(|name| (name.clone(), explained(name).1)).collect();
    assert_eq!(read(&delivered).0, defaults);
}

#[test]
fn every_secret_is_explained_too() {
    for name in ["EXTERNAL_MOODLES", "CLIENT_TOKEN", "LAUNCH_KEY", "SESSION_KEY", "SERVICE_KEY"] {
        assert!(WRANGLER.contains(&format!("#   {name} ")), "{name}");
        assert!(PAGE.contains(&format!("| `{name}` |")), "{name}");
        if name.ends_with("_KEY") {
            assert!(WRANGLER.contains(&format!("{name}_PREVIOUS")) && PAGE.contains(&format!("`{name}_PREVIOUS`")));
        }
    }
}

#[test]
fn the_settings_that_a_site_brings_along_from_the_original_are_settings_of_the_worker() {
    // A site copies these lines into site.toml, and a setting that is not there keeps it from deploying.
    let list =
        MIGRATION.split_once("WORKER_SETTINGS = [").and_then(|(_, rest)| rest.split_once(']')).expect("a list").0;
    let brought: BTreeSet<String> = list.split('\'').skip(1).step_by(2).map(str::to_owned).collect();
    assert!(brought.contains("timelimitedmod"), "{brought:?}");
    let (_, asked) = read(&BTreeMap::new());
    assert_eq!(brought.difference(&asked).collect::<Vec<_>>(), Vec::<&String>::new());
}
