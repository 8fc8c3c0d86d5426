//! How the client and the remotes answer; the statements stand in `crate::peers`.

use crate::{Executor, Store};
use courseferry_api::{RemoteId, UnixTime};
use courseferry_ferry::{Failure, LedgerError, Peers};

impl<E: Executor> Peers for Store<E> {
    async fn record_contact(
        &self,
        remote: Option<&RemoteId>,
        now: UnixTime,
        problem: Option<&Failure>,
    ) -> Result<(), LedgerError> {
        self.record_peer(remote, now, problem).await
    }
}
