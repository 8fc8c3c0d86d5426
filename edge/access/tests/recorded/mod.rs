//! Reads recorded cases (a site, its people and what a real Moodle answered) and asks the library the
//! same. Shared by the test, the bench and `cargo run -p courseferry-access --example agree`.

#![allow(dead_code, reason = "each of its three users needs a part of it")]

use courseferry_access::{
    Access, Assignment, CapabilityName, CapabilityRow, Config, ContextId, ContextRow, Decision, RoleCapabilityRow,
    RoleId, RoleRow, Session, Site, SiteRows, UserId, oracle::People,
};
use serde::Deserialize;
use serde_json::Value;
use std::fmt;

/// A file of recorded cases, as it is written.
#[derive(Deserialize)]
pub struct Cases {
    config: Config,
    capabilities: Vec<CapabilityRow>,
    contexts: Vec<ContextRow>,
    roles: Vec<RoleRow>,
    role_capabilities: Vec<RoleCapabilityRow>,
    role_assignments: Vec<AssignedRow>,
    users: Vec<UserRow>,
    answer_columns: Vec<String>,
    answers: Vec<Vec<Value>>,
    #[serde(default)]
    answers_other_columns: Vec<String>,
    #[serde(default)]
    answers_other: Vec<Vec<Value>>,
}

#[derive(Deserialize)]
struct AssignedRow {
    userid: UserId,
    #[serde(flatten)]
    assignment: Assignment,
}

#[derive(Deserialize)]
struct UserRow {
    id: UserId,
    deleted: i64,
}

/// One question and Moodle's two answers.
pub struct Case {
    /// What the case is about, where it has a sentence.
    pub about: Option<String>,
    pub capability: CapabilityName,
    pub context: ContextId,
    pub user: UserId,
    /// With and without an administrator's bypass.
    pub answers: [bool; 2],
    /// The session in which it was asked; its user and what is switched or limited.
    pub session: Option<Session>,
}

/// A case that came out differently.
pub struct Disagreement {
    case: Case,
    ours: [bool; 2],
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Case { about, capability, context, user, answers, session } = &self.case;
        if let Some(about) = about {
            write!(f, "{about}: ")?;
        }
        write!(f, "{capability} in context {context} for user {user}")?;
        if let Some(session) = session {
            write!(f, " in {session:?}")?;
        }
        write!(f, ": Moodle says {answers:?}, we say {:?}", self.ours)
    }
}

/// Recorded cases, ready to be asked.
pub struct Recorded {
    pub site: Site,
    pub people: People,
    pub cases: Vec<Case>,
}

impl Recorded {
    /// Reads a file's text.
    pub fn read(text: &str) -> Result<Self, String> {
        let file: Cases = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let site = file.site();
        let people = People::new(
            &site,
            file.users.iter().map(|user| (user.id, user.deleted != 0)),
            file.role_assignments.iter().map(|row| (row.userid, row.assignment)),
        );
        let tables = [(&file.answer_columns, &file.answers), (&file.answers_other_columns, &file.answers_other)];
        let mut cases = Vec::new();
        for (columns, rows) in tables {
            for row in rows {
                let read = Row { columns, row }.case(&site, &people);
                cases.push(read.ok_or_else(|| format!("this answer cannot be read: {row:?}"))?);
            }
        }
        Ok(Self { site, people, cases })
    }

    /// Asks every case again.
    pub fn disagreements(self) -> Vec<Disagreement> {
        let Self { site, people, cases } = self;
        cases
            .into_iter()
            .filter_map(|case| {
                let ours = case.ask(&site, &people);
                (ours != case.answers).then_some(Disagreement { case, ours })
            })
            .collect()
    }
}

impl Cases {
    /// The model of the site.
    pub fn site(&self) -> Site {
        let rows = SiteRows {
            contexts: &self.contexts,
            roles: &self.roles,
            capabilities: &self.capabilities,
            role_capabilities: &self.role_capabilities,
        };
        Site::new(self.config.clone(), rows)
    }
}

impl Case {
    /// Our two answers.
    pub fn ask(&self, site: &Site, people: &People) -> [bool; 2] {
        self.with_access(site, people, |access| {
            [access, access.by_roles_only()].map(|access| access.has_capability(&self.capability, self.context))
        })
    }

    /// Our answer with an administrator's bypass, and its rule.
    pub fn decide(&self, site: &Site, people: &People) -> Decision {
        self.with_access(site, people, |access| access.decide(&self.capability, self.context))
    }

    fn with_access<T>(&self, site: &Site, people: &People, ask: impl FnOnce(Access<'_>) -> T) -> T {
        let stranger;
        let person = if let Some(person) = people.get(self.user) {
            person
        } else {
            stranger = site.person(self.user, site.has_user(self.user), []);
            &stranger
        };
        let access = site.access(person);
        ask(self.session.as_ref().map_or(access, |session| access.in_session(session)))
    }
}

/// A row of answers beside its column names.
struct Row<'a> {
    columns: &'a [String],
    row: &'a [Value],
}

impl Row<'_> {
    fn get(&self, column: &str) -> Option<&Value> {
        let index = self.columns.iter().position(|name| name == column)?;
        self.row.get(index).filter(|value| !value.is_null())
    }

    fn case(&self, site: &Site, people: &People) -> Option<Case> {
        let number = |column| self.get(column).and_then(Value::as_i64);
        let flag = |column| {
            let value = self.get(column)?;
            value.as_bool().or_else(|| Some(value.as_i64()? != 0))
        };
        let user = UserId(number("userid")?);
        let switches = self.get("switches").and_then(Value::as_array);
        let current = number("currentuserid").map(UserId);
        let limit = number("loginascontextid").map(ContextId);

        // Where switches are a column, the asked user is the session's own unless another is named.
        let mut session = switches.map(|_| {
            let current = current.unwrap_or(user);
            Session::of(current).with_user_deleted(people.is_deleted(current))
        });
        for switch in switches.into_iter().flatten() {
            let [context, role] = [switch.get(0)?.as_i64()?, switch.get(1)?.as_i64()?];
            session = session.map(|s| s.switch_role(site, ContextId(context), RoleId(role)));
        }
        if let (Some(plain), Some(limit)) = (session.clone(), limit) {
            session = Some(plain.limited_to(site, limit)?);
        }
        Some(Case {
            about: self.get("case").and_then(Value::as_str).map(str::to_owned),
            capability: self.get("capability")?.as_str()?.into(),
            context: ContextId(number("contextid")?),
            user,
            answers: [flag("doanything_true")?, flag("doanything_false")?],
            session,
        })
    }
}
