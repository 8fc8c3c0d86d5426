//! Where courses go: a native select up to thirty categories, a combobox of flat paths beyond.

use super::id::use_id;
use crate::i18n::{text, use_i18n};
use crate::logic::search::fold;
use crate::logic::targets::{self, LISTED, Offer, SELECT_LIMIT};
use courseferry_api::Target;
use leptos::prelude::*;
use leptos::web_sys::{FocusEvent, HtmlInputElement, KeyboardEvent, ScrollIntoViewOptions, ScrollLogicalPosition};
use std::sync::atomic::{AtomicU32, Ordering};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A picker that shows `value` and gives what is chosen to `on_choose`.
#[component]
pub fn TargetPicker(
    #[prop(into)] label: Signal<String>,
    offer: Offer,
    #[prop(into)] value: Signal<Option<Target>>,
    #[prop(into)] on_choose: Callback<Target>,
) -> impl IntoView {
    let id = use_id(&format!("target{}", NEXT.fetch_add(1, Ordering::Relaxed)));
    let picker = if offer.categories.len() <= SELECT_LIMIT {
        view! { <Select id=id.clone() offer value on_choose /> }.into_any()
    } else {
        view! { <Combobox id=id.clone() offer value on_choose /> }.into_any()
    };
    view! {
        <div class="cf-picker">
            <label for=id>{label}</label>
            {picker}
        </div>
    }
}

#[component]
fn Select(id: String, offer: Offer, value: Signal<Option<Target>>, on_choose: Callback<Target>) -> impl IntoView {
    let i18n = use_i18n();
    let choose = move |event| {
        if let Some(target) = targets::read(&event_target_value(&event)) {
            on_choose.run(target);
        }
    };
    let option = move |(target, line): (Target, String)| {
        view! {
            <option value=targets::write(target) prop:selected=move || value.get() == Some(target)>
                {line}
            </option>
        }
    };
    view! {
        <select id=id class="form-control form-select cf-select" on:change=choose>
            {offer.special.into_iter().map(option).collect_view()}
            <optgroup label=i18n.t(text::CATEGORIES)>{offer.categories.into_iter().map(option).collect_view()}</optgroup>
        </select>
    }
}

/// The combobox of the ARIA Authoring Practices, with list autocompletion.
#[component]
fn Combobox(id: String, offer: Offer, value: Signal<Option<Target>>, on_choose: Callback<Target>) -> impl IntoView {
    let i18n = use_i18n();
    let offer = StoredValue::new(offer);
    // None while nobody types: then the chosen target stands there.
    let typed = RwSignal::new(None::<String>);
    let open = RwSignal::new(false);
    let active = RwSignal::new(0_usize);
    let found = Memo::new(move |_| {
        let typed = typed.get().unwrap_or_default();
        offer.with_value(|offer| targets::matching(&offer.lines(), &typed, fold))
    });
    let shown = move || {
        let chosen = move || value.get().and_then(|target| offer.with_value(|offer| offer.line(target)));
        typed.get().or_else(chosen).unwrap_or_default()
    };
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
        if let Some((target, _)) = found.with_untracked(|found| found.get(at).cloned()) {
            on_choose.run(target);
        }
        close();
    };
    let on_key = move |event: KeyboardEvent| {
        let end = found.with_untracked(Vec::len).min(LISTED).saturating_sub(1);
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
    let current = move || (open.get() && found.with(|found| !found.is_empty())).then(|| option_id(active.get()));
    let hint = move || {
        let rest = found.with(Vec::len).saturating_sub(LISTED);
        let text = match (found.with(Vec::is_empty), rest) {
            (true, _) => Some(i18n.t(text::NO_CATEGORY)),
            (_, 0) => None,
            _ => Some(i18n.fill(text::MORE_CATEGORIES, &[("n", &rest.to_string())])),
        };
        text.map(|text| view! { <li class="cf-meta" role="presentation">{text}</li> })
    };
    let option = move |(at, (_, line)): (usize, (Target, String))| {
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
    let options = move || found.get().into_iter().take(LISTED).enumerate().map(option).collect_view();
    view! {
        <div class="cf-combobox">
            <input
                id=id
                type="text"
                class="form-control cf-select"
                role="combobox"
                autocomplete="off"
                aria-autocomplete="list"
                aria-controls=list_id.clone()
                aria-expanded=move || open.get().to_string()
                aria-activedescendant=current
                placeholder=i18n.t(text::FIND_CATEGORY)
                prop:value=shown
                on:input=on_input
                on:keydown=on_key
                on:focus=select_all
                on:click=move |_| open.set(true)
                on:blur=move |_| close()
            />
            <ul
                id=list_id
                role="listbox"
                aria-label=i18n.t(text::CATEGORIES)
                class="cf-listbox"
                hidden=move || !open.get()
            >
                <Show when=move || open.get()>{options} {hint}</Show>
            </ul>
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
