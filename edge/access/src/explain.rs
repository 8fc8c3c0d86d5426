//! Why a decision came out as it did: as data, and as one sentence.
//! The sentence names only what its reader may see; the data name everything.

use crate::{
    capabilities::{MANAGE, REQUIRED, ROLL_DATES, START_NOW, VIEW},
    decide::{Access, Decision, Rule},
    ids::{CapabilityName, ContextId, RoleId},
    rows::Permission::{self, Prevent},
};
use courseferry_api::{Language, words};
use serde::Serialize;

/// Whom a sentence is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About<'a> {
    /// Its reader.
    You,
    /// Somebody else, by this name.
    Person(&'a str),
}

/// The names that the reader of a sentence may see; nothing for what they may not.
pub trait Names {
    fn context(&self, id: ContextId) -> Option<String>;
    fn role(&self, id: RoleId) -> Option<String>;
}

/// What one role says about the capability asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RoleSays {
    pub role: RoleId,
    /// What it comes to there; nothing if it says nothing.
    pub permission: Option<Permission>,
    /// Where that is stored.
    pub stored_in: Option<ContextId>,
}

/// A decision with all that led to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    pub capability: CapabilityName,
    pub context: ContextId,
    /// The answer and the rule that decided.
    #[serde(flatten)]
    pub decision: Decision,
    /// Where roles decided: each that counts there, the one assigned nearest first.
    pub roles: Vec<RoleSays>,
}

impl Access<'_> {
    /// The answer and why.
    pub fn explain(&self, capability: &CapabilityName, context: ContextId) -> Explanation {
        let decision = self.decide(capability, context);
        let by_roles = matches!(decision.rule, Rule::Allowed { .. } | Rule::Prohibited { .. } | Rule::NotAllowed);
        let mut roles: Vec<RoleSays> = Vec::new();
        let place = self.site.context(context).and_then(|context| context.place);
        if let (true, Some(place), Some((index, _))) = (by_roles, place, self.site.find_capability(capability)) {
            for held in self.roles_at(place) {
                let role = held.id;
                if roles.iter().any(|known| known.role == role) {
                    continue;
                }
                let resolved = self.site.resolve(held, index, place);
                roles.push(RoleSays {
                    role,
                    permission: resolved.map(|resolved| resolved.permission),
                    stored_in: resolved.and_then(|found| self.site.contexts.at(found.place)),
                });
            }
        }
        Explanation { capability: capability.clone(), context, decision, roles }
    }
}

impl Explanation {
    /// "You may not restore into Physics: none of your roles allows moodle/restore:restorecourse there."
    pub fn sentence(&self, language: Language, about: About<'_>, names: &dyn Names) -> String {
        let (act, reason) = (self.act(language, names), self.reason(language, about, names));
        let (words, name) = match (about, self.decision.allowed) {
            (About::You, true) => (words::YOU_MAY, ""),
            (About::You, false) => (words::YOU_MAY_NOT, ""),
            (About::Person(name), true) => (words::THEY_MAY, name),
            (About::Person(name), false) => (words::THEY_MAY_NOT, name),
        };
        language.fill(words, &[("name", name), ("act", &act), ("reason", &reason)])
    }

    /// What the capability lets people do, where we know it.
    fn act(&self, language: Language, names: &dyn Names) -> String {
        let known = |of: &CapabilityName| self.capability == *of;
        let place = names.context(self.context);
        let words = match &place {
            Some(_) if REQUIRED.iter().any(known) => words::RESTORE_INTO,
            None if REQUIRED.iter().any(known) => words::RESTORE_THERE,
            _ if known(&VIEW) => words::USE_COURSEFERRY,
            _ if known(&MANAGE) => words::USE_MANAGE,
            _ if known(&START_NOW) => words::START_OUTSIDE_WINDOW,
            Some(_) if known(&ROLL_DATES) => words::MOVE_DATES_IN,
            Some(_) => words::USE_CAPABILITY_IN,
            None => words::USE_CAPABILITY_THERE,
        };
        let place = place.unwrap_or_default();
        language.fill(words, &[("place", &place), ("capability", self.capability.as_str())])
    }

    /// A role that takes the right away without prohibiting it, if it can be named.
    fn prevented(&self, names: &dyn Names) -> Option<(String, Option<String>)> {
        let role = self.roles.iter().find(|says| says.permission == Some(Prevent))?;
        Some((names.role(role.role)?, self.elsewhere(role.stored_in, names)))
    }

    /// The name of a context, if it is not the one asked about and can be named.
    fn elsewhere(&self, context: Option<ContextId>, names: &dyn Names) -> Option<String> {
        context.filter(|&context| context != self.context).and_then(|id| names.context(id))
    }

    fn reason(&self, language: Language, about: About<'_>, names: &dyn Names) -> String {
        let capability = ("capability", self.capability.as_str());
        let (one_of_theirs, none_of_theirs) = match about {
            About::You => (words::ONE_OF_YOUR_ROLES, words::NONE_OF_YOUR_ROLES),
            About::Person(_) => (words::ONE_OF_THEIR_ROLES, words::NONE_OF_THEIR_ROLES),
        };
        let role = |id| match names.role(id) {
            Some(name) => language.fill(words::THE_ROLE, &[("role", &name)]),
            None => language.say(one_of_theirs).to_owned(),
        };
        let in_place = |place: Option<String>| match place {
            Some(place) => language.fill(words::IN_PLACE, &[("place", &place)]),
            None => String::new(),
        };
        let says = |words, id, context| {
            let place = in_place(self.elsewhere(context, names));
            language.fill(words, &[("role", &role(id)), capability, ("place", &place)])
        };
        match self.decision.rule {
            Rule::UnknownCapability => language.fill(words::NO_SUCH_CAPABILITY, &[capability]),
            Rule::UnknownContext => language.say(words::NO_SUCH_PLACE).to_owned(),
            Rule::LoginRequired => language.say(words::LOGIN_REQUIRED).to_owned(),
            Rule::GuestsBarred => language.fill(words::GUESTS_NEVER, &[capability]),
            Rule::Locked { by } => match self.elsewhere(Some(by), names) {
                Some(place) => language.fill(words::PLACE_LOCKED, &[("place", &place)]),
                None => language.say(words::LOCKED).to_owned(),
            },
            Rule::UnknownUser => language.say(words::NO_SUCH_USER).to_owned(),
            Rule::UserDeleted => language.say(words::ACCOUNT_DELETED).to_owned(),
            Rule::Administrator => language.say(words::ADMINISTRATORS_MAY).to_owned(),
            Rule::NoPath => language.say(words::NO_PATH).to_owned(),
            Rule::OutsideLoginAs => language.say(words::OUTSIDE_LOGIN_AS).to_owned(),
            Rule::Prohibited { role, context } => says(words::ROLE_PROHIBITS, role, context),
            Rule::Allowed { role, context } => says(words::ROLE_ALLOWS, role, context),
            Rule::NotAllowed => {
                let prevented = match self.prevented(names) {
                    Some((role, place)) => {
                        language.fill(words::ROLE_PREVENTS, &[("role", &role), ("place", &in_place(place))])
                    }
                    None => String::new(),
                };
                language.fill(none_of_theirs, &[capability, ("prevented", &prevented)])
            }
        }
    }
}
