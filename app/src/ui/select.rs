//! A native list of which one line is chosen.

use super::id::use_numbered_id;
use leptos::prelude::*;

/// The list under its label. It shows `chosen` and gives what is chosen of it to `on_choose`.
#[component]
pub fn Select<T: Clone + PartialEq + Send + Sync + 'static>(
    label: String,
    /// What it is called aloud, if more than its label; it must contain the label.
    #[prop(optional, into)]
    name: Option<String>,
    /// What can be chosen, each with its line.
    #[prop(into)]
    options: Signal<Vec<(T, String)>>,
    #[prop(into)] chosen: Signal<T>,
    #[prop(into)] on_choose: UnsyncCallback<T>,
) -> impl IntoView {
    let id = use_numbered_id("select");
    let option = move |(at, (value, line)): (usize, (T, String))| {
        let is_chosen = move || chosen.with(|chosen| *chosen == value);
        view! {
            <option value=at.to_string() prop:selected=is_chosen>
                {line}
            </option>
        }
    };
    let choose = move |event| {
        let value = event_target_value(&event).parse().ok();
        let value = value.and_then(|at: usize| options.with_untracked(|options| options.get(at).cloned()));
        if let Some((value, _)) = value {
            on_choose.run(value);
        }
    };
    view! {
        <div class="cf-field">
            <label for=id.clone()>{label}</label>
            <select id=id class="form-control form-select cf-select" aria-label=name on:change=choose>
                {move || options.get().into_iter().enumerate().map(option).collect_view()}
            </select>
        </div>
    }
}
