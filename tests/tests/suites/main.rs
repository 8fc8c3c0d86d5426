//! The end-to-end, browser and fault suites: one program, so that they share what is slow to start.
//!
//! Each module is a suite. `cargo xtask e2e` prepares what they need and runs them, or a part of them chosen by name,
//! as in `cargo xtask e2e queue::`.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "all of this is test code, and a panic is how a test fails"
)]
#![expect(clippy::disallowed_methods, reason = "tests have a clock, unlike the Worker")]

mod access;
mod bad_input;
mod bench;
mod conflicts;
mod deployments;
mod fault_run;
mod faults;
mod first_steps;
mod for_somebody;
mod harness;
mod hurry;
mod in_browser;
mod journey;
mod manage_seen;
mod many_askers;
mod memory;
mod messages;
mod own_only;
mod parity;
mod parity_seen;
mod pinned;
mod privacy;
mod queue;
mod readiness;
mod real_backups;
mod remotes;
mod said;
mod settings;
mod shots;
mod streaming;
mod students;
mod undo;
mod widget;
mod wishes;
