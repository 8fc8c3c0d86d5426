//! What a Moodle, or whatever stands before it, may say instead of an answer.
//!
//! Nearly all of Moodle's errors are HTTP 200 with JSON. They are matched on `errorcode`, never on
//! `exception`: class names change between versions.
//!
//! Which error type where: a [`Fault`] is what any Moodle may say; [`crate::RemoteError`] and
//! [`crate::CompanionError`] are what a call ends with, and have a stable code; whoever carries a call out adds when
//! to try again. Nothing here decides that.

use crate::{Answer, BODY_LIMIT, archive::Beginning};
use courseferry_api::{ErrorCode, Repeat, lenient};
use serde::{Deserialize, de::IgnoredAny};
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
    pub fn of(code: ErrorCode) -> Self {
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
    /// The account behind the token has not agreed to the site's policy.
    #[error("wants the token's account to agree to its site policy")]
    SitePolicy,
    /// The account behind the token lacks a capability.
    #[error("says that the token's account lacks a right: {0}")]
    NoPermission(String),
    /// Maintenance mode, or an upgrade that runs.
    #[error("is under maintenance")]
    Maintenance,
    /// Web services, or their REST protocol, are switched off.
    #[error("has web services or their REST protocol switched off")]
    ProtocolOff,
    /// A web page where Moodle's web services should be.
    #[error("answers with a web page (HTTP {0})")]
    NotMoodle(u16),
    /// A page of a firewall or of a protection against robots.
    #[error("has a firewall or bot protection before it (HTTP {0})")]
    Firewall(u16),
    /// Core's own script is not there, so that no Moodle is.
    #[error("is no Moodle: /webservice/rest/server.php is not there (HTTP {0})")]
    NoMoodle(u16),
    /// A redirect: the address is not the one that the site calls its own.
    #[error("says that its address is another one")]
    WrongAddress,
    /// The plugin's function or script is not there.
    #[error("does not have the plugin that is asked")]
    PluginMissing,
    /// Something was sent before PHP's header: a blank line, a byte order mark, a notice.
    #[error("sends {0} before its answer")]
    StrayOutput(&'static str),
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
    #[error("refuses a parameter of the call: {0}")]
    InvalidParameter(String),
    /// More than [`BODY_LIMIT`] bytes.
    #[error("answers with too much")]
    TooLarge,
    /// Nothing at all.
    #[error("gives an empty answer")]
    Empty,
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
            Self::SitePolicy => (E::RemoteSitePolicy, E::ClientSitePolicy),
            Self::NoPermission(_) => (E::RemoteNoCapability, E::ClientAccessRefused),
            Self::Maintenance => (E::RemoteMaintenance, E::ClientMaintenance),
            Self::ProtocolOff => (E::RemoteProtocolOff, E::ClientProtocolOff),
            Self::NotMoodle(_) => (E::RemoteNotMoodle, E::ClientNotMoodle),
            Self::Firewall(_) => (E::RemoteFirewall, E::ClientFirewall),
            Self::NoMoodle(_) => (E::RemoteNoMoodle, E::ClientNoMoodle),
            Self::WrongAddress => (E::RemoteWrongAddress, E::ClientWrongAddress),
            Self::PluginMissing => (E::RemotePluginMissing, E::ClientPluginMissing),
            Self::StrayOutput(_) => (E::RemoteStrayOutput, E::ClientStrayOutput),
            Self::ServerError(_) | Self::Database => (E::RemoteServerError, E::ClientServerError),
            Self::InvalidParameter(_) => (E::RemoteInvalidParameter, E::ClientInvalidParameter),
            Self::TooLarge => (E::RemoteTooLarge, E::ClientUnexpected),
            Self::InvalidResponse | Self::Empty | Self::Other { .. } | Self::Unexpected(_) => {
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

/// Whose script is asked: where core's is not there, no Moodle is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// `/webservice/rest/server.php`.
    Core,
    /// A script of the plugin's own.
    Plugin,
}

/// Both shapes of Moodle's errors: REST `{exception, errorcode, message}`, scripts `{error, errorcode, …}`.
#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "exception")]
    class: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "lenient::filled")]
    errorcode: Option<String>,
    #[serde(default, deserialize_with = "lenient::detail")]
    message: String,
    #[serde(default, deserialize_with = "lenient::detail")]
    error: String,
}

impl Exception {
    /// The error that a body is, if it is one of Moodle's.
    fn of(body: &[u8]) -> Option<Self> {
        let object = body.first() == Some(&b'{');
        let found = object.then(|| serde_json::from_slice::<Self>(body).ok()).flatten()?;
        (found.class.is_some() || found.errorcode.is_some()).then_some(found)
    }

    fn fault(self) -> Fault {
        let code = self.errorcode.unwrap_or_default();
        let message = if self.message.is_empty() { self.error } else { self.message };
        match code.as_str() {
            "invalidtoken" => Fault::BadToken,
            "accessexception" => Fault::AccessRefused,
            "nopermissions" => Fault::NoPermission(message),
            "sitepolicynotagreed" => Fault::SitePolicy,
            "sitemaintenance" | "upgraderunning" => Fault::Maintenance,
            "servicenotavailable" | "enablewsdescription" => Fault::ProtocolOff,
            "invalidresponse" => Fault::InvalidResponse,
            "invalidparameter" | "missingparam" => Fault::InvalidParameter(message),
            "dmlreadexception" | "dmlwriteexception" | "dbconnectionfailed" => Fault::Database,
            // The one table that a call itself makes Moodle look into.
            "invalidrecord" if message.contains("external_functions") => Fault::PluginMissing,
            code if code.starts_with("wsaccessuser") => Fault::ServiceAccount,
            _ => Fault::Other { code: lenient::cut(code, lenient::DETAIL), message },
        }
    }
}

/// Whether Moodle itself has said this: an answer that it made, or an error of its own. A page, a cut, nothing at
/// all, or a proxy's error prove nothing of what goes on behind them.
pub fn is_moodles_own(answer: &Answer<'_>) -> bool {
    let json = || serde_json::from_slice::<IgnoredAny>(answer.body).is_ok();
    answer.body.len() <= BODY_LIMIT && (Exception::of(answer.body).is_some() || answer.status == 200 && json())
}

/// Whether an answer is one at all, and no error.
pub fn of(answer: &Answer<'_>, script: Script) -> Result<(), Fault> {
    if answer.body.len() > BODY_LIMIT {
        return Err(Fault::TooLarge);
    }
    if let Some(error) = Exception::of(answer.body) {
        return Err(error.fault());
    }
    let status = answer.status;
    if status != 200 {
        return Err(match status {
            300..=399 => Fault::WrongAddress,
            _ if is_challenge(answer.body) => Fault::Firewall(status),
            403 if answer.body.is_empty() => Fault::ProtocolOff,
            401 | 403 => Fault::NotMoodle(status),
            404 | 410 => match script {
                Script::Core => Fault::NoMoodle(status),
                Script::Plugin => Fault::PluginMissing,
            },
            408 | 504 | 524 => Fault::Timeout,
            503 if contains(answer.body, b"maintenance") => Fault::Maintenance,
            429 | 500.. => Fault::ServerError(status),
            _ => Fault::Unexpected(format!("HTTP {status}")),
        });
    }
    match Beginning::of(answer.body) {
        Beginning::Nothing => Err(Fault::Empty),
        Beginning::Stray(what) => Err(Fault::StrayOutput(what)),
        Beginning::Page if is_challenge(answer.body) => Err(Fault::Firewall(200)),
        // PHP's own notices are markup too; what follows them is the answer.
        Beginning::Page if contains(answer.body, b"</b> on line <b>") => Err(Fault::StrayOutput("a notice of PHP's")),
        Beginning::Page => Err(Fault::NotMoodle(200)),
        Beginning::Archive | Beginning::Other if !answer.content_type.starts_with("application/json") => {
            Err(Fault::Unexpected(format!("an answer of type {}", lenient::cut(answer.content_type.to_owned(), 100))))
        }
        Beginning::Json | Beginning::Archive | Beginning::Other => Ok(()),
    }
}

/// A page on which a firewall, or a protection against robots, asks its visitor for something or sends them away.
fn is_challenge(body: &[u8]) -> bool {
    const SIGNS: [&[u8]; 9] = [
        b"captcha",
        b"cf-challenge",
        b"challenge-platform",
        b"just a moment",
        b"checking your browser",
        b"enable javascript and cookies",
        b"attention required",
        b"request rejected",
        b"web application firewall",
    ];
    let body = body.get(..body.len().min(64 * 1024)).unwrap_or_default();
    Beginning::of(body) == Beginning::Page && SIGNS.iter().any(|sign| contains(body, sign))
}

fn contains(body: &[u8], word: &[u8]) -> bool {
    body.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word))
}
