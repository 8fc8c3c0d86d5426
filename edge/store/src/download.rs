//! The companion's download of a backup: is this ticket good, and what did the first answer say?

use crate::{Executor, Store, executor::statement, row};
use courseferry_api::{JobId, RemoteId, RemoteKind};
use courseferry_ferry::{LedgerError, Ticket};

/// What a presented ticket opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// This backup.
    Open(Backup),
    /// Nothing: it is not the ticket of this attempt.
    Refused,
    /// Nothing any more: the copy is complete, or the restore has ended.
    Over,
    /// There is no such restore.
    NotFound,
}

/// A backup that may be copied now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// The remote that holds it.
    pub remote: RemoteId,
    /// What the remote was when the backup was made.
    pub kind: RemoteKind,
    /// Its `filerecordid` on an original.
    pub id: i64,
    /// Its number on a courseferry remote.
    pub number: u32,
    /// The `ETag` of the first answer, empty if it had none; none before the first answer.
    pub etag: Option<String>,
    /// The length of the first answer in bytes; none if it did not say.
    pub length: Option<u64>,
}

impl<E: Executor> Store<E> {
    /// What this ticket opens.
    pub async fn enter(&self, job: &JobId, attempt: u32, ticket: &str) -> Result<Entry, LedgerError> {
        let rows = self
            .rows(statement!(
                "SELECT remote, kind, backup, backup_no, etag, length, ticket_hash = ?2 AND attempt = ?3 AS mine,
                     status = 'in_progress' AND phase = 'transferring' AS open, ticket_hash IS NULL AS ended
                 FROM restores WHERE id = ?1",
                job,
                Ticket::hash_of(ticket),
                attempt
            ))
            .await?;
        let Some(found) = rows.first() else { return Ok(Entry::NotFound) };
        if row::flag(found, "ended")? {
            return Ok(Entry::Over);
        }
        if !row::flag(found, "mine")? {
            return Ok(Entry::Refused);
        }
        if !row::flag(found, "open")? {
            return Ok(Entry::Over);
        }
        Ok(Entry::Open(Backup {
            remote: row::remote_id(found, "remote")?,
            kind: row::kind(found)?.unwrap_or(RemoteKind::CAREFUL),
            id: row::int(found, "backup")?,
            number: row::count(found, "backup_no")?,
            etag: row::optional_text(found, "etag")?,
            length: row::whole(found, "length")?.and_then(|length| length.try_into().ok()),
        }))
    }

    /// Remembers the first answer of an attempt's download; later ones are compared with it.
    pub async fn first_answer(
        &self,
        job: &JobId,
        attempt: u32,
        etag: &str,
        length: Option<u64>,
    ) -> Result<(), LedgerError> {
        self.rows(statement!(
            "UPDATE restores SET etag = ?3, length = ?4
             WHERE id = ?1 AND attempt = ?2 AND status = 'in_progress' AND phase = 'transferring' AND etag IS NULL",
            job,
            attempt,
            etag,
            length
        ))
        .await?;
        Ok(())
    }
}
