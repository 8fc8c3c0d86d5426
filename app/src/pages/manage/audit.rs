//! The audit: asked for by a press, a hundred entries at a time, and as a CSV file.

use super::csv_file::CsvFile;
use super::section::Section;
use super::state::ManageState;
use crate::i18n::{text, use_i18n};
use crate::ui::button::Button;
use crate::ui::notice::Failure;
use courseferry_api::{AuditFileQuery, AuditLine, AuditQuery, GetAuditFile, ListAudit};
use leptos::prelude::*;

const PAGE: usize = 100;

/// The audit.
#[component]
pub fn Audit() -> impl IntoView {
    let i18n = use_i18n();
    let ManageState { api, .. } = expect_context();
    let entries = RwSignal::new(Vec::<AuditLine>::new());
    let total = RwSignal::new(None::<usize>);
    let more = Action::new_local(move |(): &()| {
        let page = u32::try_from(entries.with_untracked(Vec::len) / PAGE).unwrap_or_default();
        async move {
            let answer = api.get(ListAudit, &AuditQuery { page }).await.map_err(|error| error.sentence(i18n))?;
            total.set(Some(answer.total as usize));
            entries.update(|all| all.extend(answer.entries));
            Ok::<_, String>(())
        }
    });
    let label = move || match total.get() {
        None => i18n.t(text::MANAGE_SHOW_AUDIT),
        Some(total) => {
            let rest = total.saturating_sub(entries.with(Vec::len)).min(PAGE);
            i18n.fill(text::SHOW_MORE, &[("n", &i18n.number(rest))])
        }
    };
    let is_all = move || total.get().is_some_and(|total| entries.with(Vec::len) >= total);
    let not_shown = move || more.value().get().and_then(Result::err);
    let rows = move || entries.get().into_iter().map(|entry| view! { <Entry entry /> }).collect_view();
    view! {
        <Section heading=i18n.t(text::MANAGE_AUDIT)>
            <ul class="cf-list cf-audit">{rows}</ul>
            <Failure text=Signal::derive(not_shown) />
            <CsvFile
                label=i18n.t(text::MANAGE_CSV)
                name="courseferry-audit.csv"
                endpoint=GetAuditFile
                query=AuditFileQuery::default
            >
                <Show when=move || !is_all()>
                    <Button
                        label=Signal::derive(label)
                        busy=more.pending()
                        on_press=move || { more.dispatch(()); }
                    />
                </Show>
            </CsvFile>
        </Section>
    }
}

/// Who did what, in words: names and links instead of numbers; the rest is for the help desk.
#[component]
fn Entry(entry: AuditLine) -> impl IntoView {
    let i18n = use_i18n();
    let AuditLine { entry, deed, course, link, remote_name, problem } = entry;
    let who = match entry.acting {
        Some(acting) => i18n.fill(text::MANAGE_ACTING, &[("name", &acting), ("user", &entry.user_name)]),
        None if entry.user.0 == 0 => i18n.t(text::MANAGE_SYSTEM),
        None => entry.user_name,
    };
    let for_whom = entry.for_name.map(|name| format!(" {}", i18n.fill(text::MANAGE_FOR, &[("name", &name)])));
    let at = i18n.untracked().full_moment(entry.at);
    let course = course.map(|course| match link {
        Some(link) => view! { " " <a href=link><bdi>{course}</bdi></a> }.into_any(),
        None => view! { " " <em><bdi>{course}</bdi></em> }.into_any(),
    });
    let remote = remote_name.map(|name| format!(" ({name})"));
    let outcome = problem.map(|problem| view! { <div class="cf-meta">{problem.message}</div> });
    let times = (entry.times > 1).then(|| format!(" × {}", i18n.number(entry.times as usize)));
    let codes = [Some(entry.action), Some(entry.outcome), entry.restore, Some(entry.request)];
    let codes = codes.into_iter().flatten().filter(|code| !code.is_empty()).collect::<Vec<_>>().join(" · ");
    view! {
        <li>
            <span class="cf-meta">{at}</span>
            " "
            <bdi>{who}</bdi>
            " "
            {deed}
            {course}
            {remote}
            {for_whom}
            {times}
            {outcome}
            <details class="cf-details">
                <summary>{i18n.t(text::FIELD_EXACT)}</summary>
                <code>{codes}</code>
            </details>
        </li>
    }
}
