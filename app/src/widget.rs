//! One widget: measures its container, chooses the surface, and has the one live region.
#![expect(clippy::unnecessary_wraps, reason = "a function that `wasm_split` loads has to give a result")]

use crate::api::{ApiError, use_api};
use crate::i18n::{text, use_i18n};
use crate::layout::{Layout, Surface, Tab};
use crate::logic::selection::Selection;
use crate::pages::find::Find;
use crate::pages::manage::Manage;
use crate::pages::restores::Restores;
use crate::state::announcer::Announcer;
use crate::state::restores::RestoreList;
use crate::state::session::Session;
use crate::ui::button::{Button, LinkButton};
use crate::ui::focus::keep_focus;
use crate::ui::notice::{Notice, Sentence, Tone};
use leptos::prelude::*;
use leptos_use_element_size::{UseElementSizeReturn, use_element_size};
use wasm_split_helpers::{SplitLoaderError, wasm_split};

/// The widget number `number` of the page; `on_page` if it has a page of Moodle to itself.
#[component]
pub fn Widget(number: u32, on_page: bool) -> impl IntoView {
    let (i18n, session): (_, Session) = (use_i18n(), expect_context());
    let announcer: Announcer = expect_context();
    let root = NodeRef::new();
    let UseElementSizeReturn { width, .. } = use_element_size(root);
    let surface = Memo::new(move |_| if on_page { Surface::Page } else { Surface::of_width(width.get()) });
    let bar_height = RwSignal::new(0.0);
    provide_context(Layout { surface, tab: RwSignal::new(Tab::of_address()), bar_height });
    // What is chosen survives a change of the widget's width.
    provide_context(RwSignal::new(Selection::default()));
    keep_focus(root);

    let is_open = Memo::new(move |_| session.home().with(Option::is_some));
    let here = move || announcer.speak_through(number);
    let body = move || match surface.get() {
        Surface::Unknown => ().into_any(),
        Surface::Narrow => view! { <Narrow /> }.into_any(),
        Surface::Wide => view! { <Wide /> }.into_any(),
        Surface::Page => view! { <Page /> }.into_any(),
    };
    view! {
        <div
            class="cf"
            node_ref=root
            lang=i18n.t(text::LANGUAGE)
            style=("--cf-bar-height", move || format!("{}px", bar_height.get()))
            on:focusin=move |_| here()
            on:pointerdown=move |_| here()
        >
            <div class="cf-visually-hidden" role="status" aria-live="polite">
                {move || announcer.said_by(number)}
            </div>
            <Notices />
            <Show when=move || is_open.get() fallback=NotOpen>
                {body}
            </Show>
        </div>
    }
}

/// What stands above everything: a lost connection, an ended login, paused restores, acting for somebody else.
#[component]
fn Notices() -> impl IntoView {
    let (i18n, session): (_, Session) = (use_i18n(), expect_context());
    let (restores, announcer): (RestoreList, Announcer) = (expect_context(), expect_context());
    let lost = move || {
        let since = session.lost().filter(|_| !session.logged_out())?;
        let text = i18n.fill(text::LOST, &[("time", &i18n.locale().time(since))]);
        Some(view! { <Notice tone=Tone::Warning>{text}</Notice> })
    };
    let acting = move || {
        let name = session.with_home(|home| home.me.acting.as_ref().map(|_| home.me.name.clone())).flatten()?;
        Some(view! { <Notice tone=Tone::Info>{i18n.fill(text::ACTING, &[("name", &name)])}</Notice> })
    };
    let log_in = move || format!("{}/login/index.php", session.wwwroot());
    let again = Action::new_local(move |()| async move {
        // Success ends `logged_out`, which `state` announces.
        if let Err(error) = session.refresh().await {
            announcer.say(error.sentence(i18n));
        }
    });
    view! {
        {lost}
        <Show when=move || session.logged_out()>
            <Notice tone=Tone::Warning>
                <p>{i18n.t(text::LOGGED_OUT)}</p>
                <div class="cf-actions">
                    <LinkButton label=i18n.t(text::LOG_IN) href=log_in() new_tab=true />
                    <Button
                        label=i18n.t(text::TRY_AGAIN)
                        busy=again.pending()
                        on_press=move || { again.dispatch(()); }
                    />
                </div>
            </Notice>
        </Show>
        <Show when=move || restores.paused.get()>
            <Notice tone=Tone::Info>{i18n.t(text::PAUSED)}</Notice>
        </Show>
        {acting}
    }
}

/// While the session is being opened, and when it could not be.
#[component]
fn NotOpen() -> impl IntoView {
    let (i18n, session): (_, Session) = (use_i18n(), expect_context());
    let connection = use_api().connection;
    let announcer: Announcer = expect_context();
    let failed = move || -> Option<ApiError> {
        // The notices above tell of a lost connection and of an ended login, and the session comes back by itself.
        let told = connection.lost.get().is_some() || connection.logged_out.get();
        session.open.value().get()?.err().filter(|_| !told && !session.open.pending().get())
    };
    Effect::new(move || {
        if let Some(error) = failed() {
            announcer.say(error.sentence(i18n));
        }
    });
    move || match failed() {
        None => view! { <p class="cf-meta cf-late">{i18n.t(text::STARTING)}</p> }.into_any(),
        Some(error) => view! {
            <Notice tone=Tone::Danger>
                <p>{error.sentence(i18n)}</p>
                <div class="cf-actions">
                    <Button label=i18n.t(text::TRY_AGAIN) on_press=move || { session.open.dispatch(()); } />
                    <Button label=i18n.t(text::RELOAD) on_press=|| { let _ = location().reload(); } />
                </div>
            </Notice>
        }
        .into_any(),
    }
}

/// A block in a drawer.
#[component]
fn Narrow() -> impl IntoView {
    let (i18n, session): (_, Session) = (use_i18n(), expect_context());
    view! {
        <a class="btn btn-primary cf-button cf-block" href=format!("{}#find", session.page())>
            {i18n.t(text::FIND_COURSES)}
        </a>
        <Restores brief=true />
    }
}

/// A block in the main column.
#[component]
fn Wide() -> impl IntoView {
    view! {
        <div class="cf-wide">
            <Restores brief=true />
            <Find />
        </div>
    }
}

/// The full page. Its parts stay when another is looked at: what was chosen and typed is not lost. Each begins once it is
/// looked at.
#[component]
fn Page() -> impl IntoView {
    let (i18n, session): (_, Session) = (use_i18n(), expect_context());
    let Layout { tab, .. } = expect_context();
    let follow = window_event_listener_untyped("hashchange", move |_| tab.set(Tab::of_address()));
    on_cleanup(move || follow.remove());
    let manages = Memo::new(move |_| session.with_home(|home| home.may.manage).unwrap_or_default());
    let link = move |to: Tab, label| {
        let is_here = move || tab.get() == to;
        view! {
            <li class="nav-item">
                <a
                    class="nav-link"
                    class:active=is_here
                    href=to.hash()
                    aria-current=move || is_here().then_some("page")
                >
                    {i18n.t(label)}
                </a>
            </li>
        }
    };
    let seen = move |part: Tab| Memo::new(move |was: Option<&bool>| was == Some(&true) || tab.get() == part);
    let (find_seen, manage_seen) = (seen(Tab::Find), seen(Tab::Manage));
    view! {
        <nav aria-label=i18n.t(text::PAGES)>
            <ul class="nav nav-tabs cf-tabs">
                {link(Tab::Find, text::FIND)} {link(Tab::Restores, text::YOUR_RESTORES)}
                <Show when=move || manages.get()>{link(Tab::Manage, text::MANAGE)}</Show>
            </ul>
        </nav>
        <div class="cf-tab" hidden=move || tab.get() != Tab::Find>
            <Show when=move || find_seen.get()>
                <Find />
            </Show>
        </div>
        <div class="cf-tab" hidden=move || tab.get() != Tab::Restores>
            <Restores brief=false />
        </div>
        <div class="cf-tab" hidden=move || tab.get() != Tab::Manage>
            <Show when=move || manages.get() && manage_seen.get()>
                <LoadedManage />
            </Show>
        </div>
    }
}

/// Loads the code of the Manage page, which only administrators need, and shows it.
#[component]
fn LoadedManage() -> impl IntoView {
    let i18n = use_i18n();
    let attempts = RwSignal::new(1);
    let page = move || {
        attempts.track();
        Suspend::new(async move { manage().await.map_err(|_| Sentence(i18n.t(text::OFFLINE))) })
    };
    let failed = move |_| {
        view! {
            <Notice tone=Tone::Danger>
                <p role="alert">{i18n.t(text::OFFLINE)}</p>
                <Button label=i18n.t(text::TRY_AGAIN) on_press=move || attempts.update(|n| *n += 1) />
            </Notice>
        }
    };
    view! {
        <Transition fallback=move || view! { <p class="cf-meta cf-late">{i18n.t(text::LOADING)}</p> }>
            <ErrorBoundary fallback=failed>{page}</ErrorBoundary>
        </Transition>
    }
}

#[wasm_split(manage, fallible)]
fn manage() -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <Manage /> }.into_any())
}
