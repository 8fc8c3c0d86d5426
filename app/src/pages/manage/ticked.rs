//! The restores that are ticked.

use courseferry_api::JobId;
use leptos::prelude::*;

/// The restores that are ticked, of those that are shown.
#[derive(Clone, Copy)]
pub struct Ticked(pub RwSignal<Vec<JobId>>);

impl Ticked {
    pub fn set(self, id: &JobId, is_ticked: bool) {
        self.0.update(|ticked| {
            ticked.retain(|known| known != id);
            if is_ticked {
                ticked.push(id.clone());
            }
        });
    }
}
