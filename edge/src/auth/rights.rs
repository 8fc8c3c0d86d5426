//! What one person may do on the client Moodle, in their language: the answers of `courseferry_access` as the
//! routes and the ferry ask for them.

use crate::{
    app::App,
    auth::snapshots::{self, KnownRoles},
    http::error::{ApiError, ApiResult},
};
use courseferry_access::{self as access, About, ClientSite, Explanation, Names, Person, policy::MayRestore};
use courseferry_api::{Category, CategoryId, ErrorCode, Language, Problem, UserId, companion::SiteFacts, words};
use courseferry_ferry::{Allowed, Failure};
use courseferry_moodle::plain_text;
use std::rc::Rc;

/// Somebody's account on the client Moodle.
#[derive(Debug, Clone)]
pub struct Account {
    pub id: UserId,
    /// The name that remotes know them by.
    pub username: String,
    pub name: String,
    pub locale: String,
    /// Their time zone (IANA).
    pub time_zone: String,
}

impl Account {
    /// Which of our languages they read.
    pub fn language(&self) -> Language {
        Language::of(&self.locale)
    }
}

/// What somebody may do.
#[derive(Debug)]
pub struct Rights {
    /// Whose rights these are.
    pub account: Account,
    client: Rc<ClientSite>,
    person: Person,
    /// They have a course here to which they may add.
    has_targets: bool,
    /// This site vouches for their account.
    vouched_for: bool,
}

impl Rights {
    /// The rights that these roles give. Whoever has a token is vouched for: the site gives none to others.
    pub fn new(account: Account, client: Rc<ClientSite>, roles: &KnownRoles) -> Self {
        let person = client.person(account.id, &roles.assignments);
        let has_targets = roles.targetcourses && client.facts().targetcourses;
        Self { account, client, person, has_targets, vouched_for: true }
    }

    /// The rights that somebody has now: the client is asked.
    pub async fn fresh(app: &App, id: UserId) -> Result<Self, Failure> {
        let account = snapshots::user(app, id).await?;
        let site = snapshots::site(app, &account.siteversion).await?;
        let roles = KnownRoles { assignments: account.assignments, targetcourses: account.targetcourses };
        snapshots::keep_roles(app, id, &roles).await?;
        let time_zone = if account.timezone == "99" { site.facts().timezone.clone() } else { account.timezone };
        let whose = Account { id, username: account.username, name: account.fullname, locale: account.lang, time_zone };
        Ok(Self { vouched_for: account.vouchedfor, ..Self::new(whose, site, &roles) })
    }

    /// These rights, with sentences for `reader`.
    pub fn read_by<'a>(&'a self, reader: &'a Self) -> RightsReadBy<'a> {
        RightsReadBy { rights: self, reader }
    }

    fn rights(&self) -> access::policy::Rights<'_> {
        self.client.rights(&self.person)
    }

    /// A stored name as this person reads it.
    pub fn plain(&self, name: &str) -> String {
        plain_text(name, &self.account.locale)
    }

    /// They are the guest account, or nobody.
    pub fn is_guest(&self) -> bool {
        self.person.is_guest_or_nobody()
    }

    /// They see the widget.
    pub fn may_see_widget(&self) -> bool {
        self.has_targets || self.rights().may_see_widget()
    }

    /// They have a course here to which they may add what they bring.
    pub fn may_add(&self) -> bool {
        self.has_targets
    }

    /// What the client Moodle is.
    pub fn site(&self) -> &SiteFacts {
        self.client.facts()
    }

    /// Names of remote courses are links for them.
    pub fn may_see_links(&self) -> bool {
        self.rights().may_see_external_links()
    }

    /// They use the Manage pages.
    pub fn may_manage(&self) -> bool {
        self.rights().may_manage()
    }

    /// They start outside the restore window.
    pub fn may_start_now(&self) -> bool {
        self.rights().may_start_now()
    }

    /// Refuses whoever may not manage, and says why.
    pub fn require_manage(&self) -> ApiResult<()> {
        if self.may_manage() { Ok(()) } else { Err(self.denied(&access::capabilities::MANAGE)) }
    }

    /// Refuses whoever may not start outside the restore window, and says why.
    pub fn require_start_now(&self) -> ApiResult<()> {
        if self.may_start_now() { Ok(()) } else { Err(self.denied(&access::capabilities::START_NOW)) }
    }

    /// Refuses whoever may not see the widget, and says why.
    pub fn require_widget(&self) -> ApiResult<()> {
        if self.may_see_widget() { Ok(()) } else { Err(self.denied(&access::capabilities::VIEW)) }
    }

    /// Why they do not see the widget, in a sentence for `reader`; none if they do.
    pub fn widget_refused(&self, reader: &Self) -> Option<String> {
        (!self.may_see_widget()).then(|| self.at_system(&access::capabilities::VIEW, reader))
    }

    /// A remote's problem as they may read it: teachers cannot mend a token, and are not told of one.
    /// `held`: the remote's restores wait for that.
    pub fn remote_problem(&self, remote: &str, code: ErrorCode, detail: &str, held: bool) -> Problem {
        let language = self.account.language();
        if self.may_manage() {
            return Problem::new(code, language, remote, detail);
        }
        Problem::for_teacher(code, language, remote, detail, held)
    }

    fn denied(&self, capability: &access::CapabilityName) -> ApiError {
        ApiError::with(ErrorCode::AccessDenied, self.at_system(capability, self))
    }

    fn at_system(&self, capability: &access::CapabilityName, reader: &Self) -> String {
        let system = self.client.site().system();
        let explained = system.map(|system| self.rights().access().explain(capability, system));
        explained.map(|explanation| self.sentence(&explanation, reader)).unwrap_or_default()
    }

    /// An explanation of this person's rights, for `reader`.
    fn sentence(&self, explanation: &Explanation, reader: &Self) -> String {
        let themselves = reader.account.id == self.account.id;
        let about = if themselves { About::You } else { About::Person(&self.account.name) };
        let names = reader.rights().names(themselves || reader.may_manage(), |name: &str| reader.plain(name));
        explanation.sentence(reader.account.language(), about, &names as &dyn Names)
    }

    /// The categories they may restore into, in Moodle's order.
    pub fn categories(&self) -> Vec<Category> {
        let targets = self.rights().target_categories().map(|shown| Category {
            id: shown.category.id,
            path: shown.path.iter().map(|name| self.plain(name)).collect(),
        });
        targets.collect()
    }

    /// The category with this identifier, if they may restore into it; and whether the course has one that they
    /// may not.
    pub fn original(&self, identifier: &str) -> (Option<CategoryId>, bool) {
        let category = self.identified(identifier).filter(|category| self.may_restore_into(*category).is_ok());
        (category, category.is_none() && !identifier.is_empty())
    }

    /// The category with this identifier, whoever may restore into it.
    pub fn identified(&self, identifier: &str) -> Option<CategoryId> {
        let found = self.client.category_identified(identifier).filter(|_| !identifier.is_empty());
        found.map(|category| category.id)
    }

    /// A category's name, if they may see it.
    pub fn category_name(&self, category: CategoryId) -> Option<String> {
        let category = self.client.category(category)?;
        self.rights().may_see(category).then(|| self.plain(&category.name))
    }

    /// Whether they may restore into a category: its name and what would be left out, or why not.
    pub fn may_restore_into(&self, category: CategoryId) -> Result<Allowed, String> {
        self.explain(category, self)
    }

    /// The same, with sentences for `reader`.
    pub fn explain(&self, category: CategoryId, reader: &Self) -> Result<Allowed, String> {
        let language = reader.account.language();
        match self.rights().may_restore_into(category) {
            MayRestore::Allowed { warnings } => Ok(Allowed {
                name: reader.category_name(category).unwrap_or_default(),
                incomplete: warnings.iter().map(|missing| incomplete(missing.as_str(), language)).collect(),
            }),
            MayRestore::Denied(explanation) => Err(self.sentence(&explanation, reader)),
            MayRestore::NoSuchCategory => Err(ErrorCode::ClientCategoryMissing.sentence(language).to_owned()),
        }
    }
}

fn incomplete(capability: &str, language: Language) -> String {
    language.fill(words::MAY_BE_LEFT_OUT, &[("capability", capability)])
}

/// Somebody's rights as another reads of them: sentences are in the reader's language and name what the reader may see.
#[derive(Debug, Clone, Copy)]
pub struct RightsReadBy<'a> {
    rights: &'a Rights,
    reader: &'a Rights,
}

impl courseferry_ferry::Access for RightsReadBy<'_> {
    fn username(&self) -> &str {
        self.rights.username()
    }

    fn language(&self) -> Language {
        self.reader.account.language()
    }

    fn may_see_remote_links(&self) -> bool {
        self.rights.may_see_links()
    }

    fn original(&self, identifier: &str) -> Option<CategoryId> {
        self.rights.identified(identifier)
    }

    fn may_restore(&self, category: CategoryId) -> Result<Allowed, String> {
        self.rights.explain(category, self.reader)
    }

    fn dates_refused(&self, category: CategoryId) -> Option<String> {
        let explained = self.rights.rights().dates_refused(category);
        explained.map(|explanation| self.rights.sentence(&explanation, self.reader))
    }

    fn people_refused(&self, category: CategoryId, students: bool) -> Option<String> {
        if let Some(explanation) = self.rights.rights().people_refused(category, students) {
            return Some(self.rights.sentence(&explanation, self.reader));
        }
        let off = self.reader.account.language().say(words::TAKES_NO_PEOPLE);
        (!self.rights.site().userdata).then(|| off.to_owned())
    }

    fn may_restore_for_others(&self) -> bool {
        self.rights.may_manage()
    }

    fn is_vouched_for(&self) -> bool {
        self.rights.vouched_for
    }
}

/// Somebody's rights as they read of them themselves.
impl courseferry_ferry::Access for Rights {
    fn username(&self) -> &str {
        &self.account.username
    }

    fn language(&self) -> Language {
        self.account.language()
    }

    fn may_see_remote_links(&self) -> bool {
        self.may_see_links()
    }

    fn original(&self, identifier: &str) -> Option<CategoryId> {
        self.identified(identifier)
    }

    fn may_restore(&self, category: CategoryId) -> Result<Allowed, String> {
        self.may_restore_into(category)
    }

    fn dates_refused(&self, category: CategoryId) -> Option<String> {
        self.read_by(self).dates_refused(category)
    }

    fn people_refused(&self, category: CategoryId, students: bool) -> Option<String> {
        self.read_by(self).people_refused(category, students)
    }

    fn may_restore_for_others(&self) -> bool {
        self.may_manage()
    }

    fn is_vouched_for(&self) -> bool {
        self.vouched_for
    }
}
