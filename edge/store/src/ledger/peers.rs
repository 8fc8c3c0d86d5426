//! How the client and the remotes answer; the statements stand in `crate::peers`.

use crate::{Executor, Store};
use courseferry_api::{RemoteId, UnixTime};
use courseferry_ferry::{About, Failure, LedgerError, Pace, Peers, RestoreRow};

impl<E: Executor> Peers for Store<E> {
    async fn learnt(&self, remote: &RemoteId, now: UnixTime, about: Option<&About>) -> Result<(), LedgerError> {
        self.remember_kind(remote, now, about).await
    }

    async fn doubt_kind(&self, remote: &RemoteId) -> Result<(), LedgerError> {
        self.forget_kind(remote).await
    }

    async fn probe_later(&self, remote: &RemoteId, at: UnixTime) -> Result<(), LedgerError> {
        self.postpone_probe(remote, at).await
    }

    async fn hold(&self, row: &RestoreRow, now: UnixTime, failure: &Failure) -> Result<(), LedgerError> {
        self.hold_remote(row, now, failure).await
    }

    async fn lift_hold(&self, remote: &RemoteId, now: UnixTime) -> Result<(), LedgerError> {
        self.end_hold(remote, now).await
    }

    async fn pace(&self, remote: &RemoteId) -> Result<Pace, LedgerError> {
        self.read_pace(remote).await
    }

    async fn set_pace(&self, remote: &RemoteId, pace: Pace) -> Result<(), LedgerError> {
        self.write_pace(remote, pace).await
    }

    async fn record_contact(
        &self,
        remote: Option<&RemoteId>,
        now: UnixTime,
        problem: Option<&Failure>,
    ) -> Result<(), LedgerError> {
        self.record_peer(remote, now, problem).await
    }
}
