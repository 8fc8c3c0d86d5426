//! The combobox of the ARIA Authoring Practices, with list autocompletion. Its user finds what matches.

use super::id::use_numbered_id;
use leptos::prelude::*;
use leptos::web_sys::{FocusEvent, HtmlInputElement, KeyboardEvent, ScrollIntoViewOptions, ScrollLogicalPosition};

/// A field in which somebody types, under its label, and the lines that match.
#[component]
pub fn Combobox(
    #[prop(into)] label: Signal<String>,
    /// What the field is called aloud, if more than its label; it must contain the label.
    #[prop(optional, into)]
    name: Option<String>,
    /// The lines that match, best first.
    #[prop(into)]
    lines: Signal<Vec<String>>,
    /// What stands in the field while nobody types.
    #[prop(into)]
    chosen: Signal<String>,
    /// What somebody types; none while nobody does.
    typed: RwSignal<Option<String>>,
    /// What the list is called.
    list_label: String,
    placeholder: String,
    /// What stands below the lines.
    #[prop(into)]
    hint: Signal<Option<String>>,
    #[prop(into)] on_pick: Callback<usize>,
) -> impl IntoView {
    let id = use_numbered_id("combobox");
    let open = RwSignal::new(false);
    let active = RwSignal::new(0_usize);
    let shown = move || typed.get().unwrap_or_else(|| chosen.get());
    let list_id = format!("{id}-list");
    let option_id = {
        let id = StoredValue::new(id.clone());
        move |at: usize| id.with_value(|id| format!("{id}-{at}"))
    };
    let close = move || {
        typed.set(None);
        open.set(false);
    };
    let pick = move |at: usize| {
        if at < lines.with_untracked(Vec::len) {
            on_pick.run(at);
        }
        close();
    };
    let on_key = move |event: KeyboardEvent| {
        let end = lines.with_untracked(Vec::len).saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" if !open.get_untracked() => open.set(true),
            "ArrowDown" => active.update(|at| *at = if *at >= end { 0 } else { *at + 1 }),
            "ArrowUp" => active.update(|at| *at = if *at == 0 { end } else { *at - 1 }),
            "Enter" if open.get_untracked() => pick(active.get_untracked()),
            "Escape" if open.get_untracked() => {
                close();
                event.stop_propagation();
            }
            _ => return,
        }
        reveal_later(option_id(active.get_untracked()));
        event.prevent_default();
    };
    let on_input = move |event| {
        typed.set(Some(event_target_value(&event)));
        active.set(0);
        open.set(true);
    };
    let select_all = move |event: FocusEvent| event_target::<HtmlInputElement>(&event).select();
    let current = move || (open.get() && lines.with(|lines| !lines.is_empty())).then(|| option_id(active.get()));
    let option = move |(at, line): (usize, String)| {
        let is_active = move || active.get() == at;
        view! {
            // The press comes before the input loses the focus and closes the list.
            <li
                role="option"
                id=option_id(at)
                dir="auto"
                class:cf-active=is_active
                aria-selected=move || is_active().to_string()
                on:pointerdown=move |event| {
                    event.prevent_default();
                    pick(at);
                }
            >
                {line}
            </li>
        }
    };
    let options = move || lines.get().into_iter().enumerate().map(option).collect_view();
    let hint = move || hint.get().map(|text| view! { <li class="cf-meta" role="presentation">{text}</li> });
    view! {
        <div class="cf-picker">
            <label for=id.clone()>{label}</label>
            <div class="cf-combobox">
                <input
                    id=id
                    type="text"
                    class="form-control cf-select"
                    role="combobox"
                    aria-label=name
                    autocomplete="off"
                    aria-autocomplete="list"
                    aria-controls=list_id.clone()
                    aria-expanded=move || open.get().to_string()
                    aria-activedescendant=current
                    placeholder=placeholder
                    prop:value=shown
                    on:input=on_input
                    on:keydown=on_key
                    on:focus=select_all
                    on:click=move |_| open.set(true)
                    on:blur=move |_| close()
                />
                <ul id=list_id role="listbox" aria-label=list_label class="cf-listbox" hidden=move || !open.get()>
                    <Show when=move || open.get()>{options} {hint}</Show>
                </ul>
            </div>
        </div>
    }
}

/// Scrolls the option with this id into sight once it has been drawn, and no further than needed.
fn reveal_later(id: String) {
    request_animation_frame(move || {
        if let Some(element) = document().get_element_by_id(&id) {
            let options = ScrollIntoViewOptions::new();
            options.set_block(ScrollLogicalPosition::Nearest);
            element.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
}
