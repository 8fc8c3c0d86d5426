//! What would become of each row, and what became of it. Rows are asked about, and sent, a few at a time.

use crate::api::{Api, ApiError};
use crate::i18n::{I18n, text, use_i18n};
use crate::logic::phrases::with_advice;
use crate::logic::summary::start_and_visibility;
use crate::state::announcer::Announcer;
use crate::state::restores::RestoreList;
use crate::ui::button::{Button, Look};
use crate::ui::notice::Failure;
use courseferry_api::{
    Exception, ListRow, OrdersFor, PlannedFor, PreviewFor, PreviewRows, Problem, ROWS_AT_ONCE, ScheduleFor, TakenName,
};
use leptos::prelude::*;

/// Rows that are shown at first, and with each "more".
const SHOWN: usize = 50;

#[derive(Debug, Clone, PartialEq)]
struct Row {
    /// What is asked for, with its line in the file; 0 if it was chosen.
    asked: ListRow,
    /// What would become of it, once that is known.
    planned: Option<PlannedFor>,
    /// It has been scheduled from here.
    is_done: bool,
}

impl Row {
    fn problem(&self) -> Option<&Problem> {
        self.asked.problem.as_ref().or_else(|| self.planned.as_ref()?.problem.as_ref())
    }

    /// It can be asked for now.
    fn is_ready(&self) -> bool {
        !self.is_done && self.planned.as_ref().is_some_and(|planned| planned.order.is_some())
    }

    fn is_known(&self) -> bool {
        self.planned.is_some() || self.asked.problem.is_some()
    }
}

/// The rows; a handle that is cheap to copy.
#[derive(Clone, Copy)]
pub struct Plan {
    rows: RwSignal<Vec<Row>>,
    /// Counts the lists of rows, so that an answer about an earlier list is not taken for one about this. Gone once the page
    /// has been left.
    list: StoredValue<u32>,
    preview: Action<(), Result<(), String>>,
    schedule: Action<(), Result<(), String>>,
}

impl Plan {
    pub fn new(api: Api) -> Self {
        let i18n = use_i18n();
        let announcer: Announcer = expect_context();
        let restores: RestoreList = expect_context();
        let rows = RwSignal::new(Vec::<Row>::new());
        let list = StoredValue::new(0);
        let preview = Action::new_local(move |(): &()| async move {
            let asked = list.get_value();
            while let Some((places, wishes)) = next(rows, |row| !row.is_known(), |row| row.asked.wish.clone()) {
                let answer = api.post(PreviewRows, &PreviewFor { wishes }).await;
                if list.try_get_value() != Some(asked) {
                    return Ok(());
                }
                let planned = answer.and_then(|planned| complete(planned.rows, places.len()));
                let planned = planned.map_err(|error| error.sentence(i18n))?;
                rows.update(|rows| {
                    for (place, planned) in places.iter().zip(planned) {
                        if let Some(row) = rows.get_mut(*place) {
                            row.planned = Some(planned);
                        }
                    }
                });
            }
            announcer.say(rows.with_untracked(|rows| summary(i18n, rows)));
            Ok(())
        });
        let schedule = Action::new_local(move |(): &()| async move {
            let asked = list.get_value();
            let (mut named, mut done) = (None, 0);
            let ready = |row: &Row| row.is_ready();
            let order = |row: &Row| row.planned.as_ref().and_then(|planned| planned.order.clone());
            while let Some((places, orders)) = next(rows, ready, order) {
                let orders = OrdersFor { orders: orders.into_iter().flatten().collect(), list: named };
                let answer = api.post(ScheduleFor, &orders).await;
                let answer = answer.and_then(|answer| Ok((answer.list, complete(answer.results, places.len())?)));
                let (list_of_all, results) = answer.map_err(|error| error.sentence(i18n))?;
                named = Some(list_of_all);
                done += results.iter().filter(|result| result.restore.is_some()).count();
                // Other rows stand there now, or none: nobody has asked for these to be restored, and what has been scheduled
                // is not among them.
                if list.try_get_value() != Some(asked) {
                    announcer.say(i18n.count(text::FOR_DONE, done));
                    restores.poll();
                    return Ok(());
                }
                rows.update(|rows| {
                    for (place, result) in places.iter().zip(results) {
                        let Some(row) = rows.get_mut(*place) else { continue };
                        row.is_done = result.restore.is_some();
                        if let Some(planned) = row.planned.as_mut() {
                            planned.order = None;
                            planned.problem = result.problem;
                        }
                    }
                });
            }
            announcer.say(rows.with_untracked(|rows| summary(i18n, rows)));
            restores.poll();
            Ok(())
        });
        Self { rows, list, preview, schedule }
    }

    /// Which list of rows this is; none once the page has been left.
    pub fn list(self) -> Option<u32> {
        self.list.try_get_value()
    }

    /// Nothing is planned.
    pub fn clear(self) {
        self.put(Vec::new());
    }

    /// Finds out what would become of these.
    pub fn look_at(self, rows: Vec<ListRow>) {
        self.put(rows.into_iter().map(|asked| Row { asked, planned: None, is_done: false }).collect());
        self.preview.dispatch(());
    }

    fn put(self, rows: Vec<Row>) {
        self.list.update_value(|list| *list += 1);
        self.rows.set(rows);
    }
}

/// What was answered of so many rows, if it is an answer for each: a row without one would be asked about again and again.
fn complete<T>(answers: Vec<T>, rows: usize) -> Result<Vec<T>, ApiError> {
    if answers.len() == rows { Ok(answers) } else { Err(ApiError::NotUnderstood(200)) }
}

/// The next rows like these, as many as go at once, with their places; none if there are none.
fn next<T>(
    rows: RwSignal<Vec<Row>>,
    like: impl Fn(&Row) -> bool,
    take: impl Fn(&Row) -> T,
) -> Option<(Vec<usize>, Vec<T>)> {
    rows.with_untracked(|rows| {
        let found = rows.iter().enumerate().filter(|(_, row)| like(row)).take(ROWS_AT_ONCE);
        let (places, taken): (Vec<_>, Vec<_>) = found.map(|(place, row)| (place, take(row))).unzip();
        (!places.is_empty()).then_some((places, taken))
    })
}

/// `18 can be restored, 2 cannot.`
fn summary(i18n: I18n, rows: &[Row]) -> String {
    let number = |like: fn(&Row) -> bool| rows.iter().filter(|row| like(row)).count();
    let unknown = number(|row| !row.is_known());
    if unknown > 0 {
        let (known, all) = (i18n.number(rows.len() - unknown), i18n.number(rows.len()));
        return i18n.fill(text::FOR_LOOKING, &[("n", &known), ("all", &all)]);
    }
    let done = number(|row| row.is_done);
    let refused = number(|row| row.problem().is_some());
    let first =
        if done > 0 { i18n.count(text::FOR_DONE, done) } else { i18n.count(text::FOR_READY, number(Row::is_ready)) };
    if refused == 0 { first } else { format!("{first} {}", i18n.count(text::FOR_REFUSED, refused)) }
}

/// The rows, and the button that has them done.
#[component]
pub fn Planned() -> impl IntoView {
    let i18n = use_i18n();
    let plan: Plan = expect_context();
    let rows = plan.rows;
    let shown = RwSignal::new(SHOWN);
    let only_refused = RwSignal::new(false);
    let busy = Signal::derive(move || plan.preview.pending().get() || plan.schedule.pending().get());
    let failure = move || {
        if busy.get() {
            return None;
        }
        let failed = |action: Action<(), Result<(), String>>| action.value().get().and_then(Result::err);
        failed(plan.schedule).or_else(|| failed(plan.preview)).filter(|_| rows.with(|rows| !rows.is_empty()))
    };
    let summed = move || rows.with(|rows| if rows.is_empty() { String::new() } else { summary(i18n, rows) });
    let ready = Memo::new(move |_| rows.with(|rows| rows.iter().filter(|row| row.is_ready()).count()));
    let any_refused = Memo::new(move |_| rows.with(|rows| rows.iter().any(|row| row.problem().is_some())));
    let listed = move || {
        rows.with(|rows| {
            let found = rows.iter().filter(|row| !only_refused.get() || row.problem().is_some());
            found.take(shown.get()).map(|row| line(i18n, row)).collect_view()
        })
    };
    let more = move || {
        let all = rows.with(|rows| rows.iter().filter(|row| !only_refused.get() || row.problem().is_some()).count());
        let rest = all.saturating_sub(shown.get());
        (rest > 0).then(|| {
            let label = i18n.fill(text::SHOW_MORE, &[("n", &i18n.number(rest.min(SHOWN)))]);
            view! { <Button label on_press=move || shown.update(|shown| *shown += SHOWN) /> }
        })
    };
    view! {
        <p>{summed}</p>
        <Show when=move || any_refused.get() && rows.with(|rows| rows.len() > 1)>
            <label class="cf-check">
                <input
                    type="checkbox"
                    prop:checked=only_refused
                    on:change=move |event| only_refused.set(event_target_checked(&event))
                />
                {i18n.t(text::FOR_ONLY_REFUSED)}
            </label>
        </Show>
        <ul class="cf-list">{listed}</ul>
        {more}
        <Failure text=Signal::derive(failure) />
        <Show when=move || ready.get() != 0>
            <div class="cf-actions">
                <Button
                    look=Look::Primary
                    label=Signal::derive(move || i18n.count(text::FOR_DO, ready.get()))
                    busy
                    on_press=move || { plan.schedule.dispatch(()); }
                />
            </div>
        </Show>
    }
}

fn line(i18n: I18n, row: &Row) -> impl IntoView + use<> {
    let wish = &row.asked.wish;
    let planned = row.planned.as_ref();
    let or = |known: Option<&String>, typed: &String| known.filter(|known| !known.is_empty()).unwrap_or(typed).clone();
    let course = or(planned.map(|planned| &planned.course), &wish.course);
    let person = or(planned.map(|planned| &planned.person), &wish.person);
    let remote = or(planned.map(|planned| &planned.remote), &wish.remote);
    let line = (row.asked.line > 0).then(|| i18n.fill(text::FOR_LINE, &[("n", &i18n.number(row.asked.line as usize))]));
    let to = planned.and_then(|planned| planned.category.clone());
    let to = to.map(|category| i18n.fill(text::TO_CATEGORY, &[("category", &category)]));
    let facts = [line, Some(person), Some(remote), to].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let notes = planned.map(|planned| {
        let borrowed = planned.borrowed.then(|| i18n.t(text::FOR_BORROWED));
        let exceptions = planned.exceptions.iter().map(|exception| exception_text(i18n, exception));
        borrowed.into_iter().chain(exceptions).collect::<Vec<_>>()
    });
    let wanted = start_and_visibility(&i18n.untracked(), wish.options.starts, None, wish.options.visible);
    let notes =
        wanted.into_iter().chain(notes.unwrap_or_default()).map(|note| view! { <div class="cf-meta">{note}</div> });
    let state = match row.problem() {
        Some(problem) => {
            let code = problem.code.as_str();
            view! { <div class="text-danger">{with_advice(problem)} " " <code>{code}</code></div> }.into_any()
        }
        None if row.is_done => view! { <div class="cf-status">{i18n.t(text::SCHEDULED)}</div> }.into_any(),
        None => ().into_any(),
    };
    view! {
        <li class="cf-row">
            <div class="cf-body">
                <div class="cf-name"><bdi>{course}</bdi></div>
                <div class="cf-meta"><bdi>{facts}</bdi></div>
                {notes.collect_view()}
                {state}
            </div>
        </li>
    }
}

fn exception_text(i18n: I18n, exception: &Exception) -> String {
    match exception {
        Exception::DefaultInstead { reason } => i18n.fill(text::FOR_DEFAULT, &[("reason", reason)]),
        Exception::Incomplete { reason } => reason.clone(),
        Exception::Refused { problem } => problem.message.clone(),
        Exception::Renamed { taken, full_name, short_name } => {
            let (TakenName::Short(old) | TakenName::Full(old)) = taken;
            i18n.fill(text::RENAMED, &[("old", old), ("new", &format!("{full_name}, {short_name}"))])
        }
    }
}
