//! What came back over HTTP, and whether it is an answer at all.
//!
//! Nearly all of Moodle's errors are HTTP 200 with JSON. They are matched on `errorcode`, never on
//! `exception`: class names change between versions.

use crate::{archive::Beginning, fault::Fault};
use courseferry_api::lenient;
use serde::{Deserialize, de::IgnoredAny};

/// The longest answer that is read, in bytes. A backup is not an answer: it is streamed, not read.
pub const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// What came back over HTTP. Redirects must not be followed: they are answers too.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    pub status: u16,
    /// The `Content-Type` header, or the empty string.
    pub content_type: &'a str,
    /// The whole body, or its beginning when it is longer than [`BODY_LIMIT`].
    pub body: &'a [u8],
}

impl Answer<'_> {
    /// Whether Moodle itself has said this: an answer that it made, or an error of its own. A page, a cut, nothing at
    /// all, or a proxy's error prove nothing of what goes on behind them.
    pub fn is_moodles_own(&self) -> bool {
        let json = || serde_json::from_slice::<IgnoredAny>(self.body).is_ok();
        self.body.len() <= BODY_LIMIT && (Exception::of(self.body).is_some() || self.status == 200 && json())
    }

    /// Fails unless it can be read as what was asked for.
    pub(crate) fn require_success(&self, script: Script) -> Result<(), Fault> {
        if self.body.len() > BODY_LIMIT {
            return Err(Fault::TooLarge);
        }
        if let Some(error) = Exception::of(self.body) {
            return Err(error.fault());
        }
        let status = self.status;
        if status != 200 {
            return Err(match status {
                300..=399 => Fault::WrongAddress,
                _ if is_challenge(self.body) => Fault::Firewall(status),
                403 if self.body.is_empty() => Fault::ProtocolOff,
                401 | 403 => Fault::NotMoodle(status),
                404 | 410 => match script {
                    Script::Core => Fault::NoMoodle(status),
                    Script::Plugin => Fault::PluginMissing,
                },
                408 | 504 | 524 => Fault::Timeout,
                503 if contains(self.body, b"maintenance") => Fault::Maintenance,
                429 | 500.. => Fault::ServerError(status),
                _ => Fault::Unexpected(format!("HTTP {status}")),
            });
        }
        match Beginning::of(self.body) {
            Beginning::Nothing => Err(Fault::Empty),
            Beginning::Stray(what) => Err(Fault::StrayOutput(what)),
            Beginning::Page if is_challenge(self.body) => Err(Fault::Firewall(200)),
            // PHP's own notices are markup too; what follows them is the answer.
            Beginning::Page if contains(self.body, b"</b> on line <b>") => Err(Fault::StrayOutput("a notice of PHP's")),
            Beginning::Page => Err(Fault::NotMoodle(200)),
            Beginning::Archive | Beginning::Other if !self.content_type.starts_with("application/json") => {
                Err(Fault::Unexpected(format!("an answer of type {}", lenient::cut(self.content_type.to_owned(), 100))))
            }
            Beginning::Json | Beginning::Archive | Beginning::Other => Ok(()),
        }
    }
}

/// Whose script is asked. A missing script of core's means that there is no Moodle at that address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
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
            // The table that Moodle looks the call's own function up in.
            "invalidrecord" if message.contains("external_functions") => Fault::PluginMissing,
            // From 5.1 on Moodle names no table unless it shows debugging messages.
            "invalidrecordunknown" => Fault::PluginMissing,
            code if code.starts_with("wsaccessuser") => Fault::ServiceAccount,
            _ => Fault::Other { code: lenient::cut(code, lenient::DETAIL), message },
        }
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
