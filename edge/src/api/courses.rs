//! `GET /api/remotes/{remote}/courses`: what a person teaches on a remote, from their own cache or from the remote.

use crate::{
    adapters::{
        fetch,
        remotes::{self, course_address},
    },
    api::view::View,
    app::App,
    auth::rights::Rights,
    http::error::{ApiError, ApiResult},
    peers::Names,
};
use courseferry_api::{
    Course, CourseList, CourseRestore, Doer, Enrolment, ErrorCode, JobId, RemoteCourseId, RemoteId, RemoteKind, Status,
    UnixTime,
};
use courseferry_ferry::{Failure, Peers, RestoreRow, peer, taker};
use courseferry_moodle::{self as moodle, Courses, Remote};
use courseferry_store::{BecameOf, Listing, queries};
use futures::{FutureExt, channel::oneshot, future::select};
use std::{pin::pin, time::Duration};
use worker::Delay;

/// Seconds for which "no account there" and a site's name are believed.
const DAY: i64 = 86_400;

/// Somebody's courses on a remote, for `reader`: themselves, or an administrator who restores for them. `cached`: what is
/// in the owner's cache.
pub async fn list(
    app: &App,
    rights: &Rights,
    reader: &Rights,
    remote: &RemoteId,
    cached: CachedList,
    refresh: bool,
) -> ApiResult<CourseList> {
    let remote = app.config.remote(remote)?;
    // Without a list the remote is asked now: "nothing cached" would only make the widget ask again.
    let asked = refresh || cached.as_of.is_none();
    let (list, failure) = match if asked { fresh(app, rights, remote).await? } else { Ok(cached.clone()) } {
        Ok(list) => (list, None),
        Err(failure) => (cached, Some(failure)),
    };
    let Courses { courses, left_out } = &list.listed;
    // Only now: the remote that was asked may have given its name.
    let ids: Vec<RemoteCourseId> = courses.iter().map(|course| course.id).collect();
    let BecameOf { restores, enrolled, peers } = app.store.became_of(remote.id(), &ids, rights.account.id).await?;
    let names = Names::new(app, peers);
    let name = names.of(remote.id(), &reader.account.locale);
    let problem = failure.map(|failure| {
        let error = ApiError::from(failure);
        let held = names.status(Some(remote.id())).is_some_and(|peer| peer.held.is_some());
        reader.remote_problem(&name, error.code, &error.detail, held)
    });
    let view = View { app, rights: reader, names: &names };
    Ok(CourseList {
        remote: remote.id().clone(),
        name,
        as_of: list.as_of,
        stale: !asked && list.is_stale(app),
        no_account: list.no_account,
        problem,
        abilities: names.kind(remote.id()).map(RemoteKind::abilities),
        courses: Listed { owner: rights, courses, restores, enrolled }.courses(&view, remote),
        left_out: *left_out,
    })
}

/// A person's courses on a remote, as it last told them.
#[derive(Debug, Clone, Default)]
pub struct CachedList {
    as_of: Option<UnixTime>,
    no_account: bool,
    listed: Courses,
}

impl CachedList {
    /// What is in the person's own cache.
    pub async fn of(app: &App, rights: &Rights, remote: &RemoteId) -> ApiResult<Self> {
        Ok(app.store.ask(queries::listing(rights.account.id, remote)).await?.map(Self::read).unwrap_or_default())
    }

    /// A list as it was kept. One that does not read any more is as good as none.
    pub fn read(Listing { as_of, no_account, courses, .. }: Listing) -> Self {
        let listed = serde_json::from_str(&courses).ok();
        listed.map(|listed| Self { as_of: Some(as_of), no_account, listed }).unwrap_or_default()
    }

    fn is_stale(&self, app: &App) -> bool {
        let life = if self.no_account { DAY } else { i64::from(app.settings.cache_minutes) * 60 };
        self.as_of.is_none_or(|as_of| app.now.since(as_of) >= life)
    }

    /// The courses.
    pub fn courses(&self) -> &[moodle::Course] {
        &self.listed.courses
    }

    /// One of the courses.
    pub fn course(&self, id: RemoteCourseId) -> Option<&moodle::Course> {
        self.courses().iter().find(|course| course.id == id)
    }
}

/// A person's courses as the remote tells them now, or told them less than `fresh_seconds` ago: whoever presses again
/// and again, in however many tabs, asks it once. The inner error is the remote's, the outer one ours.
pub async fn fresh(app: &App, rights: &Rights, remote: &Remote) -> ApiResult<Result<CachedList, Failure>> {
    let seconds = app.settings.fresh_seconds;
    let question = format!("courses {} {}", rights.account.id, remote.id());
    if !app.store.may_ask(&question, app.now, seconds).await? {
        let cached = CachedList::of(app, rights, remote.id()).await?;
        if cached.as_of.is_some() {
            return Ok(Ok(cached));
        }
    }
    let answer = ask(app, rights, remote).await?;
    if answer.is_err() {
        app.store.asked(&question).await?;
    }
    Ok(answer)
}

/// Asks the remote, and keeps what it says.
async fn ask(app: &App, rights: &Rights, remote: &Remote) -> ApiResult<Result<CachedList, Failure>> {
    let known = app.store.kind_of(remote.id()).await?;
    let learnt = learn(app, remote, known.map(|(_, at)| at));
    let kind = known.map(|(kind, _)| kind);
    let list = |kind| fetch::call(remote.courses(kind, &rights.account.username), fetch::PATIENCE);
    let mut courses = list(kind).await;
    let mut learnt = learnt.fuse();
    // The kind is unknown, or the answer does not fit it: the site itself says what it is.
    if let Err(failure) = &courses
        && peer::doubts_kind(failure.code)
        && let Ok(Some(found)) = (&mut learnt).await
        && Some(found) != kind
    {
        courses = list(Some(found)).await;
    }
    let (listed, no_account) = match courses {
        Ok(listed) => (listed, false),
        Err(failure) if failure.code == ErrorCode::RemoteUnknownUser => (Courses::default(), true),
        Err(failure) => {
            if peer::doubts_kind(failure.code) {
                app.store.doubt_kind(remote.id()).await?;
            }
            let fault = Some(&failure).filter(|failure| peer::remote_fault(failure.code));
            app.store.record_contact(Some(remote.id()), app.now, fault).await?;
            return Ok(Err(failure));
        }
    };
    let text = serde_json::to_string(&listed).map_err(ApiError::internal)?;
    let listing = Listing { remote: remote.id().clone(), as_of: app.now, no_account, courses: text };
    app.store.keep_listing(rights.account.id, &listing).await?;
    app.store.record_contact(Some(remote.id()), app.now, None).await?;
    // Waits a moment for the site's name, so that the first list already has it.
    select(learnt, pin!(Delay::from(NAME_PATIENCE))).await;
    Ok(Ok(CachedList { as_of: Some(app.now), no_account, listed }))
}

/// How long a finished list waits for its site's name.
const NAME_PATIENCE: Duration = Duration::from_millis(300);

/// Asks the site for its kind and name, once a day; if that takes long, after the answer, which does not depend on it.
/// The kind, if it was asked and said so.
fn learn(app: &App, remote: &Remote, known: Option<UnixTime>) -> oneshot::Receiver<Option<RemoteKind>> {
    let (found, learnt) = oneshot::channel();
    if known.is_some_and(|at| app.now.since(at) < DAY) {
        // The receiver ends with its sender.
        return learnt;
    }
    let (store, remote, now) = (app.store.clone(), remote.clone(), app.now);
    app.after_the_answer(async move {
        let mut kind = None;
        if let Ok(info) = fetch::call(remote.site_info(), fetch::PATIENCE).await {
            let about = remotes::about(info);
            kind = about.kind;
            // Without it the site is asked again with the next list.
            let _ = store.learnt(remote.id(), now, Some(&about)).await;
        }
        // The receiver is gone where nobody waits any more.
        let _ = found.send(kind);
    });
    learnt
}

/// A list of courses with what became of them here.
struct Listed<'a> {
    owner: &'a Rights,
    courses: &'a [moodle::Course],
    restores: Vec<RestoreRow>,
    enrolled: Vec<JobId>,
}

impl Listed<'_> {
    fn courses(&self, view: &View<'_>, remote: &Remote) -> Vec<Course> {
        let rights = self.owner;
        let locale = &view.rights.account.locale;
        let links = view.rights.may_see_links();
        let settings = &view.app.settings;
        let mut courses: Vec<Course> = self
            .courses
            .iter()
            .map(|course| {
                let restores: Vec<&RestoreRow> = self.restores.iter().filter(|job| job.course == course.id).collect();
                let taker = taker(restores.iter().copied(), rights.account.id, settings.one_per_course);
                let identifier = course.categoryidentifier.as_deref().filter(|_| settings.original_category);
                let (original, original_refused) = identifier.map_or((None, false), |known| rights.original(known));
                Course {
                    id: course.id,
                    full_name: course.full_name(locale),
                    short_name: course.short_name(locale),
                    id_number: course.idnumber.clone(),
                    starts: course.startdate,
                    visible: course.visible,
                    link: links.then(|| course_address(remote, course.id)),
                    original,
                    original_refused,
                    choosable: taker.is_none(),
                    restores: restores.into_iter().map(|job| self.restore(view, job)).collect(),
                }
            })
            .collect();
        courses.sort_by(|a, b| b.starts.cmp(&a.starts).then_with(|| a.full_name.cmp(&b.full_name)));
        courses
    }

    /// A restore of a course that the user teaches too; of a colleague's only who, when and how it ended.
    fn restore(&self, view: &View<'_>, job: &RestoreRow) -> CourseRestore {
        let mine = job.user == self.owner.account.id;
        let course = job.restored.filter(|_| job.status == Status::Restored && !job.gone);
        let enrolment = match course {
            Some(_) if !mine && self.enrolled.contains(&job.id) => Enrolment::Enrolled,
            Some(_) if !mine && view.app.settings.enrol_button => Enrolment::Offered,
            _ => Enrolment::None,
        };
        let shown = course.filter(|_| mine || enrolment == Enrolment::Enrolled);
        CourseRestore {
            by: if mine { Doer::Me } else { Doer::Other(colleague(view, job)) },
            id: job.id.clone(),
            status: job.status,
            at: job.since,
            course: shown,
            link: shown.map(|course| view.course_link(course)),
            enrolment,
        }
    }
}

fn colleague(view: &View<'_>, job: &RestoreRow) -> String {
    view.rights.account.language().person(&job.user_name).to_owned()
}
