//! Tokens of every kind and make, good and bad, signed without the product's own code.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

/// A signed token with any header and any claims.
pub fn forge(header: &Value, claims: &Value, key: &str) -> String {
    let message = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()));
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    format!("{message}.{}", BASE64.encode(mac.finalize().into_bytes()))
}

/// The header of a token of this kind: `launch`, `session` or `service`.
pub fn header(kind: &str) -> Value {
    json!({"typ": format!("courseferry-{kind}+jwt"), "alg": "HS256"})
}

/// The claims of a token, unread.
pub fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("three parts");
    serde_json::from_slice(&BASE64.decode(payload).expect("base64url")).expect("JSON")
}

/// These claims with some others over them; a claim that becomes null is left out.
pub fn with(claims: &Value, changes: Value) -> Value {
    let mut claims = claims.clone();
    let fields = claims.as_object_mut().expect("an object");
    for (name, value) in changes.as_object().expect("an object") {
        fields.remove(name);
        if !value.is_null() {
            fields.insert(name.clone(), value.clone());
        }
    }
    claims
}
