//! The built Worker in workerd, as a process that can be killed and started again on the same database.

use super::{prepared, root};
use courseferry_tests::tls::Certificate;
use rusqlite::Connection;
use std::{
    collections::BTreeMap,
    hash::{BuildHasher, Hasher, RandomState},
    net::TcpListener,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{Arc, Mutex},
    time::Duration,
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::{Child, Command},
    time::timeout,
};

/// A Worker with its state; its address stays the same over restarts.
pub struct Worker {
    /// Where it serves.
    pub origin: String,
    port: u16,
    config: PathBuf,
    /// The widget's files, if not those that were built last.
    assets: Option<PathBuf>,
    /// A certificate that it trusts beside those that browsers do.
    trusted: Option<PathBuf>,
    folder: TempDir,
    running: Option<Running>,
    log: Log,
}

struct Running {
    /// Ends, and workerd with it, when this is dropped.
    runner: Child,
    workerd: u32,
}

type Log = Arc<Mutex<String>>;

impl Worker {
    /// Takes a port, so that Moodles can be told of it before it starts.
    pub fn reserve() -> Self {
        // Below those that the system hands out, which anybody's next connection may take before the Worker starts.
        let any = |_| u16::try_from(10_000 + RandomState::new().build_hasher().finish() % 20_000).ok();
        let mut ports = (0..100).filter_map(any);
        Self::at(ports.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).expect("a port"))
    }

    /// A Worker at a port that Moodles know already.
    pub fn at(port: u16) -> Self {
        Self {
            origin: format!("http://127.0.0.1:{port}"),
            port,
            config: root("edge/wrangler.toml"),
            assets: None,
            trusted: None,
            folder: tempfile::tempdir().expect("a temporary folder"),
            running: None,
            log: Log::default(),
        }
    }

    /// Another Worker than ours: that of this `wrangler.toml`.
    pub fn of(self, config: PathBuf) -> Self {
        Self { config, ..self }
    }

    /// From its next start on it serves these files.
    pub fn serve(&mut self, assets: PathBuf) {
        self.assets = Some(assets);
    }

    /// From its next start on it trusts this certificate.
    pub fn trust(&mut self, certificate: &Certificate) {
        let file = self.folder.path().join("trusted.pem");
        std::fs::write(&file, certificate.pem()).expect("a file");
        self.trusted = Some(file);
    }

    /// Starts it with these variables and secrets over those of `wrangler.toml`.
    pub async fn start(&mut self, vars: &BTreeMap<String, String>) {
        let file = self.folder.path().join("vars.json");
        std::fs::write(&file, serde_json::to_vec(vars).unwrap()).unwrap();
        let mut runner = Command::new(prepared("COURSEFERRY_NODE"))
            .arg(root("xtask/npm/worker.mjs"))
            .args(["--port", &self.port.to_string()])
            .args([Path::new("--config"), &self.config])
            .args([Path::new("--state"), &self.state()])
            .args([Path::new("--vars"), &file])
            .args(self.assets.iter().flat_map(|assets| [Path::new("--assets"), assets]))
            .env("COURSEFERRY_NPM", prepared("COURSEFERRY_NPM"))
            // Miniflare hands it on to workerd.
            .envs(self.trusted.iter().map(|file| ("NODE_EXTRA_CA_CERTS", file)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("node starts");
        keep(runner.stderr.take().unwrap(), self.log.clone());
        let mut lines = BufReader::new(runner.stdout.take().unwrap()).lines();
        let ready = timeout(Duration::from_mins(1), lines.next_line()).await;
        let Ok(Ok(Some(line))) = ready else {
            panic!("the Worker does not start: {}", self.log());
        };
        let pid = line.rsplit(' ').next().and_then(|pid| pid.parse().ok());
        self.running = Some(Running { runner, workerd: pid.expect("the id of workerd") });
    }

    /// Kills it outright, as a power cut would.
    pub async fn kill(&mut self) {
        let mut running = self.running.take().expect("a running Worker");
        let pids = [running.workerd, running.runner.id().expect("a running node")].map(|pid| pid.to_string());
        Command::new("kill").arg("-KILL").args(pids).status().await.expect("kill");
        running.runner.wait().await.expect("the end of node");
    }

    /// Seconds of processor time that workerd has used.
    pub fn processor_seconds(&self) -> f64 {
        let pid = self.running.as_ref().expect("a running Worker").workerd;
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("the state of a process");
        // After the name, which may hold anything: user and system time are the 12th and 13th, in hundredths.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |n: usize| fields[n].parse::<f64>().expect("a time");
        (ticks(11) + ticks(12)) / 100.0
    }

    /// Bytes of memory that workerd keeps resident.
    pub fn resident_bytes(&self) -> u64 {
        let pid = self.running.as_ref().expect("a running Worker").workerd;
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("the state of a process");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("VmRSS");
        line.trim().trim_end_matches(" kB").parse::<u64>().expect("kilobytes") * 1024
    }

    /// All that it has written so far, over restarts.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// Its database, while it is stopped.
    pub fn database(&self) -> Connection {
        assert!(self.running.is_none(), "the Worker has the database");
        let folder = self.state().join("d1/miniflare-D1DatabaseObject");
        let files =
            std::fs::read_dir(folder).expect("the database's folder").filter_map(|entry| Some(entry.ok()?.path()));
        let mut databases = files.filter(|path| path.extension().is_some_and(|extension| extension == "sqlite"));
        let tables = |path: PathBuf| {
            let connection = Connection::open(path).ok()?;
            let ours = connection.prepare("SELECT 1 FROM restores").is_ok();
            ours.then_some(connection)
        };
        databases.find_map(tables).expect("a database with restores")
    }
}

/// Keeps what a process writes.
fn keep(stream: impl AsyncRead + Unpin + Send + 'static, log: Log) {
    tokio::spawn(async move {
        let mut lines = BufReader::new(stream).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            let mut log = log.lock().unwrap();
            log.push_str(&line);
            log.push('\n');
        }
    });
}
