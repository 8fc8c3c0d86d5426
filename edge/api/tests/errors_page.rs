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
