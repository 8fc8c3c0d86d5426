//! What the parts of Find share.

use crate::logic::courses::Entry;
use courseferry_api::RemoteId;
use leptos::prelude::*;
use std::sync::Arc;

/// What is searched for, and what of it was found; a handle that is cheap to copy.
#[derive(Clone, Copy)]
pub struct Searched {
    /// What is typed into the search field.
    pub typed: RwSignal<String>,
    /// Leave out what is restored.
    pub hide_restored: RwSignal<bool>,
    /// Leave out what is not chosen.
    pub only_chosen: RwSignal<bool>,
    /// What is left, for each remote.
    pub found: Memo<Vec<(RemoteId, Vec<Arc<Entry>>)>>,
    /// How many rows each remote's list draws in one frame.
    pub rows_a_frame: Memo<usize>,
}

impl Searched {
    /// Something hides courses.
    pub fn is_filtered(self) -> bool {
        self.hide_restored.get() || self.only_chosen.get() || self.typed.with(|typed| !typed.trim().is_empty())
    }
}
