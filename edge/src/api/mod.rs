//! The handlers of the API, each beside the address that it answers.

pub mod courses;
pub mod home;
pub mod manage;
pub mod privacy;
pub mod restores;
pub mod session;
mod view;
