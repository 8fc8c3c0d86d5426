//! What the client's companion sends: the site snapshot, and one user's. Read here, decided elsewhere.
//!
//! A site snapshot holds system and category contexts and the capabilities we ask about; at these
//! levels neither the front page nor a switched role can matter.

use crate::{
    ids::ContextId,
    person::Person,
    rows::{Assignment, CapabilityRow, Config, ContextLevel, ContextRow, RoleCapabilityRow, RoleRow},
    site::{Site, SiteRows},
    tree::UnfitRow,
};
use courseferry_api::{CategoryId, UserId, companion::SiteFacts, lenient};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SiteSnapshot {
    /// Changes whenever anything else here does; it travels beside the snapshot, not in it.
    #[serde(skip)]
    pub version: String,
    pub config: Config,
    /// The system context and those of the categories, these in Moodle's own order.
    pub contexts: Vec<NamedContext>,
    pub roles: Vec<RoleRow>,
    /// The capabilities that we ask about and that exist.
    pub capabilities: Vec<CapabilityRow>,
    /// What the roles say about them in these contexts.
    pub role_capabilities: Vec<RoleCapabilityRow>,
    /// What the site is.
    pub site: SiteFacts,
}

/// A [`ContextRow`] with what people know it by. Its columns are listed once more: flattened, serde would keep each of
/// them aside before it reads it, which takes as long as all the rest of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedContext {
    pub id: ContextId,
    pub contextlevel: ContextLevel,
    #[serde(deserialize_with = "lenient::number")]
    pub instanceid: i64,
    #[serde(default, deserialize_with = "lenient::text")]
    pub path: String,
    #[serde(default, deserialize_with = "lenient::number")]
    pub depth: i64,
    #[serde(default, deserialize_with = "lenient::flag")]
    pub locked: bool,
    /// The category's name, or the site's; as stored, language tags included.
    #[serde(default, deserialize_with = "lenient::text")]
    pub name: String,
    /// The category is not hidden itself.
    #[serde(default = "shown", deserialize_with = "lenient::flag")]
    pub visible: bool,
    /// What the category is called on every Moodle, as the site configured it; empty for none.
    #[serde(default, deserialize_with = "lenient::text")]
    pub identifier: String,
}

fn shown() -> bool {
    true
}

#[expect(clippy::struct_excessive_bools, reason = "each says something of its own")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserSnapshot {
    pub userid: UserId,
    /// Their user name, by which remotes know them.
    pub username: String,
    #[serde(default, deserialize_with = "lenient::text")]
    pub fullname: String,
    /// Their language, Moodle's code.
    #[serde(default, deserialize_with = "lenient::text")]
    pub lang: String,
    /// Their time zone's IANA name.
    #[serde(default, deserialize_with = "lenient::text")]
    pub timezone: String,
    #[serde(deserialize_with = "lenient::flag")]
    pub suspended: bool,
    #[serde(deserialize_with = "lenient::flag")]
    pub deleted: bool,
    #[serde(deserialize_with = "lenient::flag")]
    pub confirmed: bool,
    /// The site vouches for their account. An older block does not say so, and gives tokens to such accounts only.
    #[serde(default = "vouched_for", deserialize_with = "lenient::flag")]
    pub vouchedfor: bool,
    /// Their authentication plugin.
    #[serde(default, deserialize_with = "lenient::text")]
    pub auth: String,
    /// Their roles at system and category level.
    #[serde(default)]
    pub assignments: Vec<Assignment>,
    /// They have a course here to which they may add, and the site lets people do that (`targetcourses`).
    #[serde(default, deserialize_with = "lenient::flag")]
    pub targetcourses: bool,
    /// The current site snapshot's version; if we hold another one, it is fetched before anything is decided.
    #[serde(default, deserialize_with = "lenient::text")]
    pub siteversion: String,
}

fn vouched_for() -> bool {
    true
}

/// Why a user may do nothing at all, whatever their roles say; `has_capability` does not look at this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Inactive {
    #[error("the account was deleted")]
    Deleted,
    #[error("the account is suspended")]
    Suspended,
    #[error("the account was not confirmed")]
    Unconfirmed,
    /// `auth` is `nologin`.
    #[error("the account cannot log in")]
    NoLogin,
}

impl UserSnapshot {
    /// Whether they may still act, or why not.
    pub fn require_active(&self) -> Result<(), Inactive> {
        match self {
            Self { deleted: true, .. } => Err(Inactive::Deleted),
            Self { suspended: true, .. } => Err(Inactive::Suspended),
            Self { confirmed: false, .. } => Err(Inactive::Unconfirmed),
            Self { auth, .. } if auth == "nologin" => Err(Inactive::NoLogin),
            _ => Ok(()),
        }
    }
}

/// A course category of the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    pub id: CategoryId,
    pub context: ContextId,
    /// Its name as stored, language tags included.
    pub name: String,
    /// It is not hidden itself; one above may be.
    pub visible: bool,
    /// What it is called on every Moodle, if configured.
    pub identifier: Option<String>,
}

/// The client Moodle as its snapshot tells: its access control, its categories, and what it is.
#[derive(Clone, Debug)]
pub struct ClientSite {
    version: String,
    name: String,
    facts: SiteFacts,
    site: Site,
    categories: Vec<Category>,
    by_context: FxHashMap<ContextId, usize>,
}

impl ClientSite {
    /// Builds the model. Rows that do not fit are named by [`ClientSite::unfit_rows`].
    pub fn new(snapshot: SiteSnapshot) -> Self {
        let (mut name, mut categories, mut by_context) = (String::new(), Vec::new(), FxHashMap::default());
        let contexts: Vec<ContextRow> = snapshot
            .contexts
            .into_iter()
            .map(|context| {
                let NamedContext { id, contextlevel, instanceid, path, depth, locked, .. } = context;
                match contextlevel {
                    ContextLevel::System => name = context.name,
                    ContextLevel::CourseCategory => {
                        by_context.entry(id).or_insert(categories.len());
                        categories.push(Category {
                            id: CategoryId(instanceid),
                            context: id,
                            name: context.name,
                            visible: context.visible,
                            identifier: Some(context.identifier).filter(|known| !known.is_empty()),
                        });
                    }
                    _ => {}
                }
                ContextRow { id, contextlevel, instanceid, path, depth, locked }
            })
            .collect();
        let rows = SiteRows {
            contexts: &contexts,
            roles: &snapshot.roles,
            capabilities: &snapshot.capabilities,
            role_capabilities: &snapshot.role_capabilities,
        };
        let site = Site::new(snapshot.config, rows);
        Self { version: snapshot.version, name, facts: snapshot.site, site, categories, by_context }
    }

    pub fn version(&self) -> &str {
        &self.version
    }

    /// The site's name as stored.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the site is.
    pub fn facts(&self) -> &SiteFacts {
        &self.facts
    }

    pub fn site(&self) -> &Site {
        &self.site
    }

    pub fn unfit_rows(&self) -> &[UnfitRow] {
        self.site.unfit_rows()
    }

    /// All categories, in Moodle's order.
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// A category by its id.
    pub fn category(&self, id: CategoryId) -> Option<&Category> {
        self.categories.iter().find(|category| category.id == id)
    }

    /// The category of this context.
    pub fn category_at(&self, context: ContextId) -> Option<&Category> {
        let index = self.by_context.get(&context)?;
        self.categories.get(*index)
    }

    /// The category with this identifier; of several the first, and none for an empty one.
    pub fn category_identified(&self, identifier: &str) -> Option<&Category> {
        let mut categories = self.categories.iter();
        categories.find(|category| category.identifier.as_deref() == Some(identifier))
    }

    /// The categories from this one up to the top.
    pub fn upwards(&self, category: &Category) -> impl Iterator<Item = &Category> {
        let contexts = self.site.upwards(category.context);
        contexts.filter_map(|context| self.category_at(context.id))
    }

    /// Somebody with these roles, as a token or a snapshot tells. Whether they are active is asked
    /// apart: [`UserSnapshot::require_active`].
    pub fn person(&self, user: UserId, assignments: &[Assignment]) -> Person {
        let exists = user != UserId::NOBODY;
        self.site.person(user, exists, assignments.iter().copied())
    }
}
