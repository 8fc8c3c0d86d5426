//! Who asks: launch tokens are exchanged for sessions, and every other call proves itself with one.

use crate::{
    adapters::{
        fetch,
        runtime::{self, random_hex},
    },
    app::App,
    auth::{
        rights::{Account, Rights},
        snapshots::{self, KnownRoles},
    },
    config::Config,
    http::{
        error::{ApiError, ApiResult},
        request::RequestContext,
    },
};
use courseferry_access::token::{
    self, AccessClaim, Actor, Expected, LaunchClaims, ServiceClaims, SessionClaims, Standard,
};
use courseferry_api::{ErrorCode, SessionRequest, UnixTime, UserId};
use courseferry_ferry::peer::client_fault;
use courseferry_store::{KnownUser, Query, queries};

/// Seconds that a request which only reads waits for fresh rights.
const LOOKING: u32 = 5;

/// Somebody with a session.
#[derive(Debug)]
pub struct CurrentUser {
    /// Who they are and what they may do.
    pub rights: Rights,
    /// The person who is logged in as them.
    pub acting: Option<Actor>,
    /// When the client was last asked for their rights.
    rights_as_of: UnixTime,
}

impl CurrentUser {
    pub fn id(&self) -> UserId {
        self.rights.account.id
    }

    /// The id of the person who is logged in as them.
    pub fn acting_id(&self) -> Option<UserId> {
        self.acting.as_ref().and_then(actor_id)
    }

    pub fn account(&self) -> &Account {
        &self.rights.account
    }

    /// The same person with rights that are fresh (`fresh_seconds`): what an administrator does must not rest on
    /// rights that were taken from them an hour ago.
    ///
    /// A request that only reads goes on with the known rights while the client cannot be asked: an administrator then has
    /// to see that it does not answer.
    pub async fn with_fresh_rights(self, app: &App, only_looks: bool) -> ApiResult<Self> {
        if app.now.since(self.rights_as_of) < i64::from(app.settings.fresh_seconds) {
            return Ok(self);
        }
        let asked = Rights::fresh(app, self.id());
        let answer = if only_looks { fetch::soon(LOOKING, asked).await } else { asked.await };
        match answer {
            Ok(rights) => {
                let fresh = Self { rights, rights_as_of: app.now, ..self };
                admit(&fresh)?;
                Ok(fresh)
            }
            Err(failure) if only_looks && client_fault(failure.code) => Ok(self),
            Err(failure) => Err(failure.into()),
        }
    }
}

/// A session that has just begun.
pub struct Opened {
    pub token: String,
    pub expires: UnixTime,
    pub user: CurrentUser,
}

/// A session for a launch token, which is good once; and what else is read of its user in the same call of the database.
pub async fn open<T: 'static>(
    app: &App,
    context: &RequestContext,
    request: &SessionRequest,
    more: impl FnOnce(UserId) -> Query<T>,
) -> ApiResult<(Opened, T)> {
    let expected = Expected {
        issuer: &app.settings.client_wwwroot,
        audience: &app.settings.worker_origin,
        state: request.state.as_deref(),
        now: app.now.0,
    };
    let launch: LaunchClaims = token::verify(&request.launch, &app.config.launch, &expected)?;
    let user = launch.standard.user().ok_or(ErrorCode::LaunchMalformed)?;
    let revoked_before = queries::revoked_before(&people(user, launch.act.as_ref()));
    let ((first, revoked_before), more) =
        app.store.ask(once(&launch.standard).and(revoked_before).and(more(user))).await?;
    if !first {
        return Err(ErrorCode::LaunchReplayed.into());
    }
    if revoked_before.is_some_and(|before| launch.standard.iat < before.0) {
        return Err(ErrorCode::LaunchRevoked.into());
    }
    let account =
        account(&launch.standard, &launch.preferred_username, &launch.name, &launch.locale, &launch.zoneinfo)?;
    context.speak(account.language());

    let (rights, rights_as_of) = match &launch.access {
        Some(access) => {
            let site = snapshots::site(app, &access.siteversion).await?;
            (Rights::new(account, site, &claimed(access)), UnixTime(launch.standard.iat))
        }
        None => (Rights::fresh(app, account.id).await?, app.now),
    };
    let user = CurrentUser { rights, acting: launch.act.clone(), rights_as_of };
    admit(&user)?;
    if user.acting.is_some() {
        app.audited(&user, "session.acting", None, None, Ok(())).await?;
    }
    let claims = SessionClaims::opened_by(launch, &app.settings.worker_origin, app.now.0, random_hex::<16>());
    let token = token::mint(&claims, &app.config.session.current).ok_or_else(|| ApiError::internal("no token"))?;
    Ok((Opened { token, expires: UnixTime(claims.standard.exp), user }, more))
}

/// The session that a request carries: signed by this Worker and not over. Whether it was ended before, the database
/// knows.
pub struct Session {
    account: Account,
    acting: Option<Actor>,
    begun: UnixTime,
    access: Option<AccessClaim>,
}

impl Session {
    pub fn of(config: &Config, request: &RequestContext) -> ApiResult<Self> {
        let bearer = request.bearer().ok_or(ErrorCode::SessionMissing)?;
        let origin = &config.settings.worker_origin;
        let expected = Expected { issuer: origin, audience: origin, state: None, now: runtime::now().0 };
        let claims: SessionClaims = token::verify(&bearer, &config.session, &expected)?;
        let standard = &claims.standard;
        let account = account(standard, &claims.preferred_username, &claims.name, &claims.locale, &claims.zoneinfo)?;
        request.speak(account.language());
        Ok(Self { account, acting: claims.act, begun: UnixTime(claims.standard.iat), access: claims.access })
    }

    /// Whose it is.
    pub fn user(&self) -> UserId {
        self.account.id
    }

    /// What the database knows of them.
    pub fn known(&self) -> Query<KnownUser> {
        queries::known_user(self.user(), &people(self.user(), self.acting.as_ref()))
    }

    /// Whoever holds it, by what the database knows of them.
    pub async fn admit(self, app: &App, known: KnownUser) -> ApiResult<CurrentUser> {
        let Self { account, acting, begun, access } = self;
        if known.revoked_before.is_some_and(|before| begun < before) {
            return Err(ErrorCode::SessionRevoked.into());
        }
        // The client may have been asked about them since the session began.
        let claimed = access.as_ref().map(|access| (begun, claimed(access)));
        let kept = known.user.as_ref().and_then(snapshots::known_roles).filter(|(as_of, _)| *as_of >= begun);
        let (rights, rights_as_of) = match kept.or(claimed) {
            Some((as_of, roles)) => {
                (Rights::new(account, snapshots::stored_site(app, &known.site_version).await?, &roles), as_of)
            }
            None => (Rights::fresh(app, account.id).await?, app.now),
        };
        let user = CurrentUser { rights, acting, rights_as_of };
        admit(&user)?;
        Ok(user)
    }
}

/// The roles that a token names.
fn claimed(access: &AccessClaim) -> KnownRoles {
    KnownRoles { assignments: access.assignments.clone(), targetcourses: access.targetcourses }
}

/// Whose revocation ends what was issued to a person: as somebody else it ends with either's.
fn people(user: UserId, acting: Option<&Actor>) -> Vec<UserId> {
    [user].into_iter().chain(acting.and_then(actor_id)).collect()
}

/// Refuses every call that the companion did not make itself, just now and once.
pub async fn companion(app: &App, request: &RequestContext) -> ApiResult<()> {
    let bearer = request.bearer().ok_or(ErrorCode::ServiceRefused)?;
    let keys = app.config.service.as_ref().ok_or_else(|| ApiError::with(ErrorCode::ConfigMissing, "SERVICE_KEY"))?;
    let settings = &app.settings;
    let expected =
        Expected { issuer: &settings.client_wwwroot, audience: &settings.worker_origin, state: None, now: app.now.0 };
    let claims: ServiceClaims = token::verify(&bearer, keys, &expected)?;
    let first = app.store.ask(once(&claims.standard)).await?;
    if first { Ok(()) } else { Err(ErrorCode::ServiceRefused.into()) }
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

/// Uses a token up that is good once; false if it was used before.
fn once(standard: &Standard) -> Query<bool> {
    queries::use_token(&standard.jti, UnixTime(standard.remember_until()))
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
