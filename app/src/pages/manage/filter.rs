//! What the list of everybody's restores is filtered by and ordered in.

use crate::i18n::Locale;
use crate::logic::targets::number_in;
use courseferry_api::{CategoryId, RemoteId, RestoreQuery, Sort, Status, UserId};

/// What is chosen and typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub search: String,
    pub status: Option<Status>,
    pub remote: Option<RemoteId>,
    /// The cause's code and sentence.
    pub cause: Option<(String, String)>,
    /// The person's id and name.
    pub person: Option<(UserId, String)>,
    pub category: String,
    /// Days as the browser's field has them: `2026-11-26`.
    pub from: String,
    pub to: String,
    pub sort: Sort,
}

impl Filter {
    /// What the Worker is asked for; `after` is where the page begins.
    pub fn query(&self, locale: &Locale, after: String) -> RestoreQuery {
        RestoreQuery {
            search: self.search.trim().to_owned(),
            status: self.status,
            remote: self.remote.clone(),
            cause: self.cause.as_ref().map(|(code, _)| code.clone()),
            category: number_in(&self.category).map(CategoryId),
            person: self.person.as_ref().map(|(id, _)| *id),
            from: locale.on_day(&self.from, None),
            to: locale.on_day(&self.to, None).map(|at| at.plus(86_400)),
            sort: self.sort,
            after,
        }
    }

    /// Nothing but the restores of one cause.
    pub fn only_cause(&mut self, code: &str, sentence: &str, remote: Option<RemoteId>) {
        let cause = Some((code.to_owned(), sentence.to_owned()));
        *self = Self { remote, cause, ..Self::default() };
    }

    /// Nothing but the restores of one person.
    pub fn only_person(&mut self, user: UserId, name: &str) {
        *self = Self { person: Some((user, name.to_owned())), ..Self::default() };
    }
}
