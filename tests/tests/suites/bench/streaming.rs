//! A backup's way through the Worker, beside the least that a Worker can do, and beside no Worker at all.

use super::{Row, folder, quick};
use crate::harness::{Options, Worker, World, root, run};
use courseferry_tests::{
    backup::CourseContent,
    client::{Job, Pace},
    remote::{RemoteConfig, RemoteCourse, Source},
    tls::Certificate,
};
use futures::StreamExt;
use reqwest::{Client, RequestBuilder};
use std::{
    collections::BTreeMap,
    fs::File,
    io::Write,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

const MEGABYTE: u64 = 1_000_000;

/// A file that begins as a backup does.
fn file_of(megabytes: u64) -> PathBuf {
    let path = folder().join(format!("{megabytes}.mbz"));
    let mut file = File::create(&path).unwrap();
    file.write_all(b"\x1f\x8b\x08\x00").unwrap();
    let mut block = vec![0; usize::try_from(MEGABYTE).unwrap()];
    fastrand::Rng::with_seed(1).fill(&mut block);
    for _ in 0..megabytes {
        file.write_all(&block).unwrap();
    }
    path
}

fn remote_with(path: &Path) -> RemoteConfig {
    let mut remote = RemoteConfig::new("Moodle Sciences", "5c1e9ce5a0b14f6d8e7f001122334455");
    remote.usernames = vec!["teacher1".to_owned()];
    remote.courses = vec![RemoteCourse {
        content: CourseContent {
            id: 1,
            fullname: "Large".into(),
            shortname: "L".into(),
            visible: true,
            ..CourseContent::default()
        },
        category_identifier: String::new(),
        teachers: vec!["teacher1".to_owned()],
        source: Source::File(path.to_owned()),
    }];
    remote
}

#[derive(Clone, Copy)]
struct Figures {
    first_byte: Duration,
    whole: Duration,
    bytes: u64,
    most_memory: u64,
}

impl Figures {
    #[expect(clippy::cast_precision_loss, reason = "megabytes a second")]
    fn rate(self) -> f64 {
        self.bytes as f64 / 1e6 / self.whole.as_secs_f64()
    }
}

async fn fetch(request: RequestBuilder, memory: impl Fn() -> u64) -> Figures {
    let (begun, idle) = (Instant::now(), memory());
    let answer = request.send().await.expect("an answer");
    assert!(answer.status().is_success(), "{}", answer.status());
    let mut stream = answer.bytes_stream();
    let (mut bytes, mut first_byte, mut most_memory, mut looked) = (0, None, 0, 0);
    while let Some(chunk) = stream.next().await {
        first_byte.get_or_insert_with(|| begun.elapsed());
        bytes += chunk.expect("the stream goes on").len() as u64;
        if bytes >= looked + MEGABYTE {
            looked = bytes;
            most_memory = most_memory.max(memory().saturating_sub(idle));
        }
    }
    Figures { first_byte: first_byte.expect("a byte"), whole: begun.elapsed(), bytes, most_memory }
}

/// The best of some; what else the machine does only ever makes one slower.
fn best(all: Vec<Figures>) -> Figures {
    let most_memory = all.iter().map(|figures| figures.most_memory).max().unwrap_or_default();
    let first_byte = all.iter().map(|figures| figures.first_byte).min().unwrap_or_default();
    let fastest = all.into_iter().min_by_key(|figures| figures.whole).expect("one at least");
    Figures { first_byte, most_memory, ..fastest }
}

/// A remote with one backup, which waits to be fetched.
struct Prepared {
    world: World,
    order: Job,
    /// Where the remote has it.
    from: String,
    /// Its `ETag`.
    etag: String,
}

async fn prepare(path: &Path, certificate: Option<Certificate>) -> Prepared {
    let pace = Pace { cron: Duration::from_hours(1), ..Pace::default() };
    let remote = RemoteConfig { certificate, ..remote_with(path) };
    let world = World::start(Options::default().remotes(vec![remote]).pace(pace)).await;
    let api = world.log_in("teacher1").await;
    let restore = api.schedule_one(world.choice(0, 1)).await;
    world.cron().await;
    let order = world.client.until_job(|job| job.job == restore.id.as_str()).await;
    let remote = &world.remotes[0];
    let made = remote.made().remove(0);
    let script = "blocks/my_external_backup_restore_courses/get_user_backup_course_webservice.php";
    let (address, token) = (remote.address(), &remote.config().token);
    let from = format!("{address}/{script}?token={token}&filerecordid={}", made.filerecordid);
    Prepared { world, order, from, etag: format!("\"{}\"", made.sha1) }
}

impl Prepared {
    fn ours(&self, http: &Client) -> RequestBuilder {
        let Self { world, order, .. } = self;
        http.get(format!("{}/backup/{}/{}", world.worker.origin, order.job, order.attempt)).bearer_auth(&order.ticket)
    }

    /// Through the three lines and through ours, in turns.
    async fn beside(&self, plain: &Worker, times: usize) -> (Figures, Figures) {
        let http = Client::new();
        let mut through_script = reqwest::Url::parse(&plain.origin).expect("an address");
        through_script.query_pairs_mut().append_pair("from", &self.from);
        let (mut script, mut ours) = (Vec::new(), Vec::new());
        for _ in 0..times {
            script.push(fetch(http.get(through_script.clone()), || plain.resident_bytes()).await);
            ours.push(fetch(self.ours(&http), || self.world.worker.resident_bytes()).await);
        }
        (best(script), best(ours))
    }
}

#[test]
#[ignore = "measures; asserts no figure"]
fn a_backup_through_the_worker() {
    run(async {
        let certificate = Certificate::new().expect("a certificate");
        let mut plain = Worker::reserve().of(root("tests/reference/passthrough/wrangler.toml"));
        plain.trust(&certificate);
        plain.start(&BTreeMap::new()).await;
        let js = "a three-line JavaScript Worker";
        let sizes: &[u64] = if quick() { &[100] } else { &[100, 2_000] };
        for &megabytes in sizes {
            let path = file_of(megabytes);
            let times = if megabytes > 1_000 { 2 } else { 10 };
            let what = |figure: &str| format!("streaming {megabytes} MB: {figure}");

            // With TLS, as every remote has it but one on the Worker's own machine.
            let prepared = prepare(&path, Some(certificate.clone())).await;
            let (script, whole) = prepared.beside(&plain, times).await;
            Row::new(what("rate"), "MB/s", whole.rate()).beside(js, script.rate()).at_least(0.95).report();
            let first = |figures: Figures| super::milliseconds(figures.first_byte);
            Row::new(what("first byte"), "ms", first(whole)).beside(js, first(script)).report();
            #[expect(clippy::cast_precision_loss, reason = "megabytes")]
            let memory = |figures: Figures| figures.most_memory as f64 / f64::from(1 << 20);
            Row::new(what("memory over idle"), "MB", memory(whole)).beside(js, memory(script)).limit(64.0).report();

            let rest = format!("bytes={}-", megabytes * MEGABYTE / 10 * 9);
            let http = Client::new();
            let mut resumed = Vec::new();
            for _ in 0..times {
                let request = prepared.ours(&http).header("range", &rest).header("if-range", &prepared.etag);
                resumed.push(fetch(request, || 0).await);
            }
            let seconds = |figures: Figures| figures.whole.as_secs_f64();
            Row::new(format!("resume at 90 % of {megabytes} MB"), "s", seconds(best(resumed)))
                .beside("from the start", seconds(whole))
                .at_most(0.15)
                .report();
            drop(prepared);

            // Without TLS the kernel moves the bytes of a Worker that looks at none of them from one socket to the other.
            let prepared = prepare(&path, None).await;
            let mut direct = Vec::new();
            for _ in 0..times {
                direct.push(fetch(http.get(&prepared.from), || 0).await);
            }
            let (script, whole) = prepared.beside(&plain, times).await;
            Row::new(what("rate, from a remote without TLS"), "MB/s", whole.rate())
                .beside(js, script.rate())
                .at_least(0.95)
                .note(format!("direct, without a Worker: {:.0} MB/s", best(direct).rate()))
                .report();
            std::fs::remove_file(path).unwrap();
        }
    });
}
