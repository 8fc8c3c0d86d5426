//! Fields in which somebody says how a course, or all chosen ones, should be here. What is not touched is as there.

use super::id::use_numbered_id;
use super::select::Select;
use crate::i18n::{text, use_i18n};
use crate::logic::wishes::dates_move;
use courseferry_api::UnixTime;
use leptos::prelude::*;

/// A start date, if dates may be moved; else why not.
#[component]
pub fn StartField(
    about: String,
    there: Option<UnixTime>,
    #[prop(into)] value: Signal<Option<UnixTime>>,
    #[prop(into)] refused: Signal<Option<String>>,
    on_change: impl Fn(Option<UnixTime>) + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = use_numbered_id("wish");
    let hint_id = format!("{id}-hint");
    let shown = move || {
        let locale = i18n.untracked();
        value.get().or(there).map(|at| locale.iso_date(at)).unwrap_or_default()
    };
    let change = move |event| {
        let locale = i18n.untracked();
        let starts = locale.on_day(&event_target_value(&event), there);
        // The date that it has on the remote is no wish.
        on_change(starts.filter(|starts| there != Some(*starts)));
    };
    let hint = move || {
        if let Some(reason) = refused.get() {
            return Some(reason);
        }
        let locale = i18n.untracked();
        let as_there = there.map(|at| locale.fill(text::STARTS_THERE, &[("date", &locale.full_date(at))]));
        dates_move(&locale, there, value.get()).or(as_there).or_else(|| Some(locale.t(text::EMPTY_AS_THERE)))
    };
    view! {
        <div class="cf-field">
            <label for=id.clone()>{i18n.t(text::FIELD_STARTS)}</label>
            <input
                id=id
                type="date"
                aria-label=i18n.named(text::FIELD_STARTS, &about)
                class="form-control"
                aria-describedby=hint_id.clone()
                prop:value=shown
                disabled=move || refused.with(Option::is_some) && value.get().is_none()
                on:change=change
            />
            <div class="cf-meta" id=hint_id>{hint}</div>
        </div>
    }
}

/// Whether students see it.
#[component]
pub fn VisibleField(
    about: String,
    #[prop(into)] value: Signal<Option<bool>>,
    on_change: impl Fn(Option<bool>) + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let options = [(None, text::AS_THERE), (Some(false), text::HIDDEN_FIRST), (Some(true), text::AT_ONCE)];
    view! {
        <Select
            label=i18n.t(text::STUDENTS_SEE_IT)
            name=i18n.named(text::STUDENTS_SEE_IT, &about)
            options=options.map(|(choice, label)| (choice, i18n.t(label))).to_vec()
            chosen=value
            on_choose=on_change
        />
    }
}
