//! What the ferry needs of the world, as the Worker has it.

mod client;
mod remotes;
mod runtime;

pub use client::ClientPort;
pub use remotes::{RemotesPort, course_address};
pub use runtime::Runtime;
