//! "Restore one course as a test": an ordinary restore of the administrator's own, whose steps are ticked as they happen.

use super::state::ManageState;
use crate::i18n::{I18n, Text, text, use_i18n};
use crate::logic::trial::{Mark, marks};
use crate::state::announcer::Announcer;
use crate::state::restores::RestoreList;
use crate::state::session::Session;
use crate::ui::button::{Button, LinkButton, Look};
use crate::ui::id::use_id;
use crate::ui::status::Status as StatusLine;
use courseferry_api::{
    Choice, Course, Home, JobId, ListCourses, RefreshQuery, RemoteCourseId, RemoteId, Restore, Schedule,
    ScheduleRequest, Status, Target,
};
use leptos::prelude::*;

/// Choosing a Moodle and a course of one's own there, and what becomes of it.
#[expect(clippy::too_many_lines, reason = "three requests and what each leads to, read from top to bottom")]
#[component]
pub fn Trial() -> impl IntoView {
    let (i18n, session): (_, Session) = (use_i18n(), expect_context());
    let state: ManageState = expect_context();
    let restores: RestoreList = expect_context();
    let announcer: Announcer = expect_context();
    let moodles = Memo::new(move |_| {
        let named = |home: &Home| {
            let named = home.remotes.iter().map(|remote| (remote.id.to_string(), remote.name.clone()));
            named.collect::<Vec<_>>()
        };
        session.with_home(named).unwrap_or_default()
    });
    let remote = RwSignal::new(String::new());
    Effect::new(move || {
        let first = moodles.with(|moodles| moodles.first().map(|(id, _)| id.clone()));
        if let Some(first) = first.filter(|_| remote.with_untracked(String::is_empty)) {
            remote.set(first);
        }
    });
    let course = RwSignal::new(String::new());
    let job = RwSignal::new(None::<JobId>);
    let find = Action::new_local(move |remote: &RemoteId| {
        let remote = remote.clone();
        async move {
            let list = state.api.get(ListCourses { remote }, &RefreshQuery { refresh: true }).await;
            let list = list.map_err(|error| error.sentence(i18n))?;
            session.learn_name(&list);
            let name = [("remote", list.name.as_str())];
            if list.no_account {
                let user = session.with_home(|home| home.me.username.clone()).unwrap_or_default();
                return Err(i18n.fill(text::NO_ACCOUNT, &[name[0], ("user", &user)]));
            }
            if let Some(problem) = list.problem {
                return Err(format!("{} {}", problem.message, problem.advice));
            }
            let courses: Vec<_> = list.courses.into_iter().filter(|course| course.choosable).collect();
            let Some(first) = courses.first() else { return Err(i18n.fill(text::MANAGE_TRIAL_NONE, &name)) };
            course.set(first.id.to_string());
            announcer.say(i18n.count(text::N_COURSES, courses.len()));
            Ok(courses)
        }
    });
    let schedule = Action::new_local(move |(remote, course): &(RemoteId, RemoteCourseId)| {
        let (remote, course) = (remote.clone(), *course);
        async move {
            let (target, now) = session.with_home(place).flatten().ok_or_else(|| i18n.t(text::NO_RIGHT))?;
            let choices = vec![Choice::new(remote, course, target)];
            let answer = state.api.post(Schedule, &ScheduleRequest { choices, now }).await;
            let answer = answer.map_err(|error| error.sentence(i18n))?;
            let result = answer.results.into_iter().next();
            let problem = result.as_ref().and_then(|result| result.problem.clone());
            let Some(restore) = result.and_then(|result| result.restore) else {
                return Err(problem
                    .map(|problem| format!("{} {}", problem.message, problem.advice))
                    .unwrap_or_default());
            };
            job.set(Some(restore.id.clone()));
            restores.put([restore]);
            Ok::<_, String>(())
        }
    });
    let restore = Memo::new(move |_| {
        let job = job.get()?;
        restores.all.with(|all| all.iter().find(|restore| restore.id == job).cloned())
    });
    // The last of the first steps is done.
    Effect::new(move |was: Option<bool>| {
        let is_restored = restore.with(|restore| restore.as_ref().is_some_and(|r| r.status == Status::Restored));
        if is_restored && was == Some(false) {
            state.check.dispatch(false);
        }
        is_restored
    });
    let forget = move || {
        find.value().set(None);
        schedule.value().set(None);
        job.set(None);
    };
    let press_find = move || {
        if let Ok(remote) = remote.get_untracked().parse() {
            forget();
            find.dispatch(remote);
        }
    };
    let press_restore = move || {
        let chosen = (remote.get_untracked().parse(), course.get_untracked().parse().map(RemoteCourseId));
        if let (Ok(remote), Ok(course)) = chosen {
            schedule.value().set(None);
            job.set(None);
            schedule.dispatch((remote, course));
        }
    };
    let courses = Memo::new(move |_| match find.value().get() {
        Some(Ok(courses)) => courses.iter().map(line).collect::<Vec<_>>(),
        Some(Err(_)) | None => Vec::new(),
    });
    let choose_moodle = move || {
        view! {
            <Choose
                name="trial-moodle"
                label=text::MANAGE_TRIAL_MOODLE
                options=moodles.get()
                chosen=remote
                on_choose=forget
            />
        }
    };
    let chooser = move || {
        view! {
            <Choose
                name="trial-course"
                label=text::MANAGE_TRIAL_COURSE
                options=courses.get()
                chosen=course
                on_choose=move || schedule.value().set(None)
            />
            <Button
                look=Look::Primary
                label=i18n.t(text::MANAGE_TRIAL_DO)
                busy=schedule.pending()
                on_press=press_restore
            />
        }
    };
    let steps = move || {
        let listed = find.value().get();
        let scheduled = schedule.value().get();
        (listed.is_some() || find.pending().get()).then(|| {
            let remote = moodle_name(session, &remote.get());
            let waits = |mark: Option<Result<(), String>>, pending: bool| match mark {
                _ if pending => (Mark::Busy, None),
                Some(Ok(())) => (Mark::Done, None),
                Some(Err(reason)) => (Mark::Failed, Some(reason)),
                None => (Mark::Open, None),
            };
            let mut lines = vec![
                (text::MANAGE_TRIAL_LISTED, waits(listed.map(|listed| listed.map(|_| ())), find.pending().get())),
                (text::MANAGE_TRIAL_SCHEDULED, waits(scheduled, schedule.pending().get())),
            ];
            let names = [text::MANAGE_TRIAL_BACKED_UP, text::MANAGE_TRIAL_COPIED, text::MANAGE_TRIAL_RESTORED];
            let is = restore.get();
            let marks = is.as_ref().map_or([Mark::Open; 3], marks);
            let says = is.as_ref().map(|restore| how_it_is(i18n, session, &restores, restore));
            lines.extend(names.into_iter().zip(marks).map(|(name, mark)| {
                let says = says.clone().filter(|_| matches!(mark, Mark::Busy | Mark::Failed));
                (name, (mark, says))
            }));
            let lines = lines.into_iter().map(|(name, (mark, says))| {
                let name = i18n.fill(name, &[("remote", &remote)]);
                view! { <StepLine name mark says /> }
            });
            view! { <ol class="cf-list cf-steps">{lines.collect_view()}</ol> }
        })
    };
    let open = move || {
        let link = restore.with(|restore| restore.as_ref().filter(|r| r.status == Status::Restored)?.link.clone())?;
        Some(view! { <LinkButton label=i18n.t(text::OPEN_COURSE) href=link /> })
    };
    view! {
        <p>{i18n.t(text::MANAGE_TRIAL_TEXT)}</p>
        <div class="cf-tools cf-filters">
            {choose_moodle}
            <Button label=i18n.t(text::MANAGE_TRIAL_FIND) busy=find.pending() on_press=press_find />
            <Show when=move || courses.with(|courses| !courses.is_empty())>{chooser}</Show>
        </div>
        {steps}
        <div class="cf-actions">{open}</div>
    }
}

/// A list to choose one line of, by value and words.
#[component]
fn Choose(
    name: &'static str,
    label: Text,
    options: Vec<(String, String)>,
    chosen: RwSignal<String>,
    #[prop(into)] on_choose: UnsyncCallback<()>,
) -> impl IntoView {
    let (i18n, id) = (use_i18n(), use_id(name));
    let option = |(value, words): (String, String)| {
        let is_chosen = {
            let value = value.clone();
            move || chosen.with(|chosen| *chosen == value)
        };
        view! { <option value=value prop:selected=is_chosen>{words}</option> }
    };
    let change = move |event| {
        chosen.set(event_target_value(&event));
        on_choose.run(());
    };
    view! {
        <div>
            <label for=id.clone()>{i18n.t(label)}</label>
            <select id=id class="form-control form-select cf-select" on:change=change>
                {options.into_iter().map(option).collect_view()}
            </select>
        </div>
    }
}

fn line(course: &Course) -> (String, String) {
    (course.id.to_string(), format!("{} ({})", course.full_name, course.short_name))
}

/// Where the course goes, and whether it need not wait for the window; none if there is no place for it.
fn place(home: &Home) -> Option<(Target, bool)> {
    let first = || home.categories.first().map(|category| Target::Category(category.id));
    let target = home.policy.default_category.map(|_| Target::Default).or_else(first)?;
    Some((target, home.may.start_now && !home.window.open))
}

fn moodle_name(session: Session, remote: &str) -> String {
    let name = |home: &Home| {
        let known = home.remotes.iter().find(|known| known.id.to_string() == remote)?;
        Some(known.name.clone())
    };
    session.with_home(name).flatten().unwrap_or_default()
}

/// How it fares, and what helps if it does not.
fn how_it_is(i18n: I18n, session: Session, restores: &RestoreList, restore: &Restore) -> String {
    let (locale, paused) = (i18n.locale(), restores.paused.get());
    let status = session.with_home(|home| locale.status(restore, &home.window, paused)).unwrap_or_default();
    let advice = restore.problem.as_ref().filter(|_| restore.status == Status::Failed).map(|problem| &problem.advice);
    advice.map_or(status.clone(), |advice| format!("{status} {advice}"))
}

/// A step with its mark, said in words too, and how it is.
#[component]
pub fn StepLine(name: String, mark: Mark, says: Option<String>) -> impl IntoView {
    let i18n = use_i18n();
    let (icon, aloud) = match mark {
        Mark::Open => ("cf-icon cf-waiting", text::MANAGE_STEP_OPEN),
        Mark::Busy => ("cf-icon cf-busy", text::MANAGE_STEP_BUSY),
        Mark::Done => ("cf-icon cf-done", text::MANAGE_STEP_DONE),
        Mark::Failed => ("cf-icon cf-failed", text::MANAGE_STEP_FAILED),
    };
    view! {
        <li>
            <StatusLine icon>
                <span class="cf-visually-hidden">{i18n.t(aloud)} " "</span>
                {name}
                {says.map(|says| view! { <div class="cf-meta">{says}</div> })}
            </StatusLine>
        </li>
    }
}
