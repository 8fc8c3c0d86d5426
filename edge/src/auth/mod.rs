//! Who asks, what they may do, and what they did: sessions, rights, the client's snapshots, signing in, the audit.

pub mod audit;
pub mod people;
pub mod rights;
pub mod session;
pub mod sign_in;
pub mod snapshots;
pub mod targets;
