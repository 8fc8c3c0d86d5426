//! Signs and verifies: HMAC-SHA-256 over base64url JSON, nothing else. Knows no clock.

use super::{
    claims::{Claims, LEEWAY},
    keys::{Key, Keys},
    kind::Reason,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use courseferry_api::ErrorCode;
use hmac::{Hmac, KeyInit, Mac};
use serde::{
    Deserialize, Serialize,
    de::{DeserializeOwned, IgnoredAny},
};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// The longest token that is read at all, in bytes.
pub const MAX_LENGTH: usize = 16 * 1024;

const HS256: &str = "HS256";

/// What a token must say to be believed.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// Who must have made it.
    pub issuer: &'a str,
    /// For whom it must be.
    pub audience: &'a str,
    /// The sign-in it must answer. Where none was started, a token that answers one is refused.
    pub state: Option<&'a str>,
    pub now: i64,
}

#[derive(Serialize)]
struct Header<'a> {
    typ: &'a str,
    alg: &'a str,
}

#[derive(Deserialize)]
struct ReadHeader {
    #[serde(default)]
    typ: String,
    alg: String,
    /// Extensions that must be understood: we understand none.
    crit: Option<IgnoredAny>,
}

fn mac(key: &Key, message: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.bytes()).ok()?;
    mac.update(message.as_bytes());
    Some(mac)
}

/// A token with these claims; nothing only if they could not be written as JSON, which ours can.
pub fn mint<C: Claims>(claims: &C, key: &Key) -> Option<String> {
    let encode = |json: Vec<u8>| URL_SAFE_NO_PAD.encode(json);
    let header = Header { typ: C::KIND.typ(), alg: HS256 };
    let header = encode(serde_json::to_vec(&header).ok()?);
    let message = format!("{header}.{}", encode(serde_json::to_vec(claims).ok()?));
    let signature = mac(key, &message)?.finalize().into_bytes();
    Some(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

fn read<T: DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// The claims of a token that can be believed, or the code of why it is refused.
///
/// The kind is that of the claims asked for. What is left to the caller: that the `jti` is new
/// (launch, service) and that the person's sessions were not revoked (session).
pub fn verify<C: Claims>(token: &str, keys: &Keys, expected: &Expected<'_>) -> Result<C, ErrorCode> {
    check(token, keys, expected).map_err(|reason| C::KIND.refused(reason))
}

fn check<C: Claims>(token: &str, keys: &Keys, expected: &Expected<'_>) -> Result<C, Reason> {
    if token.len() > MAX_LENGTH {
        return Err(Reason::Oversized);
    }
    let (message, signature) = token.rsplit_once('.').ok_or(Reason::Malformed)?;
    let (header, payload) = message.split_once('.').ok_or(Reason::Malformed)?;
    if payload.contains('.') {
        return Err(Reason::Malformed);
    }
    let header: ReadHeader = read(header).ok_or(Reason::Malformed)?;
    if header.alg != HS256 || header.crit.is_some() {
        return Err(Reason::Algorithm);
    }
    if header.typ != C::KIND.typ() {
        return Err(Reason::Type);
    }
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| Reason::Malformed)?;
    let signed_with = |key: &Key| {
        // The comparison of `verify_slice` takes constant time.
        mac(key, message).is_some_and(|mac| mac.verify_slice(&signature).is_ok())
    };
    if !signed_with(&keys.current) && !keys.previous.as_ref().is_some_and(signed_with) {
        return Err(Reason::Signature);
    }

    let claims: C = read(payload).ok_or(Reason::Malformed)?;
    let standard = claims.standard();
    if standard.iss != expected.issuer {
        return Err(Reason::Issuer);
    }
    if standard.aud != expected.audience {
        return Err(Reason::Audience);
    }
    let now = expected.now;
    if standard.iat > now.saturating_add(LEEWAY) {
        return Err(Reason::IssuedInFuture);
    }
    if standard.nbf.is_some_and(|nbf| nbf > now.saturating_add(LEEWAY)) {
        return Err(Reason::NotYetValid);
    }
    if now >= standard.exp.saturating_add(LEEWAY) {
        return Err(Reason::Expired);
    }
    if standard.exp.saturating_sub(standard.iat) > C::KIND.longest_life() {
        return Err(Reason::TooLongLived);
    }
    let same = |a: &str, b: &str| bool::from(a.as_bytes().ct_eq(b.as_bytes()));
    let answers = match (claims.state(), expected.state) {
        (None, None) => true,
        (Some(given), Some(wanted)) => same(given, wanted),
        _ => false,
    };
    if !answers {
        return Err(Reason::State);
    }
    if standard.jti.is_empty() || !claims.subject_is_right() {
        return Err(Reason::Malformed);
    }
    Ok(claims)
}
