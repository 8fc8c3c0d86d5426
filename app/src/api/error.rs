//! Why a call brought no answer, and how people are told.

use crate::i18n::{I18n, text};
use crate::logic::phrases::with_advice;
use courseferry_api::{Problem, Repeat};
use std::fmt;

/// Why a call brought no answer.
#[derive(Debug, Clone, PartialEq)]
pub enum ApiError {
    /// The Worker could not be reached.
    Offline,
    /// It did not answer in time.
    TooSlow,
    /// The current user is no longer logged in to Moodle.
    LoggedOut,
    /// The answer was not one of ours; its HTTP status.
    NotUnderstood(u16),
    /// The Worker refused, with its reason.
    Refused(Box<Problem>),
}

impl ApiError {
    /// Nothing is wrong with the request: the connection or the service is away.
    pub fn is_connection(&self) -> bool {
        match self {
            Self::Offline | Self::TooSlow => true,
            Self::NotUnderstood(status) => *status >= 500,
            Self::LoggedOut | Self::Refused(_) => false,
        }
    }

    /// A fresh launch token can mend it.
    pub(super) fn is_renewable(&self) -> bool {
        let Self::Refused(problem) = self else { return false };
        let code = problem.code.as_str();
        (code.starts_with("launch.") || code.starts_with("session.")) && problem.code.repeat() == Repeat::Automatic
    }

    /// It in words.
    pub fn sentence(&self, i18n: I18n) -> String {
        match self {
            Self::Offline => i18n.t(text::OFFLINE),
            Self::TooSlow => i18n.t(text::TOO_SLOW),
            Self::LoggedOut => i18n.t(text::LOGGED_OUT),
            Self::NotUnderstood(status) => i18n.fill(text::GARBLED, &[("status", &status.to_string())]),
            Self::Refused(problem) => with_advice(problem),
        }
    }
}

/// For programmers; people are told [`ApiError::sentence`].
impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for ApiError {}

#[cfg(test)]
mod tests {
    use super::*;
    use courseferry_api::{ErrorCode, Language};

    fn refused(code: ErrorCode) -> ApiError {
        ApiError::Refused(Box::new(Problem::new(code, Language::English, "", "")))
    }

    #[test]
    fn only_an_ended_session_or_used_launch_is_renewed() {
        for code in [ErrorCode::SessionExpired, ErrorCode::SessionRevoked, ErrorCode::LaunchReplayed] {
            assert!(refused(code).is_renewable(), "{code}");
        }
        for code in [ErrorCode::LaunchSignature, ErrorCode::AccessDenied, ErrorCode::RemoteUnreachable] {
            assert!(!refused(code).is_renewable(), "{code}");
        }
    }
}
