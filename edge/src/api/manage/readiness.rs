//! Whether restores can work: what the Worker knows of itself and of the Moodles, and what the client Moodle tells of
//! itself. The same checks are the Manage page's, with their words, and `/health`'s, as codes.

use crate::{
    adapters::{d1::D1, fetch, remotes, runtime},
    app::App,
    auth::{session::CurrentUser, snapshots},
    config::Config,
    http::{
        error::{ApiError, ApiResult},
        request::RequestContext,
    },
    peers::Names,
};
use courseferry_api::{
    Check, CheckCode, CheckState, ErrorCode, Health, Language, Problem, Readiness, Step, UnixTime, words,
};
use courseferry_ferry::{
    Failure, Peers, SettingError, Setup, first_steps,
    peer::client_fault,
    readiness::{self, Lending},
};
use courseferry_moodle::{Demands, Remote, Report};
use courseferry_store::{PeerStatus, Store};
use futures::{StreamExt, TryStreamExt, future::try_join, stream};
use serde::{Deserialize, Serialize};
use worker::Env;

/// Seconds for which the client's answer, or its silence, is not asked for again.
const FRESH: i64 = 300;
const SILENT: i64 = 60;
/// Monitors, all together, ask the client through at most once in so many seconds.
const UNASKED: u32 = 60;
/// Seconds that a monitor waits for the client at the most.
const PATIENCE: u32 = 15;
/// A step that failed for one restore alone is shown for so many seconds.
const HOUR: i64 = 3_600;
/// Remotes that are asked at the most when somebody looks, and so many at a time.
const REMOTES: usize = 12;
const AT_ONCE: usize = 4;
/// For so many seconds a remote's refusal is shown.
const WEEK: i64 = 7 * 86_400;

/// What came of asking the client.
#[derive(Debug, Serialize, Deserialize)]
enum Answer {
    /// Its report.
    Report(Box<Report>),
    /// The companion answers, but is too old to tell.
    TooOld,
    /// It cannot be asked.
    Failed { code: ErrorCode, detail: String },
}

/// `GET /api/manage/readiness`; asked anew if `refresh`.
pub async fn show(app: &App, user: &CurrentUser, refresh: bool) -> ApiResult<Readiness> {
    let ((as_of, answer), ()) = try_join(ask(app, refresh), ask_remotes(app, refresh)).await?;
    let language = user.account().language();
    let names = Names::of_all(app).await?;
    let checks = checks(app, &names, as_of, Some(&answer), language, &user.account().locale).await?;
    let remotes: Vec<String> = app.config.remotes.iter().map(|remote| remote.url.to_string()).collect();
    let restored = app.store.has_restored().await?;
    let answers = |remote: &Remote| names.status(Some(remote.id())).is_some_and(PeerStatus::answers);
    let one_answers = app.config.remotes.iter().any(answers);
    let setup = Setup { worker: &app.settings.worker_origin, remotes: &remotes, one_answers, restored };
    let steps = first_steps(&checks, &setup, language);
    Ok(Readiness { as_of, checks, steps })
}

/// On a refresh, asks the remotes that never answered well, or not lately.
async fn ask_remotes(app: &App, refresh: bool) -> ApiResult<()> {
    if !refresh || !app.store.may_ask("remotes", app.now, app.settings.fresh_seconds).await? {
        return Ok(());
    }
    let names = Names::of_all(app).await?;
    let is_well = |remote: &&Remote| {
        let status = names.status(Some(remote.id()));
        status.is_some_and(|status| status.answers() && status.kind.is_some())
    };
    let others = app.config.remotes.iter().filter(|remote| !is_well(remote)).take(REMOTES);
    // An invocation has few connections.
    let answers = stream::iter(others).map(|remote| ask_remote(app, remote)).buffer_unordered(AT_ONCE);
    answers.try_collect::<()>().await?;
    app.store.asked("remotes").await?;
    Ok(())
}

async fn ask_remote(app: &App, remote: &Remote) -> ApiResult<()> {
    let fault = match fetch::call(remote.site_info(), PATIENCE).await {
        Ok(site) => {
            let about = remotes::about(site);
            let lends = about.kind.is_some();
            app.store.learnt(remote.id(), app.now, Some(&about)).await?;
            (!lends).then(|| Failure::from(ErrorCode::RemotePluginMissing))
        }
        Err(failure) => Some(failure),
    };
    app.store.record_contact(Some(remote.id()), runtime::now(), fault.as_ref()).await?;
    Ok(())
}

/// What is known without asking anybody, in the reader's language: what the Manage page's verdict is made of.
pub async fn known(app: &App, user: &CurrentUser) -> ApiResult<Vec<Check>> {
    let (as_of, answer) = cached(app).await?.map_or((app.now, None), |(as_of, answer)| (as_of, Some(answer)));
    checks(app, &Names::of_all(app).await?, as_of, answer.as_ref(), user.account().language(), &user.account().locale)
        .await
}

/// `GET /health`. An error that keeps the Worker from looking further is one of the checks.
pub async fn health(env: &Env, request: &RequestContext) -> Health {
    let id = request.id();
    let looked = async { looked_at(&App::new(env, id, Some(request.context())).await?).await };
    looked.await.map_or_else(
        |error| {
            error.log(id);
            let mistakes: Vec<_> = Config::mistakes(env).iter().map(SettingError::code).collect();
            Health::broken(if mistakes.is_empty() { vec![error.code] } else { mistakes })
        },
        |checks| Health::of(&checks),
    )
}

async fn looked_at(app: &App) -> ApiResult<Vec<Check>> {
    let language = Language::English;
    // Without the present tables nothing else can be asked.
    if !app.store.migrated().await.unwrap_or_default() {
        let reached = app.store.queue().await;
        let database = database(false, language);
        return reached.map(|_| vec![database]).map_err(Into::into);
    }
    let (as_of, answer) = ask(app, false).await?;
    checks(app, &Names::of_all(app).await?, as_of, Some(&answer), language, "").await
}

/// What a Worker that cannot work yet tells whoever opens its address: the steps to take. None where it works.
pub async fn begun(env: &Env, worker: &str, language: Language) -> ApiResult<Option<Vec<Step>>> {
    let mistakes = Config::mistakes(env);
    let store = Store::new(D1::new(env.d1("DB").map_err(ApiError::database)?));
    // A database without any table cannot tell.
    let migrated = store.migrated().await.unwrap_or_default();
    if mistakes.is_empty() && migrated {
        return Ok(None);
    }
    let problems: Vec<_> = mistakes.iter().map(|mistake| mistake.problem(language)).collect();
    let mut checks = configuration(&problems, language);
    checks.push(database(migrated, language));
    Ok(Some(first_steps(&checks, &Setup { worker, remotes: &[], one_answers: false, restored: false }, language)))
}

/// What the client answered last, and when.
async fn cached(app: &App) -> ApiResult<Option<(UnixTime, Answer)>> {
    let cached = app.store.readiness().await?;
    Ok(cached.and_then(|cached| Some((cached.as_of, serde_json::from_str(&cached.body).ok()?))))
}

/// Restores that the client's cron carries side by side at the most, if it said so.
pub async fn side_by_side(app: &App) -> ApiResult<Option<u32>> {
    Ok(match cached(app).await? {
        Some((_, Answer::Report(report))) => Some(report.sidebyside).filter(|limit| *limit > 0),
        _ => None,
    })
}

/// What the client answers, and when it answered so.
async fn ask(app: &App, refresh: bool) -> ApiResult<(UnixTime, Answer)> {
    if let Some((as_of, answer)) = cached(app).await? {
        let age = app.now.since(as_of);
        let good_for = if matches!(answer, Answer::Report(_)) { FRESH } else { SILENT };
        let good = !refresh && (0..good_for).contains(&age);
        // However many ask at once, the client is asked once; the others are told what is known.
        let seconds = if refresh { app.settings.fresh_seconds } else { UNASKED };
        if good || !app.store.may_ask("readiness", app.now, seconds).await? {
            return Ok((as_of, answer));
        }
    }
    let call = app.config.companion.get_readiness(app.settings.default_category);
    let answer = match fetch::call(call, PATIENCE).await {
        Ok(report) => Answer::Report(Box::new(report)),
        Err(failure) => unanswered(app, failure).await,
    };
    // The answer's clock is compared with the moment at which it came.
    let now = runtime::now();
    let fault = match &answer {
        Answer::Failed { code, detail } => Some(Failure::new(*code, detail.as_str())),
        Answer::Report(_) | Answer::TooOld => None,
    };
    app.store.record_contact(None, now, fault.as_ref().filter(|fault| client_fault(fault.code))).await?;
    let body = serde_json::to_string(&answer).map_err(ApiError::internal)?;
    app.store.keep_readiness(now, &body).await?;
    app.store.asked("readiness").await?;
    Ok((now, answer))
}

/// A companion of an earlier version lacks the function, or its service does: then the others still answer.
async fn unanswered(app: &App, failure: Failure) -> Answer {
    let lacking = matches!(failure.code, ErrorCode::ClientPluginMissing | ErrorCode::ClientAccessRefused);
    let known = app.store.site_version().await.ok().flatten().map(|(version, _)| version).unwrap_or_default();
    if lacking && snapshots::refresh(app, &known).await.is_ok() {
        return Answer::TooOld;
    }
    Answer::Failed { code: failure.code, detail: failure.detail }
}

async fn checks(
    app: &App,
    names: &Names,
    as_of: UnixTime,
    answer: Option<&Answer>,
    language: Language,
    locale: &str,
) -> ApiResult<Vec<Check>> {
    let settings = &app.settings;
    let mut checks = configuration(&app.problems(language), language);
    checks.extend(previous_keys(&app.config.previous, language));
    checks.push(database(app.store.migrated().await.unwrap_or_default(), language));
    checks.push(readiness::cron(app.store.last_tick().await?, app.now, language));
    if !app.store.row_faults(app.now.plus(-HOUR)).await.unwrap_or_default().is_empty() {
        let code = CheckCode::WorkerRows;
        checks.push(Check::new(code, CheckState::ToCheck, language, code.sentence(language)));
    }
    let overdue = app.store.overdue(app.now.plus(-readiness::OVERDUE)).await.unwrap_or_default();
    checks.extend(readiness::overdue(&overdue, app.now, language));
    match answer {
        None => {}
        Some(Answer::Failed { code, detail }) => {
            checks.push(readiness::client(&Failure::new(*code, detail.as_str()), language));
        }
        Some(Answer::Report(_) | Answer::TooOld) => checks.push(answering(language)),
    }
    for remote in &app.config.remotes {
        let status = names.status(Some(remote.id()));
        let refused =
            status.and_then(|status| status.refused.as_ref()).filter(|refused| app.now.since(refused.at) < WEEK);
        checks.push(readiness::remote(
            &names.of(remote.id(), locale),
            status.and_then(|status| status.last_success),
            status.and_then(|status| status.problem.as_ref()),
            refused.map(|refused| &refused.failure),
            status.and_then(|status| {
                let (kind, _) = status.kind?;
                Some(Lending { kind, version: &status.version, release: &status.release })
            }),
            language,
        ));
    }
    match answer {
        Some(Answer::Report(report)) => {
            let demands = Demands {
                default_category: settings.default_category,
                original_category: settings.original_category,
                enrol_button: settings.enrol_button,
            };
            checks.extend(report.checks(as_of, &demands, language));
        }
        Some(Answer::TooOld) => {
            let code = CheckCode::MoodleCompanion;
            checks.push(Check::new(code, CheckState::ToCheck, language, code.sentence(language)));
        }
        Some(Answer::Failed { .. }) | None => {}
    }
    Ok(checks)
}

fn configuration(problems: &[Problem], language: Language) -> Vec<Check> {
    let code = CheckCode::WorkerConfiguration;
    if problems.is_empty() {
        let message = language.say(words::CONFIGURED);
        return vec![Check::new(code, CheckState::Ok, language, message)];
    }
    problems.iter().map(|problem| Check::failed(code, CheckState::Broken, language, problem)).collect()
}

fn previous_keys(names: &[&str], language: Language) -> Option<Check> {
    let code = CheckCode::WorkerPreviousKey;
    let message = format!("{} {}", code.sentence(language), names.join(", "));
    (!names.is_empty()).then(|| Check::new(code, CheckState::ToCheck, language, message))
}

fn database(migrated: bool, language: Language) -> Check {
    let code = CheckCode::WorkerDatabase;
    if migrated {
        return Check::new(code, CheckState::Ok, language, language.say(words::DATABASE_ANSWERS));
    }
    Check::new(code, CheckState::Broken, language, code.sentence(language))
}

fn answering(language: Language) -> Check {
    Check::new(CheckCode::ClientAnswers, CheckState::Ok, language, language.say(words::CLIENT_ANSWERS))
}
