//! `GET /api/remotes/{remote}/courses`: what a person teaches on a remote, from their own cache or from the remote.

use crate::{
    adapters::{fetch, remotes::course_address},
    api::view::View,
    app::App,
    auth::{rights::Rights, session::CurrentUser},
    http::error::{ApiError, ApiResult},
    peers::Names,
};
use courseferry_api::{
    Course, CourseList, CourseRestore, Doer, Enrolment, JobId, RemoteCourseId, RemoteId, Status, UnixTime,
};
use courseferry_ferry::{Failure, Peers, RestoreRow, peer, taker};
use courseferry_moodle::{self as moodle, Remote, RemoteError};
use courseferry_store::Listing;
use futures::future::join;
use std::{cell::RefCell, collections::HashMap};

/// Seconds for which "no account there" and a site's name are believed.
const DAY: i64 = 86_400;

/// The user's courses on a remote.
pub async fn list(app: &App, user: &CurrentUser, remote: &RemoteId, refresh: bool) -> ApiResult<CourseList> {
    let remote = app.config.remote(remote)?;
    let rights = &user.rights;
    let mut kept = CachedList::of(app, rights, remote).await?;
    let mut failure = None;
    // Who has no list yet is not told so, only to ask again.
    let asked = refresh || kept.as_of.is_none();
    if asked {
        match ask(app, rights, remote).await {
            Ok(fresh) => kept = fresh,
            Err(met) => failure = Some(met),
        }
    }
    let names = Names::of_all(app).await?;
    let name = names.of(remote.id(), &rights.account.locale);
    let problem = match failure {
        Some(failure) => Some(ApiError { remote: name.clone(), ..failure?.into() }.problem(rights.account.language())),
        None => None,
    };
    let view = View { app, rights, names: &names };
    let courses = Listed::of(app, user, remote, &kept.courses).await?.courses(&view, remote);
    Ok(CourseList {
        remote: remote.id().clone(),
        name,
        as_of: kept.as_of,
        stale: !asked && kept.is_stale(app),
        no_account: kept.no_account,
        problem,
        courses,
    })
}

/// A person's courses on a remote, as it last told them.
#[derive(Debug, Default)]
pub struct CachedList {
    as_of: Option<UnixTime>,
    no_account: bool,
    /// The courses.
    pub courses: Vec<moodle::Course>,
}

impl CachedList {
    /// What is in the person's own cache. One that does not read any more is as good as none.
    pub async fn of(app: &App, rights: &Rights, remote: &Remote) -> ApiResult<Self> {
        let listing = app.store.listing(rights.account.id, remote.id()).await?;
        let kept = listing.and_then(|listing| {
            let courses = serde_json::from_str(&listing.courses).ok()?;
            Some(Self { as_of: Some(listing.as_of), no_account: listing.no_account, courses })
        });
        Ok(kept.unwrap_or_default())
    }

    fn is_stale(&self, app: &App) -> bool {
        let life = if self.no_account { DAY } else { i64::from(app.config.settings.cache_minutes) * 60 };
        self.as_of.is_none_or(|as_of| app.now.since(as_of) >= life)
    }

    /// One of the courses.
    pub fn course(&self, id: RemoteCourseId) -> Option<&moodle::Course> {
        self.courses.iter().find(|course| course.id == id)
    }
}

/// Asks the remote, and keeps what it says. The inner error is the remote's, the outer one ours.
pub async fn ask(app: &App, rights: &Rights, remote: &Remote) -> Result<CachedList, ApiResult<Failure>> {
    let courses = fetch::call(remote.courses(None, &rights.account.username), fetch::PATIENCE);
    let (courses, ()) = join(courses, learn_name(app, remote)).await;
    let (courses, no_account) = match courses {
        Ok(courses) => (courses, false),
        Err(missed) if missed.error == RemoteError::UnknownUser => (Vec::new(), true),
        Err(missed) => {
            let failure = Failure::from(missed);
            let fault = Some(&failure).filter(|failure| peer::remote_fault(failure.code));
            let noted = app.store.record_contact(Some(remote.id()), app.now, fault).await;
            return Err(noted.map(|()| failure).map_err(ApiError::from));
        }
    };
    let text = serde_json::to_string(&courses).map_err(|error| Err(ApiError::internal(error)))?;
    let listing = Listing { remote: remote.id().clone(), as_of: app.now, no_account, courses: text };
    let kept = async {
        app.store.keep_listing(rights.account.id, &listing).await?;
        app.store.record_contact(Some(remote.id()), app.now, None).await
    };
    kept.await.map_err(|error| Err(ApiError::from(error)))?;
    Ok(CachedList { as_of: Some(app.now), no_account, courses })
}

/// The site's name, once a day. Without it the list is as good.
async fn learn_name(app: &App, remote: &Remote) {
    thread_local! {
        static LEARNT: RefCell<HashMap<RemoteId, UnixTime>> = RefCell::default();
    }
    let known = LEARNT.with_borrow(|learnt| learnt.get(remote.id()).copied());
    if known.is_some_and(|at| app.now.since(at) < DAY) {
        return;
    }
    if let Ok(info) = fetch::call(remote.site_info(), fetch::PATIENCE).await
        && app.store.name_peer(Some(remote.id()), &info.sitename, &info.release).await.is_ok()
    {
        LEARNT.with_borrow_mut(|learnt| learnt.insert(remote.id().clone(), app.now));
    }
}

/// A list of courses with what became of them here.
struct Listed<'a> {
    user: &'a CurrentUser,
    courses: &'a [moodle::Course],
    restores: Vec<RestoreRow>,
    enrolled: Vec<JobId>,
}

impl<'a> Listed<'a> {
    async fn of(app: &App, user: &'a CurrentUser, remote: &Remote, courses: &'a [moodle::Course]) -> ApiResult<Self> {
        let ids: Vec<RemoteCourseId> = courses.iter().map(|course| course.id).collect();
        let restores = app.store.restores_of_courses(remote.id(), &ids).await?;
        let enrolled = app.store.enrolments(user.id()).await?;
        Ok(Self { user, courses, restores, enrolled })
    }

    fn courses(&self, view: &View<'_>, remote: &Remote) -> Vec<Course> {
        let rights = &self.user.rights;
        let locale = &rights.account.locale;
        let links = rights.may_see_links();
        let settings = &view.app.config.settings;
        let mut courses: Vec<Course> = self
            .courses
            .iter()
            .map(|course| {
                let restores: Vec<&RestoreRow> = self.restores.iter().filter(|job| job.course == course.id).collect();
                let taker = taker(restores.iter().copied(), self.user.id(), settings.one_per_course);
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
        let mine = job.user == self.user.id();
        let course = job.restored.filter(|_| job.status == Status::Restored && !job.gone);
        let enrolment = match course {
            Some(_) if !mine && self.enrolled.contains(&job.id) => Enrolment::Enrolled,
            Some(_) if !mine && view.app.config.settings.enrol_button => Enrolment::Offered,
            _ => Enrolment::None,
        };
        let shown = course.filter(|_| mine || enrolment == Enrolment::Enrolled);
        CourseRestore {
            by: if mine { Doer::Me } else { Doer::Other(self.colleague(job)) },
            id: job.id.clone(),
            status: job.status,
            at: job.since,
            course: shown,
            link: shown.map(|course| view.course_link(course)),
            enrolment,
        }
    }

    fn colleague(&self, job: &RestoreRow) -> String {
        self.user.account().language().person(&job.user_name).to_owned()
    }
}
