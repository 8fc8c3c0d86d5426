//! A bar for a share of a whole that is known.

use leptos::prelude::*;

/// The bar; nothing while the share is not known.
#[component]
pub fn Progress(#[prop(into)] label: String, #[prop(into)] percent: Signal<Option<u64>>) -> impl IntoView {
    let now = move || percent.get().unwrap_or_default();
    let known = Memo::new(move |_| percent.get().is_some());
    view! {
        <Show when=move || known.get()>
            <div
                class="progress cf-progress"
                role="progressbar"
                aria-label=label.clone()
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow=now
            >
                <div class="progress-bar" style:width=move || format!("{}%", now())></div>
            </div>
        </Show>
    }
}
