//! A faithful stand-in for Moodle, and the end-to-end, browser and fault suites.
//!
//! One program, or one test, can play remotes and the client Moodle with them: [`StandIn::remote`] answers as the
//! recordings of real Moodles do, [`StandIn::client`] does what the companion block does.
#![expect(missing_docs, reason = "a field whose name says what it is needs no sentence")]

pub mod backup;
pub mod checksum;
pub mod client;
pub mod demo;
pub mod front;
pub mod relay;
pub mod remote;
mod server;
pub mod tls;

pub use server::StandIn;
