//! How the last nights went, and whether this one has room for what waits.

use crate::{
    adapters::runtime::{iso, zone},
    api::{manage::readiness, view::View},
    app::App,
    auth::session::CurrentUser,
    http::{error::ApiResult, response::attachment},
    peers::Names,
};
use courseferry_api::{Night, Nights, RemoteId, RemoteNights, RemoteTonight, Tonight, UnixTime, csv};
use courseferry_ferry::{
    Pace, TimeOfDay,
    forecast::{self, Load},
};
use courseferry_store::Hour;
use worker::Response;

/// Nights that are drawn.
const NIGHTS: u32 = 30;
/// Hours are added up to nights whose middle is midnight.
const NOON: u16 = 12 * 60;

/// What waits, against the window.
pub async fn tonight(app: &App, user: &CurrentUser, names: &Names) -> ApiResult<Tonight> {
    let queues = app.store.queues().await?;
    let load = |waiting, at_once, usual| {
        let at_once = if at_once == 0 { Pace::default().at_once } else { at_once };
        Load { waiting, at_once, usual }
    };
    let loads: Vec<Load> = queues.iter().map(|queue| load(queue.waiting, queue.at_once, queue.usual)).collect();
    let minutes = |seconds: u64| u32::try_from(seconds.div_ceil(60)).unwrap_or(u32::MAX);
    let seconds = forecast::seconds(&loads);
    let window = View { app, rights: &user.rights, names }.window();
    let begins = window.opens.max(app.now);
    let closes = Some(window.closes).filter(|_| !window.always);
    let fits = closes
        .zip(seconds)
        .map(|(closes, seconds)| i64::try_from(seconds).is_ok_and(|seconds| seconds <= closes.since(begins)));
    let remote = |(queue, load): (&courseferry_store::RemoteQueue, &Load)| RemoteTonight {
        name: names.of(&queue.remote, &user.account().locale),
        waiting: queue.waiting,
        minutes: load.seconds().map(minutes),
    };
    let remotes = queues.iter().zip(&loads).map(remote).collect();
    let side_by_side = readiness::side_by_side(app).await?;
    Ok(Tonight { minutes: seconds.map(minutes), closes, fits, side_by_side, remotes })
}

/// `GET /api/manage/nights`.
pub async fn show(app: &App, user: &CurrentUser) -> ApiResult<Nights> {
    let began = beginnings(app);
    let first = began.first().copied().unwrap_or(app.now);
    let hours = app.store.hours(first).await?;
    let steps = app.store.step_minutes(first).await?;
    let names = Names::of_all(app).await?;
    let night = |(place, night): (usize, &UnixTime)| {
        let (restored, to_check, failed) = sum(hours.iter().filter(|hour| is_in_night(&began, place, hour)));
        Night { began: *night, restored, to_check, failed }
    };
    let of_remote = |remote: &RemoteId| {
        let (restored, to_check, failed) = sum(hours.iter().filter(|hour| hour.remote == *remote));
        let median = |step: u8| {
            steps.iter().find(|known| known.remote == *remote && known.step == step).map(|known| known.median)
        };
        RemoteNights {
            name: names.of(remote, &user.account().locale),
            ended: restored + to_check + failed,
            came: restored + to_check,
            minutes: [median(1), median(2), median(3)],
        }
    };
    Ok(Nights {
        nights: began.iter().enumerate().map(night).collect(),
        remotes: remotes_in(&hours).into_iter().map(of_remote).collect(),
    })
}

/// `GET /api/manage/nights.csv`: a line for each night of each remote of which a restore ended in it.
pub async fn file(app: &App, user: &CurrentUser) -> ApiResult<Response> {
    let began = beginnings(app);
    let hours = app.store.hours(began.first().copied().unwrap_or(app.now)).await?;
    let remotes = remotes_in(&hours);
    let (names, locale) = (Names::of_all(app).await?, &user.account().locale);
    let mut text = csv::line(["night", "remote", "restored", "to_check", "failed"]);
    for (place, night) in began.iter().enumerate() {
        for &remote in &remotes {
            let inside = hours.iter().filter(|hour| hour.remote == *remote && is_in_night(&began, place, hour));
            let (restored, to_check, failed) = sum(inside);
            if restored + to_check + failed > 0 {
                let numbers = [restored, to_check, failed].map(|number| number.to_string());
                let [restored, to_check, failed] = numbers.each_ref().map(String::as_str);
                text += &csv::line([&iso(*night), &names.of(remote, locale), restored, to_check, failed]);
            }
        }
    }
    attachment("courseferry-nights.csv", Response::ok(text)?)
}

/// Whether an hour belongs to the night at this place among those that began so.
fn is_in_night(began: &[UnixTime], place: usize, hour: &Hour) -> bool {
    let starts = |place: usize| began.get(place).copied().unwrap_or(UnixTime(i64::MAX));
    (starts(place)..starts(place + 1)).contains(&hour.began)
}

/// The remotes of which something ended, each once.
fn remotes_in(hours: &[Hour]) -> Vec<&RemoteId> {
    let mut remotes: Vec<&RemoteId> = hours.iter().map(|hour| &hour.remote).collect();
    remotes.sort();
    remotes.dedup();
    remotes
}

/// When each of the last nights began, the oldest first.
fn beginnings(app: &App) -> Vec<UnixTime> {
    let zone = zone(&app.settings.timezone);
    let noon = TimeOfDay::new(NOON).unwrap_or_default();
    let mut at = app.now;
    let mut began: Vec<UnixTime> = (0..NIGHTS)
        .map(|_| {
            let night = noon.last(at, &zone);
            at = night.plus(-1);
            night
        })
        .collect();
    began.reverse();
    began
}

fn sum<'a>(hours: impl Iterator<Item = &'a Hour>) -> (u32, u32, u32) {
    hours.fold((0, 0, 0), |(restored, to_check, failed), hour| {
        (restored + hour.restored, to_check + hour.to_check, failed + hour.failed)
    })
}
