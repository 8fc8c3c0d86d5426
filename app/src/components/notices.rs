//! What stands above everything: a lost connection, an ended login, paused restores, acting for somebody else.

use super::button::{SECONDARY, plain};
use super::el::{Child, El, el};
use super::view::{part, several};
use crate::browser;
use crate::state::App;
use courseferry_words::fill;
use leptos::prelude::AnyView;

/// A notice that something hinders the visitor.
pub const WARNING: &str = "alert alert-warning cf-notice";
/// A notice that something failed.
pub const DANGER: &str = "alert alert-danger cf-notice";
const INFO: &str = "alert alert-info cf-notice";

/// The notices that hold now.
pub fn notices(app: App) -> AnyView {
    let words = app.words;
    let lost = move || {
        let since = app.lost.get().filter(|_| !app.logged_out.get())?;
        let text = fill(words.lost, &[("time", &app.clock(|clock| clock.time(since)))]);
        Some(el("div").class(WARNING).child(text))
    };
    let logged_out = move || {
        app.logged_out.get().then(|| {
            let form = format!("{}/login/index.php", app.wwwroot());
            let log_in = el("a").class(SECONDARY).attr("href", form).attr("target", "_blank").child(words.log_in);
            let retry = plain(SECONDARY, words.try_again, None, move || leptos::task::spawn_local(app.poll()));
            let actions = el("div").class("cf-actions").child(log_in).child(retry);
            el("div").class(WARNING).child(el("p").child(words.logged_out)).child(actions)
        })
    };
    let paused = move || app.paused.get().then(|| el("div").class(INFO).child(words.paused));
    let acting = move || -> Option<El> {
        let name = app.with_home(|home| home.me.acting.as_ref().map(|_| home.me.name.clone()))??;
        Some(el("div").class(INFO).child(fill(words.acting, &[("name", &name)])))
    };
    several([part(lost), part(logged_out), part(paused), part(acting)])
}

/// What failed just now because of the visitor's own press; it is said aloud at once.
pub fn failed(text: String) -> AnyView {
    el("div").class("cf-alert text-danger").attr("role", "alert").child(text).view()
}

/// Reloads the page.
pub fn reload() {
    let _ = browser::window().location().reload();
}
