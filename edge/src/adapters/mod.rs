//! The platform behind the libraries' traits: D1, `fetch`, the clock, and the ferry's ports on the two kinds of Moodle.

pub mod client;
pub mod d1;
pub mod fetch;
pub mod log;
pub mod ports;
pub mod rates;
pub mod remotes;
pub mod runtime;
