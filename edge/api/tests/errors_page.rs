//! The page of errors in the documentation is what the code says.

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
