//! What needs `block/courseferry:manage`, which the router checks.

pub mod audit;
pub mod for_somebody;
pub mod nights;
pub mod overview;
pub mod people;
pub mod readiness;
pub mod restores;
pub mod settings;
