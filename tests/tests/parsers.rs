//! Every parser of outside data, on its corpus and on what comes of it by chance: the short run of what cargo-fuzz does
//! for hours (`tests/fuzz`). The seed is fixed, so that a failure comes again.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

#[path = "../fuzz/src/parsers.rs"]
mod parsers;

use courseferry_tests::{
    backup::{self, Archive},
    demo,
};
use fastrand::Rng;
use parsers::PARSERS;
use std::{env, fs, io::Cursor, panic, path::Path, thread};

/// Changed inputs for each parser, unless `PARSER_TRIES` says otherwise; those of archives cost a file each.
const TRIES: usize = 6_000;
/// For one of these so many of the others.
const OTHERS: usize = 20;
/// Texts that parsers tend to stumble over.
const TOKENS: [&str; 24] = [
    "\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "null",
    "true",
    "-1",
    "1e999",
    "18446744073709551616",
    "\u{0}",
    "\u{fffd}",
    "é",
    "\u{202e}",
    "<span lang=\"fr\" class=\"multilang\">",
    "</span>",
    "&#x110000;",
    "{mlang}",
    ";",
    "=",
    "/../",
];

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let files =
        fs::read_dir(folder).expect("a corpus").map(|entry| fs::read(entry.expect("a file").path()).expect("a file"));
    let mut seeds: Vec<_> = files.collect();
    if name == "archives" {
        // Written by the stand-in rather than kept as bytes that nobody can read.
        for archive in [Archive::TarGz, Archive::Zip] {
            let site = backup::Site { wwwroot: "https://remote.example".to_owned(), now: 1_795_308_746, serial: 1 };
            let mut bytes = Cursor::new(Vec::new());
            backup::write(&demo::lettres().courses[0].content, &site, archive, &mut bytes).expect("a backup");
            seeds.push(bytes.into_inner());
        }
    }
    seeds.sort();
    seeds
}

/// A few changes at a time: a bit, a cut, a part twice, a part of another input, a text of `TOKENS`.
fn changed(seeds: &[Vec<u8>], random: &mut Rng) -> Vec<u8> {
    let mut data = random.choice(seeds).cloned().unwrap_or_default();
    for _ in 0..random.usize(1..=4) {
        let at = random.usize(0..=data.len());
        match random.u8(0..6) {
            0 if at < data.len() => data[at] ^= 1 << random.u8(0..8),
            1 => data.truncate(at),
            2 => {
                let part = data[at..(at + random.usize(0..64)).min(data.len())].to_vec();
                data.splice(at..at, part);
            }
            3 => {
                let other = random.choice(seeds).cloned().unwrap_or_default();
                let from = random.usize(0..=other.len());
                data.splice(at.., other[from..].iter().copied());
            }
            4 => drop(data.drain(at..(at + random.usize(0..16)).min(data.len()))),
            _ => drop(data.splice(at..at, random.choice(TOKENS).unwrap_or_default().bytes())),
        }
    }
    data
}

#[test]
fn no_parser_stumbles_over_anything_that_comes_from_outside() {
    let run = |(name, parse): parsers::Parser| {
        let seeds = corpus(name);
        assert!(!seeds.is_empty(), "{name} has no corpus");
        let mut random = Rng::with_seed(0xC0_FFEE);
        let tries = env::var("PARSER_TRIES").map_or(TRIES, |tries| tries.parse().expect("a number"));
        let tries = if name == "archives" { tries / OTHERS } else { tries };
        let inputs = seeds.clone().into_iter().chain((0..tries).map(|_| changed(&seeds, &mut random)));
        for input in inputs.chain([Vec::new()]) {
            let outcome = panic::catch_unwind(|| parse(&input));
            assert!(outcome.is_ok(), "{name} fails for {:?}", String::from_utf8_lossy(&input));
        }
    };
    let runs: Vec<_> =
        PARSERS.map(|parser| thread::Builder::new().name(parser.0.to_owned()).spawn(move || run(parser))).into();
    let failed: Vec<_> = runs.into_iter().filter_map(|run| run.expect("a thread").join().err()).collect();
    assert!(failed.is_empty(), "{} parsers fail: see above", failed.len());
}
