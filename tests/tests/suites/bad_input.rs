//! Bad input in every field and parameter of every route: a stable code, a sentence in the reader's language with what
//! to do, and nothing changed. Addresses and bodies are written out, as somebody writes them who knows no declaration.

use crate::harness::{Api, Options, World, run};
use courseferry_api::{ErrorCode, GetAuditFile, GetHome, Language, ListAllRestores};
use reqwest::Method;
use serde_json::{Value, json};

/// Whose session a request carries.
#[derive(Clone, Copy, PartialEq)]
enum As {
    Teacher,
    Admin,
    Companion,
    Nobody,
}

/// A request that asks for nothing sensible: as whom, how, where, with which body.
type Case = (As, Method, String, Option<Value>);

/// Values where an id is expected: no number, or a number that no id can be.
fn no_ids() -> Vec<Value> {
    vec![
        json!(null),
        json!("12; DROP TABLE restores"),
        json!("12"),
        json!(1.5),
        json!(1e30),
        json!(i64::MAX),
        json!(9_007_199_254_740_992_i64),
        json!([12]),
        json!({}),
        json!(true),
    ]
}

fn no_remotes() -> Vec<Value> {
    [
        "https://evil.example",
        "0123456789AB",
        "0123456789ab0",
        "",
        "\u{0}",
        "é".repeat(12).as_str(),
        "x".repeat(90_000).as_str(),
    ]
    .into_iter()
    .map(|text| json!(text))
    .chain([json!(null), json!(7)])
    .collect()
}

/// Categories into which nothing can go: none, a deleted one, one that is somebody else's.
const NOWHERE: [i64; 5] = [-1, 0, 424_242, 5, 6];

/// Bodies and fields of every route that takes some.
fn bodies(world: &World, own: &str, foreign: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut post = |who, path: String, bodies: Vec<Value>| {
        cases.extend(bodies.into_iter().map(|body| (who, Method::POST, path.clone(), Some(body))));
    };
    let shapes = || vec![json!(null), json!([]), json!("\u{0}"), json!(1), json!({}), json!({"\u{202e}": "\u{1F4A5}"})];

    let choice = json!({"remote": world.remote(0), "course": 12, "target": "default"});
    let with = |name: &str, value: Value| {
        let mut choice = choice.clone();
        choice[name] = value;
        json!({"choices": [choice]})
    };
    let targets = || {
        let ids = no_ids().into_iter().map(|id| json!({"category": id}));
        let words = ["nowhere", "", "Original", "default "].map(|word| json!(word));
        ids.chain(words).chain([json!(null), json!(3), json!({"category": 3, "original": 1})]).collect::<Vec<_>>()
    };
    for path in ["/api/restores", "/api/restores/preview"] {
        let mut all = shapes();
        all.extend([
            json!({"choices": "all"}),
            json!({"choices": {}}),
            json!({"choices": []}),
            json!({"choices": [null]}),
        ]);
        all.extend(no_ids().into_iter().map(|id| with("course", id)));
        all.extend(no_remotes().into_iter().map(|remote| with("remote", remote)));
        all.extend(targets().into_iter().map(|target| with("target", target)));
        // What is written well and is not there, or not theirs: a remote, courses, categories, one of them deleted.
        all.push(with("remote", json!("0123456789ab")));
        all.extend([-1, 12, 424_242, 9_007_199_254_740_991].map(|course: i64| with("course", json!(course))));
        let theirs = |category: i64| json!({"remote": world.remote(2), "course": 31, "target": {"category": category}});
        all.extend(NOWHERE.map(|category| json!({"choices": [theirs(category)]})));
        let unknown = |id| json!({"remote": world.remote(0), "course": id, "target": "default"});
        all.push(json!({"choices": (10_000..10_200).map(unknown).collect::<Vec<_>>()}));
        // Thousands of ids; and a body beyond every limit.
        all.extend([json!({"choices": vec![choice.clone(); 201]}), json!({"choices": vec![choice.clone(); 5_000]})]);
        all.push(json!({"choices": [choice], "now": "yes"}));
        post(As::Teacher, path.to_owned(), all);
    }
    for id in [own, foreign] {
        let wrong = targets().into_iter().map(|target| json!({"target": target})).chain(shapes());
        let wrong = wrong.chain(NOWHERE.map(|category| json!({"target": {"category": category}}))).collect();
        post(As::Teacher, format!("/api/restores/{id}/category"), wrong);
    }
    let verbs = ["explode", "", "Retry"].map(|verb| json!(verb));
    let verbs = verbs.into_iter().chain(no_ids().into_iter().map(|id| json!({"move": id})));
    let verbs = verbs.chain(no_ids().into_iter().map(|id| json!({"link": id}))).chain(shapes());
    let verbs = verbs.chain(NOWHERE.map(|id| json!({"move": id}))).chain(NOWHERE.map(|id| json!({"link": id})));
    post(As::Admin, format!("/api/manage/restores/{own}"), verbs.chain([json!({"status": "restored"})]).collect());
    let pauses = no_remotes().into_iter().filter(|remote| !remote.is_null());
    let pauses = pauses.chain([json!("0123456789ab")]).map(|remote| json!({"remote": remote, "paused": true}));
    post(As::Admin, "/api/manage/pause".into(), pauses.chain(shapes()).chain([json!({"paused": "yes"})]).collect());
    let codes = ["", "nonsense", "internal.error; --", "remote.invented"].map(|code| json!({"code": code}));
    post(As::Admin, "/api/manage/retry".into(), codes.into_iter().chain(shapes()).collect());
    let nobody = || no_ids().into_iter().chain([json!(0), json!(-1), json!(-9)]);
    post(As::Admin, "/api/manage/revoke".into(), nobody().map(|id| json!({"user": id})).chain(shapes()).collect());
    for path in ["/api/privacy/export", "/api/privacy/erase"] {
        post(As::Companion, path.into(), nobody().map(|id| json!({"userid": id})).chain(shapes()).collect());
    }
    post(
        As::Companion,
        "/api/companion/check".into(),
        shapes().into_iter().chain([json!({"wwwroot": "https://evil.example"})]).collect(),
    );
    let launches = [json!(null), json!(7), json!(""), json!("a.b.c"), json!("\u{1F4A5}".repeat(9_000))];
    post(
        As::Nobody,
        "/api/session".into(),
        launches.map(|launch| json!({"launch": launch})).into_iter().chain(shapes()).collect(),
    );
    cases
}

/// Addresses and parameters: wrong ones, other people's, and right ones in the wrong way.
fn addresses(own: &str, foreign: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut all = |who, method: Method, paths: &[String]| {
        cases.extend(paths.iter().map(|path| (who, method.clone(), path.clone(), None)));
    };
    let unknown = "0123456789abcdef".repeat(2);
    let long = "a".repeat(2_000);
    let upper = own.to_uppercase();
    let ids = [foreign, &unknown, &upper, "x", "%00", "..%2f..", &long];
    for verb in ["cancel", "retry", "enrol"] {
        all(As::Teacher, Method::POST, &ids.map(|id| format!("/api/restores/{id}/{verb}")));
    }
    // The person's own restores, at a moment when this cannot be done with them.
    all(As::Teacher, Method::POST, &["retry", "enrol"].map(|verb| format!("/api/restores/{own}/{verb}")));
    let get = |path: &str| [path.to_owned()];
    for remote in ["0123456789ab", "0123456789AB", "x", "%F0%9F%92%A5", &long] {
        all(As::Teacher, Method::GET, &get(&format!("/api/remotes/{remote}/courses?refresh=1")));
    }
    let numbers =
        ["", "x", "1.5", "1e3", "9223372036854775807", "99999999999999999999", "%00", "3;DROP", "%F0%9F%92%A5"];
    for number in numbers {
        all(As::Teacher, Method::GET, &get(&format!("/api/explain?category={number}")));
        all(As::Admin, Method::GET, &get(&format!("/api/manage/explain?user=5&category={number}")));
        all(As::Admin, Method::GET, &get(&format!("/api/manage/explain?user={number}&category=3")));
        all(As::Admin, Method::GET, &get(&format!("/api/manage/audit?page={number}")));
        all(As::Admin, Method::GET, &get(&format!("/api/manage/restores?person={number}")));
        all(As::Admin, Method::GET, &get(&format!("/api/manage/restores?category={number}")));
    }
    for path in ["/api/explain", "/api/manage/explain?user=0&category=3", "/api/manage/explain?user=-1&category=3"] {
        all(As::Admin, Method::GET, &get(path));
    }
    for query in ["status=bogus", "status=Restored", "remote=x", "remote=%00", "sort=bogus", "from=yesterday", "to=1.5"]
    {
        all(As::Admin, Method::GET, &get(&format!("/api/manage/restores?{query}")));
    }
    // Right addresses, the wrong method or the wrong person.
    for path in ["/api/home", "/api/explain?category=3", "/api/manage", "/api/manage/audit", "/api/manage/audit.csv"] {
        all(As::Admin, Method::POST, &get(path));
        all(As::Nobody, Method::GET, &get(path));
    }
    for path in
        ["/api/session", "/api/restores/preview", "/api/manage/pause", "/api/manage/retry", "/api/privacy/erase"]
    {
        all(As::Admin, Method::GET, &get(path));
        all(As::Admin, Method::DELETE, &get(path));
    }
    let manage = ["", "/restores", "/audit", "/audit.csv", "/explain?user=5&category=3"];
    all(As::Teacher, Method::GET, &manage.map(|path| format!("/api/manage{path}")));
    let acts = ["/pause", "/retry", "/revoke"].map(str::to_owned).into_iter().chain([format!("/restores/{own}")]);
    all(As::Teacher, Method::POST, &acts.map(|path| format!("/api/manage{path}")).collect::<Vec<_>>());
    all(As::Admin, Method::POST, &ids.map(|id| format!("/api/manage/restores/{id}")));
    for path in
        ["/api", "/api/", "/api/nothing", "/api/restores/", "//api/home", "/backup", "/backup/x/1", "/favicon.ico"]
    {
        all(As::Teacher, Method::GET, &get(path));
    }
    for attempt in ["0", "1", "-1", "x", "4294967296"] {
        all(As::Teacher, Method::GET, &get(&format!("/backup/{own}/{attempt}")));
    }
    cases
}

/// Everything that a request could have changed, with the audit's lines of things done.
async fn state(world: &World, admin: &Api, people: &[&Api]) -> Vec<Value> {
    let mut all = Vec::new();
    let page = admin.get(&ListAllRestores).await.unwrap();
    all.push(json!([page.restores, page.total]));
    let (_, audit) = admin.raw(admin.to(&GetAuditFile)).await;
    all.push(json!(audit.lines().filter(|line| line.contains(",\"ok\",")).collect::<Vec<_>>()));
    for api in people {
        let home = api.get(&GetHome).await.expect("their session goes on");
        let mut home = json!(home);
        home["now"] = json!(0);
        home["window"] = json!(0);
        all.push(home);
    }
    all.push(json!(world.client.messages()));
    all.push(json!(world.client.restored()));
    // Times differ between two looks.
    let text = serde_json::to_string(&all).unwrap();
    let cut = |text: &str| {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("\"expected\":") {
            out += before;
            rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
        }
        out + rest
    };
    vec![json!(cut(&text))]
}

#[test]
fn bad_input_in_any_field_of_any_route_is_refused_in_the_readers_language_and_changes_nothing() {
    run(async {
        let world = World::start(Options::default().set("settle_seconds", "3000")).await;
        world.client.change(|site| site.categories.retain(|category| category.id != 5));
        world.learn_names().await;
        // The teacher reads French; what belongs to somebody else is a colleague's.
        let (teacher, admin, colleague) =
            (world.log_in("teacher2").await, world.log_in("admin").await, world.log_in("teacher1").await);
        let own = teacher.schedule_one(world.choice(0, 14)).await.id;
        let foreign = colleague.schedule_one(world.choice(0, 12)).await.id;
        let before = state(&world, &admin, &[&teacher, &colleague]).await;

        let mut wrong = Vec::new();
        let (own, foreign) = (own.as_str(), foreign.as_str());
        let cases = bodies(&world, own, foreign).into_iter().chain(addresses(own, foreign)).collect::<Vec<_>>();
        assert!(cases.len() > 350, "{}", cases.len());
        for (who, method, path, body) in cases {
            let api = match who {
                As::Teacher => teacher.clone(),
                As::Admin => admin.clone(),
                As::Companion => admin.with_token(&world.service_token(json!({}))),
                As::Nobody => admin.with_token(""),
            };
            let request = api.request(method.clone(), &path);
            let request = if let Some(body) = &body { request.json(body) } else { request };
            // Without a session the language is the one that the browser asks for.
            let language = if who == As::Admin { Language::English } else { Language::French };
            let (status, text) = api.raw(request.header("accept-language", language.tag())).await;
            let shown = body.map(|body| body.to_string()).unwrap_or_default();
            let case =
                format!("{method} {} {}", &path[..path.len().min(90)], shown.chars().take(90).collect::<String>());
            let answer: Value = serde_json::from_str(&text).unwrap_or_default();
            if let Err(reason) = verdict(status.as_u16(), &answer, language) {
                wrong.push(format!("{case}: {reason}: {status} {}", text.chars().take(160).collect::<String>()));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert_eq!(state(&world, &admin, &[&teacher, &colleague]).await, before, "nothing is changed");
        let lines = world.worker.log();
        assert!(!lines.contains("panicked"), "{lines}");
    });
}

/// Whether it is a refusal, not for a fault of ours, that says in this language what is wrong and what to do.
fn verdict(status: u16, answer: &Value, language: Language) -> Result<(), String> {
    // A choice that cannot be had is refused by itself, in an answer about all of them.
    let of_choice = answer.pointer("/results/0/problem").or(answer.pointer("/courses/0/exceptions/0/refused/problem"));
    let error = of_choice.filter(|problem| !problem.is_null()).unwrap_or(&answer["error"]);
    if error.is_null() || (of_choice.is_none() && !(400..600).contains(&status)) {
        return Err("no refusal".to_owned());
    }
    let code: ErrorCode = error["code"].as_str().unwrap_or_default().parse().map_err(|()| "no code".to_owned())?;
    if code.as_str().starts_with("internal.") {
        return Err("our own fault".to_owned());
    }
    let (sentence, advice) = (code.sentence(language), code.advice(language));
    let begins = sentence.split('{').next().unwrap_or_default().trim_end();
    let message = error["message"].as_str().unwrap_or_default();
    if !message.starts_with(begins) || error["advice"].as_str() != Some(advice) {
        return Err(format!("not said in {language:?}"));
    }
    Ok(())
}
