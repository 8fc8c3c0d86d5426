//! Who asks: launch tokens are exchanged for sessions, and every other call proves itself with one.

use crate::{
    adapters::runtime::{hex, random},
    app::App,
    auth::{
        rights::{Account, Rights},
        snapshots,
    },
    http::{
        error::{ApiError, ApiResult},
        request::RequestContext,
    },
};
use courseferry_access::token::{self, Actor, Expected, LaunchClaims, ServiceClaims, SessionClaims, Standard};
use courseferry_api::{ErrorCode, SessionRequest, UnixTime, UserId};
use futures::future::try_join;

/// Somebody with a session.
#[derive(Debug)]
pub struct CurrentUser {
    /// Who they are and what they may do.
    pub rights: Rights,
    /// The person who is logged in as them.
    pub acting: Option<Actor>,
}

impl CurrentUser {
    /// Their id.
    pub fn id(&self) -> UserId {
        self.rights.account.id
    }

    /// The id of the person who is logged in as them.
    pub fn acting_id(&self) -> Option<UserId> {
        self.acting.as_ref().and_then(actor_id)
    }

    /// Their account.
    pub fn account(&self) -> &Account {
        &self.rights.account
    }
}

/// A session that has just begun.
pub struct Opened {
    /// The session token.
    pub token: String,
    /// When it ends.
    pub expires: UnixTime,
    /// Whose it is.
    pub user: CurrentUser,
}

/// A session for a launch token, which is good once.
pub async fn open(app: &App, context: &RequestContext, request: &SessionRequest) -> ApiResult<Opened> {
    let expected = Expected {
        issuer: &app.config.settings.client_wwwroot,
        audience: &app.config.settings.worker_origin,
        state: request.state.as_deref(),
        now: app.now.0,
    };
    let launch: LaunchClaims = token::verify(&request.launch, &app.config.launch, &expected).map_err(refused)?;
    once(app, &launch.standard, ErrorCode::LaunchReplayed).await?;
    let account =
        account(&launch.standard, &launch.preferred_username, &launch.name, &launch.locale, &launch.zoneinfo)?;
    context.speak(account.language());

    let rights = match &launch.access {
        Some(access) => {
            let site = snapshots::site(app, &access.siteversion).await?;
            Rights::new(account, site, &access.assignments)
        }
        None => Rights::fresh(app, account.id).await?,
    };
    let user = CurrentUser { rights, acting: launch.act.clone() };
    admit(&user)?;
    if user.acting.is_some() {
        app.audited(&user, "session.acting", None, None, Ok(())).await?;
    }
    let claims = SessionClaims::opened_by(launch, &app.config.settings.worker_origin, app.now.0, hex(&random::<16>()));
    let token = token::mint(&claims, &app.config.session.current).ok_or_else(|| ApiError::internal("no token"))?;
    Ok(Opened { token, expires: UnixTime(claims.standard.exp), user })
}

/// Whoever holds the session that a request carries.
pub async fn current_user(app: &App, request: &RequestContext) -> ApiResult<CurrentUser> {
    let bearer = request.bearer().ok_or(ErrorCode::SessionMissing)?;
    let origin = &app.config.settings.worker_origin;
    let expected = Expected { issuer: origin, audience: origin, state: None, now: app.now.0 };
    let claims: SessionClaims = token::verify(&bearer, &app.config.session, &expected).map_err(refused)?;
    let standard = &claims.standard;
    let account = account(standard, &claims.preferred_username, &claims.name, &claims.locale, &claims.zoneinfo)?;
    request.speak(account.language());
    // A session as somebody else ends with the sessions of either.
    let people: Vec<UserId> = [account.id].into_iter().chain(claims.act.as_ref().and_then(actor_id)).collect();
    let (revoked, known) = try_join(app.store.revoked_before(&people), snapshots::known_roles(app, account.id)).await?;
    if revoked.is_some_and(|before| standard.iat < before.0) {
        return Err(ErrorCode::SessionRevoked.into());
    }
    // The client may have been asked about them since the session began.
    let begun = UnixTime(standard.iat);
    let claimed = claims.access.map(|access| (begun, access.assignments));
    let rights = match known.filter(|(as_of, _)| *as_of >= begun).or(claimed) {
        Some((_, roles)) => Rights::new(account, snapshots::site(app, "").await?, &roles),
        None => Rights::fresh(app, account.id).await?,
    };
    let user = CurrentUser { rights, acting: claims.act };
    admit(&user)?;
    Ok(user)
}

/// Refuses every call that the companion did not make itself, just now and once.
pub async fn companion(app: &App, request: &RequestContext) -> ApiResult<()> {
    let bearer = request.bearer().ok_or(ErrorCode::ServiceRefused)?;
    let keys = app.config.service.as_ref().ok_or_else(|| ApiError::with(ErrorCode::ConfigMissing, "SERVICE_KEY"))?;
    let settings = &app.config.settings;
    let expected =
        Expected { issuer: &settings.client_wwwroot, audience: &settings.worker_origin, state: None, now: app.now.0 };
    let claims: ServiceClaims = token::verify(&bearer, keys, &expected).map_err(refused)?;
    once(app, &claims.standard, ErrorCode::ServiceRefused).await
}

fn actor_id(actor: &Actor) -> Option<UserId> {
    actor.sub.parse().ok().map(UserId)
}

fn admit(user: &CurrentUser) -> ApiResult<()> {
    if user.rights.is_guest() {
        return Err(ErrorCode::AccessGuest.into());
    }
    user.rights.require_widget()
}

async fn once(app: &App, standard: &Standard, replayed: ErrorCode) -> ApiResult<()> {
    let until = UnixTime(standard.remember_until());
    let first = app.store.use_token(&standard.jti, until).await?;
    if first { Ok(()) } else { Err(replayed.into()) }
}

fn account(standard: &Standard, username: &str, name: &str, locale: &str, zone: &str) -> ApiResult<Account> {
    Ok(Account {
        id: standard.user().ok_or(ErrorCode::SessionMalformed)?,
        username: username.to_owned(),
        name: name.to_owned(),
        locale: locale.to_owned(),
        time_zone: zone.to_owned(),
    })
}

fn refused(error: token::Refusal) -> ApiError {
    error.code().parse().unwrap_or(ErrorCode::ServiceRefused).into()
}
