//! How often one person, or one address that is nobody yet, may ask: `[[ratelimits]]` in wrangler.toml. They are counted
//! by the runtime, without a query of the database. Where a binding is missing nothing is limited.

use courseferry_api::UserId;
use worker::{Env, RateLimiter};

/// The two rates.
pub struct Rates {
    person: Option<RateLimiter>,
    address: Option<RateLimiter>,
}

impl Rates {
    /// Those of this deployment.
    pub fn of(env: &Env) -> Self {
        Self { person: env.rate_limiter("PERSON_RATE").ok(), address: env.rate_limiter("ADDRESS_RATE").ok() }
    }

    /// Whether a person may go on.
    pub async fn person(&self, user: UserId) -> bool {
        allowed(self.person.as_ref(), user.to_string()).await
    }

    /// Whether somebody at this address may go on at one endpoint. A campus may share one address.
    pub async fn address(&self, endpoint: &str, address: &str) -> bool {
        allowed(self.address.as_ref(), format!("{endpoint} {address}")).await
    }
}

async fn allowed(limiter: Option<&RateLimiter>, key: String) -> bool {
    match limiter {
        // A limiter that fails must not lock everybody out.
        Some(limiter) => limiter.limit(key).await.map_or(true, |outcome| outcome.success),
        None => true,
    }
}
