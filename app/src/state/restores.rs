//! The current user's restores, and the one timer that keeps them fresh.

use super::page::is_hidden;
use super::session::Session;
use crate::api::{Api, ApiError};
use crate::i18n::I18n;
use crate::logic::{polling, restores};
use courseferry_api::{
    Cancel, CategoryChange, ChangeCategory, JobId, KeepArrived, ListRestores, RemoveArrived, RemoveCopy, Restore,
    Restores, Target, TryAgain,
};
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use std::time::Duration;

/// What somebody does with a restore of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Cancel it.
    Cancel,
    /// Try again, or now.
    TryAgain,
    /// Send it to another category.
    ChangeCategory(Target),
    /// Remove what arrived of an addition that was interrupted.
    RemoveArrived,
    /// Keep what arrived.
    KeepArrived,
    /// Remove the restored course.
    RemoveCopy,
}

/// The current user's restores; a handle that is cheap to copy.
#[derive(Clone, Copy)]
pub struct RestoreList {
    api: Api,
    i18n: I18n,
    session: Session,
    pub all: RwSignal<Vec<Restore>>,
    /// An administrator has paused all restores.
    pub paused: RwSignal<bool>,
    /// What has happened since the last answer, in sentences.
    pub news: RwSignal<Vec<String>>,
    /// Counts the Worker's answers about all of them, for those who wait for the next one.
    pub answers: RwSignal<u32>,
    asking: StoredValue<bool>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl RestoreList {
    /// An empty list, which takes over the restores of the home whenever that is fetched.
    pub fn new(api: Api, i18n: I18n, session: Session) -> Self {
        let list = Self {
            api,
            i18n,
            session,
            all: RwSignal::default(),
            paused: RwSignal::default(),
            news: RwSignal::default(),
            answers: RwSignal::default(),
            asking: StoredValue::default(),
            timer: StoredValue::new(None),
        };
        Effect::new(move || {
            if let Some(restores) = session.brought() {
                list.take(restores);
            }
        });
        Effect::new(move || {
            let failures = api.connection.failures.get();
            if failures > 0 {
                list.poll_in(polling::reconnect(failures));
            }
        });
        list
    }

    /// Takes what the Worker says about all restores.
    fn take(self, answer: Restores) {
        self.session.set_clock(answer.now);
        if self.paused.get_untracked() != answer.paused {
            self.paused.set(answer.paused);
        }
        let locale = self.i18n.untracked();
        let news = self.all.with_untracked(|before| restores::changes(&locale, before, &answer.restores));
        if self.all.with_untracked(|before| *before != answer.restores) {
            self.all.set(answer.restores);
        }
        if !news.is_empty() {
            self.news.set(news);
        }
        self.answers.update(|n| *n += 1);
        self.poll_later();
    }

    /// Takes what the Worker says about some restores after an action.
    pub fn put(self, changed: impl IntoIterator<Item = Restore>) {
        let mut all = self.all.get_untracked();
        for restore in changed {
            match all.iter_mut().find(|known| known.id == restore.id) {
                Some(known) => *known = restore,
                None => all.insert(0, restore),
            }
        }
        self.take(Restores { now: self.session.present(), paused: self.paused.get_untracked(), restores: all });
    }

    /// Asks the Worker to do something with a restore and shows what it says is true now.
    pub async fn act(self, restore: JobId, act: Act) -> Result<Restore, ApiError> {
        let done = match act {
            Act::Cancel => self.api.post(Cancel { restore }, &()).await,
            Act::TryAgain => self.api.post(TryAgain { restore }, &()).await,
            Act::RemoveArrived => self.api.post(RemoveArrived { restore }, &()).await,
            Act::RemoveCopy => self.api.post(RemoveCopy { restore }, &()).await,
            Act::KeepArrived => self.api.post(KeepArrived { restore }, &()).await,
            Act::ChangeCategory(target) => self.api.post(ChangeCategory { restore }, &CategoryChange { target }).await,
        };
        match &done {
            Ok(restore) => self.put([restore.clone()]),
            // The restore has changed meanwhile: show how it is.
            Err(ApiError::Refused(_)) => self.poll(),
            Err(_) => {}
        }
        done
    }

    /// Asks how all restores are, at once.
    pub fn poll(self) {
        if self.asking.try_update_value(|asking| std::mem::replace(asking, true)) != Some(false) {
            return;
        }
        leptos::task::spawn_local(async move {
            let old = self.session.home_age() > polling::HOME_AGE;
            let answered = if old || self.session.home().with_untracked(Option::is_none) {
                self.session.refresh().await
            } else {
                self.api.get(ListRestores, &()).await.map(|answer| self.take(answer))
            };
            self.asking.set_value(false);
            if answered.is_ok() {
                self.poll_later();
            }
        });
    }

    fn poll_later(self) {
        self.poll_in(self.all.with_untracked(|all| polling::interval(all, self.session.present())));
    }

    fn poll_in(self, seconds: u64) {
        let tick = move || {
            if !is_hidden() {
                self.poll();
            }
        };
        let timer = set_timeout_with_handle(tick, Duration::from_secs(seconds)).ok();
        if let Some(Some(earlier)) = self.timer.try_update_value(|known| std::mem::replace(known, timer)) {
            earlier.clear();
        }
    }
}
