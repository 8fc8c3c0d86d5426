//! Why can or can't this person restore here? And the end of their sessions.

use super::{Manage, number_in, section};
use crate::components::button::{LINK, SECONDARY, button};
use crate::components::el::{Child, el};
use crate::components::view::part;
use crate::live::Live;
use courseferry_api::{Explained, UserId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Serialize;

#[derive(Serialize)]
struct Revoke {
    user: UserId,
}

/// The question and its answer.
pub fn person(page: Manage) -> AnyView {
    let (app, words) = (page.app, page.words);
    let person = Live::new(String::new());
    let category = Live::new(String::new());
    let answer = Live::new(Vec::<String>::new());
    let busy = Live::new(false);
    let explain = move || {
        let numbers = (number_in(&person.get_untracked()), number_in(&category.get_untracked()));
        let (Some(person), Some(category)) = numbers else {
            answer.set(vec![words.not_a_number.to_owned()]);
            return;
        };
        busy.set(true);
        spawn_local(async move {
            let path = format!("/api/manage/explain?user={person}&category={category}");
            answer.set(match app.get::<Explained>(&path).await {
                Ok(Explained { allowed, sentences }) => {
                    let verdict = if allowed { words.may } else { words.may_not };
                    [verdict.to_owned()].into_iter().chain(sentences).collect()
                }
                Err(fault) => vec![app.explain(&fault)],
            });
            busy.set(false);
        });
    };
    let revoke = move || {
        let Some(person) = number_in(&person.get_untracked()) else {
            answer.set(vec![words.not_a_number.to_owned()]);
            return;
        };
        busy.set(true);
        spawn_local(async move {
            let done = app.post::<serde::de::IgnoredAny>("/api/manage/revoke", &Revoke { user: UserId(person) }).await;
            answer.set(vec![done.map_or_else(|fault| app.explain(&fault), |_| words.revoked.to_owned())]);
            busy.set(false);
        });
    };
    let lines = part(move || Some(answer.get().into_iter().map(|line| el("p").child(line).view()).collect::<Vec<_>>()));
    let field = |label: &'static str, value: Live<String>| {
        let input = el("input").attr("type", "text").class("form-control");
        el("label").child(label).child(input.on("input", move |event| value.set(event_target_value(&event))))
    };
    let question = el("div")
        .class("cf-ask")
        .child(field(words.person, person))
        .child(field(words.category, category))
        .child(button(SECONDARY, move || words.explain_do.to_owned(), None, busy, explain))
        .child(button(LINK, move || words.revoke.to_owned(), None, busy, revoke));
    section(words.explain, vec![question.view(), el("div").attr("role", "status").child(lines).view()])
}
