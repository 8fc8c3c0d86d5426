//! How fast decisions are on a recorded site, and how long a site takes to load.
//!
//! The recorded site lies outside the project; where it is missing there is nothing to measure.

#![allow(missing_docs, reason = "criterion writes the entry point")]

#[path = "../tests/recorded/mod.rs"]
mod recorded;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::{hint::black_box, path::Path};

fn decisions(criterion: &mut Criterion) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/moodle");
    for name in ["access-cases-1", "access-cases-locks", "access-cases-switches"] {
        let Ok(text) = std::fs::read_to_string(folder.join(name).with_extension("json")) else {
            println!("{name}: not here, not measured");
            continue;
        };
        let (Ok::<recorded::Cases, _>(file), Ok(recorded)) =
            (serde_json::from_str(&text), recorded::Recorded::read(&text))
        else {
            println!("{name}: cannot be read, not measured");
            continue;
        };
        let mut group = criterion.benchmark_group(name);
        let recorded::Recorded { site, people, cases } = &recorded;
        // Each case is two decisions: with an administrator's bypass and without.
        group.throughput(Throughput::Elements(2 * cases.len() as u64));
        group.bench_function("decide", |bench| {
            bench.iter(|| {
                let allowed = cases.iter().map(|case| case.ask(site, people));
                black_box(allowed.flatten().filter(|answer| *answer).count())
            });
        });
        group.throughput(Throughput::Elements(1));
        group.bench_function("load the site", |bench| bench.iter(|| black_box(file.site())));
        group.finish();
    }
}

criterion_group!(benches, decisions);
criterion_main!(benches);
