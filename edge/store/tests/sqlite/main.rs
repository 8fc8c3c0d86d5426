//! The ferry and the store over SQLite: the very statements and the very schema that D1 runs.

mod faults;
mod letters;
mod life;
mod manage;
mod schedule;
mod upkeep;
mod world;
