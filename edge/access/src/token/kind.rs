//! The three kinds of tokens: what each is called, how long it may live, and the code of each way to be refused.

use courseferry_api::ErrorCode;

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

/// Why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Reason {
    /// Not three parts of base64url JSON with the claims that must be there.
    Malformed,
    /// Longer than [`MAX_LENGTH`](super::MAX_LENGTH).
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
    /// Its `exp` has passed.
    Expired,
    /// Its `nbf` has not come.
    NotYetValid,
    /// Its `iat` has not come.
    IssuedInFuture,
    /// Lives longer than its kind may.
    TooLongLived,
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

    /// The code of a token of this kind that is refused for this reason.
    pub(super) const fn refused(self, reason: Reason) -> ErrorCode {
        use ErrorCode as E;
        match (self, reason) {
            (Self::Launch, Reason::Malformed) => E::LaunchMalformed,
            (Self::Launch, Reason::Oversized) => E::LaunchOversized,
            (Self::Launch, Reason::Algorithm) => E::LaunchAlgorithm,
            (Self::Launch, Reason::Type) => E::LaunchType,
            (Self::Launch, Reason::Signature) => E::LaunchSignature,
            (Self::Launch, Reason::Issuer) => E::LaunchIssuer,
            (Self::Launch, Reason::Audience) => E::LaunchAudience,
            (Self::Launch, Reason::State) => E::LaunchState,
            (Self::Launch, Reason::Expired) => E::LaunchExpired,
            (Self::Launch, Reason::NotYetValid) => E::LaunchNotYetValid,
            (Self::Launch, Reason::IssuedInFuture) => E::LaunchIssuedInFuture,
            (Self::Launch, Reason::TooLongLived) => E::LaunchTooLongLived,
            (Self::Session, Reason::Oversized) => E::SessionOversized,
            (Self::Session, Reason::Algorithm) => E::SessionAlgorithm,
            (Self::Session, Reason::Type) => E::SessionType,
            (Self::Session, Reason::Signature) => E::SessionSignature,
            (Self::Session, Reason::Issuer) => E::SessionIssuer,
            (Self::Session, Reason::Audience) => E::SessionAudience,
            // No session of ours answers a sign-in.
            (Self::Session, Reason::Malformed | Reason::State) => E::SessionMalformed,
            (Self::Session, Reason::Expired) => E::SessionExpired,
            (Self::Session, Reason::NotYetValid) => E::SessionNotYetValid,
            (Self::Session, Reason::IssuedInFuture) => E::SessionIssuedInFuture,
            (Self::Session, Reason::TooLongLived) => E::SessionTooLongLived,
            // Whatever the reason is, an administrator compares keys and clocks.
            (Self::Service, _) => E::ServiceRefused,
        }
    }
}
