//! Why a step did not succeed, as every port reports it.

use crate::warnings::cut;
use courseferry_api::{ErrorCode, companion::Progress};
use thiserror::Error;

/// An error code and what exactly was met; never a secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{code}: {detail}")]
pub struct Failure {
    /// What it is.
    pub code: ErrorCode,
    /// What exactly was met, for the help desk; may be empty.
    pub detail: String,
    /// Seconds to wait at least, where the other side said so (`Retry-After`).
    pub retry_after: Option<u32>,
    /// The other side said this itself, as Moodle says its errors; not a page of something before it, nor a cut.
    pub well_formed: bool,
}

/// Characters of a failure's detail, which comes from outside.
const DETAIL: usize = 500;

impl Failure {
    /// A failure with its detail.
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        use ErrorCode as E;
        let silence = matches!(
            code,
            E::RemoteUnreachable | E::RemoteTimeout | E::RemoteBackupUnknown | E::ClientUnreachable | E::ClientTimeout
        );
        Self { code, detail: cut(&detail.into(), DETAIL), retry_after: None, well_formed: !silence }
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
