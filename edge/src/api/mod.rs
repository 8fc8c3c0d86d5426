//! The handlers of the API, each beside the address that it answers.

pub mod arrived;
mod chosen;
pub mod contents;
pub mod copies;
pub mod courses;
mod decisions;
pub mod existing;
pub mod home;
pub mod manage;
mod new_restore;
pub mod prefetched;
pub mod privacy;
pub mod restores;
pub mod session;
mod view;
