//! Asks recorded cases again and compares: `cargo run -p courseferry-access --example agree -- FILE…`.
//!
//! Prints the number of disagreements and the first few. Exit code 0: none; 1: some; 2: a file that
//! cannot be read.

#[path = "../tests/recorded/mod.rs"]
mod recorded;

use std::{env, fs, process::ExitCode};

/// How many disagreements of a file are printed.
const SHOWN: usize = 5;

fn main() -> ExitCode {
    let files: Vec<String> = env::args().skip(1).collect();
    if files.is_empty() {
        eprintln!("usage: agree FILE…");
        return ExitCode::from(2);
    }
    let mut worst = 0;
    for file in files {
        let read = fs::read_to_string(&file)
            .map_err(|error| error.to_string())
            .and_then(|text| recorded::Recorded::read(&text));
        let recorded = match read {
            Ok(recorded) => recorded,
            Err(error) => {
                eprintln!("{file}: {error}");
                worst = 2;
                continue;
            }
        };
        let asked = recorded.cases.len();
        let disagreements = recorded.disagreements();
        println!("{file}: {} disagreements in {asked} cases", disagreements.len());
        for disagreement in disagreements.iter().take(SHOWN) {
            println!("  {disagreement}");
        }
        worst = worst.max(u8::from(!disagreements.is_empty()));
    }
    ExitCode::from(worst)
}
