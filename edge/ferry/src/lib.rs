//! The life of a restore as a pure library: states, leases, window, retries, policy.
//!
//! No clock, no network, no database: what it needs of the world stands as traits in [`ports`](crate::Ledger).
#![expect(async_fn_in_trait, reason = "everything runs on the one thread of a Worker, so no future need be Send")]

mod choice;
mod failure;
mod letters;
pub mod peer;
mod ports;
pub mod readiness;
mod restore_row;
mod retry;
mod settings;
mod target;
mod tick;
mod ticket;
mod window;
mod wording;

pub use choice::taker;
pub use failure::Failure;
pub use ports::{
    Audience, CancelOutcome, Cancels, Claims, Client, Collects, Counts, HandOvers, Lease, Ledger, LedgerError, Letter,
    LetterLine, Letters, Notice, NoticeKind, Outcome, Peers, Platform, Recipient, Remotes, RowLease,
};
pub use restore_row::{Order, Progress, RestoreRow, State};
pub use retry::{RetryPolicy, Verdict};
pub use settings::{Expected, SettingError, Settings};
pub use target::{Access, Allowed, Decision, decide};
pub use tick::{Ferry, Report};
pub use ticket::Ticket;
pub use window::{Opening, TimeOfDay, Window, Zone};
