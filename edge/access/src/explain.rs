//! Why a decision came out as it did: as data, and as one sentence in English or French.
//! The sentence names only what its reader may see; the data name everything.

use crate::{
    capabilities::{MANAGE, REQUIRED, ROLL_DATES, START_NOW, VIEW},
    decide::{Access, Decision, Rule},
    ids::{CapabilityName, ContextId, RoleId},
    rows::Permission::{self, Prevent},
};
use courseferry_api::Language;
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
        let act = self.act(language, names);
        let allowed = self.decision.allowed;
        let head = match (language, about) {
            (Language::English, About::You) if allowed => format!("You may {act}"),
            (Language::English, About::You) => format!("You may not {act}"),
            (Language::English, About::Person(name)) if allowed => format!("{name} may {act}"),
            (Language::English, About::Person(name)) => format!("{name} may not {act}"),
            (Language::French, About::You) if allowed => format!("Vous pouvez {act}"),
            (Language::French, About::You) => format!("Vous ne pouvez pas {act}"),
            (Language::French, About::Person(name)) if allowed => format!("{name} peut {act}"),
            (Language::French, About::Person(name)) => format!("{name} ne peut pas {act}"),
        };
        let reason = match language {
            Language::English => self.reason_in_english(about, names),
            Language::French => self.reason_in_french(about, names),
        };
        match language {
            Language::English => format!("{head}: {reason}."),
            Language::French => format!("{head}\u{a0}: {reason}."),
        }
    }

    /// What the capability lets people do, where we know it.
    fn act(&self, language: Language, names: &dyn Names) -> String {
        let place = names.context(self.context);
        let known = |of: &CapabilityName| self.capability == *of;
        match (language, place) {
            (Language::English, place) if REQUIRED.iter().any(known) => match place {
                Some(place) => format!("restore into {place}"),
                None => "restore there".to_owned(),
            },
            (Language::French, place) if REQUIRED.iter().any(known) => match place {
                Some(place) => format!("restaurer dans {place}"),
                None => "y restaurer".to_owned(),
            },
            _ if known(&VIEW) => language.choose("use Courseferry", "utiliser Courseferry").to_owned(),
            _ if known(&MANAGE) => language.choose("use the Manage pages", "utiliser les pages de gestion").to_owned(),
            _ if known(&START_NOW) => language
                .choose("start outside the restore window", "démarrer hors de la plage de restauration")
                .to_owned(),
            (Language::English, Some(place)) if known(&ROLL_DATES) => {
                format!("give courses in {place} another start date")
            }
            (Language::French, Some(place)) if known(&ROLL_DATES) => {
                format!("donner une autre date de début aux cours dans {place}")
            }
            (Language::English, Some(place)) => format!("use {} in {place}", self.capability),
            (Language::French, Some(place)) => format!("utiliser {} dans {place}", self.capability),
            (Language::English, None) => format!("use {} there", self.capability),
            (Language::French, None) => format!("y utiliser {}", self.capability),
        }
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

    fn reason_in_english(&self, about: About<'_>, names: &dyn Names) -> String {
        let capability = &self.capability;
        let whose = match about {
            About::You => "your",
            About::Person(_) => "their",
        };
        let role = |id| match names.role(id) {
            Some(name) => format!("the role {name}"),
            None => format!("one of {whose} roles"),
        };
        let at = |context| match self.elsewhere(context, names) {
            Some(name) => format!(" in {name}"),
            None => String::new(),
        };
        match self.decision.rule {
            Rule::UnknownCapability => format!("this Moodle has no capability {capability}"),
            Rule::UnknownContext => "there is no such place on this Moodle".to_owned(),
            Rule::LoginRequired => "this Moodle lets nobody in who is not logged in".to_owned(),
            Rule::GuestsBarred => format!("guests never have {capability}"),
            Rule::Locked { by } => match self.elsewhere(Some(by), names) {
                Some(name) => format!("{name} is locked against changes"),
                None => "it is locked against changes".to_owned(),
            },
            Rule::UnknownUser => "there is no such user".to_owned(),
            Rule::UserDeleted => "the account was deleted".to_owned(),
            Rule::Administrator => "site administrators may do everything".to_owned(),
            Rule::NoPath => "only site administrators have rights in a context that lost its path".to_owned(),
            Rule::OutsideLoginAs => "\u{201c}log in as\u{201d} is limited to another part of the site".to_owned(),
            Rule::Prohibited { role: id, context } => {
                format!("{} prohibits {capability}{}", role(id), at(context))
            }
            Rule::Allowed { role: id, context } => {
                format!("{} allows {capability}{}", role(id), at(context))
            }
            Rule::NotAllowed => {
                let prevented = match self.prevented(names) {
                    Some((name, None)) => format!(" ({name} prevents it)"),
                    Some((name, Some(place))) => format!(" ({name} prevents it in {place})"),
                    None => String::new(),
                };
                format!("none of {whose} roles allows {capability} there{prevented}")
            }
        }
    }

    fn reason_in_french(&self, about: About<'_>, names: &dyn Names) -> String {
        let capability = &self.capability;
        let whose = match about {
            About::You => "vos",
            About::Person(_) => "ses",
        };
        let role = |id| match names.role(id) {
            Some(name) => format!("le rôle {name}"),
            None => format!("un de {whose} rôles"),
        };
        let at = |context| match self.elsewhere(context, names) {
            Some(name) => format!(" dans {name}"),
            None => String::new(),
        };
        match self.decision.rule {
            Rule::UnknownCapability => format!("ce Moodle n'a pas de capacité {capability}"),
            Rule::UnknownContext => "cet endroit n'existe pas sur ce Moodle".to_owned(),
            Rule::LoginRequired => "ce Moodle demande à chacun de se connecter".to_owned(),
            Rule::GuestsBarred => format!("les invités n'ont jamais {capability}"),
            Rule::Locked { by } => match self.elsewhere(Some(by), names) {
                Some(name) => format!("{name} est verrouillé"),
                None => "l'endroit est verrouillé".to_owned(),
            },
            Rule::UnknownUser => "cet utilisateur n'existe pas".to_owned(),
            Rule::UserDeleted => "le compte a été supprimé".to_owned(),
            Rule::Administrator => "les administrateurs du site peuvent tout faire".to_owned(),
            Rule::NoPath => {
                "seuls les administrateurs ont des droits dans un contexte qui a perdu son chemin".to_owned()
            }
            Rule::OutsideLoginAs => "la connexion sous un autre nom est limitée à une autre partie du site".to_owned(),
            Rule::Prohibited { role: id, context } => {
                format!("{} interdit {capability}{}", role(id), at(context))
            }
            Rule::Allowed { role: id, context } => {
                format!("{} autorise {capability}{}", role(id), at(context))
            }
            Rule::NotAllowed => {
                let prevented = match self.prevented(names) {
                    Some((name, None)) => format!(" ({name} l'empêche)"),
                    Some((name, Some(place))) => format!(" ({name} l'empêche dans {place})"),
                    None => String::new(),
                };
                format!("aucun de {whose} rôles n'y autorise {capability}{prevented}")
            }
        }
    }
}
