//! `cargo xtask secret remote ADDRESS`: one remote's token, without typing the others again. It is read without being
//! shown, or from standard input, and reaches wrangler through its standard input: no list of processes, no history and
//! no file holds it.

use std::io::{IsTerminal, Write, stdin, stdout};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use courseferry_moodle::{OWN_SECRET, SiteUrl, parse_external_moodles};
use pico_args::Arguments;

use crate::arguments::nothing_more;
use crate::deploy;
use crate::process::announce;
use crate::workspace::Workspace;

const USAGE: &str = "cargo xtask secret remote ADDRESS: asks for the token of that Moodle and gives it to the Worker";

/// Asks for the token and puts it.
pub fn run(workspace: &Workspace, mut arguments: Arguments) -> Result<()> {
    let kind = arguments.subcommand()?;
    let address: Option<String> = arguments.opt_free_from_str()?;
    nothing_more(arguments, USAGE)?;
    let (Some("remote"), Some(address)) = (kind.as_deref(), address) else { bail!("{USAGE}") };
    // A wrong address is refused before anybody has typed a token.
    let name = secret(&address, "token")?.0;
    let typed = read_token(&address)?;
    let (_, value) = secret(&address, token_in(&typed, &address))?;
    announce(format!("wrangler secret put {name}"));
    put(deploy::wrangler_command(workspace, &["secret", "put", &name])?, &value)?;
    println!("\nThe Worker uses it at once. What waits for that Moodle goes on within five minutes; Try again on the");
    println!("Manage page makes that one. An entry for it in EXTERNAL_MOODLES may stay: this secret wins.");
    Ok(())
}

/// The token in what was typed: itself, or the whole entry of that Moodle as `install_remote.php` prints it.
fn token_in<'a>(typed: &'a str, address: &str) -> &'a str {
    let typed = typed.trim();
    let is_it = |text: &str| text.parse::<SiteUrl>().is_ok_and(|url| address.parse() == Ok(url));
    typed.split_once(',').filter(|(url, _)| is_it(url)).map_or(typed, |(_, token)| token.trim())
}

/// The secret's name and value.
fn secret(address: &str, token: &str) -> Result<(String, String)> {
    let value = format!("{},{token}", address.trim());
    let remotes = parse_external_moodles(&value).map_err(|error| anyhow::anyhow!("{error}"))?;
    let [remote] = remotes.as_slice() else { bail!("one address is needed") };
    Ok((format!("{OWN_SECRET}{}", remote.id()), format!("{},{}", remote.url.as_str(), remote.token.reveal())))
}

fn read_token(address: &str) -> Result<String> {
    if stdin().is_terminal() {
        print!("Token of {address} (it is not shown): ");
        stdout().flush()?;
        return rpassword::read_password().context("cannot read the token");
    }
    let mut token = String::new();
    stdin().read_line(&mut token).context("cannot read the token from standard input")?;
    Ok(token)
}

/// Gives a value to a command by its standard input.
fn put(mut command: Command, value: &str) -> Result<()> {
    let mut child = command.stdin(Stdio::piped()).spawn().context("cannot start wrangler")?;
    child.stdin.take().context("wrangler takes no input")?.write_all(value.as_bytes())?;
    let status = child.wait()?;
    if !status.success() {
        bail!("wrangler secret put failed ({status})");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{put, secret, token_in};
    use std::process::Command;

    #[test]
    fn the_secret_is_named_after_the_address_however_it_is_written() {
        let (name, value) = secret("https://moodle.example", "abc123").expect("a secret");
        assert_eq!(secret(" https://MOODLE.example/ ", "abc123").expect("the same").0, name);
        assert!(name.starts_with("EXTERNAL_MOODLE_") && name.len() == "EXTERNAL_MOODLE_".len() + 12, "{name}");
        assert_eq!(value, "https://moodle.example,abc123");
    }

    #[test]
    fn the_whole_entry_that_a_remote_prints_serves_as_well_as_its_token() {
        for typed in ["abc123\n", " https://moodle.example,abc123\n", "https://Moodle.example/, abc123"] {
            assert_eq!(token_in(typed, "https://moodle.example"), "abc123");
        }
        let of_another = token_in("https://other.example,s3cret", "https://moodle.example");
        let error = secret("https://moodle.example", of_another).expect_err("another Moodle's entry").to_string();
        assert!(!error.contains("s3cret"), "{error}");
    }

    #[test]
    fn what_is_no_address_or_no_token_is_refused_without_repeating_the_token() {
        for (address, token) in [
            ("moodle", "abc123"),
            ("https://moodle.example", "s3cret-s3cret"),
            ("https://a.example,t;https://b.example", "s3cret"),
        ] {
            let error = secret(address, token).expect_err("a slip of the pen").to_string();
            assert!(!error.contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn the_token_travels_by_standard_input_and_stands_in_no_list_of_processes() {
        let folder = std::env::temp_dir().join(format!("courseferry-secret-{}", std::process::id()));
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "cat > \"$0\"; tr '\\0' ' ' < /proc/$$/cmdline >> \"$0\""]).arg(&folder);
        put(command, "https://moodle.example,s3cret\n").expect("the stand-in for wrangler");
        let seen = std::fs::read_to_string(&folder).expect("what it got");
        std::fs::remove_file(&folder).expect("the file is there");
        assert_eq!(seen.matches("s3cret").count(), 1, "by its input and not by its command line: {seen}");
    }
}
