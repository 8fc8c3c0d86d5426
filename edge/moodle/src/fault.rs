//! What a Moodle, or whatever stands before it, may say instead of an answer.
//!
//! Nearly all of Moodle's errors are HTTP 200 with JSON. They are matched on `errorcode`, never on
//! `exception`: class names change between versions.

use crate::{Answer, BODY_LIMIT};
use courseferry_api::{ErrorCode, Repeat};
use serde::Deserialize;
use thiserror::Error;

/// Whether trying again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// It may be over by itself: try again later.
    Transient,
    /// Nobody knows whether it happened: wait until it must have ended, then ask.
    Unknown,
    /// It stays so until somebody mends it.
    Permanent,
}

impl Class {
    /// The class of an error, as the one table of codes says.
    pub(crate) fn of(code: ErrorCode) -> Self {
        match code.repeat() {
            _ if code == ErrorCode::RemoteBackupUnknown => Self::Unknown,
            Repeat::Automatic => Self::Transient,
            Repeat::Manual | Repeat::Administrator | Repeat::Never => Self::Permanent,
        }
    }
}

/// What any Moodle may say instead of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    /// No connection.
    #[error("does not answer")]
    Unreachable,
    /// The connection ended before the answer did.
    #[error("broke the connection off")]
    Cut,
    /// It, or a proxy before it (HTTP 408, 504, 524), took too long.
    #[error("takes too long to answer")]
    Timeout,
    /// The token is wrong, empty, missing, or expired.
    #[error("does not know the token")]
    BadToken,
    /// One of six causes that Moodle does not tell apart.
    #[error(
        "refuses the token: expired, restricted to an IP address, or a service that is disabled or lacks the user, the function or the right to use REST"
    )]
    AccessRefused,
    /// The account behind the token is suspended, deleted or not confirmed.
    #[error("refuses the account that the token belongs to")]
    ServiceAccount,
    /// The account behind the token lacks a capability.
    #[error("says that the token's account lacks a right: {0}")]
    NoPermission(String),
    /// Maintenance mode, or an upgrade that runs.
    #[error("is under maintenance")]
    Maintenance,
    /// Web services, or their REST protocol, are switched off.
    #[error("has web services or their REST protocol switched off")]
    ProtocolOff,
    /// A web page where Moodle's web services should be: another address, or a firewall before it.
    #[error("answers with a web page (HTTP {0})")]
    NotMoodle(u16),
    /// A redirect: the address is not the one that the site calls its own.
    #[error("says that its address is another one")]
    WrongAddress,
    /// The function or script is not there.
    #[error("does not have the plugin that is asked")]
    PluginMissing,
    /// HTTP 5xx or 429.
    #[error("failed inside (HTTP {0})")]
    ServerError(u16),
    /// A database error inside Moodle.
    #[error("could not read its database")]
    Database,
    /// Moodle refuses its own answer (`invalidresponse`): some data breaks its own rules.
    #[error("refuses its own answer")]
    InvalidResponse,
    /// Moodle refuses a parameter: another version of the plugin, or a value it does not take.
    #[error("refuses a parameter of the call")]
    InvalidParameter,
    /// More than [`BODY_LIMIT`] bytes.
    #[error("answers with too much")]
    TooLarge,
    /// A JSON error with a code that no rule here knows.
    #[error("answers with the error {code}: {message}")]
    Other {
        /// Moodle's `errorcode`; empty where it sent none.
        code: String,
        /// Moodle's message, in its own language.
        message: String,
    },
    /// Anything else.
    #[error("gives an answer that makes no sense: {0}")]
    Unexpected(String),
}

impl Fault {
    /// The codes of this fault of a remote, and of the client Moodle.
    fn codes(&self) -> (ErrorCode, ErrorCode) {
        use ErrorCode as E;
        match self {
            Self::Unreachable | Self::Cut => (E::RemoteUnreachable, E::ClientUnreachable),
            Self::Timeout => (E::RemoteTimeout, E::ClientTimeout),
            Self::BadToken => (E::RemoteBadToken, E::ClientBadToken),
            Self::AccessRefused => (E::RemoteAccessRefused, E::ClientAccessRefused),
            Self::ServiceAccount => (E::RemoteUserSuspended, E::ClientAccessRefused),
            Self::NoPermission(_) => (E::RemoteNoCapability, E::ClientAccessRefused),
            Self::Maintenance => (E::RemoteMaintenance, E::ClientMaintenance),
            Self::ProtocolOff => (E::RemoteProtocolOff, E::ClientProtocolOff),
            Self::NotMoodle(_) => (E::RemoteNotMoodle, E::ClientNotMoodle),
            Self::WrongAddress => (E::RemoteWrongAddress, E::ClientWrongAddress),
            Self::PluginMissing => (E::RemotePluginMissing, E::ClientPluginMissing),
            Self::ServerError(_) | Self::Database => (E::RemoteServerError, E::ClientServerError),
            // The parameters are fixed by the plugin's version: another one is installed.
            Self::InvalidParameter => (E::RemoteInvalidParameter, E::ClientPluginMissing),
            Self::TooLarge => (E::RemoteTooLarge, E::ClientUnexpected),
            Self::InvalidResponse | Self::Other { .. } | Self::Unexpected(_) => {
                (E::RemoteUnexpected, E::ClientUnexpected)
            }
        }
    }

    pub(crate) fn of_remote(&self) -> ErrorCode {
        self.codes().0
    }

    pub(crate) fn of_client(&self) -> ErrorCode {
        self.codes().1
    }
}

/// Both shapes of Moodle's errors: REST `{exception, errorcode, message}`, scripts `{error, errorcode, …}`.
#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "exception")]
    class: Option<String>,
    errorcode: Option<String>,
    message: Option<String>,
    error: Option<String>,
}

/// Whether an answer is one at all, and no error.
pub fn of(answer: &Answer<'_>) -> Result<(), Fault> {
    if answer.body.len() > BODY_LIMIT {
        return Err(Fault::TooLarge);
    }
    let json = answer.content_type.starts_with("application/json");
    match answer.status {
        200 => {}
        300..=399 => return Err(Fault::WrongAddress),
        403 if answer.body.is_empty() => return Err(Fault::ProtocolOff),
        status @ (401 | 403) => return Err(Fault::NotMoodle(status)),
        404 | 410 => return Err(Fault::PluginMissing),
        408 | 504 | 524 => return Err(Fault::Timeout),
        503 if contains(answer.body, b"maintenance") => return Err(Fault::Maintenance),
        status @ (429 | 500..) => return Err(Fault::ServerError(status)),
        status => return Err(Fault::Unexpected(format!("HTTP {status}"))),
    }
    // Only an object can be an error; the one answer that can be long is a list.
    let start = answer.body.iter().find(|byte| !byte.is_ascii_whitespace());
    match start {
        Some(b'{') if json => exception(answer.body),
        Some(b'<') => Err(Fault::NotMoodle(200)),
        None => Err(Fault::Unexpected("an empty answer".to_owned())),
        Some(_) if json => Ok(()),
        Some(_) => Err(Fault::Unexpected(format!("an answer of type {:?}", answer.content_type))),
    }
}

fn exception(body: &[u8]) -> Result<(), Fault> {
    // What cannot be read as an exception is for the caller to read as what it asked for.
    let Ok(found) = serde_json::from_slice::<Exception>(body) else { return Ok(()) };
    if found.class.is_none() && found.errorcode.is_none() {
        return Ok(());
    }
    let code = found.errorcode.unwrap_or_default();
    let message = found.message.or(found.error).unwrap_or_default();
    Err(match code.as_str() {
        "invalidtoken" => Fault::BadToken,
        "accessexception" => Fault::AccessRefused,
        "nopermissions" => Fault::NoPermission(message),
        "sitemaintenance" | "upgraderunning" => Fault::Maintenance,
        "servicenotavailable" | "enablewsdescription" => Fault::ProtocolOff,
        "invalidresponse" => Fault::InvalidResponse,
        "invalidparameter" | "missingparam" => Fault::InvalidParameter,
        "dmlreadexception" | "dmlwriteexception" | "dbconnectionfailed" => Fault::Database,
        // The one table that a call itself makes Moodle look into.
        "invalidrecord" if message.contains("external_functions") => Fault::PluginMissing,
        code if code.starts_with("wsaccessuser") => Fault::ServiceAccount,
        _ => Fault::Other { code, message },
    })
}

fn contains(body: &[u8], word: &[u8]) -> bool {
    body.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word))
}
