//! The first page of Manage: does it work, what needs somebody, which settings are in force; pausing, and trying all
//! failures of one cause again.

use crate::{
    api::manage::{nights, readiness},
    app::App,
    auth::session::CurrentUser,
    http::error::{ApiError, ApiResult},
    peers::Names,
};
use courseferry_api::{
    Check, CheckState, ErrorCode, Example, FailureGroup, Language, Lender, Overview, Pause, Peer, Problem, Refused,
    RemoteId, RetryGroup, words,
};
use courseferry_ferry::Failure;
use courseferry_store::PeerStatus;

/// A step that failed for one restore alone counts as failing for so many seconds.
const HOUR: i64 = 3_600;
/// Failures of so many seconds are grouped.
const WEEK: i64 = 7 * 86_400;

/// `GET /api/manage`.
pub async fn show(app: &App, user: &CurrentUser) -> ApiResult<Overview> {
    let names = Names::of_all(app).await?;
    let (waiting, running) = app.store.queue().await?;
    let needs_you = needs_you(app, user, &names).await?;
    let remotes = app.config.remotes.iter().map(|remote| (Some(remote.id()), remote.url.to_string()));
    let peers: Vec<Peer> = std::iter::once((None, app.config.companion.url.to_string()))
        .chain(remotes)
        .map(|(remote, address)| peer(app, user, &names, remote, address))
        .collect();
    let paused = names.all_paused();
    let checks = readiness::known(app, user).await?;
    let is_alone = app.config.remotes.is_empty();
    let (state, verdict) = verdict(user.account().language(), paused, is_alone, &checks, &needs_you);
    Ok(Overview {
        verdict,
        state,
        paused,
        needs_you,
        peers,
        waiting,
        running,
        tonight: nights::tonight(app, user, &names).await?,
        problems: app.problems(user.account().language()),
    })
}

/// Remotes whose restores wait for an administrator, then failures of the last week, then steps that fail for single
/// restores again and again.
async fn needs_you(app: &App, user: &CurrentUser, names: &Names) -> ApiResult<Vec<FailureGroup>> {
    let language = user.account().language();
    let called = |remote: &RemoteId| names.of(remote, &user.account().locale);
    let examples = |named: Vec<(String, String)>| {
        let example =
            |(course, user): (String, String)| Example { course, user_name: language.person(&user).to_owned() };
        named.into_iter().map(example).collect()
    };
    let problem = |remote: &RemoteId, failure: &Failure, ended| {
        let address = app.config.address(Some(remote));
        Problem::for_administrator(failure.code, language, &called(remote), &address, &failure.detail, ended)
    };
    let held = app.store.waiting().await?.into_iter().filter_map(|(remote, count, named)| {
        let (since, failure) = names.status(Some(&remote))?.held.clone()?;
        Some(FailureGroup {
            problem: problem(&remote, &failure, false),
            remote_name: Some(called(&remote)),
            remote: Some(remote),
            count,
            waits_since: Some(since),
            examples: examples(named),
        })
    });
    let mut groups: Vec<FailureGroup> = held.collect();
    let failures = app.store.failures(app.now.plus(-WEEK), app.settings.one_per_course).await?;
    groups.extend(failures.into_iter().map(|group| FailureGroup {
        problem: problem(&group.remote, &group.failure, true),
        remote_name: Some(called(&group.remote)),
        remote: Some(group.remote),
        count: group.count,
        waits_since: None,
        examples: examples(group.examples),
    }));
    let faults = app.store.row_faults(app.now.plus(-HOUR)).await?;
    groups.extend(faults.first().map(|fault| FailureGroup {
        problem: Problem::new(ErrorCode::Internal, language, "", &format!("{}: {}", fault.step, fault.detail)),
        remote: None,
        remote_name: None,
        count: u32::try_from(faults.len()).unwrap_or(u32::MAX),
        waits_since: None,
        examples: Vec::new(),
    }));
    Ok(groups)
}

fn peer(app: &App, user: &CurrentUser, names: &Names, remote: Option<&RemoteId>, address: String) -> Peer {
    let status = names.status(remote).cloned().unwrap_or_default();
    let name = match remote {
        Some(remote) => names.of(remote, &user.account().locale),
        None => user.rights.plain(&status.name),
    };
    let language = user.account().language();
    let lender = remote.and_then(|_| lender(&status, language));
    let PeerStatus { release, last_success, problem, refused, paused, .. } = status;
    let shown =
        |failure: Failure| Problem::for_administrator(failure.code, language, &name, &address, &failure.detail, false);
    let refused = refused
        .filter(|refused| problem.is_none() && app.now.since(refused.at) < WEEK)
        .map(|refused| Refused { at: refused.at, problem: shown(refused.failure) });
    let problem = problem.map(shown);
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

/// The verdict, of the same list that the page shows under Readiness, and of what needs somebody.
fn verdict(
    language: Language,
    paused: bool,
    is_alone: bool,
    checks: &[Check],
    needs_you: &[FailureGroup],
) -> (CheckState, String) {
    if paused {
        return (CheckState::ToCheck, language.say(words::PAUSED).to_owned());
    }
    let in_state = |state| checks.iter().filter(move |check| check.state == state);
    if let Some(first) = in_state(CheckState::Broken).next() {
        let waiting: u32 = needs_you.iter().filter(|group| group.waits_since.is_some()).map(|group| group.count).sum();
        let mut sentence = language.fill(words::SOMETHING_BROKEN, &[("what", &first.message)]);
        if waiting > 0 {
            sentence.push_str(&language.count(words::RESTORES_WAIT, waiting.into()));
        }
        return (CheckState::Broken, sentence);
    }
    if is_alone {
        return (CheckState::ToCheck, language.say(words::NO_REMOTE_YET).to_owned());
    }
    let (state, words) = match (needs_you.is_empty(), in_state(CheckState::ToCheck).count()) {
        (false, _) => (CheckState::ToCheck, words::SOME_FAILED),
        (true, 0) => (CheckState::Ok, words::ALL_WELL),
        (true, _) => (CheckState::ToCheck, words::SOMETHING_TO_CHECK),
    };
    (state, language.say(words).to_owned())
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

/// `POST /api/manage/remotes/{remote}/try`: whoever has mended a remote need not wait for its next probe.
pub async fn try_remote(app: &App, user: &CurrentUser, remote: &RemoteId) -> ApiResult<Overview> {
    app.config.remote(remote)?;
    let done = app.store.try_remote(remote).await.map_err(ApiError::from);
    app.audited(user, "manage.tried", None, Some(remote), done).await?;
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
