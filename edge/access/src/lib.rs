//! Moodle's access control as a pure library: contexts, roles, capabilities, decisions, and the tokens that prove who asks.
//!
//! A [`Site`] is loaded once from Moodle's rows; a [`Person`] holds somebody's roles on it; [`Access`]
//! answers for that person, as one [`Session`] sees it. The rules and their order are those of Moodle's
//! `lib/accesslib.php`. No I/O and no clock: whatever changes comes in as an argument.

mod archetype;
mod decide;
mod explain;
mod ids;
mod person;
pub mod policy;
mod query;
mod rows;
mod secret;
mod site;
mod snapshot;
pub mod token;
mod tree;

pub use archetype::Archetype;
pub use courseferry_api::{CategoryId, Language, UserId};
pub use decide::{Access, Decision, MANAGE_LOCKS, MissingCapability, Rule, SWITCH_ROLES};
pub use explain::{About, Explanation, Names, RoleSays};
pub use ids::{CapabilityName, ContextId, RoleId};
pub use person::{People, Person, Session, UnknownLimit};
pub use query::RolesWith;
pub use rows::{
    Assignment, CapabilityRow, CapabilityType, Config, ContextLevel, ContextRow, Permission, Risks, RoleCapabilityRow,
    RoleRow,
};
pub use secret::Secret;
pub use site::{Site, SiteRows};
pub use snapshot::{Category, ClientSite, Inactive, NamedContext, SiteSnapshot, UserSnapshot};
pub use tree::{Context, Fault};
