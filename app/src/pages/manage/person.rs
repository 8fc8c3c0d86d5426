//! Why can or can't this person restore here? And the end of their sessions.

use super::people::{PersonFinder, line};
use super::section::Section;
use super::state::ManageState;
use crate::i18n::{text, use_i18n};
use crate::logic::targets::number_in;
use crate::ui::button::{Button, Look};
use courseferry_api::{CategoryId, ExplainPerson, ExplainPersonQuery, FoundPerson, Revocation, Revoke, UserId};
use leptos::prelude::*;

/// What is asked or done; the category as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Question {
    Explain { user: UserId, category: String },
    Revoke { user: UserId },
}

/// The question and its answer.
#[component]
pub fn Person() -> impl IntoView {
    let i18n = use_i18n();
    let ManageState { api, .. } = expect_context();
    let (person, category) = (RwSignal::new(None::<FoundPerson>), RwSignal::new(String::new()));
    let ask = Action::new_local(move |question: &Question| {
        let question = question.clone();
        async move {
            let not_a_number = || vec![i18n.t(text::MANAGE_NOT_A_NUMBER)];
            let answer = match question {
                Question::Explain { user, category } => {
                    let Some(category) = number_in(&category) else { return not_a_number() };
                    let query = ExplainPersonQuery { user, category: CategoryId(category) };
                    api.get(ExplainPerson, &query).await.map(|explained| {
                        let verdict = if explained.allowed { text::MANAGE_MAY } else { text::MANAGE_MAY_NOT };
                        [i18n.t(verdict)].into_iter().chain(explained.sentences).collect()
                    })
                }
                Question::Revoke { user } => {
                    let revoked = api.post(Revoke, &Revocation { user }).await;
                    revoked.map(|_| vec![i18n.t(text::MANAGE_REVOKED)])
                }
            };
            answer.unwrap_or_else(|error| vec![error.sentence(i18n)])
        }
    });
    let busy = ask.pending();
    let nobody_chosen = RwSignal::new(false);
    let about = move |question: &dyn Fn(UserId) -> Question| {
        let chosen = person.with_untracked(|person| person.as_ref().map(|person| person.id));
        nobody_chosen.set(chosen.is_none());
        if let Some(user) = chosen {
            ask.dispatch(question(user));
        }
    };
    let explain = move || about(&|user| Question::Explain { user, category: category.get_untracked() });
    let revoke = move || about(&|user| Question::Revoke { user });
    let answer = move || {
        let nobody = nobody_chosen.get().then(|| vec![i18n.t(text::PEOPLE_CHOOSE)]);
        let lines = nobody.or_else(|| ask.value().get()).unwrap_or_default();
        lines.into_iter().map(|line| view! { <p>{line}</p> }).collect_view()
    };
    view! {
        <Section heading=i18n.t(text::MANAGE_EXPLAIN)>
            <div class="cf-ask">
                <PersonFinder
                    label=i18n.t(text::FOR_PERSON)
                    chosen=Signal::derive(move || person.with(|person| person.as_ref().map(line).unwrap_or_default()))
                    on_choose=move |found| person.set(Some(found))
                />
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
