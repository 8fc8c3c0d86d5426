//! Copying a text: details for support, a command.

use super::button::Button;
use crate::i18n::{Text, text, use_i18n};
use crate::state::announcer::Announcer;
use leptos::prelude::*;
use leptos_use_clipboard::{UseClipboardReturn, use_clipboard};

/// A button that puts what `text` gives on the clipboard, and says whether the browser allowed it.
#[component]
pub fn CopyButton(
    #[prop(into)] text: UnsyncCallback<(), String>,
    #[prop(default = text::COPY_DETAILS)] label: Text,
) -> impl IntoView {
    let i18n = use_i18n();
    let announcer: Announcer = expect_context();
    let outcome = RwSignal::new(None::<String>);
    let UseClipboardReturn { is_supported, copied, copy, .. } = use_clipboard();
    let tell = move |said| {
        outcome.set(Some(i18n.t(said)));
        announcer.say(i18n.t(said));
    };
    Effect::new(move || {
        if copied.get() {
            tell(text::COPIED);
        }
    });
    let press = move || {
        // Pages without https have no clipboard.
        if is_supported.get_untracked() {
            copy(&text.run(()));
        } else {
            tell(text::NOT_COPIED);
        }
    };
    view! {
        <Button label=i18n.t(label) on_press=press />
        <span class="cf-meta">{move || outcome.get()}</span>
    }
}
