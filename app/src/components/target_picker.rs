//! Where courses go: a native select up to thirty categories, a combobox of flat paths beyond.

use super::el::{Child, el};
use super::view::{live, maybe, part, there_while, whether};
use super::widget::Instance;
use crate::live::{Derived, Live};
use crate::logic::targets::{self, LISTED, SELECT_LIMIT};
use courseferry_api::{Home, Target};
use leptos::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement, KeyboardEvent};

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
    el("div").class("cf-picker").child(el("label").attr("for", id).child(label)).child(picker).view()
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
        let label = targets::label(words, home, target);
        el("option").attr("value", targets::write(target)).flag("selected", chosen).child(label).view()
    };
    let special = targets::special(home).into_iter().map(option).collect::<Vec<_>>();
    let listed = home.categories.iter().map(|c| option(Target::Category(c.id))).collect::<Vec<_>>();
    let change = move |event: Event| {
        if let Some(target) = targets::read(&event_target_value(&event)) {
            choose.run(target);
        }
    };
    el("select")
        .id(id)
        .class("form-control form-select cf-select")
        .on("change", change)
        .child(special)
        .child(el("optgroup").attr("label", words.categories).child(listed))
        .view()
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
    let keys = move |event: Event| {
        let event: KeyboardEvent = event.unchecked_into();
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
    let input = move |event: Event| {
        typed.set(Some(event_target_value(&event)));
        active.set(0);
        open.set(true);
    };
    let text = move || typed.get().unwrap_or_else(&shown);
    let current = {
        let option_id = option_id.clone();
        maybe(move || (open.get() && found.with(|found| !found.is_empty())).then(|| option_id(active.get())))
    };
    let expanded = live(move || open.get().to_string());
    let hidden = there_while(move || !open.get());
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
                let class = live(move || if active.get() == at { "cf-active" } else { "" }.to_owned());
                let selected = live(move || (active.get() == at).to_string());
                // The press comes before the input loses the focus and closes the list.
                let press = move |event: Event| {
                    event.prevent_default();
                    pick(at);
                };
                el("li")
                    .attr("role", "option")
                    .id(option_id(at))
                    .class(class)
                    .attr("dir", "auto")
                    .attr("aria-selected", selected)
                    .on("pointerdown", press)
                    .child(line)
                    .view()
            });
            let hint = hint.map(|hint| el("li").class("cf-meta").attr("role", "presentation").child(hint).view());
            lines.chain(hint).collect::<Vec<_>>()
        })
    };
    let select_all = move |event: Event| event_target::<HtmlInputElement>(&event).select();
    let leave = move |_| {
        typed.set(None);
        open.set(false);
    };
    let field = el("input")
        .id(id)
        .attr("type", "text")
        .class("form-control cf-select")
        .attr("role", "combobox")
        .attr("autocomplete", "off")
        .attr("aria-autocomplete", "list")
        .attr("aria-controls", list.clone())
        .attr("aria-expanded", expanded)
        .attr("aria-activedescendant", current)
        .attr("placeholder", words.find_category)
        .value(text)
        .on("input", input)
        .on("keydown", keys)
        .on("focus", select_all)
        .on("click", move |_| open.set(true))
        .on("blur", leave);
    let options = el("ul")
        .id(list)
        .attr("role", "listbox")
        .attr("aria-label", words.categories)
        .class("cf-listbox")
        .attr("hidden", hidden)
        .child(part(options));
    el("div").class("cf-combobox").child(field).child(options).view()
}
