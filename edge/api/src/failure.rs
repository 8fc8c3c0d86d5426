//! Why something was not done: the one error that passes between the crates.

use crate::{ErrorCode, companion::Progress, lenient};
use std::fmt;

/// An error code and what exactly happened; never a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What it is.
    pub code: ErrorCode,
    /// What exactly happened, for the help desk; may be empty.
    pub detail: String,
    /// Seconds to wait at least, where the other side said so (`Retry-After`).
    pub retry_after: Option<u32>,
    /// The other side said this itself, as Moodle says its errors. A proxy's page or a cut connection proves nothing of
    /// what goes on behind it.
    pub well_formed: bool,
}

impl Failure {
    /// A failure with its detail, which is cut to [`lenient::DETAIL`] characters.
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        use ErrorCode as E;
        let silence = matches!(
            code,
            E::RemoteUnreachable | E::RemoteTimeout | E::RemoteBackupUnknown | E::ClientUnreachable | E::ClientTimeout
        );
        Self { code, detail: lenient::cut(detail.into(), lenient::DETAIL), retry_after: None, well_formed: !silence }
    }

    /// Why the companion says that a restore failed.
    pub fn of_restore(progress: &Progress) -> Self {
        Self::new(progress.error.unwrap_or(ErrorCode::ClientRestoreFailed), progress.error_detail.as_str())
    }
}

impl From<ErrorCode> for Failure {
    fn from(code: ErrorCode) -> Self {
        Self::new(code, "")
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}

impl std::error::Error for Failure {}
