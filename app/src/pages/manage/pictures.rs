//! The three pictures of the last 30 nights, each with the same numbers as a table.

use super::csv_file::CsvFile;
use super::section::Section;
use super::state::ManageState;
use crate::api::ApiError;
use crate::i18n::{I18n, Text, text, use_i18n};
use crate::ui::notice::{Notice, Tone};
use courseferry_api::{GetNights, GetNightsFile, Night, Nights, RemoteNights};
use leptos::prelude::*;

/// Width and height of a picture's drawing area, in its own units.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 120.0;
/// Height of one bar of the pictures by Moodle, with the room under it.
const BAR: f64 = 14.0;
const ROW: f64 = 22.0;

/// The pictures; nothing while nothing has ended yet.
#[component]
pub fn Pictures() -> impl IntoView {
    let i18n = use_i18n();
    let state: ManageState = expect_context();
    let nights = LocalResource::new(move || state.api.get(GetNights, &()));
    let drawn = move || {
        let answer: Result<Nights, ApiError> = nights.get()?;
        Some(match answer {
            Err(error) => {
                view! { <Notice tone=Tone::Danger><p role="alert">{error.sentence(i18n)}</p></Notice> }.into_any()
            }
            Ok(Nights { remotes, .. }) if remotes.is_empty() => {
                view! { <p class="cf-empty">{i18n.t(text::MANAGE_NOTHING_ENDED)}</p> }.into_any()
            }
            Ok(Nights { nights, remotes }) => view! {
                {by_night(i18n, &nights)} {shares(i18n, &remotes)} {minutes(i18n, &remotes)}
                <CsvFile
                    label=i18n.t(text::MANAGE_NIGHTS_CSV)
                    name="courseferry-nights.csv"
                    endpoint=GetNightsFile
                    query=|| ()
                />
            }
            .into_any(),
        })
    };
    view! { <Section heading=i18n.t(text::MANAGE_PICTURES)>{drawn}</Section> }
}

/// A picture with its title and its table.
fn figure(
    i18n: I18n,
    title: Text,
    picture: impl IntoView,
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
) -> impl IntoView {
    let title = i18n.t(title);
    let heads = heads.into_iter().map(|head| view! { <th scope="col">{head}</th> }).collect_view();
    let row = |cells: Vec<String>| {
        let mut cells = cells.into_iter();
        let name = cells.next().unwrap_or_default();
        let cells = cells.map(|cell| view! { <td>{cell}</td> }).collect_view();
        view! { <tr><th scope="row"><bdi>{name}</bdi></th>{cells}</tr> }
    };
    view! {
        <figure class="cf-figure">
            <figcaption>{title.clone()}</figcaption>
            {picture}
            <details class="cf-details">
                <summary>{i18n.t(text::MANAGE_AS_TABLE)} <span class="cf-visually-hidden">": " {title}</span></summary>
                <div class="cf-table" tabindex="0" role="group" aria-label=i18n.t(text::MANAGE_AS_TABLE)>
                    <table class="table table-sm">
                        <thead><tr>{heads}</tr></thead>
                        <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
                    </table>
                </div>
            </details>
        </figure>
    }
}

fn svg(title: String, height: f64, content: impl IntoView) -> impl IntoView {
    view! {
        <svg class="cf-picture" role="img" aria-label=title viewBox=format!("0 0 {WIDTH} {height}")>
            {content}
        </svg>
    }
}

/// The colours of the first picture, which also differ by their place in each bar.
const ENDS: [(&str, Text); 3] =
    [("cf-bar-restored", text::RESTORED), ("cf-bar-to-check", text::TO_CHECK), ("cf-bar-failed", text::FAILED)];

fn ends(night: &Night) -> [u32; 3] {
    [night.restored, night.to_check, night.failed]
}

#[expect(clippy::cast_precision_loss, reason = "thirty bars")]
fn by_night(i18n: I18n, nights: &[Night]) -> impl IntoView {
    let locale = i18n.untracked();
    let most = nights.iter().map(|night| ends(night).iter().sum::<u32>()).max().unwrap_or_default().max(1);
    let step = WIDTH / nights.len().max(1) as f64;
    let bar = |(place, night): (usize, &Night)| {
        let mut y = HEIGHT;
        let part = |(number, (class, _)): (u32, (&'static str, Text))| {
            let height = f64::from(number) / f64::from(most) * HEIGHT;
            y -= height;
            view! { <rect class=class x=place as f64 * step + 2.0 y=y width=step - 4.0 height=height /> }
        };
        ends(night).into_iter().zip(ENDS).map(part).collect_view()
    };
    let bars = nights.iter().enumerate().map(bar).collect_view();
    let sum = |place: usize| nights.iter().filter_map(|night| ends(night).get(place).copied()).sum::<u32>() as usize;
    let said: Vec<String> = ENDS
        .iter()
        .enumerate()
        .map(|(place, (_, label))| format!("{}: {}", i18n.t(*label), i18n.number(sum(place))))
        .collect();
    let title = format!("{}. {}", i18n.t(text::MANAGE_BY_NIGHT), said.join(", "));
    let legend = ENDS.iter().zip(&said).map(|((class, _), said)| {
        view! { <li><svg class="cf-key" aria-hidden="true" viewBox="0 0 10 10"><rect class=*class width="10" height="10" /></svg> {said.clone()}</li> }
    });
    let picture = view! {
        {svg(title, HEIGHT, bars)}
        <ul class="cf-legend">{legend.collect_view()}</ul>
    };
    let heads = [text::MANAGE_NIGHT, text::RESTORED, text::TO_CHECK, text::FAILED].map(|head| i18n.t(head)).into();
    let row = |night: &Night| {
        let numbers = ends(night).map(|number| i18n.number(number as usize));
        [locale.full_date(night.began)].into_iter().chain(numbers).collect()
    };
    figure(i18n, text::MANAGE_BY_NIGHT, picture, heads, nights.iter().rev().map(row).collect())
}

/// Bars from the left, one a line, with their names beside them.
fn lines(title: String, bars: Vec<(String, f64, &'static str, String)>) -> impl IntoView {
    let line = |(name, share, class, value): (String, f64, &'static str, String)| {
        view! {
            <li>
                <span class="cf-line-name"><bdi>{name}</bdi></span>
                <svg class="cf-line" aria-hidden="true" preserveAspectRatio="none" viewBox=format!("0 0 {WIDTH} {ROW}")>
                    <rect class=class y=(ROW - BAR) / 2.0 width=share.clamp(0.0, 1.0) * WIDTH height=BAR />
                </svg>
                <span>{value}</span>
            </li>
        }
    };
    view! { <ul class="cf-lines" aria-label=title>{bars.into_iter().map(line).collect_view()}</ul> }
}

fn shares(i18n: I18n, remotes: &[RemoteNights]) -> impl IntoView {
    let percent = |remote: &RemoteNights| (100 * remote.came).checked_div(remote.ended).unwrap_or_default();
    let bar = |remote: &RemoteNights| {
        let value = i18n.fill(text::MANAGE_PERCENT, &[("n", &percent(remote).to_string())]);
        (remote.name.clone(), f64::from(percent(remote)) / 100.0, "cf-bar-restored", value)
    };
    let picture = lines(i18n.t(text::MANAGE_SHARES), remotes.iter().map(bar).collect());
    let heads =
        [text::MANAGE_MOODLE, text::MANAGE_ENDED_NUMBER, text::RESTORED, text::MANAGE_SHARE].map(|head| i18n.t(head));
    let row = |remote: &RemoteNights| {
        vec![
            remote.name.clone(),
            i18n.number(remote.ended as usize),
            i18n.number(remote.came as usize),
            i18n.fill(text::MANAGE_PERCENT, &[("n", &percent(remote).to_string())]),
        ]
    };
    figure(i18n, text::MANAGE_SHARES, picture, heads.into(), remotes.iter().map(row).collect())
}

const STEPS: [Text; 3] = [text::MANAGE_STEP_1, text::MANAGE_STEP_2, text::MANAGE_STEP_3];

fn minutes(i18n: I18n, remotes: &[RemoteNights]) -> impl IntoView {
    let most = remotes.iter().flat_map(|remote| remote.minutes).flatten().max().unwrap_or_default().max(1);
    let said = |minutes: Option<u32>| match minutes {
        Some(minutes) => i18n.fill(text::MANAGE_MINUTES, &[("n", &i18n.number(minutes as usize))]),
        None => "–".to_owned(),
    };
    let bars = |remote: &RemoteNights| {
        let bar = |(minutes, step): (Option<u32>, Text)| {
            let share = f64::from(minutes.unwrap_or_default()) / f64::from(most);
            (format!("{} · {}", remote.name, i18n.t(step)), share, "cf-bar-minutes", said(minutes))
        };
        remote.minutes.into_iter().zip(STEPS).map(bar).collect::<Vec<_>>()
    };
    let picture = lines(i18n.t(text::MANAGE_STEP_MINUTES), remotes.iter().flat_map(bars).collect());
    let heads = [text::MANAGE_MOODLE].into_iter().chain(STEPS).map(|head| i18n.t(head)).collect();
    let row = |remote: &RemoteNights| [remote.name.clone()].into_iter().chain(remote.minutes.map(said)).collect();
    figure(i18n, text::MANAGE_STEP_MINUTES, picture, heads, remotes.iter().map(row).collect())
}
