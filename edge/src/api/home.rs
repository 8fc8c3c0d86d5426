//! `GET /api/home`: who the user is, what they may do, and their restores. It asks no remote anything.

use crate::{api::view::View, app::App, auth::session::CurrentUser, http::error::ApiResult, peers::Names};
use courseferry_api::{Home, Me, Permissions, Policy, Remote, RemoteKind, Target};
use courseferry_store::OwnRestores;

/// The first screen.
pub async fn show(app: &App, user: &CurrentUser, own: OwnRestores) -> ApiResult<Home> {
    let CurrentUser { rights, acting, .. } = user;
    let account = &rights.account;
    let settings = &app.settings;
    let names = Names::new(app, own.peers);
    let scheduled = match settings.max_per_person {
        0 => 0,
        _ => app.store.scheduled_since(account.id, app.night_began()).await?.0,
    };
    let view = View { app, rights, names: &names };
    let categories = rights.categories();
    let allowed = |id: &_| categories.iter().any(|category| category.id == *id);
    let may = Permissions {
        restore: !categories.is_empty(),
        add: rights.may_add(),
        manage: rights.may_manage(),
        start_now: rights.may_start_now(),
    };
    let problems = if may.manage { app.problems(account.language()) } else { Vec::new() };
    let original_first = settings.offers_original_first();
    Ok(Home {
        now: app.now,
        me: Me {
            id: account.id,
            username: account.username.clone(),
            name: account.name.clone(),
            locale: account.locale.clone(),
            time_zone: account.time_zone.clone(),
            acting: acting.as_ref().map(|actor| actor.preferred_username.clone()),
        },
        may,
        remotes: app
            .config
            .remotes
            .iter()
            .map(|remote| Remote {
                id: remote.id().clone(),
                name: names.of(remote.id(), &account.locale),
                abilities: names.kind(remote.id()).map(RemoteKind::abilities),
                held: names.held(app, remote.id(), rights),
            })
            .collect(),
        policy: Policy {
            one_per_course: settings.one_per_course,
            original_category: settings.original_category,
            first_target: if original_first { Target::Original } else { Target::Default },
            default_category: settings.default_category.filter(allowed),
            enrol: settings.enrol_button,
            per_night: settings.max_per_person,
            left: settings.max_per_person.saturating_sub(scheduled),
            max_full_name: rights.site().maxfullname,
            max_short_name: rights.site().maxshortname,
        },
        categories,
        window: view.window(),
        paused: names.all_paused(),
        restores: own.restores.iter().map(|job| view.restore(job)).collect(),
        problems,
    })
}
