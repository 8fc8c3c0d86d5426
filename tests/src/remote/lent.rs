//! A backup that a client of our own kind asked for, and what is answered about it.

use super::slot::Slot;
use crate::server::now;
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// How long a finished backup is kept, in seconds.
const KEPT: i64 = 2 * 86_400;

/// A client's restore and which backup of it.
pub type Pair = (String, u32);

#[derive(Debug, Clone, Serialize)]
pub struct Lent {
    /// The client's restore.
    pub job: String,
    /// Which backup of it.
    pub number: u32,
    pub username: String,
    pub course: i64,
    /// Course module ids that stay there.
    pub left_out: Vec<i64>,
    pub state: LentState,
    /// When it was asked for, or its process began.
    pub(super) since: i64,
    pub(super) runs: u32,
    #[serde(skip)]
    pub(super) slot: Option<Arc<Slot>>,
}

/// How far a lent backup is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum LentState {
    /// In Moodle's queue.
    Waiting,
    /// A process makes it.
    Running {
        /// How much of it is done.
        percent: u32,
    },
    /// It can be fetched.
    Ready,
    /// It cannot be made.
    Failed {
        /// A code of our own table.
        error: &'static str,
    },
    /// It was deleted.
    Gone,
}

impl Lent {
    /// Whether it is being made, or waits for that.
    pub fn is_going_on(&self) -> bool {
        matches!(self.state, LentState::Waiting | LentState::Running { .. })
    }

    pub(super) fn entry(&self) -> Value {
        let blank = blank(&self.job, self.number);
        let with = |more: Value| {
            let mut entry = blank.clone();
            if let (Value::Object(entry), Value::Object(more)) = (&mut entry, more) {
                entry.extend(more);
            }
            entry
        };
        let elapsed = now() - self.since;
        match &self.state {
            LentState::Waiting => with(json!({ "state": "waiting", "elapsed": elapsed })),
            LentState::Running { percent } => {
                with(json!({ "state": "running", "percent": percent, "elapsed": elapsed }))
            }
            LentState::Ready => {
                let (bytes, sha256) = self.slot.as_ref().map_or((0, ""), |slot| (slot.len, slot.sha256.as_str()));
                with(json!({
                    "state": "ready", "percent": 100, "bytes": bytes, "sha256": sha256, "expires": self.since + KEPT,
                }))
            }
            LentState::Failed { error } => with(json!({
                "state": "failed", "error": error, "message": format!("Not made: {error}"),
                "transient": matches!(*error, "remote.backup_failed" | "remote.disk_full"),
            })),
            LentState::Gone => blank,
        }
    }
}

/// The entry of a backup that is not there.
pub(super) fn blank(job: &str, number: u32) -> Value {
    json!({
        "job": job, "number": number, "state": "gone", "percent": 0, "elapsed": 0, "bytes": 0, "sha256": "",
        "error": "", "message": "", "transient": false, "expires": 0,
    })
}
