//! What the bar's parts share: the wish, what the Worker says would become of it, and the pressing of the button.

use crate::api::{Api, ApiError, use_api};
use crate::i18n::{I18n, text, use_i18n};
use crate::layout::use_show_restores;
use crate::logic::confirm::{Changing, Difference, differences};
use crate::logic::phrases::with_advice;
use crate::logic::selection::{Key, Selection};
use crate::logic::targets;
use crate::logic::wishes::ForAll;
use crate::state::announcer::Announcer;
use crate::state::restores::RestoreList;
use crate::state::session::Session;
use codee::string::FromToStringCodec;
use courseferry_api::{Plan, Preview, Schedule, ScheduleAnswer, ScheduleRequest, Scheduled, Target, UnixTime};
use leptos::prelude::*;
use leptos_use_storage::use_local_storage;
use leptos_use_watch_debounce_throttle::{WatchDebouncedOptions, watch_debounced_with_options};

/// The plan is asked for once the choosing has paused for so many milliseconds.
const PLAN_AFTER: f64 = 350.0;

/// Why a press scheduled nothing, or not everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub heading: String,
    /// Why, if that is announced and stands in a notice of the page already. It is shown here too, as that notice may be out
    /// of sight, but is no part of the alert: it would be read twice.
    pub reason: Option<String>,
    /// Each course that it happened to, and why.
    pub lines: Vec<String>,
}

/// The bar; a handle that is cheap to copy.
#[derive(Clone, Copy)]
pub struct Bar {
    i18n: I18n,
    announcer: Announcer,
    selection: RwSignal<Selection>,
    /// Where the courses go that have no target of their own.
    pub common: RwSignal<Option<Target>>,
    /// What is wanted of the courses that have no wish of their own.
    pub for_all: RwSignal<ForAll>,
    /// Start outside the restore window.
    pub now: RwSignal<bool>,
    /// Everything that can be changed is shown.
    pub open: RwSignal<bool>,
    /// What the Worker says would become of the choice.
    pub plan: Memo<Option<Result<Plan, ApiError>>>,
    /// In what the plan differs from the wish.
    pub differences: Memo<Vec<Difference>>,
    /// Courses for which somebody is choosing another category together.
    pub changing: RwSignal<Option<Changing>>,
    /// The pressing of the button.
    pub schedule: Action<ScheduleRequest, ()>,
    /// Why the last press was not successful.
    pub refusal: RwSignal<Option<Refusal>>,
}

impl Bar {
    /// Needs the widget's contexts.
    pub fn new() -> Self {
        let (i18n, api): (I18n, Api) = (use_i18n(), use_api());
        let (session, restores): (Session, RestoreList) = (expect_context(), expect_context());
        let announcer: Announcer = expect_context();
        let selection: RwSignal<Selection> = expect_context();
        let show_restores = use_show_restores();
        let common = remembered_target(session);
        let for_all = RwSignal::new(ForAll::default());
        let (now, open) = (RwSignal::new(false), RwSignal::new(false));
        let (changing, refusal) = (RwSignal::new(None::<Changing>), RwSignal::new(None));

        let preview = Action::new_local(move |request: &ScheduleRequest| {
            let request = request.clone();
            async move { api.post(Preview, &request).await }
        });
        let _ = watch_debounced_with_options(
            move || (request(selection, common, for_all, now), session.lost().is_none()),
            move |(request, is_connected), _, _: Option<()>| {
                if let Some(request) = request.clone().filter(|_| *is_connected) {
                    preview.dispatch(request);
                }
            },
            PLAN_AFTER,
            WatchDebouncedOptions::default().immediate(true),
        );
        let plan = Memo::new(move |_| preview.value().get());
        let differences = Memo::new(move |_| {
            let Some(Ok(plan)) = plan.get() else { return Vec::new() };
            let (locale, changing) = (i18n.untracked(), changing.get());
            let of = |chosen: &Selection| {
                session.with_home(|home| differences(&locale, home, chosen, &plan, changing.as_ref()))
            };
            selection.with(of).unwrap_or_default()
        });

        // When a press was made that got no answer; the next list of restores tells what became of it.
        let unanswered = RwSignal::new(None::<UnixTime>);
        Effect::new(move || {
            restores.answers.track();
            let Some(asked) = unanswered.get_untracked() else { return };
            unanswered.set(None);
            refusal.set(None);
            let before = selection.with_untracked(Selection::len);
            restores.all.with_untracked(|all| selection.update(|s| s.forget_scheduled(all, asked)));
            let scheduled = before - selection.with_untracked(Selection::len);
            if scheduled > 0 {
                announcer.say(i18n.count(text::SCHEDULED_N, scheduled));
            }
        });
        let schedule = Action::new_local(move |request: &ScheduleRequest| {
            let (request, asked) = (request.clone(), session.present());
            refusal.set(None);
            async move {
                match api.post(Schedule, &request).await {
                    Ok(answer) => {
                        let problems = refused(i18n, selection, &answer);
                        let made: Vec<_> = answer.results.iter().filter_map(|result| result.restore.clone()).collect();
                        let scheduled = made.len();
                        restores.put(made);
                        if scheduled > 0 {
                            announcer.say(i18n.count(text::SCHEDULED_N, scheduled));
                        }
                        let is_all = problems.is_none();
                        refusal.set(problems);
                        now.set(false);
                        selection.update(|s| s.forget_answered(&answer));
                        if is_all {
                            open.set(false);
                            for_all.set(ForAll::default());
                            show_restores();
                        }
                    }
                    Err(error) => {
                        if error.is_connection() {
                            unanswered.set(Some(asked));
                        }
                        refusal.set(Some(not_sent(i18n, &error)));
                    }
                }
            }
        });
        Self { i18n, announcer, selection, common, for_all, now, open, plan, differences, changing, schedule, refusal }
    }

    /// Schedules what is chosen. What is shown afterwards is what the Worker says became of each course.
    pub fn send(self) {
        if let Some(request) = untrack(|| request(self.selection, self.common, self.for_all, self.now)) {
            self.schedule.dispatch(request);
        }
    }

    /// Chooses nothing.
    pub fn clear(self) {
        self.refusal.set(None);
        self.open.set(false);
        self.for_all.set(ForAll::default());
        self.selection.set(Selection::default());
        self.say_number();
    }

    /// Chooses these no longer.
    pub fn leave_out(self, keys: &[Key]) {
        self.selection.update(|s| keys.iter().for_each(|key| s.remove(key)));
        self.say_number();
    }

    fn say_number(self) {
        let n = self.selection.with_untracked(Selection::len);
        self.announcer.say(self.i18n.count(text::SAID_CHOSEN, n));
    }
}

fn request(
    selection: RwSignal<Selection>,
    common: RwSignal<Option<Target>>,
    for_all: RwSignal<ForAll>,
    now: RwSignal<bool>,
) -> Option<ScheduleRequest> {
    let (common, now) = (common.get(), now.get());
    let choices = selection.with(|s| for_all.with(|for_all| s.choices(common, for_all)))?;
    (!choices.is_empty()).then_some(ScheduleRequest { choices, now })
}

/// The target chosen last in this browser, if it is still to be had, else the site's; what is chosen is remembered.
fn remembered_target(session: Session) -> RwSignal<Option<Target>> {
    let (remembered, remember, _) = use_local_storage::<String, FromToStringCodec>("courseferry.target");
    let last = targets::read(&remembered.get_untracked());
    let common = RwSignal::new(untrack(|| session.with_home(|home| targets::first(home, last))).flatten());
    Effect::watch(
        move || common.get(),
        move |target, _, _| {
            if let Some(target) = target {
                remember.set(targets::write(*target));
            }
        },
        false,
    );
    common
}

fn refused(i18n: I18n, selection: RwSignal<Selection>, answer: &ScheduleAnswer) -> Option<Refusal> {
    let line = |result: &Scheduled| {
        let problem = result.problem.as_ref().filter(|_| result.restore.is_none())?;
        let key = (result.choice.remote.clone(), result.choice.course);
        let name = selection.with_untracked(|s| s.get(&key).map(|p| p.full_name.clone())).unwrap_or_default();
        Some(format!("{name}: {}", with_advice(problem)))
    };
    let lines: Vec<_> = answer.results.iter().filter_map(line).collect();
    let heading = i18n.count(text::NOT_SCHEDULED_N, lines.len());
    (!lines.is_empty()).then_some(Refusal { heading, reason: None, lines })
}

/// A lost connection and an ended login are announced for the whole page, so they are no part of the alert.
fn not_sent(i18n: I18n, error: &ApiError) -> Refusal {
    let heading = i18n.t(text::NOT_SENT);
    match error {
        ApiError::LoggedOut => Refusal { heading, reason: Some(i18n.t(text::LOGGED_OUT_SHORT)), lines: Vec::new() },
        error if error.is_connection() => Refusal { heading, reason: Some(error.sentence(i18n)), lines: Vec::new() },
        error => Refusal { heading, reason: None, lines: vec![error.sentence(i18n)] },
    }
}
