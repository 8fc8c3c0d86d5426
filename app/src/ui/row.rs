//! A row of a list about one course: what it says, what can be done with it, and its details for whoever asks.

use super::button::{Button, Look};
use crate::i18n::{Text, text, use_i18n};
use leptos::prelude::*;

/// The row of the course called `of`. Its children stand before the actions, `below` them what an action opens.
#[component]
pub fn Row(
    #[prop(into)] of: String,
    #[prop(into)] class: Signal<&'static str>,
    #[prop(into)] actions: ViewFn,
    #[prop(optional, into)] below: ViewFn,
    #[prop(into)] details: ViewFn,
    children: Children,
) -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <li class=class tabindex="-1" data-cf-fallback="">
            {children()}
            <div class="cf-actions">
                {move || actions.run()}
                <Verb
                    verb=text::DETAILS
                    of
                    look=Look::Link
                    expanded=open
                    on_press=move || open.update(|open| *open = !*open)
                />
            </div>
            {move || below.run()}
            <Show when=move || open.get()>
                <div class="cf-details">{details.run()}</div>
            </Show>
        </li>
    }
}

/// A button that does `verb` to the course called `of`, whose name is heard but stands in the row already.
#[component]
pub fn Verb(
    verb: Text,
    #[prop(into)] of: String,
    #[prop(into)] on_press: UnsyncCallback<()>,
    #[prop(optional)] look: Look,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(optional, into)] expanded: MaybeProp<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! { <Button label=i18n.t(verb) name=i18n.named(verb, &of) look busy expanded on_press /> }
}
