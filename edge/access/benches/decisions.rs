//! How fast decisions are on a university's site of our own making, beside a naive walk over Moodle's rows; and what a
//! request costs before it does anything: its session and its person's roles read, and, where it is the first of an
//! instance, the site's snapshot too.

#![allow(missing_docs, reason = "criterion writes the entry point")]
#![allow(clippy::expect_used, reason = "a bench may panic")]

use courseferry_access::{
    Assignment, CapabilityName, ClientSite, ContextId, Permission, RoleId, Secret, SiteSnapshot, UserId,
    token::{self, Expected, Key, Keys, LaunchClaims, SessionClaims, Standard},
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use serde_json::{Value, json};
use std::hint::black_box;

const FACULTIES: i64 = 20;
const DEPARTMENTS: i64 = 20;
const ROLES: i64 = 12;
const PEOPLE: i64 = 30_000;
const ASKED: [&str; 4] = [
    "moodle/course:create",
    "moodle/restore:restorecourse",
    "moodle/category:viewhiddencategories",
    "block/courseferry:view",
];
const MOODLE: &str = "https://moodle.example.org";
const WORKER: &str = "https://courseferry.example.org";
const NOW: i64 = 1_800_000_000;

/// 20 faculties of 20 departments, as the companion sends them.
fn snapshot() -> Value {
    let category = |id: i64, path: String, depth: i64| {
        json!({"id": id, "contextlevel": 40, "instanceid": id, "path": path, "depth": depth, "locked": 0,
               "name": format!("Category {id}"), "visible": 1, "identifier": format!("C{id}")})
    };
    let mut contexts =
        vec![json!({"id": 1, "contextlevel": 10, "instanceid": 0, "path": "/1", "depth": 1, "locked": 0,
                                   "name": "Campus", "visible": 1, "identifier": ""})];
    for faculty in (1..=FACULTIES).map(|n| n * 1_000) {
        contexts.push(category(faculty, format!("/1/{faculty}"), 2));
        contexts.extend((1..=DEPARTMENTS).map(|n| category(faculty + n, format!("/1/{faculty}/{}", faculty + n), 3)));
    }
    let roles: Vec<_> = (1..=ROLES)
        .map(|id| json!({"id": id, "shortname": format!("role{id}"), "name": "", "archetype": "", "sortorder": id}))
        .collect();
    let capabilities = ASKED.map(
        |name| json!({"name": name, "captype": "write", "contextlevel": 40, "riskbitmask": 4, "component": "moodle"}),
    );
    let says = |roleid: i64, capability: &str, contextid: i64, permission: i64| json!({"contextid": contextid, "roleid": roleid, "capability": capability, "permission": permission});
    let mut definitions: Vec<_> =
        (1..=ROLES).flat_map(|role| ASKED.map(|name| says(role, name, 1, i64::from(role % 3 == 1)))).collect();
    // Each faculty overrides one role.
    definitions
        .extend((1..=FACULTIES).flat_map(|n| ASKED.map(|name| says(1 + n % ROLES, name, n * 1_000, 1 - 2 * (n % 2)))));
    json!({"config": {"siteadmins": "2", "defaultuserroleid": 7, "siteguest": 1, "syscontextid": 1},
           "contexts": contexts, "roles": roles, "capabilities": capabilities, "role_capabilities": definitions,
           "site": {"wwwroot": MOODLE, "sitename": "Campus", "release": "4.5.5", "timezone": "Europe/Paris", "lang": "en",
                    "lastcron": NOW, "pluginversion": "2026112600"}})
}

/// Everybody's roles, three each.
fn assignments() -> Vec<(UserId, Assignment)> {
    let place = |n: i64| (1 + n % FACULTIES) * 1_000 + n % (DEPARTMENTS + 1);
    let of = |user: i64| [0, 7, 11].map(|n| (user, n));
    let assignment = |(user, n): (i64, i64)| {
        (UserId(user), Assignment { roleid: RoleId(1 + (user + n) % ROLES), contextid: ContextId(place(user * 3 + n)) })
    };
    (100..100 + PEOPLE).flat_map(of).map(assignment).collect()
}

/// Moodle's answer straight from its rows: per role the deepest definition on the way up, a prohibition anywhere wins.
fn walk(site: &SiteSnapshot, all: &[(UserId, Assignment)], user: UserId, name: &CapabilityName, at: ContextId) -> bool {
    let Some(context) = site.contexts.iter().find(|context| context.id == at) else { return false };
    let path: Vec<ContextId> = context.path.split('/').filter_map(|id| id.parse().ok().map(ContextId)).collect();
    let held =
        all.iter().filter(|(of, given)| *of == user && path.contains(&given.contextid)).map(|(_, given)| given.roleid);
    let roles: Vec<RoleId> = held.chain(site.config.defaultuserroleid).collect();
    let mut allowed = false;
    for role in roles {
        let definitions = site.role_capabilities.iter().filter(|row| row.roleid == role && row.capability == *name);
        let deepest = definitions
            .filter_map(|row| Some((path.iter().position(|id| *id == row.contextid)?, row.permission)))
            .max_by_key(|(depth, _)| *depth);
        match deepest {
            Some((_, Permission::Prohibit)) => return false,
            Some((_, Permission::Allow)) => allowed = true,
            _ => {}
        }
    }
    allowed
}

fn session() -> (String, Keys) {
    let key = Key::new(Secret::new("a session key of thirty-two bytes or more")).expect("a long key");
    let launch = LaunchClaims {
        standard: Standard {
            iss: MOODLE.to_owned(),
            aud: WORKER.to_owned(),
            sub: "142".to_owned(),
            iat: NOW,
            exp: NOW + 300,
            nbf: None,
            jti: "j".to_owned(),
        },
        preferred_username: "tteacher".to_owned(),
        name: "Tina Teacher".to_owned(),
        locale: "fr".to_owned(),
        zoneinfo: "Europe/Paris".to_owned(),
        act: None,
        state: None,
        access: None,
    };
    let claims = SessionClaims::opened_by(launch, WORKER, NOW, "s".to_owned());
    (token::mint(&claims, &key).expect("a token"), Keys { current: key, previous: None })
}

fn decisions(criterion: &mut Criterion) {
    let text = snapshot().to_string();
    let rows: SiteSnapshot = serde_json::from_str(&text).expect("a snapshot");
    let everybody = assignments();
    let client = ClientSite::new(rows.clone());
    let name = CapabilityName::from(ASKED[0]);
    let places: Vec<ContextId> = rows.contexts.iter().map(|context| context.id).collect();
    let user = UserId(142);
    let own: Vec<Assignment> = everybody.iter().filter(|(of, _)| *of == user).map(|(_, given)| *given).collect();
    let person = client.person(user, &own);
    let access = client.site().access(&person);
    for place in &places {
        let ours = access.has_capability(&name, *place);
        assert_eq!(ours, walk(&rows, &everybody, user, &name, *place), "both decide alike at {place:?}");
    }

    let mut group = criterion.benchmark_group("has_capability");
    group.throughput(Throughput::Elements(places.len() as u64));
    group.bench_function("ours", |bench| {
        bench.iter(|| places.iter().filter(|place| access.has_capability(black_box(&name), **place)).count());
    });
    group.throughput(Throughput::Elements(1));
    group.sample_size(20);
    let last = *places.last().expect("a category");
    group.bench_function("naive", |bench| bench.iter(|| walk(&rows, &everybody, user, black_box(&name), last)));
    group.finish();

    let (signed, keys) = session();
    let expected = Expected { issuer: WORKER, audience: WORKER, state: None, now: NOW };
    let roles = serde_json::to_string(&own).expect("their roles");
    let may = |site: &ClientSite| {
        let claims = token::verify::<SessionClaims>(black_box(&signed), &keys, &expected).expect("a good session");
        let own: Vec<Assignment> = serde_json::from_str(black_box(&roles)).expect("their roles");
        let person = site.person(claims.standard.user().expect("a user"), &own);
        site.site().access(&person).has_capability(&name, last)
    };
    let mut group = criterion.benchmark_group("request");
    // An instance keeps the site that it has read until the client tells another version.
    group.bench_function("site known", |bench| bench.iter(|| may(&client)));
    group.bench_function("first of an instance", |bench| {
        bench.iter(|| may(&ClientSite::new(serde_json::from_str(black_box(&text)).expect("a snapshot"))));
    });
    group.finish();
}

criterion_group!(benches, decisions);
criterion_main!(benches);
