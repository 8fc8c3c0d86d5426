//! What teachers do with their restores. The database decides, and its decision is answered.

use crate::{
    adapters::{fetch, ports::Ports, runtime::random_hex},
    api::{
        chosen::{Chosen, Decided, cached_lists, wish},
        courses,
        new_restore::Request,
        view::View,
    },
    app::App,
    auth::{rights::Rights, session::CurrentUser},
    http::error::{ApiError, ApiResult},
    peers::Names,
};
use courseferry_api::{
    AuditEntry, CategoryChange, CategoryId, Choice, EnrolAnswer, ErrorCode, Exception, ExplainQuery, Explained, JobId,
    Plan, PlannedCourse, Restore, Restores, ScheduleAnswer, ScheduleRequest, Scheduled, Status, TakenName, Target,
    companion::NamesPreview,
};
use courseferry_ferry::{Access, CancelOutcome, Failure, RestoreRow, decide, may_borrow};
use courseferry_store::{self as store, Change, OwnRestores, Quota, queries};
use std::collections::HashMap;

/// Choices in one request.
const CHOICES: usize = 200;

/// `GET /api/restores`.
pub fn list(app: &App, user: &CurrentUser, own: OwnRestores) -> Restores {
    let names = Names::new(app, own.peers);
    let view = View { app, rights: &user.rights, names: &names };
    Restores {
        now: app.now,
        paused: names.all_paused(),
        restores: own.restores.iter().map(|job| view.restore(job)).collect(),
    }
}

/// `POST /api/restores`: on fresh rights, each choice by itself.
pub async fn schedule(app: &App, user: &CurrentUser, request: ScheduleRequest) -> ApiResult<ScheduleAnswer> {
    check_size(&request)?;
    let rights = Rights::fresh(app, user.id()).await?;
    rights.require_widget()?;
    if request.now {
        rights.require_start_now()?;
    }
    let (peers, cached) = app.store.ask(queries::peers().and(cached_lists(user.id(), &request.choices))).await?;
    let names = Names::new(app, peers);
    let view = View { app, rights: &rights, names: &names };
    let chosen = Chosen::of(app, &rights, None, &names, cached, &request.choices).await?;

    let batch = random_hex::<16>();
    let settings = &app.settings;
    let mut wanted = Vec::new();
    let mut outcomes: Vec<Result<usize, ApiError>> = Vec::new();
    for choice in &request.choices {
        outcomes.push(chosen.decide(choice).map(|decided| {
            let asked = Request { choice, batch: batch.clone(), now: request.now, asked_by: None };
            wanted.push(asked.row(app, &rights, decided));
            wanted.len() - 1
        }));
    }
    let quota = Quota { since: app.night_began(), per_person: settings.max_per_person, site: settings.max_per_night };
    let answers = app.store.schedule(&wanted, settings.one_per_course, quota, app.now).await?;

    let mut lines: Vec<AuditEntry> = Vec::new();
    let mut results = Vec::new();
    for (choice, outcome) in request.choices.into_iter().zip(outcomes) {
        let outcome = outcome.and_then(|place| match answers.get(place) {
            Some(Ok(job)) => Ok(view.restore(job)),
            Some(Err(refused)) => Err(taken(refused, &view, &quota)),
            None => Err(ApiError::internal("a choice without an answer")),
        });
        lines.push(app.scheduled(user, &choice, &outcome, false));
        let problem = outcome.as_ref().err().map(|error| error.problem(rights.account.language()));
        results.push(Scheduled { choice, restore: outcome.ok(), problem });
    }
    app.note(&lines).await;
    Ok(ScheduleAnswer { results })
}

/// `POST /api/restores/preview`: what would become of it.
pub async fn preview(app: &App, user: &CurrentUser, request: ScheduleRequest) -> ApiResult<Plan> {
    check_size(&request)?;
    let rights = &user.rights;
    let (peers, cached) = app.store.ask(queries::peers().and(cached_lists(user.id(), &request.choices))).await?;
    let names = Names::new(app, peers);
    let chosen = Chosen::of(app, rights, None, &names, cached, &request.choices).await?;
    let decided: Vec<_> = request.choices.iter().map(|choice| chosen.decide(choice)).collect();

    let mut wanted: HashMap<CategoryId, Vec<(String, String)>> = HashMap::new();
    for decided in decided.iter().flatten() {
        if let Some(category) = decided.decision.category {
            wanted.entry(category).or_default().push(decided.names());
        }
    }
    let mut known: HashMap<(String, String), NamesPreview> = HashMap::new();
    for (category, names) in wanted {
        let call = app.config.companion.preview(rights.account.id, category, &names);
        let preview = fetch::call(call, fetch::PATIENCE).await?;
        known.extend(names.into_iter().zip(preview.names));
    }

    let language = rights.account.language();
    let plan = |(choice, decided): (Choice, Result<Decided<'_>, ApiError>)| {
        let (may_bring_students, may_bring_methods) = chosen.students_and_methods(&choice);
        match decided {
            Err(error) => PlannedCourse {
                dates_refused: chosen.dates_refused(&choice),
                may_bring_students,
                may_bring_methods,
                choice,
                category: None,
                added_to: None,
                exceptions: vec![Exception::Refused { problem: error.problem(language) }],
            },
            Ok(decided) => {
                let names = known.get(&decided.names());
                let Decided { decision, options, .. } = decided;
                let instead = decision.instead.map(|reason| Exception::DefaultInstead { reason });
                let renamed = names.and_then(|names| renamed(names, rights));
                let incomplete = decision.incomplete.into_iter().map(|reason| Exception::Incomplete { reason });
                PlannedCourse {
                    dates_refused: decision.category.and_then(|category| rights.dates_refused(category)),
                    may_bring_students,
                    may_bring_methods,
                    choice,
                    category: decision.category,
                    added_to: options.target_course.map(|_| decision.name),
                    exceptions: instead.into_iter().chain(renamed).chain(incomplete).collect(),
                }
            }
        }
    };
    Ok(Plan { courses: request.choices.into_iter().zip(decided).map(plan).collect() })
}

/// What Moodle would make of names of which one is taken.
pub fn renamed(names: &NamesPreview, rights: &Rights) -> Option<Exception> {
    let taken = match (names.shortnametaken, names.fullnametaken) {
        (true, _) => TakenName::Short(rights.plain(&names.shortname)),
        (false, true) => TakenName::Full(rights.plain(&names.fullname)),
        (false, false) => return None,
    };
    let (full_name, short_name) = (rights.plain(&names.becomesfullname), rights.plain(&names.becomesshortname));
    Some(Exception::Renamed { taken, full_name, short_name })
}

/// `POST /api/restores/{id}/cancel`.
pub async fn cancel(app: &App, user: &CurrentUser, id: &JobId) -> ApiResult<Restore> {
    let names = Names::of_all(app).await?;
    let outcome = match Ports::new(app, &names).ferry(app).cancel(id, Some(user.id())).await? {
        CancelOutcome::Done(job) | CancelOutcome::Asked(job) => Ok(job),
        // A second press is no error.
        CancelOutcome::TooLate(job) if job.status == Status::Cancelled => Ok(job),
        CancelOutcome::TooLate(_) => Err(ErrorCode::RestoreTooLate.into()),
        CancelOutcome::NotFound => Err(ErrorCode::RestoreNotFound.into()),
    };
    let outcome = outcome.map(|job| View { app, rights: &user.rights, names: &names }.restore(&job));
    app.audited(user, "restore.cancelled", Some(id), None, outcome).await
}

/// `POST /api/restores/{id}/retry`.
pub async fn retry(app: &App, user: &CurrentUser, id: &JobId) -> ApiResult<Restore> {
    let exclusive = app.settings.one_per_course;
    let change = app.store.retry(id, Some(user.id()), exclusive, app.now).await?;
    let outcome = changed(app, &user.rights, change).await;
    app.audited(user, "restore.retried", Some(id), None, outcome).await
}

/// `POST /api/restores/{id}/category`: on fresh rights.
pub async fn category(app: &App, user: &CurrentUser, id: &JobId, body: CategoryChange) -> ApiResult<Restore> {
    let rights = Rights::fresh(app, user.id()).await?;
    let job = app.store.restore(id, Some(user.id())).await?.ok_or(ErrorCode::RestoreNotFound)?;
    let outcome = retarget(app, &rights, None, &job, body.target, &rights).await;
    app.audited(user, "restore.moved", Some(id), None, outcome).await
}

/// Changes where a restore goes, if its owner may restore there, or whoever asked for it on their behalf.
pub async fn retarget(
    app: &App,
    owner: &Rights,
    actor: Option<&Rights>,
    job: &RestoreRow,
    target: Target,
    reader: &Rights,
) -> ApiResult<Restore> {
    let target = wish(app, target);
    let decided =
        |whose: &Rights| decide(&whose.read_by(reader), &target, &job.identifier, app.settings.default_category);
    let decision = match (decided(owner), actor) {
        (Err(refused), Some(actor)) if may_borrow(&job.options, refused.code) => decided(actor).map_err(|_| refused)?,
        (answer, _) => answer?,
    };
    let change = app.store.set_target(&job.id, Some(job.user), &target, decision.category).await?;
    changed(app, reader, change).await
}

/// `POST /api/restores/{id}/enrol`: in a copy of a course that is also the user's on the remote.
pub async fn enrol(app: &App, user: &CurrentUser, id: &JobId) -> ApiResult<EnrolAnswer> {
    let outcome = enrol_now(app, user, id).await;
    app.audited(user, "restore.enrolled", Some(id), None, outcome).await
}

async fn enrol_now(app: &App, user: &CurrentUser, id: &JobId) -> ApiResult<EnrolAnswer> {
    if !app.settings.enrol_button {
        return Err(ErrorCode::RestoreNotEnrollable.into());
    }
    let job = app.store.restore(id, None).await?.ok_or(ErrorCode::RestoreNotFound)?;
    let names = Names::of_all(app).await?;
    // A list may be a year old: whoever was taken off the course there since must not get into its copy here. Whoever
    // does not teach it there does not learn that it was restored here.
    let remote = app.config.remote(&job.remote)?;
    let from_there =
        |failure: Failure| ApiError { remote: names.of(&job.remote, &user.account().locale), ..failure.into() };
    let list = courses::fresh(app, &user.rights, remote).await?.map_err(from_there)?;
    list.course(job.course).ok_or(ErrorCode::RestoreNotFound)?;
    if job.status != Status::Restored || job.gone {
        return Err(ErrorCode::RestoreNotEnrollable.into());
    }
    let call = app.config.companion.enrol(id, user.id());
    let answer = fetch::call(call, fetch::PATIENCE).await?;
    if !answer.enrolled {
        return Err(ErrorCode::RestoreNotEnrollable.into());
    }
    app.store.enrolled(id, user.id(), app.now).await?;
    let view = View { app, rights: &user.rights, names: &names };
    Ok(EnrolAnswer { course: answer.courseid, link: view.course_link(answer.courseid), already: answer.already })
}

/// `GET /api/explain`: why can or can't I restore there?
pub fn explain(user: &CurrentUser, query: ExplainQuery) -> Explained {
    match user.rights.may_restore_into(query.category) {
        Ok(allowed) => Explained { allowed: true, sentences: allowed.incomplete },
        Err(reason) => Explained { allowed: false, sentences: vec![reason] },
    }
}

/// What became of a change, as its reader sees it.
pub async fn changed(app: &App, rights: &Rights, change: Change) -> ApiResult<Restore> {
    match change {
        Change::Done(job) => shown(app, rights, &job).await,
        Change::TooLate(_) => Err(ErrorCode::RestoreChanged.into()),
        Change::Taken => Err(ErrorCode::RestoreTaken.into()),
        Change::NotFound => Err(ErrorCode::RestoreNotFound.into()),
    }
}

/// A restore as its reader sees it.
pub async fn shown(app: &App, rights: &Rights, job: &RestoreRow) -> ApiResult<Restore> {
    let names = Names::of_all(app).await?;
    Ok(View { app, rights, names: &names }.restore(job))
}

/// Why the database refused a choice.
pub fn taken(error: &store::NotScheduled, view: &View<'_>, quota: &Quota) -> ApiError {
    match error {
        store::NotScheduled::Taken(job) => ApiError::with(ErrorCode::RestoreTaken, view.taker(job)),
        store::NotScheduled::PersonLimit => ApiError::with(ErrorCode::RestoreLimitPerson, quota.per_person.to_string()),
        store::NotScheduled::SiteLimit => ApiError::with(ErrorCode::RestoreLimitSite, quota.site.to_string()),
    }
}

fn check_size(request: &ScheduleRequest) -> ApiResult<()> {
    match request.choices.len() {
        0 => Err(ApiError::with(ErrorCode::RequestMalformed, "choices")),
        1..=CHOICES => Ok(()),
        _ => Err(ApiError::with(ErrorCode::RequestTooLarge, CHOICES.to_string())),
    }
}
