//! What a remote can be made to do wrong: each trap is something a real Moodle, or what stands before it, was seen to do.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A way to go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "trap", rename_all = "snake_case")]
pub enum Trap {
    /// `invalidtoken`.
    BadToken,
    /// `accessexception`.
    AccessRefused,
    /// The service account is suspended.
    AccountSuspended,
    /// `nopermissions`.
    NoCapability,
    /// Maintenance mode set on the web: JSON.
    Maintenance,
    /// Maintenance mode set on the command line: HTTP 503 and a page.
    CliMaintenance,
    /// Web services switched off: HTTP 403, nothing else.
    WebServicesOff,
    /// The plugin's scripts and functions are not there.
    NotInstalled,
    /// A page, HTTP 200.
    Html,
    /// A firewall's page, HTTP 403.
    Firewall,
    /// A page that wants to know whether a person is there, HTTP 503.
    Challenge,
    /// No Moodle at this address: a page, HTTP 404.
    NotFoundPage,
    /// The service account has not agreed to the site policy.
    SitePolicy,
    /// PHP's own error, caught: `Error`, no `errorcode`.
    PhpError,
    /// HTTP 200 and not one byte.
    EmptyAnswer,
    /// An error whose message has so many bytes.
    LongError { bytes: usize },
    /// An answer that never ends, as fast as it is read.
    EndlessAnswer,
    /// An answer of a quarter of a megabyte that unpacks to a thousand times as much.
    PackedAnswer,
    /// An answer that never ends, a byte a second.
    DrippingAnswer,
    /// Any call leads to another site.
    RedirectedAnswer,
    /// A line feed before whatever is answered: output before PHP's header in that site's configuration.
    StrayOutput,
    /// Site info takes so much longer than everything else.
    SlowSiteInfo {
        /// Seconds.
        seconds: f64,
    },
    /// Site info is not answered until the trap is cleared.
    HoldSiteInfo,
    /// HTTP 500 from PHP.
    ServerError,
    /// A JSON error without `errorcode`.
    NoErrorCode,
    /// A course name with a tag: the list is refused.
    InvalidResponse,
    /// `search_roles` written with quotes.
    SearchRolesQuoted,
    /// `invalidusername`.
    UnknownUser,
    /// `restorecourseinoriginalcategory` is off: `categoryidentifier` is null.
    NoCategoryIdentifiers,
    /// `notcourseowner`.
    NotOwner,
    /// The connection stays open and nothing comes.
    Hang,
    /// Lists and backups take so much longer.
    Slow {
        /// Seconds.
        seconds: f64,
    },
    /// The file id is 0: the backup failed inside.
    BackupIdZero,
    /// A proxy answers 504 after a while; the backup goes on, and replaces the user's slot when it is done.
    GatewayTimeout {
        /// Seconds until the proxy gives up.
        after: f64,
        /// Seconds that the backup takes in all.
        backup: f64,
    },
    /// The same with another status and a page: 500, 502, 503, 520.
    GatewayError {
        status: u16,
        /// Seconds until the proxy gives up.
        after: f64,
        /// Seconds that the backup takes in all.
        backup: f64,
    },
    /// Our own kind: this account is not lent to.
    AccountNotLent,
    /// Our own kind: no right to back the course up.
    NoBackupRight,
    /// Our own kind: cron stands still, so that backups wait.
    CronStopped,
    /// A backup is not done until the trap is cleared.
    HoldBackup {
        /// How much of it is done. Only our own kind says so.
        percent: u32,
        /// For how many seconds it has run. Only our own kind says so.
        elapsed: i64,
    },
    /// Our own kind: the process that makes the backup is killed near its end.
    KillBackup,
    /// Our own kind: the backup fails.
    BackupFails { code: BackupFailure },
    /// The backup is of another course.
    OtherCourse { course: i64 },
    /// The backup's file is cut short, length and checksum agreeing with what is left.
    TruncatedBackup,
    /// The backup's file is something else.
    NotABackup,
    /// HTTP 200, JSON, zero bytes.
    EmptyDownload,
    /// A compressing front end: weak `ETag`, no length.
    WeakEtag,
    /// A front end that sends the file itself: `"time-size"` as `ETag`.
    FrontEndEtag,
    /// A download leads to another site's log-in.
    RedirectedDownload,
    /// A page instead of a download, HTTP 200, by the name of a backup.
    PageDownload,
    /// A blank line before the bytes of a download.
    StrayDownload,
    /// A download comes as another type of file.
    DownloadType(DownloadType),
    /// A download tells no length and never ends.
    EndlessDownload,
    /// The connection ends in the middle of a download.
    CutDownload {
        /// After so many bytes.
        after: u64,
    },
    /// Nothing more comes after so many bytes of a download.
    HangDownload {
        /// After so many bytes.
        after: u64,
    },
    /// A download as over a slow line.
    SlowDownload {
        /// Bytes per second.
        rate: u64,
    },
}

/// How long a held backup waits before it looks again whether its trap is cleared.
pub(super) const HOLD_POLL: Duration = Duration::from_millis(20);

/// Of a trap that holds a backup: how much of it is done, and for how many seconds it has run.
pub(super) fn held(trap: Trap) -> Option<(u32, i64)> {
    if let Trap::HoldBackup { percent, elapsed } = trap { Some((percent, elapsed)) } else { None }
}

/// Why a remote of our own kind cannot make a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackupFailure {
    /// Moodle's backup failed.
    Core,
    /// Too little free space.
    DiskFull,
    /// The site's defaults forbid what was asked.
    Settings,
    /// The right was lost between asking and the run.
    NotOwner,
}

impl BackupFailure {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Core => "remote.backup_failed",
            Self::DiskFull => "remote.disk_full",
            Self::Settings => "remote.backup_settings",
            Self::NotOwner => "remote.not_owner",
        }
    }
}

/// What a site's own configuration, or what stands before it, calls a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DownloadType {
    /// Some bytes.
    Binary,
    /// Something to be saved.
    Forced,
    /// Nothing that Moodle would say of a backup.
    Json,
}

impl DownloadType {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Binary => "binary/octet-stream",
            Self::Forced => "application/x-forcedownload",
            Self::Json => "application/json",
        }
    }
}

/// A trap that is set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Armed {
    #[serde(flatten)]
    pub trap: Trap,
    /// For how many calls; without it, until it is cleared.
    #[serde(default)]
    pub times: Option<u32>,
    /// For this user only.
    #[serde(default)]
    pub username: Option<String>,
    /// For this course only.
    #[serde(default)]
    pub course: Option<i64>,
}

impl From<Trap> for Armed {
    fn from(trap: Trap) -> Self {
        Self { trap, times: None, username: None, course: None }
    }
}

impl Trap {
    /// A backup that is not done until the trap is cleared, where it does not matter what it says of itself.
    pub fn hold_backup() -> Self {
        Self::HoldBackup { percent: 40, elapsed: 0 }
    }
}

impl Armed {
    /// For so many calls only.
    pub fn times(self, times: u32) -> Self {
        Self { times: Some(times), ..self }
    }

    /// For one user only.
    pub fn of_user(self, username: &str) -> Self {
        Self { username: Some(username.to_owned()), ..self }
    }

    /// For one course only.
    pub fn of_course(self, course: i64) -> Self {
        Self { course: Some(course), ..self }
    }
}

/// The traps that are set.
#[derive(Debug, Default)]
pub(super) struct Traps(pub Vec<Armed>);

impl Traps {
    /// The first trap of these that a call meets, used up once.
    pub fn spring<T>(
        &mut self,
        username: Option<&str>,
        course: Option<i64>,
        met: impl Fn(Trap) -> Option<T>,
    ) -> Option<T> {
        let (index, found) = self.0.iter().enumerate().find_map(|(index, armed)| {
            let for_user = armed.username.as_deref().is_none_or(|wanted| username == Some(wanted));
            let for_course = armed.course.is_none_or(|wanted| course == Some(wanted));
            met(armed.trap).filter(|_| for_user && for_course).map(|found| (index, found))
        })?;
        if let Some(armed) = self.0.get_mut(index)
            && let Some(times) = &mut armed.times
        {
            *times = times.saturating_sub(1);
            if *times == 0 {
                self.0.remove(index);
            }
        }
        Some(found)
    }
}
