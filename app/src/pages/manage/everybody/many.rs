//! What is done with all ticked restores at once. Each is asked for by itself: one that is refused stops no other.

use crate::i18n::{text, use_i18n};
use crate::logic::phrases::reasons;
use crate::logic::targets::number_in;
use crate::pages::manage::state::ManageState;
use crate::pages::manage::ticked::Ticked;
use crate::state::announcer::Announcer;
use crate::ui::button::Button;
use crate::ui::notice::Failure;
use courseferry_api::{ActOnAll, ActOnMany, CategoryId, JobId, ManagedRestore, Verb};
use leptos::prelude::*;

/// The verbs; they are there with the first tick.
#[component]
pub fn Many(#[prop(into)] shown: Signal<Vec<ManagedRestore>>) -> impl IntoView {
    let i18n = use_i18n();
    let state: ManageState = expect_context();
    let announcer: Announcer = expect_context();
    let ticked: Ticked<JobId> = expect_context();
    let (asks, typed) = (RwSignal::new(false), RwSignal::new(String::new()));
    let wrong_number = RwSignal::new(None::<String>);
    let act = Action::new_local(move |verb: &Verb| {
        let body = ActOnMany { restores: ticked.0.get_untracked(), verb: *verb };
        async move {
            let acted = state.api.post(ActOnAll, &body).await.map_err(|error| error.sentence(i18n))?;
            asks.set(false);
            let refused: Vec<JobId> = acted.refused.iter().map(|not_done| not_done.restore.clone()).collect();
            let done = i18n.count(text::MANAGE_DONE_WITH, acted.done.len());
            // What was refused stays ticked.
            ticked.0.set(refused);
            state.overview.refetch();
            let not_done = |(number, why)| format!("{} {why}", i18n.count(text::MANAGE_NOT_DONE_WITH, number));
            let refused: Vec<String> = reasons(&acted.refused).into_iter().map(not_done).collect();
            if refused.is_empty() {
                announcer.say(done);
                Ok(())
            } else {
                Err(format!("{done} {}", refused.join(" ")))
            }
        }
    });
    let busy = act.pending();
    let failure = move || {
        let refused = if busy.get() { None } else { act.value().get().and_then(Result::err) };
        wrong_number.get().or(refused)
    };
    let number = move || ticked.0.with(Vec::len);
    let label = move || i18n.count(text::MANAGE_TICKED, number());
    let move_all = move || match typed.with_untracked(|typed| number_in(typed)) {
        Some(category) => {
            wrong_number.set(None);
            act.dispatch(Verb::Move(CategoryId(category)));
        }
        None => wrong_number.set(Some(i18n.t(text::MANAGE_NOT_A_NUMBER))),
    };
    let all_shown = move || shown.with(|shown| shown.iter().map(|one| one.restore.id.clone()).collect::<Vec<_>>());
    let are_all = move || {
        let shown = all_shown();
        !shown.is_empty() && ticked.0.with(|ticked| shown.iter().all(|id| ticked.contains(id)))
    };
    let tick_all = move |event| ticked.0.set(if event_target_checked(&event) { all_shown() } else { Vec::new() });
    view! {
        <div class="cf-many">
            <label class="cf-check">
                <input type="checkbox" prop:checked=are_all on:change=tick_all />
                {i18n.t(text::MANAGE_TICK_ALL)}
            </label>
            <Show when=move || number() != 0>
                <div class="cf-actions" role="group" aria-label=label>
                    <span>{label}</span>
                    <Button
                        label=i18n.t(text::TRY_AGAIN)
                        name=i18n.fill(text::MANAGE_ON_TICKED, &[("verb", &i18n.t(text::TRY_AGAIN))])
                        busy
                        on_press=move || { act.dispatch(Verb::Retry); }
                    />
                    <Button
                        label=i18n.t(text::CANCEL)
                        name=i18n.fill(text::MANAGE_ON_TICKED, &[("verb", &i18n.t(text::CANCEL))])
                        busy
                        on_press=move || { act.dispatch(Verb::Cancel); }
                    />
                    <Button
                        label=i18n.t(text::MOVE_IT)
                        name=i18n.fill(text::MANAGE_ON_TICKED, &[("verb", &i18n.t(text::MOVE_IT))])
                        busy
                        expanded=asks
                        on_press=move || asks.update(|asks| *asks = !*asks)
                    />
                </div>
            </Show>
            <Show when=move || asks.get() && number() != 0>
                <div class="cf-ask">
                    <label>
                        {i18n.t(text::MANAGE_MOVE_TEXT)}
                        <input type="text" class="form-control" bind:value=typed />
                    </label>
                    <Button label=i18n.t(text::MOVE_DO) busy on_press=move_all />
                </div>
            </Show>
            <Failure text=Signal::derive(failure) />
        </div>
    }
}
