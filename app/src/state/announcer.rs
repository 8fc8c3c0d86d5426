//! What is said aloud: each widget has one live region, and the one used last speaks.

use leptos::prelude::*;

/// The page's announcements; a handle that is cheap to copy.
#[derive(Clone, Copy)]
pub struct Announcer {
    speaker: RwSignal<u32>,
    said: RwSignal<(u32, String)>,
}

impl Announcer {
    /// Nothing is said yet.
    pub fn new() -> Self {
        Self { speaker: RwSignal::new(0), said: RwSignal::default() }
    }

    /// Has the widget that was used last say `text`.
    pub fn say(self, text: String) {
        let speaker = self.speaker.get_untracked();
        // The same text twice would be no change, hence not be read.
        let again = self.said.with_untracked(|said| *said == (speaker, text.clone()));
        self.said.set((speaker, if again { format!("{text}\u{a0}") } else { text }));
    }

    /// Widget `number` is being used.
    pub fn speak_through(self, number: u32) {
        self.speaker.set(number);
    }

    /// What the live region of widget `number` holds.
    pub fn said_by(self, number: u32) -> String {
        self.said.with(|(by, text)| if *by == number { text.clone() } else { String::new() })
    }
}
