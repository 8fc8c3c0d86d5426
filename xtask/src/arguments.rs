//! What is left on the command line once the known options are taken.

use std::ffi::OsString;

use anyhow::{Result, anyhow, bail};
use pico_args::Arguments;

/// The words that are left.
pub fn words(arguments: Arguments) -> Result<Vec<String>> {
    let words = arguments.finish().into_iter().map(OsString::into_string);
    words.collect::<Result<_, _>>().map_err(|word| anyhow!("{} is not text", word.display()))
}

/// Refuses words that no command takes, and points to the help.
pub fn nothing_more(arguments: Arguments, help: &str) -> Result<()> {
    match arguments.finish().first() {
        Some(word) => bail!("`{}` means nothing here\n\n{help}", word.display()),
        None => Ok(()),
    }
}
