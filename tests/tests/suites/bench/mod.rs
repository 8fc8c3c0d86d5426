//! `cargo xtask bench`: what it measures in workerd and in Chromium, each figure beside the simplest thing that does the
//! same work, in the same run. Nothing is asserted of a figure: a goal that is missed is reported as missed.

mod courses;
mod load;
mod night;
mod requests;
mod screen;
mod streaming;

use crate::harness::prepared;
use serde::Serialize;
use std::{
    fs::OpenOptions,
    io::Write,
    path::PathBuf,
    time::{Duration, Instant},
};

/// One line of the table.
#[derive(Serialize)]
struct Row {
    what: String,
    unit: &'static str,
    value: f64,
    /// What the reference took, in the same unit.
    reference: Option<f64>,
    /// What the reference is.
    beside: &'static str,
    /// As the goal counts it.
    ratio: Option<f64>,
    goal: String,
    met: Option<bool>,
    /// What a reader must know of this figure.
    note: String,
}

impl Row {
    fn new(what: impl Into<String>, unit: &'static str, value: f64) -> Self {
        Self {
            what: what.into(),
            unit,
            value,
            reference: None,
            beside: "",
            ratio: None,
            goal: String::new(),
            met: None,
            note: String::new(),
        }
    }

    /// Beside something that takes `reference`.
    fn beside(self, beside: &'static str, reference: f64) -> Self {
        Self { beside, reference: Some(reference), ..self }
    }

    /// How often the reference's is this value, which shall be at least so much.
    fn faster(self, least: f64) -> Self {
        let ratio = self.reference.map(|reference| reference / self.value);
        Self { ratio, goal: format!("≥ {least} ×"), met: ratio.map(|ratio| ratio >= least), ..self }
    }

    /// How much of the reference's this value is, which shall be at least so much.
    fn at_least(self, least: f64) -> Self {
        let ratio = self.reference.map(|reference| self.value / reference);
        Self { ratio, goal: format!("≥ {least} ×"), met: ratio.map(|ratio| ratio >= least), ..self }
    }

    /// How much of the reference's this value is, which shall be at most so much.
    fn at_most(self, most: f64) -> Self {
        let ratio = self.reference.map(|reference| self.value / reference);
        Self { ratio, goal: format!("≤ {most} ×"), met: ratio.map(|ratio| ratio <= most), ..self }
    }

    /// At most so much, whatever the reference takes.
    fn limit(self, most: f64) -> Self {
        Self { goal: format!("≤ {most:.0} {}", self.unit), met: Some(self.value <= most), ..self }
    }

    fn note(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }

    /// Adds it to the table.
    fn report(&self) {
        println!("{}", serde_json::to_string(self).expect("a row"));
        let mut file =
            OpenOptions::new().create(true).append(true).open(folder().join("rows.jsonl")).expect("the table");
        writeln!(file, "{}", serde_json::to_string(self).expect("a row")).expect("a line");
    }
}

/// Where the table and the references are.
fn folder() -> PathBuf {
    prepared("COURSEFERRY_BENCH")
}

/// Whether less is measured, in less time.
fn quick() -> bool {
    std::env::var_os("COURSEFERRY_BENCH_QUICK").is_some()
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

async fn timed<T>(work: impl Future<Output = T>) -> (T, Duration) {
    let begun = Instant::now();
    let done = work.await;
    (done, begun.elapsed())
}
