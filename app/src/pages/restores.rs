//! "Your restores": the list, which does not move under focus or pointer.

mod arrived;
mod copy;
mod row;

use crate::i18n::{text, use_i18n};
use crate::layout::use_layout;
use crate::logic::restores::{BRIEF, order, steady};
use crate::state::restores::RestoreList;
use crate::state::session::Session;
use crate::ui::button::Button;
use crate::ui::heading::Heading;
use crate::ui::id::use_id;
use courseferry_api::JobId;
use leptos::html::Ul;
use leptos::prelude::*;
use row::RestoreRow;

const PAGE: usize = 50;

/// The list; `brief` shows its first lines and the way to all of them.
#[component]
pub fn Restores(brief: bool) -> impl IntoView {
    let (i18n, layout) = (use_i18n(), use_layout());
    let (restores, session): (RestoreList, Session) = (expect_context(), expect_context());
    let list = NodeRef::<Ul>::new();
    let limit = RwSignal::new(if brief { BRIEF } else { PAGE });
    let shown = Memo::new(move |before: Option<&Vec<JobId>>| {
        let now = session.present();
        let is_touched =
            list.get_untracked().is_some_and(|list| list.matches(":hover, :focus-within").unwrap_or_default());
        restores.all.with(|all| match before {
            Some(before) if is_touched => steady(before, all, now),
            _ => order(all, now),
        })
    });
    let ids = move || shown.with(|all| all.iter().take(limit.get()).cloned().collect::<Vec<_>>());
    let rest = move || shown.with(Vec::len).saturating_sub(limit.get());
    let more = move || {
        let rest = rest();
        match (rest, brief) {
            (0, _) => None,
            (_, true) => {
                let label = i18n.fill(text::SEE_ALL, &[("n", &i18n.number(shown.with(Vec::len)))]);
                let href = format!("{}#restores", session.page());
                Some(view! { <a class="cf-see-all" href=href>{label}</a> }.into_any())
            }
            (_, false) => {
                let label = i18n.fill(text::SHOW_MORE, &[("n", &i18n.number(rest.min(PAGE)))]);
                Some(view! { <Button label on_press=move || limit.update(|limit| *limit += PAGE) /> }.into_any())
            }
        }
    };
    let id = use_id("restores");
    let heading_id = id.clone();
    view! {
        <section class="cf-restores" aria-labelledby=id>
            <Heading
                level=layout.heading_level()
                class=layout.heading_class()
                id=heading_id
                text=i18n.t(text::YOUR_RESTORES)
            />
            <Show when=move || restores.all.with(Vec::is_empty)>
                <p class="cf-meta">{i18n.t(text::NO_RESTORES)}</p>
            </Show>
            <ul class="cf-list" node_ref=list>
                <For each=ids key=JobId::clone children=move |id| view! { <RestoreRow id /> } />
            </ul>
            {more}
        </section>
    }
}
