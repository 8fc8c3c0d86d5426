//! The SQL of the schedules: every statement beside its function, for D1 and for SQLite.
//!
//! It knows neither D1 nor the Worker: an [`Executor`] runs the text.
#![expect(async_fn_in_trait, reason = "everything runs on the one thread of a Worker, so no future need be Send")]

mod cache;
mod download;
mod executor;
mod ledger;
mod manage;
mod marks;
mod nights;
mod outbox;
mod peers;
mod privacy;
mod query;
mod restores;
mod row;
mod sessions;
mod settings;

pub use cache::{Cached, Listing};
pub use download::{Backup, Entry};
pub use executor::{Executor, Row, Statement};
pub use manage::{Found, Group, RowFault};
pub use marks::{Ended, NEWEST_MIGRATION};
pub use nights::{Hour, RemoteQueue, StepMinutes};
pub use peers::{PeerStatus, Refused};
pub use privacy::Export;
pub use query::Query;
pub use restores::{AboutArrived, AskedBy, BecameOf, Change, CopyNews, NewRestore, NotScheduled, OwnRestores, Quota};
pub use sessions::KnownUser;
pub use settings::ChangedSetting;

/// What is asked together with other questions.
pub mod queries {
    pub use crate::{
        cache::{listing, listings},
        peers::peers,
        restores::restores_of,
        sessions::{known_user, revoked_before, use_token},
        settings::changed_settings,
    };
}

/// The rows of Courseferry in a database.
#[derive(Debug, Clone)]
pub struct Store<E> {
    executor: E,
}

impl<E: Executor> Store<E> {
    /// The store in this database.
    pub fn new(executor: E) -> Self {
        Self { executor }
    }
}
