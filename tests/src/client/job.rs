//! The row of a restore at the client.

use crate::{backup::ReadActivity, server::now};
use serde::{Deserialize, Serialize};

/// How far a restore is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Waits for cron.
    Pending,
    Downloading,
    Extracting,
    Restoring,
    Complete,
    /// The course is there, with errors.
    PartiallyRestored,
    Failed,
    Cancelled,
}

impl Stage {
    /// Whether the course is there, for good.
    pub fn is_restored(self) -> bool {
        matches!(self, Self::Complete | Self::PartiallyRestored)
    }

    /// Whether it has ended.
    pub fn is_over(self) -> bool {
        self.is_restored() || matches!(self, Self::Failed | Self::Cancelled)
    }

    pub(super) fn is_cancellable(self) -> bool {
        matches!(self, Self::Pending | Self::Downloading | Self::Extracting)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Job {
    pub job: String,
    /// The fencing number.
    pub attempt: u32,
    pub state: Stage,
    /// Whose restore it is.
    pub userid: i64,
    /// The administrator who asked for it; 0 where that is the owner.
    pub actorid: i64,
    /// Where to; 0 where a course is added to.
    pub categoryid: i64,
    /// The course that is added to; 0 for a new one.
    pub targetcourseid: i64,
    pub remotecourseid: i64,
    /// The remote's name.
    pub remote: String,
    /// The name asked for.
    pub fullname: String,
    /// The short name asked for.
    pub shortname: String,
    /// When it is to start; 0 for as there.
    pub startdate: i64,
    /// 0 hidden, 1 shown, -1 as there.
    pub visible: i64,
    /// Course module ids that are not wanted.
    pub left_out: Vec<i64>,
    /// People with their data are wanted.
    pub students: bool,
    /// Enrolment methods that are wanted: 0 none, 1 with their people, 2 all.
    pub enrolments: u8,
    /// The backup's SHA-256, where the remote tells it.
    pub sha256: String,
    /// Opens the download.
    #[serde(skip)]
    pub ticket: String,
    pub bytes: u64,
    /// Bytes in all; 0 if not known.
    pub totalbytes: u64,
    /// The `ETag` of the first answer.
    pub etag: String,
    /// Of the present state.
    pub percent: f64,
    /// The course; 0 if there is none.
    pub courseid: i64,
    /// What arrived of an addition that was interrupted: activities with the numbers of their sections.
    pub arrived: Vec<(usize, ReadActivity)>,
    /// Code and text of what to check.
    pub warnings: Vec<(String, String)>,
    /// Why it failed, or nothing.
    pub error: String,
    /// The same for administrators.
    pub errordetail: String,
    /// Processes that began.
    pub runs: u32,
    /// Requests to the Worker, all attempts together.
    pub requests: u32,
    /// When it last changed, Unix seconds.
    pub timemodified: i64,
}

impl Job {
    pub(super) fn blank(job: &str, attempt: u32) -> Self {
        Self {
            job: job.to_owned(),
            attempt,
            state: Stage::Pending,
            userid: 0,
            actorid: 0,
            categoryid: 0,
            targetcourseid: 0,
            remotecourseid: 0,
            remote: String::new(),
            fullname: String::new(),
            shortname: String::new(),
            startdate: 0,
            visible: -1,
            left_out: Vec::new(),
            students: false,
            enrolments: 0,
            sha256: String::new(),
            ticket: String::new(),
            bytes: 0,
            totalbytes: 0,
            etag: String::new(),
            percent: 0.0,
            courseid: 0,
            arrived: Vec::new(),
            warnings: Vec::new(),
            error: String::new(),
            errordetail: String::new(),
            runs: 0,
            requests: 0,
            timemodified: now(),
        }
    }

    pub(super) fn brings_people(&self) -> bool {
        self.students || self.enrolments > 0
    }

    pub(super) fn goes_on(&self, attempt: u32) -> bool {
        self.attempt == attempt && !self.state.is_over()
    }
}
