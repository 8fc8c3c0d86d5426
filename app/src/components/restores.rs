//! "Your restores": the list, which does not move under focus or pointer.

use super::button::{SECONDARY, button};
use super::heading::heading;
use super::restore_row::restore_row;
use super::view::{each, part};
use super::widget::{Instance, Surface};
use crate::live::Live;
use crate::logic::restores::{BRIEF, order, steady};
use crate::words::fill;
use courseferry_api::JobId;
use leptos::html;
use leptos::prelude::*;

const PAGE: usize = 50;

/// The list; `brief` shows its first lines and the way to all of them.
pub fn restores(inst: Instance, brief: bool) -> AnyView {
    let app = inst.app;
    let words = app.words;
    let list = NodeRef::<html::Ul>::new();
    let shown = Live::new(Vec::<JobId>::new());
    let limit = Live::new(if brief { BRIEF } else { PAGE });
    Effect::new(move |_| {
        let all = app.restores.get();
        let touched =
            list.get_untracked().is_some_and(|list| list.matches(":hover, :focus-within").unwrap_or_default());
        let next = if touched {
            shown.with_untracked(|before| steady(before, &all, app.present()))
        } else {
            order(&all, app.present())
        };
        if shown.with_untracked(|before| *before != next) {
            shown.set(next);
        }
    });
    let ids = move || shown.with(|all| all.iter().take(limit.get()).map(JobId::to_string).collect());
    let empty = move || {
        app.restores.with(Vec::is_empty).then(|| view! { <p class="cf-meta">{words.no_restores}</p> }.into_any())
    };
    let more = move || {
        let rest = shown.with(Vec::len).saturating_sub(limit.get());
        if rest == 0 {
            return None;
        }
        Some(if brief {
            let label = fill(words.see_all, &[("n", &words.number(shown.with(Vec::len) as u64))]);
            view! { <a class="cf-see-all" href=format!("{}#restores", app.page())>{label}</a> }.into_any()
        } else {
            let label = fill(words.show_more, &[("n", &rest.min(PAGE).to_string())]);
            button(
                SECONDARY,
                move || label.clone(),
                None,
                Live::new(false),
                move || {
                    limit.update(|limit| *limit += PAGE);
                },
            )
        })
    };
    let on_page = inst.surface.get_untracked() == Surface::Page;
    let class = if on_page { "cf-heading cf-visually-hidden" } else { "cf-heading" };
    view! {
        <section class="cf-restores" aria-labelledby=inst.id("restores")>
            {heading(inst.level(), class, inst.id("restores"), words.your_restores.to_owned())}
            {part(empty)}
            <ul class="cf-list" node_ref=list>
                {each(ids, move |id| restore_row(inst, id))}
            </ul>
            {part(more)}
        </section>
    }
    .into_any()
}
