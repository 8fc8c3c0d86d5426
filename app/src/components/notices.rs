//! What stands above everything: a lost connection, an ended login, paused restores, acting for somebody else.

use super::button::{SECONDARY, plain};
use super::view::part;
use crate::browser;
use crate::state::App;
use crate::words::fill;
use leptos::prelude::*;

/// The notices that hold now.
pub fn notices(app: App) -> AnyView {
    let words = app.words;
    let lost = move || {
        let since = app.lost.get().filter(|_| !app.logged_out.get())?;
        let text = fill(words.lost, &[("time", &app.clock(|clock| clock.time(since)))]);
        Some(view! { <div class="alert alert-warning cf-notice">{text}</div> }.into_any())
    };
    let logged_out = move || {
        app.logged_out.get().then(|| {
            let retry = plain(SECONDARY, words.try_again, None, move || leptos::task::spawn_local(app.poll()));
            let login = format!("{}/login/index.php", app.wwwroot());
            view! {
                <div class="alert alert-warning cf-notice">
                    <p>{words.logged_out}</p>
                    <div class="cf-actions">
                        <a class=SECONDARY href=login target="_blank">{words.log_in}</a>
                        {retry}
                    </div>
                </div>
            }
            .into_any()
        })
    };
    let paused = move || {
        app.paused.get().then(|| view! { <div class="alert alert-info cf-notice">{words.paused}</div> }.into_any())
    };
    let acting = move || {
        let name = app.with_home(|home| home.me.acting.as_ref().map(|_| home.me.name.clone()))??;
        Some(
            view! { <div class="alert alert-info cf-notice">{fill(words.acting, &[("name", &name)])}</div> }.into_any(),
        )
    };
    view! { {part(lost)} {part(logged_out)} {part(paused)} {part(acting)} }.into_any()
}

/// Reloads the page.
pub fn reload() {
    let _ = browser::window().location().reload();
}
