//! `cargo xtask bench`: what Courseferry costs, each figure beside the simplest thing that does the same work, in the
//! same run. It prepares the references, runs what measures, and makes one table of it. It measures nothing itself.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};
use pico_args::Arguments;
use serde_json::{Value, json};

use crate::arguments::words;
use crate::build::{self, Profile};
use crate::e2e;
use crate::files::write;
use crate::prepare::{Tools, cargo};
use crate::process::{self, Clock, announce, answer};
use crate::workspace::{Workspace, read};

const HELP: &str = "\
cargo xtask bench [--quick] [--keep] [PART …]
  Measures everything, or some parts: access, courses, requests, streaming, night, screen, rows; and, only when it is
  named, load: a thousand teachers and ten thousand restores. The table goes to target/bench as text, JSON and SVG;
  --keep puts it into docs too. --quick measures less, in some minutes once everything is built.
";

/// What is measured unless something is named.
const PARTS: [&str; 7] = ["access", "courses", "requests", "streaming", "night", "screen", "rows"];
/// Parts that the suites measure, by their module's name.
const SUITES: [&str; 6] = ["courses", "requests", "streaming", "night", "screen", "load"];

/// Reads the command line, measures, and writes the table.
pub fn run(workspace: &Workspace, mut arguments: Arguments) -> Result<()> {
    if arguments.contains(["-h", "--help"]) {
        print!("{HELP}");
        return Ok(());
    }
    let (quick, keep) = (arguments.contains("--quick"), arguments.contains("--keep"));
    let mut parts = words(arguments)?;
    if let Some(unknown) = parts.iter().find(|part| part.as_str() != "load" && !PARTS.contains(&part.as_str())) {
        bail!("there is no part `{unknown}`\n\n{HELP}");
    }
    if parts.is_empty() {
        parts = PARTS.map(str::to_owned).into();
    }
    let clock = Clock::start();
    let folder = workspace.target("bench");
    let measured = folder.join("rows.jsonl");
    if measured.exists() {
        fs::remove_file(&measured)?;
    }
    fs::create_dir_all(&folder)?;
    let has = |part: &str| parts.iter().any(|named| named == part);
    let mut rows = Vec::new();
    let mut outcome = Ok(());
    if has("access") {
        rows.extend(access(workspace, quick)?);
    }
    if has("rows") {
        rows.extend(large(workspace, quick)?);
    }
    if SUITES.iter().any(|part| has(part)) {
        let tools = Tools::prepare(workspace)?;
        build::worker_of(
            workspace,
            &tools,
            Profile::Shipped,
            "courseferry-reference-worker",
            "tests/reference/worker",
        )?;
        build::page_of(workspace, &tools, "courseferry-reference-page", &folder.join("page"))?;
        let words: Vec<_> = SUITES.iter().filter(|part| has(part)).map(|part| format!("bench::{part}::")).collect();
        let mut words: Vec<_> = words.iter().map(String::as_str).collect();
        // One after another: two that measure at once measure each other.
        words.extend(["--ignored", "--nocapture", "--test-threads=1"]);
        let mut tests = e2e::Options::of_tests(Profile::Shipped, &words);
        tests = tests.given("COURSEFERRY_BENCH", folder.display().to_string());
        if quick {
            tests = tests.given("COURSEFERRY_BENCH_QUICK", "1".to_owned());
        }
        // What was measured before something failed is shown all the same.
        outcome = e2e::run(workspace, &tests);
        rows.extend(read(&measured).unwrap_or_default().lines().filter_map(|line| serde_json::from_str(line).ok()));
        if has("screen") {
            rows.push(bytes(workspace, &tools)?);
        }
    }
    let table = Table { machine: machine(), quick, rows };
    for name in ["results.md", "results.json", "results.svg"] {
        let text = match name {
            "results.md" => table.markdown(),
            "results.json" => format!("{:#}\n", table.json()),
            _ => table.svg(),
        };
        write(&folder.join(name), &text)?;
        if keep {
            write(&workspace.path("docs/benchmarks").join(name), &text)?;
        }
    }
    print!("\n{}", table.markdown());
    announce(format!("{} s; target/bench has it as JSON and SVG too", clock.seconds()));
    outcome
}

/// What criterion measured of `edge/access`.
fn access(workspace: &Workspace, quick: bool) -> Result<Vec<Value>> {
    announce("cargo bench: how fast the decisions are");
    let mut measure = cargo();
    measure.args(["bench", "--package", "courseferry-access", "--bench", "decisions"]);
    measure.args(quick.then_some(["--", "--quick"]).into_iter().flatten());
    process::run(measure.current_dir(workspace.path("")))?;
    let nanoseconds = |name: &str| -> Result<f64> {
        let file = workspace.target("criterion").join(name).join("new/estimates.json");
        let estimates: Value = serde_json::from_str(&read(&file)?)?;
        estimates.pointer("/mean/point_estimate").and_then(Value::as_f64).context("criterion tells no mean")
    };
    // Criterion's figure is of all categories that it asks about.
    let categories = 421.0;
    let (ours, naive) = (nanoseconds("has_capability/ours")? / categories, nanoseconds("has_capability/naive")?);
    let ratio = naive / ours;
    let request = |what: &str, name: &str, note: &str| -> Result<Value> {
        let ms = nanoseconds(&format!("request/{name}"))? / 1e6;
        Ok(json!({"what": what, "unit": "ms", "value": ms, "reference": null, "beside": "", "ratio": null,
                  "goal": "≤ 0.3 ms", "met": ms <= 0.3, "note": note}))
    };
    Ok(vec![
        json!({"what": "has_capability, 30,000 people, 420 categories", "unit": "ns", "value": ours, "reference": naive,
               "beside": "a naive walk over Moodle's rows", "ratio": ratio, "goal": "≥ 1000 ×", "met": ratio >= 1_000.0,
               "note": ""}),
        request("a session and rights, in an instance that knows the site", "site known", "native")?,
        request(
            "the same in a new instance, which reads the site's snapshot first",
            "first of an instance",
            "native; parsing the snapshot's JSON included",
        )?,
    ])
}

/// What the store's own program measures of databases with a million rows.
fn large(workspace: &Workspace, quick: bool) -> Result<Vec<Value>> {
    announce("cargo run: the database with many rows");
    let mut large = cargo();
    large.args(["run", "--release", "--quiet", "--package", "courseferry-store", "--example", "large"]);
    large.args(quick.then_some("--")).args(quick.then_some("--quick")).current_dir(workspace.path(""));
    let text = answer(&mut large).context("the store's program `large` failed")?;
    let measured: Value = serde_json::from_str(&text).context("the store's program tells no JSON")?;
    let rows = measured.get("rows").and_then(Value::as_array).cloned().unwrap_or_default();
    let number = |size: &str| size.parse::<u64>().unwrap_or_default();
    let row = |row: &Value| {
        let times: BTreeMap<String, f64> = serde_json::from_value(row.get("ms")?.clone()).ok()?;
        let (small, _) = times.iter().min_by_key(|(size, _)| number(size))?;
        let (most, _) = times.iter().max_by_key(|(size, _)| number(size))?;
        let goal = row.get("goal").and_then(Value::as_f64)?;
        let ratio = row.get("ratio").and_then(Value::as_f64)?;
        Some(
            json!({"what": format!("{} at {most} rows", row.get("what")?.as_str()?), "unit": "ms", "value": times.get(most),
                    "reference": times.get(small), "beside": format!("at {small} rows"), "ratio": ratio,
                    "goal": format!("≤ {goal} ×"), "met": ratio <= goal, "note": ""}),
        )
    };
    Ok(rows.iter().filter_map(row).collect())
}

/// What a browser loads of the widget, beside the bare page.
fn bytes(workspace: &Workspace, tools: &Tools) -> Result<Value> {
    let ours: u64 = build::sizes(workspace, tools)?.iter().map(|(_, bytes)| bytes).sum();
    let page = workspace.target("bench/page");
    let bare = build::compressed(tools, &page, &["page.js".to_owned(), "page_bg.wasm".to_owned()])?;
    let bare: u64 = bare.iter().map(|(_, bytes)| bytes).sum();
    #[expect(clippy::cast_precision_loss, reason = "some hundred thousand")]
    let ratio = ours as f64 / bare as f64;
    Ok(json!({"what": "widget: all that a browser loads, brotli", "unit": "bytes", "value": ours, "reference": bare,
              "beside": "a bare Leptos page with one list", "ratio": ratio, "goal": "reported", "met": null, "note": ""}))
}

/// What it was measured on, and when.
fn machine() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map_or("", |(_, name)| name);
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kilobytes = memory.split_whitespace().nth(1).and_then(|number| number.parse::<u64>().ok()).unwrap_or_default();
    let day = answer(Command::new("date").arg("+%Y-%m-%d")).unwrap_or_default();
    format!("{model}, {cores} cores, {} GB; {day}", kilobytes >> 20)
}

/// The whole table.
struct Table {
    machine: String,
    quick: bool,
    rows: Vec<Value>,
}

/// A figure as people read it.
fn figure(value: &Value) -> String {
    match value.as_f64() {
        None => String::new(),
        Some(number) if number >= 100.0 => format!("{number:.0}"),
        Some(number) if number >= 1.0 => format!("{number:.1}"),
        Some(number) => format!("{number:.3}"),
    }
}

fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn mark(row: &Value) -> &'static str {
    match row.get("met").and_then(Value::as_bool) {
        Some(true) => "✓",
        Some(false) => "✗",
        None => "",
    }
}

impl Table {
    fn json(&self) -> Value {
        json!({"machine": self.machine, "quick": self.quick, "rows": self.rows})
    }

    fn markdown(&self) -> String {
        let mut table = format!("{}{}\n\n", self.machine, if self.quick { "; --quick" } else { "" });
        table += "| what | value | reference in the same run | ratio | goal | |\n|---|---:|---|---:|---|---|\n";
        for row in &self.rows {
            let unit = text(row, "unit");
            let beside = match row.get("reference") {
                Some(Value::Null) | None => text(row, "beside").to_owned(),
                Some(reference) => format!("{} {unit}: {}", figure(reference), text(row, "beside")),
            };
            let ratio = row.get("ratio").map(figure).unwrap_or_default();
            let note = if text(row, "note").is_empty() { String::new() } else { format!(" ({})", text(row, "note")) };
            let (what, value) = (text(row, "what"), row.get("value").map(figure).unwrap_or_default());
            let _ = writeln!(
                table,
                "| {what}{note} | {value} {unit} | {beside} | {ratio} | {} | {} |",
                text(row, "goal"),
                mark(row)
            );
        }
        table
    }

    /// The rows with a reference, as two bars each, on the longer one's scale.
    fn svg(&self) -> String {
        let rows: Vec<_> = self.rows.iter().filter(|row| row.get("reference").is_some_and(Value::is_number)).collect();
        let height = 60 + rows.len() * 44;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 860 {height}\" role=\"img\" \
             font-family=\"system-ui, sans-serif\" font-size=\"12\">\n<title>Courseferry beside the simplest thing that \
             does the same work</title>\n<rect width=\"860\" height=\"{height}\" fill=\"#fff\"/>\n\
             <text x=\"12\" y=\"22\" font-size=\"15\" font-weight=\"600\" fill=\"#1d2733\">Courseferry (blue) beside a \
             reference in the same run (grey)</text>\n<text x=\"12\" y=\"40\" fill=\"#5b6673\">{}</text>\n",
            escaped(&self.machine)
        );
        for (n, row) in rows.iter().enumerate() {
            let top = 56 + n * 44;
            let number = |name: &str| row.get(name).and_then(Value::as_f64).unwrap_or_default();
            let (value, reference) = (number("value"), number("reference"));
            let longest = value.max(reference).max(f64::MIN_POSITIVE);
            let unit = text(row, "unit");
            let ratio = row.get("ratio").filter(|ratio| ratio.is_number()).map(|ratio| format!("{} ×", figure(ratio)));
            let goal = Some(text(row, "goal")).filter(|goal| !goal.is_empty());
            let goal = goal.map(|goal| format!("{} {}", escaped(goal), mark(row)).trim_end().to_owned());
            let _ = writeln!(
                svg,
                "<text x=\"12\" y=\"{}\" fill=\"#1d2733\">{}</text><text x=\"848\" y=\"{}\" text-anchor=\"end\" \
                 fill=\"#1d2733\">{}</text>",
                top + 12,
                escaped(text(row, "what")),
                top + 12,
                ratio.into_iter().chain(goal).collect::<Vec<_>>().join(" · ")
            );
            for (k, (length, colour, label)) in [
                (value, "#0f6cbf", format!("{} {unit}", figure(&json!(value)))),
                (reference, "#b6bfc9", format!("{} {unit}: {}", figure(&json!(reference)), text(row, "beside"))),
            ]
            .into_iter()
            .enumerate()
            {
                let width = (length / longest * 480.0).max(1.0);
                let y = top + 16 + k * 11;
                let _ = writeln!(
                    svg,
                    "<rect x=\"12\" y=\"{y}\" width=\"{width:.0}\" height=\"9\" fill=\"{colour}\"/><text x=\"{:.0}\" \
                     y=\"{}\" font-size=\"9\" fill=\"#5b6673\">{}</text>",
                    width + 17.0,
                    y + 8,
                    escaped(&label)
                );
            }
        }
        svg + "</svg>\n"
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_shown_with_its_reference_ratio_and_goal() {
        let row = json!({"what": "a <b> & c", "unit": "ms", "value": 2.0, "reference": 400.0, "beside": "that",
                         "ratio": 200.0, "goal": "≥ 5 ×", "met": true, "note": "so"});
        let table = Table { machine: "m".to_owned(), quick: false, rows: vec![row] };
        assert!(table.markdown().contains("| a <b> & c (so) | 2.0 ms | 400 ms: that | 200 | ≥ 5 × | ✓ |"));
        assert!(table.svg().contains("a &lt;b&gt; &amp; c"));
    }
}
