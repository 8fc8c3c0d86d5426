//! Prints `docs/errors.md`: `cargo run -p courseferry-api --example errors > docs/errors.md`.

use courseferry_api::{ErrorCode, Language, Repeat};
use std::fmt::Write as _;

const HEAD: &str = "# Errors\n\n\
    Every error that can reach a person. The code is the same on the screen, in the API, in the database, in the log \
    and in CSV; it never changes. `{remote}` stands for the other Moodle's name, `{detail}` for what exactly is meant.\n\n\
    **Again?** *by itself*: Courseferry tries again. *after a change*: it helps once its reader has done what the last \
    column says. *after an administrator's change*: the reader can do nothing. *never*: the same request always ends so.\n\n\
    This page is made from the code: `cargo run -p courseferry-api --example errors > docs/errors.md`.\n";

/// The whole page, Markdown.
pub fn page() -> String {
    let mut page = HEAD.to_owned();
    let mut family = "";
    for code in ErrorCode::ALL {
        let prefix = code.as_str().split('.').next().unwrap_or_default();
        if prefix != family {
            family = prefix;
            let _ = write!(
                page,
                "\n## {family}\n\n| code | HTTP | English · French | again? | what to do |\n|---|---|---|---|---|\n"
            );
        }
        let again = match code.repeat() {
            Repeat::Automatic => "by itself",
            Repeat::Manual => "after a change",
            Repeat::Administrator => "after an administrator's change",
            Repeat::Never => "never",
        };
        let both = |text: fn(ErrorCode, Language) -> &'static str| {
            [text(*code, Language::English), text(*code, Language::French)].join("<br>")
        };
        let (sentence, advice) = (both(ErrorCode::sentence), both(ErrorCode::advice));
        let _ = writeln!(page, "| `{code}` | {} | {sentence} | {again} | {advice} |", code.status());
    }
    page
}

#[allow(dead_code, reason = "the test beside takes `page` only")]
fn main() {
    print!("{}", page());
}
