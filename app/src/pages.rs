//! The parts of the widget that people go to.

pub mod confirm;
pub mod find;
pub mod manage;
pub mod restores;
