//! Every minute: the ferry's tick with the real world, and now and then a clean-up. Everything is awaited here: the
//! runtime ends whatever still waits when the invocation is over.

use crate::{
    adapters::{
        log::{Line, Since},
        ports::{PortFerry, Ports},
    },
    app::App,
    http::error::ApiResult,
    peers::Names,
};
use courseferry_api::UnixTime;
use courseferry_ferry::Report;
use courseferry_store::Ended;
use std::{cell::Cell, time::Duration};
use worker::{Delay, Env};

/// Seconds between two clean-ups by one instance.
const CLEANING: i64 = 3_600;

thread_local! {
    /// When this instance last cleaned up. A new one does it at once: instances may live for less than an hour.
    static CLEANED: Cell<Option<UnixTime>> = const { Cell::new(None) };
}

/// The cron expression that carries everything on; the others of wrangler.toml only have more backups made.
const WHOLE: &str = "* * * * *";
/// Seconds between two questions to the companion, however often it calls.
const TOGETHER: u32 = 3;

/// What the platform's clock sets off.
pub async fn scheduled(app: &App, cron: &str) -> ApiResult<()> {
    // Called by hand it has no expression.
    if cron == WHOLE || cron.is_empty() { tick(app).await } else { work(app, async |ferry| ferry.help().await).await }
}

/// The companion said that something ended: it is asked what. Many such calls are one question every few seconds: one that
/// comes too soon after a question waits, and ends without asking if another call asks meanwhile.
pub async fn hurry(env: Env, request_id: String) {
    let asked = async {
        for pause in [0, TOGETHER] {
            Delay::from(Duration::from_secs(pause.into())).await;
            let app = App::new(&env, &request_id, None).await?;
            if app.store.may_ask("hurry", app.now, TOGETHER).await? {
                return work(&app, async |ferry| ferry.hurry().await).await;
            }
        }
        Ok(())
    };
    if let Err(error) = asked.await {
        error.log(&request_id);
    }
}

/// Works on the restores, and logs what came of it.
async fn work(app: &App, step: impl AsyncFnOnce(&PortFerry<'_, '_>) -> Report) -> ApiResult<()> {
    let begun = Since::now();
    app.require_settings()?;
    app.config.require_remotes()?;
    let names = Names::of_all(app).await?;
    let ports = Ports::new(app, &names);
    let report = step(&ports.ferry(app)).await;
    if report != Report::default() {
        Line::Tick { request: &app.request_id, ms: begun.ms(), report: &format!("{report:?}") }.write();
    }
    for trouble in &report.troubles {
        Line::Error { request: &app.request_id, code: None, detail: trouble }.write();
    }
    Ok(())
}

/// One tick.
async fn tick(app: &App) -> ApiResult<()> {
    app.store.ticked(app.now).await?;
    work(app, async |ferry| ferry.tick().await).await?;
    for Ended { restore, remote, status, code, seconds } in &app.store.newly_ended().await? {
        let (remote, code, ms) = (remote.as_deref(), code.as_deref(), seconds.unsigned_abs() * 1_000);
        Line::Restore { request: &app.request_id, restore, remote, status, code, ms }.write();
    }
    if CLEANED.get().is_none_or(|cleaned| app.now.since(cleaned) >= CLEANING) {
        let settings = &app.settings;
        // What is left over is deleted in the next minute.
        if !app.store.clean(app.now, settings.retention_days, settings.audit_retention_days).await? {
            CLEANED.set(Some(app.now));
        }
    }
    Ok(())
}
