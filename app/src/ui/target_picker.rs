//! Where courses go: a native select up to thirty categories, a combobox of flat paths beyond.

use super::combobox::Combobox;
use super::id::use_numbered_id;
use crate::i18n::{text, use_i18n};
use crate::logic::search::fold;
use crate::logic::targets::{self, LISTED, Offer, SELECT_LIMIT};
use courseferry_api::Target;
use leptos::prelude::*;

/// A picker that shows `value` and gives what is chosen to `on_choose`.
#[component]
pub fn TargetPicker(
    #[prop(into)] label: Signal<String>,
    offer: Offer,
    #[prop(into)] value: Signal<Option<Target>>,
    #[prop(into)] on_choose: Callback<Target>,
) -> impl IntoView {
    if offer.categories.len() <= SELECT_LIMIT {
        view! { <Listed label offer value on_choose /> }.into_any()
    } else {
        view! { <Typed label offer value on_choose /> }.into_any()
    }
}

/// Of few categories people choose one in a list.
#[component]
fn Listed(
    label: Signal<String>,
    offer: Offer,
    value: Signal<Option<Target>>,
    on_choose: Callback<Target>,
) -> impl IntoView {
    let (i18n, id) = (use_i18n(), use_numbered_id("target"));
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
        <div class="cf-picker">
            <label for=id.clone()>{label}</label>
            <select id=id class="form-control form-select cf-select" on:change=choose>
                {offer.special.into_iter().map(option).collect_view()}
                <optgroup label=i18n.t(text::CATEGORIES)>{offer.categories.into_iter().map(option).collect_view()}</optgroup>
            </select>
        </div>
    }
}

/// Of many categories people type a part.
#[component]
fn Typed(
    label: Signal<String>,
    offer: Offer,
    value: Signal<Option<Target>>,
    on_choose: Callback<Target>,
) -> impl IntoView {
    let i18n = use_i18n();
    let offer = StoredValue::new(offer);
    let typed = RwSignal::new(None::<String>);
    let found = Memo::new(move |_| {
        let typed = typed.get().unwrap_or_default();
        offer.with_value(|offer| targets::matching(&offer.lines(), &typed, fold))
    });
    let lines =
        Signal::derive(move || found.with(|found| found.iter().take(LISTED).map(|(_, line)| line.clone()).collect()));
    let chosen = Signal::derive(move || {
        value.get().and_then(|target| offer.with_value(|offer| offer.line(target))).unwrap_or_default()
    });
    let hint = Signal::derive(move || {
        let rest = found.with(Vec::len).saturating_sub(LISTED);
        match (found.with(Vec::is_empty), rest) {
            (true, _) => Some(i18n.t(text::NO_CATEGORY)),
            (_, 0) => None,
            _ => Some(i18n.fill(text::MORE_CATEGORIES, &[("n", &rest.to_string())])),
        }
    });
    let pick = move |at: usize| {
        if let Some((target, _)) = found.with_untracked(|found| found.get(at).cloned()) {
            on_choose.run(target);
        }
    };
    view! {
        <Combobox
            label
            lines
            chosen
            typed
            list_label=i18n.t(text::CATEGORIES)
            placeholder=i18n.t(text::FIND_CATEGORY)
            hint
            on_pick=pick
        />
    }
}
