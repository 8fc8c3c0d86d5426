//! The life of a restore as a pure library: states, leases, window, retries, policy.
//!
//! No clock, no network, no database: what it needs of the world stands as traits in [`ports`](crate::Ledger).
#![expect(async_fn_in_trait, reason = "everything runs on the one thread of a Worker, so no future need be Send")]

mod choice;
mod failure;
mod job;
mod letters;
pub mod peer;
mod ports;
pub mod readiness;
mod retry;
mod settings;
mod target;
mod tick;
mod ticket;
mod window;
mod wording;

pub use choice::taker;
pub use failure::Failure;
pub use job::{Job, Order, Progress, State};
pub use ports::{
    Audience, Client, Counts, Hold, Lease, Ledger, LedgerError, Letter, Notice, NoticeKind, Outcome, Platform,
    Recipient, Remotes, Told, Withdrawal,
};
pub use retry::{Judge, Verdict};
pub use settings::{Expected, SettingError, Settings};
pub use target::{Access, Allowed, Decision, decide};
pub use tick::{Ferry, Report};
pub use ticket::Ticket;
pub use window::{Opening, TimeOfDay, Window, Zone};
