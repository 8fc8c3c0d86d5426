//! What is said aloud: each widget has one live region, and the one used last speaks.

use leptos::prelude::*;
use std::time::Duration;

/// How long the live region holds what was said: who reads the page by its lines later finds no sentence that has become
/// wrong meanwhile.
const HELD: Duration = Duration::from_secs(7);

/// The page's announcements; a handle that is cheap to copy.
#[derive(Clone, Copy)]
pub struct Announcer {
    speaker: RwSignal<u32>,
    said: RwSignal<(u32, String)>,
    /// Something was said in the same turn of the browser's event loop, before anybody could hear it.
    unheard: StoredValue<bool>,
}

impl Announcer {
    /// Nothing is said yet.
    pub fn new() -> Self {
        Self { speaker: RwSignal::new(0), said: RwSignal::default(), unheard: StoredValue::new(false) }
    }

    /// Has the widget that was used last say `text`, after what is not heard yet.
    pub fn say(self, text: String) {
        let speaker = self.speaker.get_untracked();
        let earlier = self.said.with_untracked(|(by, said)| (*by == speaker).then(|| said.clone()));
        let text = match earlier.filter(|_| self.unheard.get_value()) {
            Some(earlier) => format!("{earlier} {text}"),
            None => text,
        };
        self.unheard.set_value(true);
        set_timeout(move || self.unheard.set_value(false), Duration::ZERO);
        // The same text twice would be no change, hence not be read.
        let again = self.said.with_untracked(|said| *said == (speaker, text.clone()));
        let said = (speaker, if again { format!("{text}\u{a0}") } else { text });
        self.said.set(said.clone());
        let forget = move || {
            if self.said.with_untracked(|last| *last == said) {
                self.said.set((speaker, String::new()));
            }
        };
        set_timeout(forget, HELD);
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
