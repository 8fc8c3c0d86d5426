//! The tokens that prove who asks: JWTs of three kinds, each with its own key, type and life.
//!
//! After RFC 8725: one algorithm (HS256), the type checked before anything is believed, issuer,
//! audience and times checked always, two keys at most (current and previous). Whether a `jti` was
//! seen before is the caller's to know; a verified token tells its id and until when to keep it.

mod claims;
mod jwt;

pub use claims::{AccessClaim, Actor, Claims, LaunchClaims, ServiceClaims, SessionClaims, Standard};
pub use jwt::{Expected, mint, verify};

use crate::Secret;
use std::fmt;

/// Seconds by which two clocks may disagree.
pub const LEEWAY: i64 = 60;
/// The longest token that is read at all, in bytes.
pub const MAX_LENGTH: usize = 16 * 1024;
/// The shortest key, in bytes: HS256 is no stronger than its key (RFC 7518, 3.2).
pub const MIN_KEY: usize = 32;

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Made by the companion for whoever is logged in there; opens a session once.
    Launch,
    /// Made by the Worker; every call of the widget carries it.
    Session,
    /// Made by the companion for its own calls.
    Service,
}

impl Kind {
    /// The header's `typ`.
    pub const fn typ(self) -> &'static str {
        match self {
            Self::Launch => "courseferry-launch+jwt",
            Self::Session => "courseferry-session+jwt",
            Self::Service => "courseferry-service+jwt",
        }
    }

    /// The longest life accepted, in seconds.
    pub const fn longest_life(self) -> i64 {
        match self {
            Self::Launch | Self::Service => 5 * 60,
            Self::Session => 60 * 60,
        }
    }
}

/// A key that is too short to protect anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key has {length} bytes; it needs {MIN_KEY} or more")]
pub struct KeyTooShort {
    /// How long it is, in bytes.
    pub length: usize,
}

/// A key that tokens are signed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(Secret);

impl Key {
    /// The characters of the secret are the key, as they are.
    pub fn new(secret: Secret) -> Result<Self, KeyTooShort> {
        let length = secret.reveal().len();
        if length < MIN_KEY {
            return Err(KeyTooShort { length });
        }
        Ok(Self(secret))
    }

    fn bytes(&self) -> &[u8] {
        self.0.reveal().as_bytes()
    }
}

/// The keys of one kind of token: the current one signs, the previous one is still believed while
/// keys are changed.
#[derive(Clone, Debug)]
pub struct Keys {
    /// Signs and verifies.
    pub current: Key,
    /// Verifies only.
    pub previous: Option<Key>,
}

/// Why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Not three parts of base64url JSON with the claims that must be there.
    Malformed,
    /// Longer than [`MAX_LENGTH`].
    Oversized,
    /// Not HS256: `none` and everything else.
    Algorithm,
    /// A token of another kind.
    Type,
    /// Signed with neither key.
    Signature,
    /// Made by somebody else.
    Issuer,
    /// Made for somebody else.
    Audience,
    /// Not the answer to this sign-in.
    State,
    /// Over.
    Expired,
    /// Its `nbf` has not come.
    NotYetValid,
    /// Its `iat` has not come.
    IssuedInFuture,
    /// Lives longer than its kind may.
    TooLongLived,
    /// Used before; decided by whoever keeps the ids.
    Replayed,
}

/// A refused token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Refusal {
    /// What it should have been.
    pub kind: Kind,
    /// Why it is refused.
    pub reason: Reason,
}

macro_rules! codes {
    ($kind:expr, $reason:expr, $($variant:ident => $word:literal),*) => {
        match ($kind, $reason) {$(
            (Kind::Launch, Reason::$variant) => concat!("launch.", $word),
            (Kind::Session, Reason::$variant) => concat!("session.", $word),
            (Kind::Service, Reason::$variant) => concat!("service.", $word),
        )*}
    };
}

impl Refusal {
    /// The stable code that the API, the log and the screen share.
    pub const fn code(self) -> &'static str {
        codes!(self.kind, self.reason,
            Malformed => "malformed",
            Oversized => "oversized",
            Algorithm => "algorithm",
            Type => "type",
            Signature => "signature",
            Issuer => "issuer",
            Audience => "audience",
            State => "state",
            Expired => "expired",
            NotYetValid => "not_yet_valid",
            IssuedInFuture => "issued_in_future",
            TooLongLived => "too_long_lived",
            Replayed => "replayed"
        )
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for Refusal {}
