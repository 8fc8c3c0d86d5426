//! The tokens that prove who asks: JWTs of three kinds, each with its own key, type and life.
//!
//! After RFC 8725: one algorithm (HS256), the type checked before anything is believed, issuer,
//! audience and times checked always, two keys at most (current and previous). Whether a `jti` was
//! seen before is the caller's to know; a verified token tells its id and until when to keep it.

mod claims;
mod jwt;
mod keys;
mod kind;

pub use claims::{AccessClaim, Actor, Claims, LaunchClaims, ServiceClaims, SessionClaims, Standard};
pub use jwt::{Expected, MAX_LENGTH, mint, verify};
pub use keys::{Key, Keys};
pub use kind::Kind;
