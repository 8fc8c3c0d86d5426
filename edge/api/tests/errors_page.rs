//! The page of errors in the documentation is what the code says, and the administrator's guide knows every check.

#[path = "../examples/errors.rs"]
mod errors;

#[test]
fn docs_errors_md_is_made_from_this_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/errors.md");
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == errors::page(),
        "docs/errors.md is old: cargo run -p courseferry-api --example errors > docs/errors.md"
    );
}

#[test]
fn the_administrators_guide_names_every_check() {
    let guide = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/administrators.md"));
    for code in courseferry_api::CheckCode::ALL {
        assert!(guide.contains(&format!("`{code}`")), "{code}");
    }
}

#[test]
fn the_runbook_says_whose_turn_it_is_for_every_error_and_knows_no_other() {
    let runbook = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/runbook.md"));
    let table = runbook.split("## By code").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("the table");
    let first_cells = table.lines().filter_map(|line| line.split('|').nth(1));
    let named: Vec<&str> = first_cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
    let covers = |named: &&str, code: &str| match named.strip_suffix('*') {
        Some(group) => code.starts_with(group),
        None => *named == code,
    };
    let codes = courseferry_api::ErrorCode::ALL.iter().map(|code| code.as_str());
    let missing: Vec<_> = codes.clone().filter(|code| !named.iter().any(|named| covers(named, code))).collect();
    assert_eq!(missing, Vec::<&str>::new());
    let unknown: Vec<_> = named.iter().filter(|named| !codes.clone().any(|code| covers(named, code))).collect();
    assert_eq!(unknown, Vec::<&&str>::new());
}
