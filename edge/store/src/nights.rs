//! How the last nights went: how restores ended, and how long their steps took. Triggers keep both counted (migration
//! 0008), so that looking costs the same after years.

use crate::{Executor, Store, executor::statement, row};
use courseferry_api::{RemoteId, UnixTime};
use courseferry_ferry::LedgerError;

/// How restores of one remote ended in one hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hour {
    /// When the hour began.
    pub began: UnixTime,
    /// The remote.
    pub remote: RemoteId,
    /// Restored, with nothing to check.
    pub restored: u32,
    /// Restored, with something to check.
    pub to_check: u32,
    /// Failed.
    pub failed: u32,
}

/// The minutes that the middle one of a remote's restores took for a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepMinutes {
    /// The remote.
    pub remote: RemoteId,
    /// The step: 1, 2 or 3.
    pub step: u8,
    /// So many minutes at the most.
    pub median: u32,
    /// Of so many restores.
    pub number: u32,
}

/// What waits on a remote, and how fast it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteQueue {
    /// The remote.
    pub remote: RemoteId,
    /// Restores that wait.
    pub waiting: u32,
    /// Backups that it makes at the same time; 0 = not known.
    pub at_once: u32,
    /// Seconds that one usually takes; 0 = not known.
    pub usual: u32,
}

// Numbers reach D1 as doubles, which SQL divides into fractions: whole hours and days are counted here.
impl<E: Executor> Store<E> {
    /// How restores ended since then, hour by hour.
    pub async fn hours(&self, since: UnixTime) -> Result<Vec<Hour>, LedgerError> {
        let rows = self
            .rows(statement!(
                "SELECT hour * 3600 AS began, remote, restored, to_check, failed FROM hours
                 WHERE hour >= ?1 ORDER BY hour, remote",
                since.0.div_euclid(3_600)
            ))
            .await?;
        let hour = |line| {
            Ok(Hour {
                began: row::time(line, "began")?,
                remote: row::remote_id(line, "remote")?,
                restored: row::count(line, "restored")?,
                to_check: row::count(line, "to_check")?,
                failed: row::count(line, "failed")?,
            })
        };
        rows.iter().map(hour).collect()
    }

    /// How long each remote's steps took since then.
    pub async fn step_minutes(&self, since: UnixTime) -> Result<Vec<StepMinutes>, LedgerError> {
        // The middle: the first length up to which half of them took.
        let rows = self
            .rows(statement!(
                "SELECT remote, step, min(minutes) FILTER (WHERE 2 * up_to >= number) AS median, number FROM (
                     SELECT remote, step, minutes, sum(number) OVER (PARTITION BY remote, step) AS number,
                         sum(number) OVER (PARTITION BY remote, step ORDER BY minutes) AS up_to
                     FROM (SELECT remote, step, minutes, sum(number) AS number FROM step_minutes
                         WHERE day >= ?1 GROUP BY remote, step, minutes))
                 GROUP BY remote, step ORDER BY remote, step",
                since.0.div_euclid(86_400)
            ))
            .await?;
        let step = |line| {
            Ok(StepMinutes {
                remote: row::remote_id(line, "remote")?,
                step: row::count(line, "step")?,
                median: row::count(line, "median")?,
                number: row::count(line, "number")?,
            })
        };
        rows.iter().map(step).collect()
    }

    /// What waits on each remote, and how many backups each makes at the same time.
    pub async fn queues(&self) -> Result<Vec<RemoteQueue>, LedgerError> {
        let rows = self
            .rows(statement!(
                "SELECT c.remote, c.number AS waiting, coalesce(p.at_once, 0) AS at_once,
                     coalesce(p.usual_seconds, 0) AS usual
                 FROM restore_counts c LEFT JOIN peers p ON p.remote = c.remote
                 WHERE c.status = 'scheduled' AND c.number > 0 ORDER BY c.remote"
            ))
            .await?;
        let queue = |line| {
            Ok(RemoteQueue {
                remote: row::remote_id(line, "remote")?,
                waiting: row::count(line, "waiting")?,
                at_once: row::count(line, "at_once")?,
                usual: row::count(line, "usual")?,
            })
        };
        rows.iter().map(queue).collect()
    }
}
