//! The ferry and the store over SQLite: the very statements and the very schema that D1 runs.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "what is wrong ends the test"
)]

mod additions;
mod cancel_races;
mod copies;
mod costs;
mod faults;
mod filled;
mod for_somebody;
mod holds;
mod hurry;
mod interleavings;
mod letters;
mod life;
mod manage;
mod migration;
mod nights;
mod plans;
mod remotes;
mod schedule;
mod upkeep;
mod world;
