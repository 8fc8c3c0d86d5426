//! "Restore one course as a test": an ordinary restore of the administrator's own, whose steps are ticked as they happen.

mod attempt;
mod steps;

use super::state::ManageState;
use crate::i18n::{text, use_i18n};
use crate::state::restores::RestoreList;
use crate::state::session::Session;
use crate::ui::button::{Button, LinkButton, Look};
use crate::ui::select::Select;
use attempt::Attempt;
use courseferry_api::{Course, Home, RemoteCourseId, Status};
use leptos::prelude::*;
use steps::Steps;

/// Choosing a Moodle and a course of one's own there, and what becomes of it.
#[component]
pub fn Trial() -> impl IntoView {
    let (i18n, session): (_, Session) = (use_i18n(), expect_context());
    let state: ManageState = expect_context();
    let restores: RestoreList = expect_context();
    let attempt = Attempt::new();
    let moodles = Memo::new(move |_| {
        let named = |home: &Home| {
            let named = home.remotes.iter().map(|remote| (Some(remote.id.clone()), remote.name.clone()));
            named.collect::<Vec<_>>()
        };
        session.with_home(named).unwrap_or_default()
    });
    Effect::new(move || {
        let first = moodles.with(|moodles| moodles.first().and_then(|(id, _)| id.clone()));
        if attempt.remote.with_untracked(Option::is_none) {
            attempt.remote.set(first);
        }
    });
    let courses = Memo::new(move |_| match attempt.listed.get() {
        Some(Ok(courses)) => courses.iter().map(line).collect::<Vec<_>>(),
        Some(Err(_)) | None => Vec::new(),
    });
    let restore = Memo::new(move |_| {
        let job = attempt.scheduled.get()?.ok()?;
        restores.all.with(|all| all.iter().find(|restore| restore.id == job).cloned())
    });
    let is_restored =
        Memo::new(move |_| restore.with(|restore| restore.as_ref().is_some_and(|r| r.status == Status::Restored)));
    // The last of the first steps is done.
    Effect::watch(
        move || is_restored.get(),
        move |is_restored, _, _| {
            if *is_restored {
                state.check.dispatch(false);
            }
        },
        false,
    );
    let open = move || {
        let link = restore.with(|restore| restore.as_ref()?.link.clone()).filter(|_| is_restored.get())?;
        Some(view! { <LinkButton label=i18n.t(text::OPEN_COURSE) href=link /> })
    };
    view! {
        <p>{i18n.t(text::MANAGE_TRIAL_TEXT)}</p>
        <div class="cf-tools cf-filters">
            <Select
                label=i18n.t(text::MANAGE_TRIAL_MOODLE)
                options=moodles
                chosen=attempt.remote
                on_choose=move |remote| attempt.remote.set(remote)
            />
            <Button
                label=i18n.t(text::MANAGE_TRIAL_FIND)
                busy=attempt.find.pending()
                on_press=move || attempt.list_courses()
            />
            <Show when=move || courses.with(|courses| !courses.is_empty())>
                <Select
                    label=i18n.t(text::MANAGE_TRIAL_COURSE)
                    options=courses
                    chosen=attempt.course
                    on_choose=move |course| attempt.choose_course.set(course)
                />
                <Button
                    look=Look::Primary
                    label=i18n.t(text::MANAGE_TRIAL_DO)
                    busy=attempt.schedule.pending()
                    on_press=move || attempt.restore()
                />
            </Show>
        </div>
        <Steps attempt restore />
        <div class="cf-actions">{open}</div>
    }
}

fn line(course: &Course) -> (Option<RemoteCourseId>, String) {
    (Some(course.id), format!("{} ({})", course.full_name, course.short_name))
}
