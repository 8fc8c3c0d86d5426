//! The life of a restore as a pure library: states, leases, window, retries, policy.
//!
//! No clock, no network, no database: what it needs of the world stands as traits in [`ports`](crate::Ledger).
#![expect(async_fn_in_trait, reason = "everything runs on the one thread of a Worker, so no future need be Send")]
#![expect(missing_docs, reason = "a field whose name says what it is needs no sentence")]

mod authority;
mod choice;
mod first_steps;
pub mod forecast;
mod letters;
pub mod list_file;
mod pace;
pub mod peer;
#[cfg(test)]
mod person;
mod ports;
mod queue;
pub mod readiness;
mod restore_row;
mod retry;
mod settings;
mod slot;
mod target;
mod tick;
mod ticket;
mod warnings;
mod window;
pub mod wishes;
mod wording;

pub use authority::{Authority, Wanted, decide_for, for_others_refused, may_borrow};
pub use choice::taker;
pub use courseferry_api::{
    Failure,
    companion::{MessageKind, Order, Progress, State},
};
pub use first_steps::{Setup, first_steps};
pub use pace::Pace;
pub use ports::{
    About, Audience, BackupEntry, BackupOrder, BackupState, CancelOutcome, Cancels, Claims, Client, Collects, Counts,
    HandOvers, Lease, Ledger, LedgerError, Letter, LetterLine, Letters, Notice, Outcome, Peers, Platform, Recipient,
    RemoteBackups, Remotes, RestoredCourse, RowFaults, RowLease,
};
pub use queue::{Due, Holder, Queue, RemoteState, Room, ToClaim};
pub use restore_row::{Actor, RestoreRow};
pub use retry::{RetryPolicy, Verdict};
pub use settings::{Expected, ON_MANAGE, SettingError, Settings};
pub use slot::slot;
pub use target::{Access, Allowed, Decision, decide};
pub use tick::{Ferry, Report};
pub use ticket::Ticket;
pub use window::{Opening, TimeOfDay, Window, Zone};
