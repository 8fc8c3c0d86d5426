//! One attempt: which Moodle and course are chosen, and what each request about them was answered.

use crate::i18n::{text, use_i18n};
use crate::logic::phrases::with_advice;
use crate::logic::selection::Key;
use crate::pages::manage::state::ManageState;
use crate::state::announcer::Announcer;
use crate::state::restores::RestoreList;
use crate::state::session::Session;
use courseferry_api::{
    Choice, Course, Home, JobId, ListCourses, RefreshQuery, RemoteCourseId, RemoteId, Schedule, ScheduleRequest, Target,
};
use leptos::prelude::*;

/// What is tried, and what became of it; a handle that is cheap to copy. Each answer carries what it was asked about: one
/// that comes when something else has been chosen is left alone.
#[derive(Clone, Copy)]
pub struct Attempt {
    /// The Moodle that is chosen.
    pub remote: RwSignal<Option<RemoteId>>,
    /// The course that is chosen there; the first one of the list if nobody has chosen.
    pub course: Memo<Option<RemoteCourseId>>,
    /// Somebody chooses another.
    pub choose_course: WriteSignal<Option<RemoteCourseId>>,
    /// Asks a Moodle for the current user's courses there.
    pub find: Action<RemoteId, (RemoteId, Result<Vec<Course>, String>)>,
    /// The courses that can be tried, or why there are none.
    pub listed: Memo<Option<Result<Vec<Course>, String>>>,
    /// Asks for the restore of one course.
    pub schedule: Action<Key, (Key, Result<JobId, String>)>,
    /// The restore, or why it is refused.
    pub scheduled: Memo<Option<Result<JobId, String>>>,
}

impl Attempt {
    /// An attempt for which nothing is chosen yet.
    pub fn new() -> Self {
        let (i18n, session): (_, Session) = (use_i18n(), expect_context());
        let ManageState { api, .. } = expect_context();
        let (restores, announcer): (RestoreList, Announcer) = (expect_context(), expect_context());
        let remote = RwSignal::new(None::<RemoteId>);
        let find_in = async move |remote: &RemoteId| {
            let list = api.get(ListCourses { remote: remote.clone() }, &RefreshQuery { refresh: true }).await;
            let list = list.map_err(|error| error.sentence(i18n))?;
            session.learn_remote(&list);
            let name = [("remote", list.name.as_str())];
            if list.no_account {
                let user = session.with_home(|home| home.me.username.clone()).unwrap_or_default();
                return Err(i18n.fill(text::NO_ACCOUNT, &[name[0], ("user", &user)]));
            }
            if let Some(problem) = list.problem {
                return Err(with_advice(&problem));
            }
            let courses: Vec<_> = list.courses.into_iter().filter(|course| course.choosable).collect();
            if courses.is_empty() {
                return Err(i18n.fill(text::MANAGE_TRIAL_NONE, &name));
            }
            Ok(courses)
        };
        let find = Action::new_local(move |remote: &RemoteId| {
            let remote = remote.clone();
            async move {
                let found = find_in(&remote).await;
                announcer.say(match &found {
                    Ok(courses) => i18n.count(text::N_COURSES, courses.len()),
                    Err(reason) => reason.clone(),
                });
                (remote, found)
            }
        });
        let listed = Memo::new(move |_| {
            let (of, listed) = find.value().get()?;
            (remote.get()? == of).then_some(listed)
        });
        let (chosen, choose_course) = signal(None::<RemoteCourseId>);
        let course = Memo::new(move |_| {
            let courses = listed.get()?.ok()?;
            let first = courses.first().map(|course| course.id);
            chosen.get().filter(|id| courses.iter().any(|course| course.id == *id)).or(first)
        });
        let schedule_one = async move |(remote, course): Key| {
            let (target, now) = session.with_home(place).flatten().ok_or_else(|| i18n.t(text::NO_RIGHT))?;
            let choices = vec![Choice::new(remote, course, target)];
            let answer = api.post(Schedule, &ScheduleRequest { choices, now }).await;
            let result = answer.map_err(|error| error.sentence(i18n))?.results.into_iter().next();
            let (restore, problem) = result.map(|result| (result.restore, result.problem)).unwrap_or_default();
            let restore = restore.ok_or_else(|| problem.as_ref().map(with_advice).unwrap_or_default())?;
            let job = restore.id.clone();
            restores.put([restore]);
            Ok(job)
        };
        let schedule = Action::new_local(move |key: &Key| {
            let key = key.clone();
            async move {
                let scheduled: Result<_, String> = schedule_one(key.clone()).await;
                announcer.say(match &scheduled {
                    Ok(_) => i18n.count(text::SCHEDULED_N, 1),
                    Err(reason) => reason.clone(),
                });
                (key, scheduled)
            }
        });
        let scheduled = Memo::new(move |_| {
            let (of, scheduled) = schedule.value().get()?;
            ((remote.get()?, course.get()?) == of).then_some(scheduled)
        });
        Self { remote, course, choose_course, find, listed, schedule, scheduled }
    }

    /// Asks for the courses of the chosen Moodle.
    pub fn list_courses(self) {
        if let Some(remote) = self.remote.get_untracked() {
            self.find.value().set(None);
            self.schedule.value().set(None);
            self.find.dispatch(remote);
        }
    }

    /// Has the chosen course restored.
    pub fn restore(self) {
        if let Some(key) = self.remote.get_untracked().zip(self.course.get_untracked()) {
            self.schedule.value().set(None);
            self.schedule.dispatch(key);
        }
    }
}

/// Where the course goes, and whether it need not wait for the window; none if there is no place for it.
fn place(home: &Home) -> Option<(Target, bool)> {
    let first = || home.categories.first().map(|category| Target::Category(category.id));
    let target = home.policy.default_category.map(|_| Target::Default).or_else(first)?;
    Some((target, home.may.start_now && !home.window.open))
}
