//! "Your restores": the list, which does not move under focus or pointer.

use super::button::{SECONDARY, plain_text};
use super::el::{Child, Node, el};
use super::heading::heading;
use super::restore_row::restore_row;
use super::view::{each, effect, part};
use super::widget::{Instance, Surface};
use crate::live::Live;
use crate::logic::restores::{BRIEF, order, steady};
use courseferry_api::JobId;
use courseferry_words::fill;
use leptos::prelude::*;

const PAGE: usize = 50;

/// The list; `brief` shows its first lines and the way to all of them.
pub fn restores(inst: Instance, brief: bool) -> AnyView {
    let app = inst.app;
    let words = app.words;
    let list = Node::new();
    let shown = Live::new(Vec::<JobId>::new());
    let limit = Live::new(if brief { BRIEF } else { PAGE });
    effect(move || {
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
    let empty = move || app.restores.with(Vec::is_empty).then(|| el("p").class("cf-meta").child(words.no_restores));
    let more = move || {
        let rest = shown.with(Vec::len).saturating_sub(limit.get());
        if rest == 0 {
            return None;
        }
        Some(if brief {
            let label = fill(words.see_all, &[("n", &words.language.number(shown.with(Vec::len) as u64))]);
            el("a").class("cf-see-all").attr("href", format!("{}#restores", app.page())).child(label).view()
        } else {
            let label = fill(words.show_more, &[("n", &rest.min(PAGE).to_string())]);
            plain_text(SECONDARY, label, move || limit.update(|limit| *limit += PAGE))
        })
    };
    let on_page = inst.surface.get_untracked() == Surface::Page;
    let class = if on_page { "cf-heading cf-visually-hidden" } else { "cf-heading" };
    let rows = each(ids, move |id| restore_row(inst, id));
    el("section")
        .class("cf-restores")
        .attr("aria-labelledby", inst.id("restores"))
        .child(heading(inst.level(), class, inst.id("restores"), words.your_restores))
        .child(part(empty))
        .child(el("ul").class("cf-list").found_at(list).child(rows))
        .child(part(more))
        .view()
}
