//! The first page of Manage: does it work, what needs somebody, which settings are in force; pausing, and trying all
//! failures of one cause again.

use crate::{
    api::manage::readiness,
    app::App,
    auth::session::CurrentUser,
    http::error::{ApiError, ApiResult},
    peers::Names,
};
use courseferry_api::{
    ErrorCode, FailureGroup, Language, Lender, Overview, Pause, Peer, Problem, Refused, RemoteId, RetryGroup,
};
use courseferry_ferry::Failure;
use courseferry_store::PeerStatus;

/// A step that failed for one restore alone counts as failing for so many seconds.
const HOUR: i64 = 3_600;
/// Failures of so many seconds are grouped.
const WEEK: i64 = 7 * 86_400;

/// `GET /api/manage`.
pub async fn show(app: &App, user: &CurrentUser) -> ApiResult<Overview> {
    let language = user.account().language();
    let names = Names::of_all(app).await?;
    let groups = app.store.failures(app.now.plus(-WEEK), app.settings.one_per_course).await?;
    let (waiting, running) = app.store.queue().await?;
    let called = |remote: &RemoteId| names.of(remote, &user.account().locale);
    let faults = app.store.row_faults(app.now.plus(-HOUR)).await?;
    let stuck = faults.first().map(|fault| FailureGroup {
        problem: Problem::new(ErrorCode::Internal, language, "", &format!("{}: {}", fault.step, fault.detail)),
        remote: None,
        remote_name: None,
        count: u32::try_from(faults.len()).unwrap_or(u32::MAX),
    });
    let needs_you: Vec<FailureGroup> = groups
        .into_iter()
        .map(|group| {
            let name = called(&group.remote);
            let problem = Problem::ended(group.failure.code, language, &name, &group.failure.detail);
            FailureGroup { problem, remote: Some(group.remote), remote_name: Some(name), count: group.count }
        })
        .chain(stuck)
        .collect();
    let remotes = app.config.remotes.iter().map(|remote| (Some(remote.id()), remote.url.to_string()));
    let peers: Vec<Peer> = std::iter::once((None, app.config.companion.url.to_string()))
        .chain(remotes)
        .map(|(remote, address)| peer(app, user, &names, remote, address))
        .collect();
    let paused = names.all_paused();
    let problems = app.problems(language);
    let broken = peers.iter().filter(|peer| peer.problem.is_some()).count()
        + problems.len()
        + readiness::known_broken(app, user).await?;
    Ok(Overview {
        verdict: verdict(language, paused, broken, needs_you.iter().map(|group| group.count).sum()),
        paused,
        needs_you,
        peers,
        waiting,
        running,
        settings: settings(app),
        problems,
    })
}

fn peer(app: &App, user: &CurrentUser, names: &Names, remote: Option<&RemoteId>, address: String) -> Peer {
    let met = names.met(remote).cloned().unwrap_or_default();
    let name = match remote {
        Some(remote) => names.of(remote, &user.account().locale),
        None => user.rights.plain(&met.name),
    };
    let language = user.account().language();
    let lender = remote.and_then(|_| lender(&met, language));
    let PeerStatus { release, last_success, problem, refused, paused, .. } = met;
    let told = |failure: Failure| Problem::new(failure.code, language, &name, &failure.detail);
    let refused = refused
        .filter(|refused| problem.is_none() && app.now.since(refused.at) < WEEK)
        .map(|refused| Refused { at: refused.at, problem: told(refused.failure) });
    let problem = problem.map(told);
    Peer {
        remote: remote.cloned(),
        name,
        address,
        release,
        last_success,
        problem,
        refused,
        paused,
        lender,
        held: remote.and_then(|remote| names.held(app, remote, &user.rights)),
    }
}

fn lender(status: &PeerStatus, language: Language) -> Option<Lender> {
    let (kind, as_of) = status.kind?;
    let version = status.version.clone();
    let (described, advice) = (kind.described(&version, language), kind.advice(language).to_owned());
    Some(Lender { kind, version, abilities: kind.abilities(), described, as_of, advice })
}

fn verdict(language: Language, paused: bool, broken: usize, failed: u32) -> String {
    let sentence = match (language, paused, broken, failed) {
        (Language::English, true, ..) => "Restores are paused.",
        (Language::French, true, ..) => "Les restaurations sont suspendues.",
        (Language::English, _, 0, 0) => "All is well.",
        (Language::French, _, 0, 0) => "Tout va bien.",
        (Language::English, _, 0, _) => "It works, but some restores failed and need you.",
        (Language::French, _, 0, _) => "Tout fonctionne, mais des restaurations ont échoué et vous attendent.",
        (Language::English, ..) => "Something does not work and needs you.",
        (Language::French, ..) => "Quelque chose ne fonctionne pas et vous attend.",
    };
    sentence.to_owned()
}

/// The settings in force: name, value, where it is set.
fn settings(app: &App) -> Vec<(String, String, String)> {
    let place =
        |name: &str| if app.changed.iter().any(|changed| changed.name == name) { "Manage" } else { "wrangler.toml" };
    let row = |(name, value): &(&str, String)| ((*name).to_owned(), value.clone(), place(name).to_owned());
    app.settings.values.iter().map(row).collect()
}

/// `POST /api/manage/pause`.
pub async fn pause(app: &App, user: &CurrentUser, pause: Pause) -> ApiResult<Overview> {
    if let Some(remote) = &pause.remote {
        app.config.remote(remote)?;
    }
    let done = app.store.pause(pause.remote.as_ref(), pause.paused).await.map_err(ApiError::from);
    let action = if pause.paused { "manage.paused" } else { "manage.resumed" };
    app.audited(user, action, None, pause.remote.as_ref(), done).await?;
    show(app, user).await
}

/// `POST /api/manage/retry`: all failures of one cause.
pub async fn retry(app: &App, user: &CurrentUser, group: RetryGroup) -> ApiResult<Overview> {
    let exclusive = app.settings.one_per_course;
    let code: ErrorCode = group.code.parse().map_err(|()| ApiError::with(ErrorCode::RequestMalformed, "code"))?;
    let since = app.now.plus(-WEEK);
    let retried = app.store.retry_all(code.as_str(), group.remote.as_ref(), since, exclusive, app.now).await;
    app.audited(user, "manage.retried", None, group.remote.as_ref(), retried.map_err(ApiError::from)).await?;
    show(app, user).await
}
