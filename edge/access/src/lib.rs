//! Moodle's access control as a pure library: contexts, roles, capabilities, decisions, and the tokens that prove who asks.
//!
//! A [`Site`] is loaded once from Moodle's rows; a [`Person`] holds somebody's roles on it; [`Access`]
//! answers for that person, as one [`Session`] sees it. The rules and their order are those of Moodle's
//! `lib/accesslib.php`. No I/O and no clock: whatever changes comes in as an argument.
#![expect(missing_docs, reason = "a field whose name says what it is needs no sentence")]

mod archetype;
pub mod capabilities;
mod decide;
mod explain;
mod ids;
pub mod oracle;
mod person;
pub mod policy;
mod rows;
mod secret;
mod session;
mod site;
mod snapshot;
pub mod token;
mod tree;

pub use archetype::Archetype;
pub use courseferry_api::{CategoryId, Language, UserId};
pub use decide::{Access, Decision, Rule};
pub use explain::{About, Explanation, Names, RoleSays};
pub use ids::{CapabilityName, ContextId, RoleId};
pub use person::Person;
pub use rows::{
    Assignment, CapabilityRow, CapabilityType, Config, ContextLevel, ContextRow, Permission, Risks, RoleCapabilityRow,
    RoleRow,
};
pub use secret::Secret;
pub use session::Session;
pub use site::{Site, SiteRows};
pub use snapshot::{Category, ClientSite, Inactive, NamedContext, SiteSnapshot, UserSnapshot};
pub use tree::{Context, UnfitRow};
