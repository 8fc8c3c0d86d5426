//! The settings in force, and those that an administrator changes here: kept in the database over the deployment's.

use crate::{
    app::{App, in_force},
    auth::session::CurrentUser,
    http::error::{ApiError, ApiResult},
};
use courseferry_api::{ErrorCode, Language, ManagedSetting, ManagedSettings, SettingChange, SettingValue};
use courseferry_ferry::{ON_MANAGE, SettingError};
use courseferry_store::{ChangedSetting, queries};

/// Characters of a value.
const VALUE: usize = 100;

/// `GET /api/manage/settings`.
pub fn list(app: &App, user: &CurrentUser) -> ManagedSettings {
    shown(app, &app.changed, user.account().language())
}

/// `POST /api/manage/settings`: a value that is wrong is refused and changes nothing.
pub async fn change(app: &App, user: &CurrentUser, body: SettingValue) -> ApiResult<ManagedSettings> {
    let language = user.account().language();
    let Some(name) = ON_MANAGE.into_iter().find(|name| *name == body.name) else {
        return Err(ApiError::with(ErrorCode::RequestMalformed, "name"));
    };
    let value = body.value.map(|value| value.trim().to_owned());
    let action = format!("manage.setting {name}={}", value.as_deref().unwrap_or("(as shipped)"));
    let done = match value {
        None => app.store.reset_setting(name).await.map_err(ApiError::from),
        Some(value) => keep(app, user, name, value, language).await,
    };
    // What was refused is not repeated in the audit: it may be anything.
    let action = if done.is_ok() { action } else { format!("manage.setting {name}") };
    app.audited(user, &action, None, None, done).await?;
    Ok(shown(app, &app.store.ask(queries::changed_settings()).await?, language))
}

async fn keep(app: &App, user: &CurrentUser, name: &str, value: String, language: Language) -> ApiResult<()> {
    if value.is_empty() || value.chars().count() > VALUE {
        return Err(ApiError::with(ErrorCode::RequestMalformed, name));
    }
    let changed = ChangedSetting {
        name: name.to_owned(),
        value,
        changed: app.now,
        user: user.id(),
        user_name: user.account().name.clone(),
    };
    let (_, wrong) = in_force(&app.config.settings, std::slice::from_ref(&changed));
    if let Some(wrong) = wrong.first() {
        return Err(ApiError::with(wrong.code(), wrong.detail(language)));
    }
    Ok(app.store.change_setting(&changed).await?)
}

fn shown(app: &App, changed: &[ChangedSetting], language: Language) -> ManagedSettings {
    let shipped = &app.config.settings;
    let (settings, wrong) = in_force(shipped, changed);
    let setting = |(name, value): &(&str, String)| {
        let change = changed.iter().find(|change| change.name == *name);
        let problem = wrong.iter().find(|error: &&SettingError| error.setting == *name);
        ManagedSetting {
            name: (*name).to_owned(),
            value: value.clone(),
            shipped: shipped.value(name).unwrap_or_default().to_owned(),
            changeable: ON_MANAGE.contains(name),
            changed: change
                .map(|change| SettingChange { at: change.changed, by: language.person(&change.user_name).to_owned() }),
            problem: problem.map(|error| error.problem(language)),
        }
    };
    ManagedSettings { settings: settings.values.iter().map(setting).collect() }
}
