//! The stand-in client: log-in, pages, the companion's web services, and restores of backups that a small server hands
//! out as the Worker would.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "all of this is test code, and a panic is how a test fails"
)]

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use courseferry_access::token::{Expected, Key, Keys, LaunchClaims, verify};
use courseferry_api::{
    CategoryId, CourseId, ErrorCode, Failure, JobId, Options, RemoteCourseId, UserId,
    companion::{self, MessageKind, Order, Progress},
};
use courseferry_moodle::{Answer, CONTENT_TYPE, Call, Companion, Fault, Notification, Secret};
use courseferry_tests::{
    StandIn,
    backup::{self, Archive},
    checksum::sha1,
    client::{Client, ClientConfig, ClientTrap, Job, Pace, Stage},
    demo,
};
use reqwest::redirect::Policy;
use std::{
    io::Cursor,
    sync::{Arc, Mutex},
    time::Duration,
};

const TICKET: &str = "0123456789abcdef0123456789abcdef0123456789abcdef";

/// Hands a backup out as the Worker does, and can cut, replace or refuse it.
#[derive(Default)]
struct FakeWorker {
    backup: Mutex<Vec<u8>>,
    /// Bytes after which the next answers end too early.
    cuts: Mutex<Vec<usize>>,
    refusals: Mutex<Vec<(u16, &'static str)>>,
    ranges: Mutex<Vec<Option<String>>>,
}

async fn backup(
    State(worker): State<Arc<FakeWorker>>,
    Path((_, _)): Path<(String, u32)>,
    headers: HeaderMap,
) -> Response {
    let range = headers.get("range").map(|range| range.to_str().unwrap().to_owned());
    worker.ranges.lock().unwrap().push(range.clone());
    if headers["authorization"] != format!("Bearer {TICKET}") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    if let Some((status, code)) = worker.refusals.lock().unwrap().pop() {
        let body = format!(r#"{{"error":{{"code":"{code}","message":"no"}},"request_id":"r"}}"#);
        return (StatusCode::from_u16(status).unwrap(), body).into_response();
    }
    let whole = worker.backup.lock().unwrap().clone();
    let etag = format!("\"{}\"", sha1(&whole));
    let from = range.as_deref().map_or(0, |range| range["bytes=".len()..range.len() - 1].parse().unwrap());
    if range.is_some() && headers["if-range"] != etag {
        return (StatusCode::PRECONDITION_FAILED, r#"{"error":{"code":"backup.replaced","message":""}}"#)
            .into_response();
    }
    let bytes = Bytes::from(whole[from..].to_vec());
    let len = bytes.len();
    let cut = worker.cuts.lock().unwrap().pop();
    let chunks = match cut {
        None => vec![Ok(bytes)],
        Some(after) => vec![Ok(bytes.slice(..after)), Err(std::io::Error::other("cut"))],
    };
    let paced = futures::stream::unfold(chunks.into_iter(), |mut chunks| async {
        let chunk = chunks.next()?;
        if chunk.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Some((chunk, chunks))
    });
    let mut response = Body::from_stream(paced).into_response();
    response.headers_mut().insert("etag", etag.parse().unwrap());
    response.headers_mut().insert("content-length", len.into());
    if range.is_some() {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        let range = format!("bytes {from}-{}/{}", whole.len() - 1, whole.len());
        response.headers_mut().insert("content-range", range.parse().unwrap());
    }
    response
}

struct World {
    client: StandIn<Client>,
    worker: Arc<FakeWorker>,
}

const COURSE: i64 = 12;

async fn world(pace: Pace) -> World {
    let worker = Arc::new(FakeWorker::default());
    let router = Router::new().route("/backup/{job}/{attempt}", get(backup)).with_state(Arc::clone(&worker));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let client = StandIn::client(ClientConfig { worker: Some(origin), pace, ..ClientConfig::default() }).unwrap();
    *worker.backup.lock().unwrap() = written(COURSE, Archive::TarGz);
    World { client, worker }
}

fn quick() -> Pace {
    Pace { pause: Duration::from_millis(10), recover: Duration::from_millis(50), ..Pace::default() }
}

fn written(course: i64, archive: Archive) -> Vec<u8> {
    let sciences = demo::sciences();
    let course = sciences.courses.iter().find(|known| known.content.id == course).unwrap();
    let site = backup::Site { wwwroot: "http://127.0.0.1:8701".to_owned(), now: 1_795_308_746, serial: 1 };
    let mut bytes = Cursor::new(Vec::new());
    backup::write(&course.content, &site, archive, &mut bytes).unwrap();
    bytes.into_inner()
}

fn job_id(number: u32) -> JobId {
    format!("{number:032x}").parse().unwrap()
}

impl World {
    /// A page as somebody sees it.
    async fn page(&self, username: &str, path: &str) -> String {
        let cookie = self.client.sign_in(username).unwrap();
        let request = http().get(format!("{}{path}", self.client.address())).header("cookie", cookie);
        request.send().await.unwrap().text().await.unwrap()
    }

    fn companion(&self) -> Companion {
        Companion {
            url: self.client.address().parse().unwrap(),
            token: Secret::new(self.client.config().token.clone()),
        }
    }

    async fn restore(&self, attempt: u32, user: i64, category: i64) -> Progress {
        let order = Order {
            job: &job_id(1),
            attempt,
            user: UserId(user),
            actor: None,
            category: CategoryId(category),
            course: RemoteCourseId(COURSE),
            remote_name: "Moodle Sciences",
            options: &Options::default(),
            sha256: None,
        };
        ask(&self.companion().restore(&order, &Secret::new(TICKET))).await.unwrap()
    }

    async fn ended(&self) -> Job {
        let over = self.client.until_job(|job| job.state.is_over());
        tokio::time::timeout(Duration::from_secs(20), over).await.expect("the restore ends")
    }
}

async fn ask<T>(call: &Call<T>) -> Result<T, Failure> {
    let post = http().post(&call.request.url).header("content-type", CONTENT_TYPE).body(call.request.body.clone());
    let Ok(response) = post.send().await else { return Err(call.failed(Fault::Unreachable)) };
    let status = response.status().as_u16();
    let content_type =
        response.headers().get("content-type").map_or(String::new(), |value| value.to_str().unwrap().to_owned());
    let body = response.bytes().await.unwrap();
    call.read(&Answer { status, content_type: &content_type, body: &body })
}

fn http() -> reqwest::Client {
    reqwest::Client::builder().redirect(Policy::none()).build().unwrap()
}

const MARIE: i64 = 5;
const PHYSICS: i64 = 3;

#[tokio::test]
async fn a_restored_course_is_shown_with_its_activities_and_its_teacher() {
    let world = world(quick()).await;
    let accepted = world.restore(1, MARIE, PHYSICS).await;
    assert_eq!((accepted.state, accepted.course), (companion::State::Pending, None));
    assert_eq!(world.ended().await.state, Stage::Complete);
    let entry = ask(&world.companion().get_restores(&[job_id(1)])).await.unwrap().restores.remove(0);
    assert_eq!(
        (entry.state, entry.course_name.as_str(), entry.short_name.as_str()),
        (companion::State::Complete, "Classical mechanics", "MECH201")
    );
    let course = world.client.restored().remove(0);
    assert_eq!((course.category, course.activity_count(), course.files.0), (PHYSICS, 7, 2));
    assert_eq!(course.sha1, Some(sha1(&*world.worker.backup.lock().unwrap())));
    let page = world.page("teacher1", &format!("/course/view.php?id={}", course.id)).await;
    for shown in ["Classical mechanics", "Plan of the course", "First weeks"] {
        assert!(page.contains(shown), "{shown}");
    }
    assert_eq!(page.matches("data-for=\"cmitem\"").count(), 7);
    assert!(!page.contains("Physics"), "Moodle names a course's category in its list of courses only");
    let participants = world.page("teacher1", &format!("/user/index.php?id={}", course.id)).await;
    assert!(participants.contains("<th scope=\"row\">Marie Curie</th><td>Teacher</td>"), "{participants}");
    let listed = world.page("teacher1", &format!("/course/index.php?categoryid={PHYSICS}")).await;
    assert!(listed.contains(&format!("data-courseid=\"{}\"", course.id)), "{listed}");
    let again = world.restore(1, MARIE, PHYSICS).await;
    assert_eq!((again.state, world.client.restored().len()), (companion::State::Complete, 1), "asked twice, done once");
}

#[tokio::test]
async fn a_cut_download_is_resumed_where_it_ended() {
    let world = world(quick()).await;
    world.worker.cuts.lock().unwrap().extend([3000, 10_000]);
    world.restore(1, MARIE, PHYSICS).await;
    assert_eq!(world.ended().await.state, Stage::Complete);
    let ranges = world.worker.ranges.lock().unwrap().clone();
    assert_eq!(ranges, [None, Some("bytes=10000-".to_owned()), Some("bytes=13000-".to_owned())]);
}

#[tokio::test]
async fn what_is_not_the_jobs_backup_is_refused_by_name() {
    let good = written(COURSE, Archive::Zip);
    let short = good[..good.len() / 2].to_vec();
    for (bytes, code) in [
        (written(11, Archive::TarGz), "backup.wrong_course"),
        (b"%PDF-1.4".to_vec(), "backup.not_a_backup"),
        (short, "backup.unreadable"),
        (Vec::new(), "backup.gone"),
    ] {
        let world = world(quick()).await;
        *world.worker.backup.lock().unwrap() = bytes;
        world.restore(1, MARIE, PHYSICS).await;
        let job = world.ended().await;
        assert_eq!((job.state, job.error.as_str()), (Stage::Failed, code));
        assert!(world.client.courses().iter().all(|course| course.job.is_none()), "nothing is left behind");
    }
    let world = world(quick()).await;
    *world.worker.backup.lock().unwrap() = good;
    world.restore(1, MARIE, PHYSICS).await;
    assert_eq!(world.ended().await.state, Stage::Complete, "zip is as good as tar.gz");
}

#[tokio::test]
async fn the_workers_refusals_are_told_on() {
    for (status, code, expected) in [
        (401, "backup.ticket_refused", "backup.ticket_refused"),
        (410, "backup.gone", "backup.gone"),
        (412, "backup.replaced", "backup.replaced"),
        (409, "", "backup.ticket_refused"),
    ] {
        let world = world(quick()).await;
        world.worker.refusals.lock().unwrap().push((status, code));
        world.restore(1, MARIE, PHYSICS).await;
        assert_eq!(world.ended().await.error, expected);
    }
    let world = world(quick()).await;
    world.worker.refusals.lock().unwrap().extend([(502, "backup.unreachable"); 6]);
    world.restore(1, MARIE, PHYSICS).await;
    assert_eq!(world.ended().await.state, Stage::Complete, "it waits for a Worker that is away");
}

#[tokio::test]
async fn a_newer_attempt_is_taken_up_only_when_the_older_is_over() {
    let world = world(quick()).await;
    *world.worker.backup.lock().unwrap() = b"%PDF".to_vec();
    world.restore(2, MARIE, PHYSICS).await;
    assert_eq!(world.ended().await.state, Stage::Failed);
    assert_eq!(world.restore(1, MARIE, PHYSICS).await.state, companion::State::StaleAttempt);
    *world.worker.backup.lock().unwrap() = written(COURSE, Archive::TarGz);
    world.client.set(ClientTrap::Hold { at: Stage::Restoring }, None);
    assert_eq!(world.restore(3, MARIE, PHYSICS).await.state, companion::State::Pending);
    assert_eq!(world.restore(4, MARIE, PHYSICS).await.state, companion::State::Busy);
    world.client.clear();
    assert_eq!(world.ended().await.attempt, 3);
    assert_eq!(world.restore(4, MARIE, PHYSICS).await.state, companion::State::Complete);
    assert_eq!(world.client.restored().len(), 1);
}

#[tokio::test]
async fn cancelling_works_until_the_course_is_begun() {
    let world = world(quick()).await;
    for at in [Stage::Extracting, Stage::Restoring] {
        world.client.set(ClientTrap::Hold { at }, None);
    }
    world.restore(1, MARIE, PHYSICS).await;
    world.client.until_job(|job| job.state == Stage::Extracting).await;
    let cancelled = ask(&world.companion().cancel(&job_id(1), 1)).await.unwrap();
    assert_eq!(cancelled.state, companion::State::Cancelled);
    world.client.clear();
    world.client.set(ClientTrap::Hold { at: Stage::Restoring }, None);
    world.restore(2, MARIE, PHYSICS).await;
    world.client.until_job(|job| job.state == Stage::Restoring).await;
    let too_late = ask(&world.companion().cancel(&job_id(1), 2)).await.unwrap();
    assert_eq!(too_late.state, companion::State::Restoring);
    world.client.clear();
    assert_eq!(world.ended().await.state, Stage::Complete);
    let ahead = ask(&world.companion().cancel(&job_id(2), 1)).await.unwrap();
    assert_eq!(ahead.state, companion::State::Cancelled, "a hand-over may still be on its way");
    assert_eq!(world.client.restored().len(), 1);
}

#[tokio::test]
async fn a_killed_process_is_replaced_and_after_three_the_job_fails() {
    let world = world(quick()).await;
    for at in [Stage::Downloading, Stage::Restoring] {
        world.client.set(ClientTrap::KillTask { at }, Some(1));
    }
    world.restore(1, MARIE, PHYSICS).await;
    let job = world.ended().await;
    assert_eq!((job.state, job.runs, world.client.restored().len()), (Stage::Complete, 3, 1));
    assert_eq!(world.client.courses().iter().filter(|course| course.half_made).count(), 0);
    let other = self::world(quick()).await;
    other.client.set(ClientTrap::KillTask { at: Stage::Restoring }, None);
    other.restore(1, MARIE, PHYSICS).await;
    assert_eq!(other.ended().await.error, "client.crashed");
    assert!(other.client.courses().iter().all(|course| course.job.is_none()));
}

#[tokio::test]
async fn the_client_asks_for_the_rights_itself() {
    let world = world(quick()).await;
    let refusals = [
        (7, 6, "client.no_capability"),
        (8, PHYSICS, "client.no_capability"),
        (10, PHYSICS, "client.no_capability"),
        (MARIE, 6, "client.no_capability"),
        (MARIE, 99, "client.category_missing"),
        (99, PHYSICS, "client.user_inactive"),
    ];
    for (attempt, (user, category, expected)) in (1..).zip(refusals) {
        let refused = world.restore(attempt, user, category).await;
        assert_eq!(refused.error.map(ErrorCode::as_str), Some(expected), "user {user}, category {category}");
    }
    let slow = self::world(quick()).await;
    slow.client.set(ClientTrap::Hold { at: Stage::Pending }, None);
    slow.restore(1, MARIE, PHYSICS).await;
    slow.client.change(|site| site.user_named("teacher1").unwrap().suspended = true);
    slow.client.clear();
    assert_eq!(slow.ended().await.error, "client.user_inactive", "the task vanished, and was found");
}

#[tokio::test]
async fn snapshots_read_as_the_worker_reads_them() {
    let world = world(quick()).await;
    let companion = world.companion();
    let site = ask(&companion.get_site_access("")).await.unwrap();
    let snapshot = site.snapshot.unwrap();
    let physics = snapshot.contexts.iter().find(|context| context.identifier == "FAC-SCI-PHY").unwrap();
    assert_eq!((physics.name.as_str(), physics.path.as_str()), ("Physics", "/1/102/103"));
    assert!(ask(&companion.get_site_access(&site.version)).await.unwrap().unchanged);
    world.client.change(|site| site.categories[0].visible = false);
    assert!(!ask(&companion.get_site_access(&site.version)).await.unwrap().unchanged);
    let user = ask(&companion.get_user_access(UserId(MARIE))).await.unwrap();
    assert_eq!((user.username.as_str(), user.assignments.len()), ("teacher1", 2));
    assert_eq!(ask(&companion.get_user_access(UserId(999))).await.unwrap_err().code, ErrorCode::ClientUserUnknown);
    let names = [("Optics", "OPT101"), ("New", "NEW")].map(|(full, short)| (full.to_owned(), short.to_owned()));
    let preview = ask(&companion.preview(UserId(MARIE), CategoryId(PHYSICS), &names)).await.unwrap();
    assert_eq!((preview.names[0].becomesshortname.as_str(), preview.names[1].shortnametaken), ("OPT101_1", false));
    for (course, there) in [(42, true), (424_242, false), (-1, false)] {
        let found = ask(&companion.find_course(UserId(MARIE), CourseId(course))).await.unwrap();
        assert_eq!(found.course.map(|found| (found.id, found.exists)), Some((CourseId(course), there)));
    }
}

#[tokio::test]
async fn a_call_with_a_parameter_too_few_or_too_many_is_refused_as_moodle_does() {
    let world = world(quick()).await;
    let call = async |function: &str, fields: &[(&str, &str)]| {
        let token = world.client.config().token.clone();
        let function = format!("block_courseferry_{function}");
        let own = [("wstoken", token.as_str()), ("wsfunction", &function), ("moodlewsrestformat", "json")];
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(own).extend_pairs(fields).finish();
        let request = http().post(format!("{}/webservice/rest/server.php", world.client.address()));
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
        request.send().await.unwrap().text().await.unwrap()
    };
    let job = "0".repeat(32);
    assert!(call("get_restores", &[("jobs[0]", &job)]).await.contains("\"percent\":0,"), "as PHP writes it");
    // An empty list cannot be sent: it is a parameter too few.
    assert!(call("get_restores", &[]).await.contains("invalidparameter"));
    assert!(call("preview", &[("userid", "5")]).await.contains("invalidparameter"));
    let elsewhere = [("jobs[0]", job.as_str()), ("url", "https://elsewhere.example")];
    assert!(call("get_restores", &elsewhere).await.contains("invalidparameter"));
}

#[tokio::test]
async fn a_message_is_sent_once_and_an_enrolment_needs_a_restored_course() {
    let world = world(quick()).await;
    let companion = world.companion();
    let message = Notification {
        job: &job_id(1),
        attempt: 1,
        kind: MessageKind::Success,
        user: UserId(MARIE),
        values: &[("subject", "Restored"), ("html", "<p>Done</p>")],
        warnings: &[],
    };
    let first = ask(&companion.notify(&message)).await.unwrap();
    assert_eq!(ask(&companion.notify(&message)).await.unwrap(), first);
    assert_eq!(world.client.messages().len(), 1);
    let page = world.page("teacher1", "/message/output/popup/notifications.php").await;
    assert_eq!(page.matches("data-region=\"notification-content-item-container\" data-id=\"1\"").count(), 1, "{page}");
    assert!(page.contains("<p>Done</p>"));
    let early = ask(&companion.enrol(&job_id(1), UserId(6))).await.unwrap_err();
    assert_eq!(early.code, ErrorCode::ClientUnknownJob);
    world.restore(1, MARIE, PHYSICS).await;
    world.ended().await;
    let enrolled = ask(&companion.enrol(&job_id(1), UserId(6))).await.unwrap();
    assert_eq!((enrolled.enrolled, enrolled.already), (true, false));
    assert!(ask(&companion.enrol(&job_id(1), UserId(6))).await.unwrap().already);
}

#[tokio::test]
async fn a_lost_answer_leaves_the_work_done() {
    let world = world(quick()).await;
    world.client.set(ClientTrap::LoseAnswer { function: "restore".to_owned() }, Some(1));
    let options = Options {
        full_name: Some("My own name".to_owned()),
        short_name: Some("OPT101".to_owned()),
        ..Options::default()
    };
    let order = Order {
        job: &job_id(1),
        attempt: 1,
        user: UserId(MARIE),
        actor: None,
        category: CategoryId(PHYSICS),
        course: RemoteCourseId(COURSE),
        remote_name: "",
        options: &options,
        sha256: None,
    };
    assert_eq!(
        ask(&world.companion().restore(&order, &Secret::new(TICKET))).await.unwrap_err().code,
        ErrorCode::ClientServerError
    );
    world.ended().await;
    let course = world.client.restored().remove(0);
    assert_eq!((course.fullname.as_str(), course.shortname.as_str()), ("My own name copy 1", "OPT101_1"));
}

/// The value of an attribute in a page.
fn attribute<'a>(page: &'a str, name: &str) -> &'a str {
    page.split(&format!("{name}=\"")).nth(1).expect(name).split('"').next().unwrap()
}

#[tokio::test]
async fn whoever_is_not_logged_in_logs_in_and_comes_back_to_the_wanted_page() {
    let world = world(quick()).await;
    let browser = reqwest::Client::builder().cookie_store(true).build().unwrap();
    let at = |path: &str| format!("{}{path}", world.client.address());
    let page = browser.get(at("/blocks/courseferry/view.php?lang=fr")).send().await.unwrap();
    assert_eq!(page.url().path(), "/login/index.php");
    let wrong =
        browser.post(at("/login/index.php")).form(&[("username", "teacher1"), ("password", "x")]).send().await.unwrap();
    assert!(wrong.text().await.unwrap().contains("Invalid login"));
    let page = browser
        .post(at("/login/index.php"))
        .form(&[("username", "teacher1"), ("password", "moodle")])
        .send()
        .await
        .unwrap();
    assert_eq!(page.url().as_str(), at("/blocks/courseferry/view.php?lang=fr"));
    let page = page.text().await.unwrap();
    assert_eq!(attribute(&page, "data-surface"), "page");
    let claims = verified(&world, attribute(&page, "data-launch"), None);
    assert_eq!((claims.preferred_username.as_str(), claims.standard.sub.as_str()), ("teacher1", "5"));
    let address = at(&format!("/lib/ajax/service.php?sesskey={}&info=x", attribute(&page, "data-sesskey")));
    let call = r#"[{"index":0,"methodname":"block_courseferry_get_launch_token","args":{"state":""}}]"#;
    let post = |address: String| browser.post(address).header("content-type", "application/json").body(call);
    let fresh: serde_json::Value = post(address).send().await.unwrap().json().await.unwrap();
    verified(&world, fresh[0]["data"]["token"].as_str().unwrap(), None);
    let refused: serde_json::Value =
        post(at("/lib/ajax/service.php?sesskey=x")).send().await.unwrap().json().await.unwrap();
    assert_eq!(refused[0]["exception"]["errorcode"], "invalidsesskey");
    let dashboard = browser.get(at("/my/?bs=4")).send().await.unwrap().text().await.unwrap();
    assert_eq!(dashboard.matches("data-courseferry").count(), 2, "in the drawer and in the main column");
    assert!(dashboard.contains("block_courseferry block card mb-3") && dashboard.contains("drawer drawer-right"));
}

fn verified(world: &World, token: &str, state: Option<&str>) -> LaunchClaims {
    let key = Key::new(world.client.config().launch_key.clone()).unwrap();
    let worker = world.client.config().worker.clone().unwrap();
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let expected = Expected { issuer: world.client.address(), audience: &worker, state, now: now.try_into().unwrap() };
    verify(token, &Keys { current: key, previous: None }, &expected).unwrap()
}

#[tokio::test]
async fn launch_leads_to_the_return_of_a_sign_in_and_nowhere_else() {
    let world = world(quick()).await;
    let cookie = world.client.sign_in("creator").unwrap();
    let launch = async |query: &str| {
        let address = format!("{}/blocks/courseferry/launch.php?{query}", world.client.address());
        http().get(address).header("cookie", &cookie).send().await.unwrap()
    };
    let good = launch("path=/sign-in/return&state=abc").await;
    let location = good.headers()["location"].to_str().unwrap();
    let (page, token) = location.split_once("#launch=").unwrap();
    assert_eq!(page, format!("{}/sign-in/return", world.client.config().worker.as_ref().unwrap()));
    assert_eq!(verified(&world, token, Some("abc")).state.as_deref(), Some("abc"));
    for bad in ["path=/", "path=//evil.example", "path=https://evil.example", "path=/%5Cevil.example", "path=x"] {
        assert_eq!(launch(bad).await.status(), 404, "{bad}");
    }
    let guest = world.client.sign_in("guest").unwrap();
    let page = http().get(format!("{}/my/", world.client.address())).header("cookie", guest).send().await.unwrap();
    assert!(!page.text().await.unwrap().contains("data-courseferry"));
}

#[tokio::test]
async fn logging_in_as_somebody_inside_a_course_gives_no_token() {
    let world = world(quick()).await;
    let user = world.client.user("creator").unwrap().id;
    for (query, given) in [(format!("user={user}"), true), (format!("id=101&user={user}"), false)] {
        let cookie = world.client.sign_in("admin").unwrap();
        let get = async |path: &str| {
            let address = format!("{}{path}", world.client.address());
            http().get(address).header("cookie", &cookie).send().await.unwrap().text().await.unwrap()
        };
        let page = get("/my/").await;
        let sesskey = page.split("data-sesskey=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        get(&format!("/course/loginas.php?{query}&sesskey={sesskey}")).await;
        assert_eq!(get("/my/").await.contains("data-launch"), given, "{query}");
    }
}
