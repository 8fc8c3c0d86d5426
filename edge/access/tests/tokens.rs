//! The token attack table: every forged, borrowed, stale or twisted token is refused by its own code.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use courseferry_access::{
    Assignment, ContextId, RoleId, Secret, UserId,
    token::{
        self, AccessClaim, Actor, Claims, Expected, Key, Keys, LaunchClaims, ServiceClaims, SessionClaims, Standard,
    },
};
use courseferry_api::ErrorCode;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Sha256, Sha384};

const MOODLE: &str = "https://moodle.example.org";
const WORKER: &str = "https://courseferry.example.org";
const NOW: i64 = 1_800_000_000;

fn key(name: &str) -> Key {
    Key::new(Secret::new(format!("{name} key, thirty-two bytes or more"))).unwrap()
}

fn keys(name: &str) -> Keys {
    Keys { current: key(name), previous: None }
}

fn launch_claims() -> LaunchClaims {
    LaunchClaims {
        standard: Standard {
            iss: MOODLE.to_owned(),
            aud: WORKER.to_owned(),
            sub: "42".to_owned(),
            iat: NOW,
            exp: NOW + 300,
            nbf: None,
            jti: "aJ7".to_owned(),
        },
        preferred_username: "tteacher".to_owned(),
        name: "Tina Teacher".to_owned(),
        locale: "fr-ca".to_owned(),
        zoneinfo: "Europe/Paris".to_owned(),
        act: None,
        state: None,
        access: None,
    }
}

fn session_claims() -> SessionClaims {
    SessionClaims::opened_by(launch_claims(), WORKER, NOW, "session-1".to_owned())
}

fn from_moodle() -> Expected<'static> {
    Expected { issuer: MOODLE, audience: WORKER, state: None, now: NOW }
}

fn from_us() -> Expected<'static> {
    Expected { issuer: WORKER, audience: WORKER, state: None, now: NOW }
}

fn launch(token: &str) -> Result<LaunchClaims, ErrorCode> {
    token::verify(token, &keys("launch"), &from_moodle())
}

fn session(token: &str) -> Result<SessionClaims, ErrorCode> {
    token::verify(token, &keys("session"), &from_us())
}

fn signed<M: Mac + KeyInit>(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let secret = b"launch key, thirty-two bytes or more";
    let mut mac = <M as KeyInit>::new_from_slice(secret).unwrap();
    mac.update(message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

/// A launch token that an attacker, or a mistaken companion, made with the right key.
fn forged(header: &Value, change: impl FnOnce(&mut Value)) -> String {
    let mut claims = serde_json::to_value(launch_claims()).unwrap();
    change(&mut claims);
    signed::<Hmac<Sha256>>(header, &claims)
}

fn header() -> Value {
    json!({"typ": "courseferry-launch+jwt", "alg": "HS256"})
}

fn changed(claim: &str, value: Value) -> String {
    forged(&header(), |claims| claims[claim] = value)
}

#[track_caller]
fn refused<C: Claims + std::fmt::Debug>(verified: Result<C, ErrorCode>, code: &str) {
    assert_eq!(verified.unwrap_err().as_str(), code);
}

#[test]
fn a_good_token_is_believed_and_says_what_was_put_in() {
    let mut claims = launch_claims();
    claims.act = Some(Actor { sub: "2".to_owned(), preferred_username: "admin".to_owned() });
    claims.access = Some(AccessClaim {
        assignments: vec![Assignment { roleid: RoleId(3), contextid: ContextId(20) }],
        siteversion: "abc".to_owned(),
        targetcourses: false,
    });
    let token = token::mint(&claims, &key("launch")).unwrap();
    let read = launch(&token).unwrap();
    assert_eq!(read, claims);
    assert_eq!(read.standard.user(), Some(UserId(42)));
    assert_eq!(read.standard.remember_until(), NOW + 360);

    let opened = SessionClaims::opened_by(read, WORKER, NOW, "session-1".to_owned());
    let token = token::mint(&opened, &key("session")).unwrap();
    assert_eq!(session(&token).unwrap(), opened);
    assert_eq!(opened.act, claims.act);
    assert_eq!(opened.access, claims.access);
}

#[test]
fn a_token_as_the_companion_writes_it_is_believed() {
    // php-jwt puts the header's fields in this order.
    let token = forged(&json!({"typ": "courseferry-launch+jwt", "alg": "HS256"}), |_| {});
    assert_eq!(launch(&token).unwrap(), launch_claims());
}

#[test]
fn the_previous_key_is_believed_while_keys_are_changed_and_no_other() {
    let old = token::mint(&launch_claims(), &key("launch")).unwrap();
    let both = Keys { current: key("newer"), previous: Some(key("launch")) };
    assert!(token::verify::<LaunchClaims>(&old, &both, &from_moodle()).is_ok());
    let later = Keys { current: key("newest"), previous: Some(key("newer")) };
    refused::<LaunchClaims>(token::verify(&old, &later, &from_moodle()), "launch.signature");
}

#[test]
fn a_key_shorter_than_32_bytes_is_refused_and_not_shown() {
    let short = Key::new(Secret::new("0123456789012345678901234567890"));
    assert_eq!(short, None);
    assert!(Key::new(Secret::new("01234567890123456789012345678901")).is_some());
    assert_eq!(format!("{:?}", key("launch")), "Key(Secret(…))");
}

#[test]
fn without_an_algorithm_or_with_another_one_a_token_is_refused() {
    let claims = serde_json::to_value(launch_claims()).unwrap();
    for alg in ["none", "None", "NONE", "", "HS384", "HS512", "RS256", "ES256", "EdDSA", "hs256"] {
        let header = json!({"typ": "courseferry-launch+jwt", "alg": alg});
        let token = signed::<Hmac<Sha256>>(&header, &claims);
        refused(launch(&token), "launch.algorithm");
        let unsigned = &token[..=token.rfind('.').unwrap()];
        refused(launch(unsigned), "launch.algorithm");
    }
    let header = json!({"typ": "courseferry-launch+jwt", "alg": "HS384"});
    refused(launch(&signed::<Hmac<Sha384>>(&header, &claims)), "launch.algorithm");
}

#[test]
fn an_extension_that_must_be_understood_is_not() {
    let header = json!({"typ": "courseferry-launch+jwt", "alg": "HS256", "crit": ["b64"]});
    refused(launch(&forged(&header, |_| {})), "launch.algorithm");
}

#[test]
fn a_token_signed_with_another_key_or_not_at_all_or_changed_is_refused() {
    let wrong = token::mint(&launch_claims(), &key("another")).unwrap();
    refused(launch(&wrong), "launch.signature");

    let good = token::mint(&launch_claims(), &key("launch")).unwrap();
    let (message, signature) = good.rsplit_once('.').unwrap();
    refused(launch(&format!("{message}.")), "launch.signature");
    refused(launch(&format!("{message}.{}", &signature[..20])), "launch.signature");

    let mut claims = launch_claims();
    claims.preferred_username = "admin".to_owned();
    let other = token::mint(&claims, &key("another")).unwrap();
    let (message, _) = other.rsplit_once('.').unwrap();
    refused(launch(&format!("{message}.{signature}")), "launch.signature");
}

#[test]
fn a_token_of_another_type_is_refused_even_with_the_right_key() {
    for typ in ["JWT", "at+jwt", "courseferry-session+jwt", "COURSEFERRY-LAUNCH+JWT", ""] {
        let header = json!({"typ": typ, "alg": "HS256"});
        refused(launch(&forged(&header, |_| {})), "launch.type");
    }
    refused(launch(&forged(&json!({"alg": "HS256"}), |_| {})), "launch.type");
}

#[test]
fn a_session_token_does_not_open_a_session_and_a_launch_token_is_none() {
    // Even where somebody set one key for everything.
    for shared in [false, true] {
        let name = |own| if shared { "launch" } else { own };
        let session_token = token::mint(&session_claims(), &key(name("session"))).unwrap();
        let launch_token = token::mint(&launch_claims(), &key(name("launch"))).unwrap();
        refused(launch(&session_token), "launch.type");
        let keys = keys(name("session"));
        refused::<SessionClaims>(token::verify(&launch_token, &keys, &from_us()), "session.type");
        refused::<ServiceClaims>(token::verify(&launch_token, &keys, &from_us()), "service.refused");
    }
}

#[test]
fn a_download_ticket_is_not_a_session() {
    let ticket = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    refused(session(ticket), "session.malformed");
    refused(launch(ticket), "launch.malformed");
}

#[test]
fn a_token_of_another_moodle_or_for_another_worker_is_refused() {
    for issuer in ["https://evil.example.org", "https://moodle.example.org/", "", "null"] {
        refused(launch(&changed("iss", json!(issuer))), "launch.issuer");
    }
    for audience in ["https://evil.example.org", "https://courseferry.example.org/", ""] {
        refused(launch(&changed("aud", json!(audience))), "launch.audience");
    }
    let mut claims = session_claims();
    claims.standard.iss = MOODLE.to_owned();
    let token = token::mint(&claims, &key("session")).unwrap();
    refused(session(&token), "session.issuer");
}

#[test]
fn a_token_answers_the_sign_in_that_was_started_and_no_other() {
    let answer = |state: Option<&str>| match state {
        Some(state) => changed("state", json!(state)),
        None => changed("nonce", json!("unused")),
    };
    for (given, wanted, good) in [
        (None, None, true),
        (Some("s1"), Some("s1"), true),
        (Some("s2"), Some("s1"), false),
        (Some("s"), Some("s1"), false),
        (Some(""), Some("s1"), false),
        (None, Some("s1"), false),
        (Some("s1"), None, false),
    ] {
        let expected = Expected { state: wanted, ..from_moodle() };
        let verified: Result<LaunchClaims, _> = token::verify(&answer(given), &keys("launch"), &expected);
        match verified {
            Ok(_) => assert!(good, "{given:?} answered {wanted:?}"),
            Err(refusal) => assert_eq!((good, refusal.as_str()), (false, "launch.state")),
        }
    }
}

#[test]
fn a_token_counts_from_its_making_to_its_end_give_or_take_a_minute() {
    let token = token::mint(&launch_claims(), &key("launch")).unwrap();
    for (now, code) in [
        (NOW - 61, Some("launch.issued_in_future")),
        (NOW - 60, None),
        (NOW + 300, None),
        (NOW + 359, None),
        (NOW + 360, Some("launch.expired")),
        (NOW + 86_400, Some("launch.expired")),
    ] {
        let expected = Expected { now, ..from_moodle() };
        let verified: Result<LaunchClaims, _> = token::verify(&token, &keys("launch"), &expected);
        assert_eq!(verified.err().map(ErrorCode::as_str), code, "{}", now - NOW);
    }
}

#[test]
fn a_token_that_is_not_valid_yet_is_refused() {
    refused(launch(&changed("nbf", json!(NOW + 61))), "launch.not_yet_valid");
    assert!(launch(&changed("nbf", json!(NOW + 60))).is_ok());
}

#[test]
fn a_token_from_the_future_is_refused() {
    let token = forged(&header(), |claims| {
        claims["iat"] = json!(NOW + 61);
        claims["exp"] = json!(NOW + 120);
    });
    refused(launch(&token), "launch.issued_in_future");
}

#[test]
fn a_token_that_lives_longer_than_its_kind_may_is_refused() {
    refused(launch(&changed("exp", json!(NOW + 301))), "launch.too_long_lived");
    refused(launch(&changed("exp", json!(i64::MAX))), "launch.too_long_lived");
    refused(launch(&changed("iat", json!(i64::MIN))), "launch.too_long_lived");
    let mut claims = session_claims();
    claims.standard.exp += 1;
    let token = token::mint(&claims, &key("session")).unwrap();
    refused(session(&token), "session.too_long_lived");
}

#[test]
fn an_oversized_token_is_refused_before_it_is_read() {
    refused(launch(&"a".repeat(token::MAX_LENGTH + 1)), "launch.oversized");
    refused(launch(&"a".repeat(token::MAX_LENGTH)), "launch.malformed");
    let token = changed("name", json!("x".repeat(token::MAX_LENGTH)));
    refused(launch(&token), "launch.oversized");
}

#[test]
fn what_is_not_three_parts_of_base64url_json_is_malformed() {
    let good = token::mint(&launch_claims(), &key("launch")).unwrap();
    let (head, rest) = good.split_once('.').unwrap();
    for token in [
        "",
        ".",
        "..",
        "...",
        "no dots at all",
        head,
        &format!("{head}.{rest}.{rest}"),
        &format!("{head}=.{rest}"),
        &format!("!!!.{rest}"),
        &format!("{}.{rest}", URL_SAFE_NO_PAD.encode("not json")),
        &format!("{}.{rest}", URL_SAFE_NO_PAD.encode("[]")),
        &format!("{good}="),
        &format!("{good}!"),
        &format!(" {good}"),
        &format!("{good}\n"),
    ] {
        refused(launch(token), "launch.malformed");
    }
}

#[test]
fn claims_that_are_missing_or_of_the_wrong_type_are_malformed() {
    for claim in ["iss", "aud", "sub", "iat", "exp", "jti", "preferred_username"] {
        let token = forged(&header(), |claims| {
            claims.as_object_mut().unwrap().remove(claim);
        });
        refused(launch(&token), "launch.malformed");
        refused(launch(&changed(claim, json!(["x"]))), "launch.malformed");
    }
    for (claim, value) in [
        ("exp", json!("soon")),
        ("exp", json!(1.5)),
        ("jti", json!("")),
        ("sub", json!("")),
        ("sub", json!("0")),
        ("sub", json!("-1")),
        ("sub", json!("admin")),
        ("aud", json!([WORKER])),
    ] {
        refused(launch(&changed(claim, value)), "launch.malformed");
    }
}

#[test]
fn a_service_token_speaks_for_the_companion_only() {
    let mut claims = ServiceClaims { standard: launch_claims().standard };
    let verify = |claims: &ServiceClaims| {
        let token = token::mint(claims, &key("service")).unwrap();
        token::verify::<ServiceClaims>(&token, &keys("service"), &from_moodle())
    };
    refused(verify(&claims), "service.refused");
    claims.standard.sub = ServiceClaims::COMPANION.to_owned();
    let verified = verify(&claims).unwrap();
    assert_eq!(verified.standard.user(), None);
}
