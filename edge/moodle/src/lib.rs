//! Moodle's web services, sans-I/O: builds requests, parses answers, classifies errors.
//!
//! A [`Call`] is a request together with the way its answer is read, so that the two cannot be
//! mixed up: send `call.request`, then give what came back to [`Call::read`]. Nothing
//! here sends anything, keeps anything, or knows the time.
#![expect(missing_docs, reason = "a field whose name says what it is needs no sentence")]

mod address;
mod answer;
mod archive;
mod call;
mod companion;
mod course;
mod download;
mod external_moodles;
mod fault;
mod own_secrets;
mod readiness;
mod remote;
mod site_info;
mod text;

pub use address::{AddressError, SiteUrl};
pub use answer::{Answer, BODY_LIMIT};
pub use archive::Beginning;
pub use call::{CONTENT_TYPE, Call, Request};
pub use companion::{Companion, Notification, SiteAccess};
pub use course::{Course, Courses};
pub use courseferry_access::Secret;
pub use download::{BackupHead, ByteRange, Download, StrongSha1};
pub use external_moodles::{RemotesError, parse_external_moodles};
pub use fault::Fault;
pub use own_secrets::{OWN_SECRET, WrongSecret, with_own_secrets};
pub use readiness::{Demands, Original, Report, Task, Waiting};
pub use remote::{BackupFile, Remote};
pub use site_info::{SiteFunction, SiteInfo};
pub use text::plain_text;
