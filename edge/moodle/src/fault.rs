//! What a Moodle, or whatever stands before it, may say instead of an answer, and the error code of each.
//!
//! A fault is known before it is known which call it answers; the call makes a [`Failure`] of it (`Call::read`).

use courseferry_api::{ErrorCode, Failure};
use thiserror::Error;

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
    /// More than [`crate::BODY_LIMIT`] bytes.
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

    /// The failure of a call of a remote.
    pub(crate) fn of_remote(self) -> Failure {
        Failure::new(self.codes().0, self.to_string())
    }

    /// The failure of a call of the client Moodle.
    pub(crate) fn of_client(self) -> Failure {
        Failure::new(self.codes().1, self.to_string())
    }
}
