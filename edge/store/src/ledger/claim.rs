//! Claims: what is due, and rows leased until their backup is made.

use super::ended;
use crate::{Executor, Row, Store, executor::statement, peers, row};
use courseferry_api::{ErrorCode, JobId, RemoteId, RemoteKind, UnixTime, UserId, Warning};
use courseferry_ferry::{
    Claims, Decision, Due, Failure, Holder, Lease, LedgerError, Outcome, Queue, RestoreRow, RowLease, Ticket, ToClaim,
};
use serde::Serialize;

/// Of one person's on one remote, so many are looked at together.
const OF_A_PERSON: u32 = 8;
/// Of one remote.
const OF_A_REMOTE: u32 = 50;
/// Of all.
const IN_ALL: u32 = 500;

/// Seconds for which a remote may still write a backup of which nobody knows more.
const WRITING: u32 = 1_800;

/// A choice as the claim reads it.
#[derive(Serialize)]
struct Chosen<'a> {
    id: &'a str,
    kind: &'static str,
    slot: Option<&'a str>,
}

impl<E: Executor> Claims for Store<E> {
    async fn queue(&self, now: UnixTime, open: bool) -> Result<Queue, LedgerError> {
        let batch = vec![
            // `place`: how many of the same person's come before it; `turn`: how many of the same remote's. A row whose last
            // backup has yet to be deleted on its remote waits for that: the row can name one such backup only.
            statement!(
                "SELECT id, remote, user_id, username, created, place, served FROM (
                     SELECT *, row_number() OVER (PARTITION BY remote ORDER BY place, served, created, id) AS turn FROM (
                         SELECT *, coalesce((
                             SELECT max(s.started) FROM restores s
                             WHERE s.remote = waiting.remote AND s.user_id = waiting.user_id), 0) AS served
                         FROM (
                             SELECT r.id, r.remote, r.user_id, r.username, r.created,
                                 row_number() OVER (PARTITION BY r.remote, r.user_id ORDER BY r.created, r.id) - 1 AS place
                             FROM restores r
                             WHERE r.status = 'scheduled' AND r.not_before <= ?1 AND r.retry_at <= ?1
                                 AND (?2 OR r.start_now) AND r.to_delete = 0
                                 AND (r.target_course IS NULL OR NOT EXISTS (
                                     SELECT 1 FROM restores t
                                     WHERE t.target_course = r.target_course AND t.status = 'in_progress'
                                         AND t.target_course IS NOT NULL))
                         ) waiting WHERE place < ?3))
                 WHERE turn <= ?4 ORDER BY turn LIMIT ?5",
                now,
                open,
                OF_A_PERSON,
                OF_A_REMOTE,
                IN_ALL
            ),
            statement!(
                "SELECT remote, kind, slot, sum(phase = 'backing_up') AS backing_up FROM restores
                 WHERE status = 'in_progress' AND phase IN ('backing_up', 'transferring')
                 GROUP BY remote, kind, slot"
            ),
            statement!(
                "SELECT remote, kind, slot, 0 AS backing_up FROM restores WHERE busy_until > ?1",
                now
            ),
            statement!(
                "SELECT remote, paused, kind, kind_learnt, problem IS NOT NULL AS failing, held IS NOT NULL AS held,
                     probe_at, served, at_once
                 FROM peers"
            ),
        ];
        let answers = self.executor.run(batch).await?;
        let rows = |place: usize| answers.get(place).map_or(&[][..], Vec::as_slice);
        let (client, remotes): (Vec<&Row>, Vec<&Row>) = {
            let all = rows(3).iter().map(|row| Ok((row::text(row, "remote")?.is_empty(), row)));
            let all = all.collect::<Result<Vec<(bool, &Row)>, LedgerError>>()?;
            let (client, remotes): (Vec<_>, Vec<_>) = all.into_iter().partition(|(client, _)| *client);
            (client.into_iter().map(|(_, row)| row).collect(), remotes.into_iter().map(|(_, row)| row).collect())
        };
        Ok(Queue {
            paused: client.first().map(|row| row::flag(row, "paused")).transpose()?.unwrap_or(false),
            due: self.readable(rows(0), due).await,
            holders: rows(1).iter().chain(rows(2)).map(holder).collect::<Result<_, _>>()?,
            remotes: remotes.into_iter().map(peers::state).collect::<Result<_, _>>()?,
        })
    }

    async fn claim(&self, now: UnixTime, lease: &Lease, chosen: &[ToClaim]) -> Result<Vec<RestoreRow>, LedgerError> {
        let choices: Vec<Chosen<'_>> = chosen
            .iter()
            .map(|choice| Chosen { id: choice.job.as_str(), kind: choice.kind.as_str(), slot: choice.slot.as_deref() })
            .collect();
        let remotes: Vec<&RemoteId> = chosen.iter().map(|choice| &choice.remote).collect();
        let batch = vec![
            // Another tick may have chosen the same: a slot that is not free any more is left.
            statement!(
                "UPDATE OR IGNORE restores SET status = 'in_progress', phase = 'backing_up', since = ?1, started = ?1,
                     lease = ?2, lease_until = ?3, kind = choice.kind, slot = choice.slot, backup_no = backup_no + 1,
                     progress_at = ?1, percent = 0, asked = NULL, handed = 0, backup = 0, sha256 = NULL, warnings = '[]',
                     error = NULL, error_detail = ''
                 FROM (SELECT value ->> 'id' AS id, value ->> 'kind' AS kind, value ->> 'slot' AS slot
                     FROM json_each(?4)) AS choice
                 WHERE restores.id = choice.id AND restores.status = 'scheduled' AND restores.to_delete = 0
                     AND NOT EXISTS (
                         SELECT 1 FROM restores h
                         WHERE h.status = 'in_progress' AND h.phase IN ('backing_up', 'transferring')
                             AND h.remote = restores.remote
                             AND (h.kind <> choice.kind OR h.kind = 'original3' OR h.slot = choice.slot))
                     AND NOT EXISTS (
                         SELECT 1 FROM restores h INDEXED BY restores_busy
                         WHERE h.busy_until > ?1 AND h.remote = restores.remote
                             AND (h.kind <> choice.kind OR h.kind = 'original3' OR h.slot = choice.slot))
                 RETURNING *",
                now,
                lease.token,
                lease.until,
                choices
            ),
            statement!(
                "INSERT INTO peers (remote, served) SELECT DISTINCT value, ?2 FROM json_each(?1) WHERE true
                 ON CONFLICT (remote) DO UPDATE SET served = excluded.served",
                remotes,
                now
            ),
        ];
        let answers = self.executor.run(batch).await?;
        self.leased(now, lease, answers.first().map_or(&[], Vec::as_slice)).await
    }

    async fn suspect(&self, lease: &RowLease) -> Result<(), LedgerError> {
        self.rows(statement!("UPDATE restores SET suspected = 1 WHERE id = ?1 AND lease = ?2", lease.job, lease.lease))
            .await?;
        Ok(())
    }

    async fn refused_likewise(&self, remote: &RemoteId, user: UserId, code: ErrorCode) -> Result<bool, LedgerError> {
        self.happens(statement!(
            "SELECT 1 FROM restores WHERE status = 'scheduled' AND remote = ?1 AND user_id <> ?2 AND suspected AND error = ?3
             LIMIT 1",
            remote,
            user,
            code
        ))
        .await
    }

    async fn hopeless(
        &self,
        configured: &[RemoteId],
        held_before: UnixTime,
        limit: u32,
    ) -> Result<Vec<(RestoreRow, Failure)>, LedgerError> {
        let batch = vec![
            statement!(
                "SELECT * FROM restores WHERE status = 'scheduled' AND remote IN (
                     SELECT DISTINCT remote FROM restores WHERE status = 'scheduled'
                     EXCEPT SELECT value FROM json_each(?1))
                 ORDER BY created, id LIMIT ?2",
                configured,
                limit
            ),
            statement!(
                "SELECT r.*, p.held AS cause, p.held_detail AS cause_detail
                 FROM peers p JOIN restores r ON r.remote = p.remote
                 WHERE p.held_since <= ?1 AND r.status = 'scheduled' ORDER BY r.created, r.id LIMIT ?2",
                held_before,
                limit
            ),
        ];
        let mut answers = self.executor.run(batch).await?.into_iter();
        let mut next = || answers.next().unwrap_or_default();
        let mut hopeless =
            self.readable(&next(), |line| Ok((row::job(line)?, ErrorCode::RemoteUnconfigured.into()))).await;
        let held = |line: &Row| {
            let cause = row::failure(line, "cause")?.unwrap_or_else(|| ErrorCode::RemoteHeld.into());
            Ok((row::job(line)?, cause))
        };
        hopeless.extend(self.readable(&next(), held).await);
        hopeless.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(hopeless)
    }

    async fn end_waiting(&self, row: &RestoreRow, now: UnixTime, outcome: &Outcome) -> Result<(), LedgerError> {
        let fence = statement!(ended!("status = 'scheduled' AND since = ?3"), row.id, now, row.since);
        self.end(fence, &row.id, now, outcome, UnixTime::default(), &[]).await
    }

    async fn take_abandoned(&self, now: UnixTime, lease: &Lease) -> Result<Vec<RestoreRow>, LedgerError> {
        let lines = self
            .rows(statement!(
                "UPDATE restores SET lease = ?2, lease_until = ?3
                 WHERE status = 'in_progress' AND phase = 'backing_up' AND lease_until <= ?1
                 RETURNING *",
                now,
                lease.token,
                lease.until
            ))
            .await?;
        self.leased(now, lease, &lines).await
    }

    async fn renew(&self, row_lease: &RowLease, until: UnixTime) -> Result<bool, LedgerError> {
        self.happens(statement!(
            "UPDATE restores SET lease_until = ?3 WHERE id = ?1 AND lease = ?2 RETURNING 1",
            row_lease.job,
            row_lease.lease,
            until
        ))
        .await
    }

    async fn backup_requested(
        &self,
        row_lease: &RowLease,
        now: UnixTime,
        decision: &Decision,
        warnings: &[Warning],
    ) -> Result<bool, LedgerError> {
        self.happens(statement!(
            "UPDATE restores SET asked = ?3, category = ?4, category_name = ?5, warnings = ?6
             WHERE id = ?1 AND lease = ?2 AND phase = 'backing_up'
             RETURNING 1",
            row_lease.job,
            row_lease.lease,
            now,
            decision.category,
            decision.name,
            warnings
        ))
        .await
    }

    async fn backed_up(
        &self,
        row_lease: &RowLease,
        now: UnixTime,
        backup: i64,
        ticket: &Ticket,
    ) -> Result<Option<u32>, LedgerError> {
        // The attempt is raised in the same statement, so that what the companion says of the one before counts no more.
        // Repeated after an answer that was lost, it raises nothing again.
        self.attempt(statement!(
            "UPDATE restores SET phase = 'transferring', since = ?4, asked = NULL, backup = ?5, handed = 0, retry_at = 0,
                 hand_overs = 0, attempt = attempt + (ticket_hash IS NOT ?3), ticket_hash = ?3, etag = NULL, length = NULL
             WHERE id = ?1 AND lease = ?2
                 AND (phase = 'backing_up' AND NOT cancelling OR phase = 'transferring' AND ticket_hash = ?3)
             RETURNING attempt",
            row_lease.job,
            row_lease.lease,
            ticket.hash(),
            now,
            backup
        ))
        .await
    }

    async fn end_held(
        &self,
        row_lease: &RowLease,
        now: UnixTime,
        outcome: &Outcome,
        busy_until: UnixTime,
    ) -> Result<(), LedgerError> {
        let fence = statement!(
            ended!(
                "status = 'in_progress' AND phase = 'backing_up' AND lease = ?3 AND (cancelling OR ?4 <> 'cancelled')"
            ),
            row_lease.job,
            now,
            row_lease.lease
        );
        self.end(fence, &row_lease.job, now, outcome, busy_until, &[]).await
    }
}

impl<E: Executor> Store<E> {
    /// The leased rows that read. One that does not would hold its slot for ever, since nobody can carry it: it fails.
    /// No course can have come of it, for its backup was never handed over.
    async fn leased(&self, now: UnixTime, lease: &Lease, lines: &[Row]) -> Result<Vec<RestoreRow>, LedgerError> {
        let rows = self.readable(lines, row::job).await;
        if rows.len() < lines.len() {
            let read: Vec<&JobId> = rows.iter().map(|row| &row.id).collect();
            self.rows(statement!(
                "UPDATE restores SET status = 'failed', phase = NULL, since = ?2, finished = ?2, lease = NULL,
                     lease_until = NULL, cancelling = 0, exclusive_key = NULL, error = ?4, error_detail = ?5,
                     to_delete = CASE WHEN kind = 'courseferry' THEN backup_no ELSE to_delete END,
                     busy_until = CASE WHEN asked IS NULL THEN 0 ELSE ?2 + ?6 END
                 WHERE lease = ?1 AND phase = 'backing_up' AND id NOT IN (SELECT value FROM json_each(?3))",
                lease.token,
                now,
                read,
                ErrorCode::Internal,
                "a column of its row does not read",
                WRITING
            ))
            .await?;
        }
        Ok(rows)
    }
}

fn due(line: &Row) -> Result<Due, LedgerError> {
    Ok(Due {
        job: row::job_id(line, "id")?,
        remote: row::remote_id(line, "remote")?,
        user: UserId(row::int(line, "user_id")?),
        username: row::text(line, "username")?,
        created: row::time(line, "created")?,
        place: row::count(line, "place")?,
        served: row::time(line, "served")?,
    })
}

fn holder(line: &Row) -> Result<Holder, LedgerError> {
    Ok(Holder {
        remote: row::remote_id(line, "remote")?,
        kind: row::kind(line)?.unwrap_or(RemoteKind::CAREFUL),
        slot: row::optional_text(line, "slot")?,
        backing_up: row::count(line, "backing_up")?,
    })
}
