//! Where courses go: a native select up to thirty categories, a combobox of flat paths beyond.

use super::view::{live, maybe, part, whether};
use super::widget::Instance;
use crate::live::{Derived, Live};
use crate::logic::targets::{self, LISTED, SELECT_LIMIT};
use courseferry_api::{Home, Target};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A picker named `label` that shows `value` and gives what is chosen to `choose`.
pub fn target_picker(
    inst: Instance,
    label: String,
    value: Derived<Option<Target>>,
    choose: Callback<Target>,
) -> AnyView {
    let Some(home) = inst.app.home.get_untracked() else { return ().into_any() };
    let id = inst.id(&format!("target{}", NEXT.fetch_add(1, Ordering::Relaxed)));
    let picker = if home.categories.len() <= SELECT_LIMIT {
        select(inst, &home, id.clone(), value, choose)
    } else {
        combobox(inst, home, id.clone(), value, choose)
    };
    view! { <div class="cf-picker"><label for=id>{label}</label>{picker}</div> }.into_any()
}

fn select(
    inst: Instance,
    home: &Home,
    id: String,
    value: Derived<Option<Target>>,
    choose: Callback<Target>,
) -> AnyView {
    let words = inst.app.words;
    let option = |target: Target| {
        let chosen = whether(move || value.get() == Some(target));
        view! { <option value=targets::write(target) prop:selected=chosen>{targets::label(words, home, target)}</option> }.into_any()
    };
    let special = targets::special(home).into_iter().map(option).collect::<Vec<_>>();
    let listed = home.categories.iter().map(|c| option(Target::Category(c.id))).collect::<Vec<_>>();
    let change = move |event| {
        if let Some(target) = targets::read(&event_target_value(&event)) {
            choose.run(target);
        }
    };
    view! {
        <select id=id class="form-control form-select cf-select" on:change=change>
            {special}
            <optgroup label=words.categories>{listed}</optgroup>
        </select>
    }
    .into_any()
}

/// The combobox of the ARIA Authoring Practices, with list autocompletion.
#[expect(clippy::too_many_lines, reason = "one pattern, whose parts refer to each other")]
fn combobox(
    inst: Instance,
    home: Arc<Home>,
    id: String,
    value: Derived<Option<Target>>,
    choose: Callback<Target>,
) -> AnyView {
    let words = inst.app.words;
    let label = {
        let home = Arc::clone(&home);
        move |target| targets::label(words, &home, target)
    };
    let shown = {
        let label = label.clone();
        move || value.get().map(&label).unwrap_or_default()
    };
    // None while nobody types: then the chosen target stands there.
    let typed = Live::new(None::<String>);
    let open = Live::new(false);
    let active = Live::new(0_usize);
    let found = Derived::new(move || targets::matching(words, &home, &typed.get().unwrap_or_default()));
    let list = format!("{id}-list");
    let option_id = {
        let id = id.clone();
        move |at: usize| format!("{id}-{at}")
    };
    let pick = move |at: usize| {
        if let Some((target, _)) = found.with_untracked(|found| found.get(at).cloned()) {
            choose.run(target);
        }
        typed.set(None);
        open.set(false);
    };
    let option_of = option_id.clone();
    let keys = move |event: KeyboardEvent| {
        let end = found.with_untracked(Vec::len).min(LISTED).saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" if !open.get_untracked() => open.set(true),
            "ArrowDown" => active.update(|at| *at = if *at >= end { 0 } else { *at + 1 }),
            "ArrowUp" => active.update(|at| *at = if *at == 0 { end } else { *at - 1 }),
            "Enter" if open.get_untracked() => pick(active.get_untracked()),
            "Escape" if open.get_untracked() => {
                typed.set(None);
                open.set(false);
                event.stop_propagation();
            }
            _ => return,
        }
        crate::browser::reveal_later(option_of(active.get_untracked()));
        event.prevent_default();
    };
    let input = move |event| {
        typed.set(Some(event_target_value(&event)));
        active.set(0);
        open.set(true);
    };
    let text = live(move || typed.get().unwrap_or_else(&shown));
    let current = {
        let option_id = option_id.clone();
        maybe(move || (open.get() && found.with(|found| !found.is_empty())).then(|| option_id(active.get())))
    };
    let expanded = live(move || open.get().to_string());
    let hidden = whether(move || !open.get());
    let options = move || {
        let option_id = option_id.clone();
        open.get().then(|| {
            let found = found.get();
            let rest = found.len().saturating_sub(LISTED);
            let hint = match (found.is_empty(), rest) {
                (true, _) => Some(words.no_category.to_owned()),
                (_, 0) => None,
                _ => Some(words.count(words.more_categories, rest)),
            };
            let lines = found.into_iter().take(LISTED).enumerate().map(|(at, (_, line))| {
                let here = whether(move || active.get() == at);
                let selected = live(move || (active.get() == at).to_string());
                // The press comes before the input loses the focus and closes the list.
                let press = move |event: leptos::ev::PointerEvent| {
                    event.prevent_default();
                    pick(at);
                };
                view! {
                    <li role="option" id=option_id(at) dir="auto" aria-selected=selected
                        class:cf-active=here on:pointerdown=press>{line}</li>
                }
                .into_any()
            });
            let hint = hint.map(|hint| view! { <li class="cf-meta" role="presentation">{hint}</li> }.into_any());
            lines.chain(hint).collect::<Vec<_>>().into_any()
        })
    };
    let select_all = move |event: leptos::ev::FocusEvent| {
        event_target::<web_sys::HtmlInputElement>(&event).select();
    };
    let leave = move |_| {
        typed.set(None);
        open.set(false);
    };
    view! {
        <div class="cf-combobox">
            <input id=id type="text" class="form-control cf-select" role="combobox" autocomplete="off"
                aria-autocomplete="list" aria-controls=list.clone() aria-expanded=expanded
                aria-activedescendant=current placeholder=words.find_category prop:value=text
                on:input=input on:keydown=keys on:focus=select_all on:click=move |_| open.set(true) on:blur=leave />
            <ul id=list role="listbox" aria-label=words.categories class="cf-listbox" hidden=hidden>
                {part(options)}
            </ul>
        </div>
    }
    .into_any()
}
