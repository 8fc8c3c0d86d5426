//! The log: one JSON object a line, for Workers Logs and whatever they are exported to. It holds ids, codes and
//! milliseconds; never a name, a token or what somebody typed.

use courseferry_api::ErrorCode;
use serde::Serialize;
use worker::{Date, console_error, console_log};

/// Characters of a path: what does not exist may be of any length.
const PATH: usize = 160;

/// One line.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Line<'a> {
    /// A request was answered.
    Request {
        /// The request's id, which people see beside an error.
        request: &'a str,
        method: &'a str,
        /// The path, in which a restore's id stands; no query.
        path: &'a str,
        status: u16,
        code: Option<ErrorCode>,
        /// How long it took.
        ms: u64,
    },
    Tick {
        request: &'a str,
        /// How long it took.
        ms: u64,
        report: &'a str,
    },
    /// A try of a restore ended.
    Restore {
        /// The tick that logs it.
        request: &'a str,
        restore: &'a str,
        remote: Option<&'a str>,
        /// `restored`, `failed`, `cancelled`, or `postponed` if it is tried again.
        status: &'a str,
        /// Why it failed, or is tried again.
        code: Option<&'a str>,
        /// Since it was scheduled, in whole seconds.
        ms: u64,
    },
    /// Somebody did what the audit keeps. Who it was stands there, under the same request.
    Audit {
        request: &'a str,
        action: &'a str,
        restore: Option<&'a str>,
        remote: Option<&'a str>,
        /// By *log in as*.
        acting: bool,
        /// `ok`, or the code of what stood against it.
        outcome: &'a str,
    },
    /// Something failed inside.
    Error {
        /// In which request or tick.
        request: &'a str,
        code: Option<ErrorCode>,
        detail: &'a str,
    },
}

impl Line<'_> {
    pub fn write(&self) {
        let Ok(text) = serde_json::to_string(self) else { return };
        match self {
            Self::Error { .. } => console_error!("{text}"),
            Self::Request { .. } | Self::Tick { .. } | Self::Restore { .. } | Self::Audit { .. } => {
                console_log!("{text}");
            }
        }
    }
}

/// A path as the log has it.
pub fn path(path: &str) -> &str {
    path.get(..path.floor_char_boundary(PATH)).unwrap_or_default()
}

/// A moment from which milliseconds are counted. The platform's clock stands still while nothing is awaited.
pub struct Since(u64);

impl Since {
    pub fn now() -> Self {
        Self(Date::now().as_millis())
    }

    /// Milliseconds since then.
    pub fn ms(&self) -> u64 {
        Date::now().as_millis().saturating_sub(self.0)
    }
}
