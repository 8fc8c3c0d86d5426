//! Every minute: the ferry's tick with the real world, and now and then a clean-up. Everything is awaited here: the
//! runtime ends whatever still waits when the invocation is over.

use crate::{
    adapters::{
        log::{Line, Since},
        ports::Ports,
    },
    app::App,
    http::error::ApiResult,
    peers::Names,
};
use courseferry_api::UnixTime;
use courseferry_ferry::Report;
use std::cell::Cell;

/// Seconds between two clean-ups by one instance.
const CLEANING: i64 = 3_600;

thread_local! {
    /// When this instance last cleaned up: a young one does it at once, so that none ends before it ever has.
    static CLEANED: Cell<Option<UnixTime>> = const { Cell::new(None) };
}

/// One tick.
pub async fn tick(app: &App) -> ApiResult<()> {
    let begun = Since::now();
    app.store.ticked(app.now).await?;
    app.require_settings()?;
    app.config.require_remotes()?;
    let names = Names::of_all(app).await?;
    let ports = Ports::new(app, &names);
    let report = ports.ferry(app).tick().await;
    if report != Report::default() {
        Line::Tick { request: &app.request_id, ms: begun.ms(), report: &format!("{report:?}") }.write();
    }
    for trouble in &report.troubles {
        Line::Error { request: &app.request_id, code: None, detail: trouble }.write();
    }
    if CLEANED.get().is_none_or(|cleaned| app.now.since(cleaned) >= CLEANING) {
        let settings = &app.settings;
        // What is left over is next minute's.
        if !app.store.clean(app.now, settings.retention_days, settings.audit_retention_days).await? {
            CLEANED.set(Some(app.now));
        }
    }
    Ok(())
}
