//! Moodle's web services, sans-I/O: builds requests, parses answers, classifies errors.
//!
//! A [`Call`] is a request together with the way its answer is read, so that the two cannot be
//! mixed up: send `call.request`, then give what came back to [`Call::read`]. Nothing
//! here sends anything, keeps anything, or knows the time.

mod address;
mod archive;
mod call;
mod companion;
mod download;
mod fault;
mod own_secrets;
mod readiness;
mod remote;
mod text;

pub use address::{AddressError, SiteUrl};
pub use archive::Beginning;
pub use call::{Answer, BODY_LIMIT, CONTENT_TYPE, Call, Request};
pub use companion::{Companion, CompanionError, Notification, SiteAccess, SiteSnapshot};
pub use courseferry_access::Secret;
pub use download::{BackupHead, ByteRange, Download, StrongSha1};
pub use fault::{Class, Fault};
pub use own_secrets::{OWN_SECRET, WrongSecret, with_own_secrets};
pub use readiness::{Demands, Original, Report, Task, Waiting};
pub use remote::{
    BackupFile, Course, Remote, RemoteError, RemotesError, RemotesMistake, SiteFunction, SiteInfo,
    parse_external_moodles,
};
pub use text::plain_text;
