//! The settings in force: those of daily life are changed here, the others say where they stand.

use super::section::Section;
use super::state::ManageState;
use crate::api::ApiError;
use crate::i18n::{text, use_i18n};
use crate::state::announcer::Announcer;
use crate::ui::button::{Button, Look};
use crate::ui::notice::{Failure, Notice, Tone};
use crate::ui::rich::WithCode;
use courseferry_api::{ChangeSetting, ListSettings, ManagedSetting, ManagedSettings, SettingValue};
use leptos::prelude::*;

/// The settings, and what is wrong with them.
#[component]
pub fn Settings() -> impl IntoView {
    let i18n = use_i18n();
    let state: ManageState = expect_context();
    let settings = LocalResource::new(move || state.api.get(ListSettings, &()));
    let problems = move || {
        let problems = state.known().map(|overview| overview.problems).unwrap_or_default();
        let problem = |p: courseferry_api::Problem| {
            let text = format!(" {} {}", p.message, p.advice);
            view! { <li><span class="cf-icon cf-failed"></span> <WithCode text /></li> }
        };
        problems.into_iter().map(problem).collect_view()
    };
    let answer = Memo::new(move |earlier: Option<&Option<ManagedSettings>>| {
        settings.get().and_then(Result::ok).or(earlier.cloned().flatten())
    });
    let failed = move || {
        let error = settings.get()?.err()?;
        Some(view! { <Notice tone=Tone::Danger><p role="alert">{error.sentence(i18n)}</p></Notice> })
    };
    let of_kind = move |changeable: bool| {
        let all = answer.get().map(|answer| answer.settings).unwrap_or_default();
        all.into_iter().filter(|setting| setting.changeable == changeable).collect::<Vec<_>>()
    };
    let fixed = move || {
        let line =
            |setting: ManagedSetting| view! { <dt><code>{setting.name}</code></dt><dd dir="auto">{setting.value}</dd> };
        of_kind(false).into_iter().map(line).collect_view()
    };
    view! {
        <Section heading=i18n.t(text::MANAGE_SETTINGS)>
            <ul class="cf-list">{problems}</ul>
            {failed}
            <p class="cf-meta">{i18n.t(text::MANAGE_SETTINGS_TEXT)}</p>
            <ul class="cf-list">
                <For
                    each=move || of_kind(true)
                    key=|setting: &ManagedSetting| setting.name.clone()
                    children=move |setting| {
                        let name = setting.name.clone();
                        let now = Memo::new(move |_| {
                            of_kind(true).into_iter().find(|setting| setting.name == name).unwrap_or_else(|| setting.clone())
                        });
                        view! { <Setting now settings /> }
                    }
                />
            </ul>
            <details class="cf-details">
                <summary>{i18n.t(text::MANAGE_SETTINGS_FIXED)}</summary>
                <p class="cf-meta"><WithCode text=i18n.t(text::MANAGE_SETTINGS_FIXED_TEXT) /></p>
                <dl class="cf-facts">{fixed}</dl>
            </details>
        </Section>
    }
}

/// A setting that can be changed here.
#[component]
fn Setting(now: Memo<ManagedSetting>, settings: LocalResource<Result<ManagedSettings, ApiError>>) -> impl IntoView {
    let i18n = use_i18n();
    let state: ManageState = expect_context();
    let announcer: Announcer = expect_context();
    let name = now.with_untracked(|setting| setting.name.clone());
    let (open, typed) = (RwSignal::new(false), RwSignal::new(String::new()));
    let change = Action::new_local({
        let name = name.clone();
        move |value: &Option<String>| {
            let body = SettingValue { name: name.clone(), value: value.clone() };
            async move {
                let answer = state.api.post(ChangeSetting, &body).await.map_err(|error| error.sentence(i18n))?;
                open.set(false);
                settings.set(Some(Ok(answer)));
                announcer.say(i18n.t(text::MANAGE_DONE));
                Ok::<_, String>(())
            }
        }
    });
    let busy = change.pending();
    let failure = move || if busy.get() { None } else { change.value().get().and_then(Result::err) };
    let named = {
        let name = name.clone();
        move |verb| i18n.named(verb, &name)
    };
    let begin = move || {
        typed.set(now.with_untracked(|setting| setting.value.clone()));
        open.update(|open| *open = !*open);
    };
    let is_changed = Memo::new(move |_| now.with(|setting| setting.changed.is_some()));
    let where_from = move || {
        now.with(|setting| match &setting.changed {
            None => i18n.t(text::MANAGE_AS_SHIPPED),
            Some(changed) => {
                let moment = i18n.untracked().full_moment(changed.at);
                let values =
                    [("name", changed.by.as_str()), ("moment", moment.as_str()), ("value", setting.shipped.as_str())];
                i18n.fill(text::MANAGE_CHANGED_BY, &values)
            }
        })
    };
    let problem = move || {
        let problem = now.with(|setting| setting.problem.clone())?;
        Some(view! { <div class="text-danger">{problem.message}</div> })
    };
    let (change_name, shipped_name) = (named(text::CHANGE), named(text::MANAGE_SET_AS_SHIPPED));
    view! {
        <li class="cf-row cf-restore" tabindex="-1" data-cf-fallback="">
            <div class="cf-body">
                <div class="cf-name"><code>{name.clone()}</code> " " <bdi>{move || now.with(|setting| setting.value.clone())}</bdi></div>
                <div class="cf-meta">{where_from}</div>
                {problem}
                <Failure text=Signal::derive(failure) />
            </div>
            <div class="cf-actions">
                <Button look=Look::Link label=i18n.t(text::CHANGE) name=change_name expanded=open on_press=begin />
                <Show when=move || is_changed.get()>
                    <Button
                        look=Look::Link
                        label=i18n.t(text::MANAGE_SET_AS_SHIPPED)
                        name=shipped_name.clone()
                        busy
                        on_press=move || { change.dispatch(None); }
                    />
                </Show>
            </div>
            <Show when=move || open.get()>
                <div class="cf-ask">
                    <label>
                        {i18n.fill(text::MANAGE_NEW_VALUE, &[("name", &name)])}
                        <input type="text" class="form-control" bind:value=typed />
                    </label>
                    <Button
                        label=i18n.t(text::MOVE_DO)
                        busy
                        on_press=move || { change.dispatch(Some(typed.get_untracked())); }
                    />
                </div>
            </Show>
        </li>
    }
}
