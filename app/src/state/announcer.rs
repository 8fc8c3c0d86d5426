//! What is said aloud: each widget has one live region, and the one used last speaks.

use leptos::prelude::*;
use std::time::Duration;

/// How long the live region holds what was said. Then it is emptied, so that somebody whose screen reader goes through the
/// page line by line comes upon no sentence that is no longer true.
const HELD: Duration = Duration::from_secs(7);

/// The page's announcements; a handle that is cheap to copy.
#[derive(Clone, Copy)]
pub struct Announcer {
    speaker: RwSignal<u32>,
    said: RwSignal<(u32, String)>,
    /// Whether something was said in this turn of the browser's event loop: no screen reader has had it yet.
    unheard: StoredValue<bool>,
    /// Empties the live region.
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Announcer {
    /// Nothing is said yet.
    pub fn new() -> Self {
        Self {
            speaker: RwSignal::new(0),
            said: RwSignal::default(),
            unheard: StoredValue::new(false),
            timer: StoredValue::new(None),
        }
    }

    /// Has the widget that was used last say `text`, after what is not heard yet. What is said twice before it is heard is
    /// said once.
    pub fn say(self, text: String) {
        let speaker = self.speaker.get_untracked();
        let earlier = self.said.with_untracked(|(by, said)| (*by == speaker).then(|| said.clone()));
        let text = match earlier.filter(|_| self.unheard.get_value()) {
            Some(earlier) if earlier == text => return,
            Some(earlier) => format!("{earlier} {text}"),
            None => text,
        };
        self.unheard.set_value(true);
        set_timeout(move || self.unheard.set_value(false), Duration::ZERO);
        // The same text twice would be no change, hence not be read.
        let again = self.said.with_untracked(|said| *said == (speaker, text.clone()));
        self.said.set((speaker, if again { format!("{text}\u{a0}") } else { text }));
        let timer = set_timeout_with_handle(move || self.said.set((speaker, String::new())), HELD).ok();
        if let Some(Some(earlier)) = self.timer.try_update_value(|known| std::mem::replace(known, timer)) {
            earlier.clear();
        }
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
