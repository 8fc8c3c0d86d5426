//! Why can or can't this person restore here? And the end of their sessions.

use super::{ManageState, Section};
use crate::i18n::{text, use_i18n};
use crate::logic::targets::number_in;
use crate::ui::button::{Button, Look};
use courseferry_api::{CategoryId, ExplainPerson, ExplainPersonQuery, Revocation, Revoke, UserId};
use leptos::prelude::*;

/// What is asked or done; the numbers as they were typed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Question {
    Explain { user: String, category: String },
    Revoke { user: String },
}

/// The question and its answer.
#[component]
pub fn Person() -> impl IntoView {
    let i18n = use_i18n();
    let ManageState { api, .. } = expect_context();
    let (user, category) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let ask = Action::new_local(move |question: &Question| {
        let question = question.clone();
        async move {
            let not_a_number = || vec![i18n.t(text::MANAGE_NOT_A_NUMBER)];
            let answer = match question {
                Question::Explain { user, category } => {
                    let (Some(user), Some(category)) = (number_in(&user), number_in(&category)) else {
                        return not_a_number();
                    };
                    let query = ExplainPersonQuery { user: UserId(user), category: CategoryId(category) };
                    api.get(ExplainPerson, &query).await.map(|explained| {
                        let verdict = if explained.allowed { text::MANAGE_MAY } else { text::MANAGE_MAY_NOT };
                        [i18n.t(verdict)].into_iter().chain(explained.sentences).collect()
                    })
                }
                Question::Revoke { user } => {
                    let Some(user) = number_in(&user) else { return not_a_number() };
                    let revoked = api.post(Revoke, &Revocation { user: UserId(user) }).await;
                    revoked.map(|_| vec![i18n.t(text::MANAGE_REVOKED)])
                }
            };
            answer.unwrap_or_else(|error| vec![error.sentence(i18n)])
        }
    });
    let busy = ask.pending();
    let explain = move || {
        ask.dispatch(Question::Explain { user: user.get_untracked(), category: category.get_untracked() });
    };
    let revoke = move || {
        ask.dispatch(Question::Revoke { user: user.get_untracked() });
    };
    let answer = move || {
        let lines = ask.value().get().unwrap_or_default();
        lines.into_iter().map(|line| view! { <p>{line}</p> }).collect_view()
    };
    view! {
        <Section heading=i18n.t(text::MANAGE_EXPLAIN)>
            <div class="cf-ask">
                <label>
                    {i18n.t(text::MANAGE_PERSON)}
                    <input type="text" class="form-control" bind:value=user />
                </label>
                <label>
                    {i18n.t(text::MANAGE_CATEGORY)}
                    <input type="text" class="form-control" bind:value=category />
                </label>
                <Button label=i18n.t(text::MANAGE_EXPLAIN_DO) busy on_press=explain />
                <Button look=Look::Link label=i18n.t(text::MANAGE_REVOKE) busy on_press=revoke />
            </div>
            <div role="status">{answer}</div>
        </Section>
    }
}
