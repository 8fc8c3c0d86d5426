//! A client Moodle, its remotes, and a real Worker between them, as seen from outside: it matters to nothing here
//! whether the Moodles are stand-ins.

use super::{
    api::{Api, ApiError, Dashboard, Transcript},
    browser::Browser,
    worker::Worker,
};
use courseferry_api::{Home, RemoteId};
use courseferry_moodle::parse_external_moodles;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Somebody who logs in.
#[derive(Debug, Clone, Deserialize)]
pub struct Person {
    pub username: String,
    pub password: String,
}

/// Moodles with a Worker between them.
pub struct Pair {
    /// The client Moodle's address.
    pub client: String,
    pub worker: Worker,
    ids: Vec<RemoteId>,
    vars: BTreeMap<String, String>,
    transcript: Transcript,
    http: reqwest::Client,
}

impl Pair {
    /// Starts the Worker with these variables and secrets over those of `wrangler.toml`.
    pub async fn start(client: &str, mut worker: Worker, vars: BTreeMap<String, String>) -> Self {
        let list = vars.get("EXTERNAL_MOODLES").map(String::as_str).unwrap_or_default();
        let remotes = parse_external_moodles(list).expect("good addresses of remotes");
        let ids = remotes.iter().map(|remote| remote.id().clone()).collect();
        worker.start(&vars).await;
        let transcript = Transcript::default();
        // workerd closes an idle connection just when the next minute would use it.
        let http = reqwest::Client::builder().pool_max_idle_per_host(0).build().expect("a client");
        Self { client: client.to_owned(), worker, ids, vars, transcript, http }
    }

    /// A variable or secret of the Worker.
    pub fn setting(&self, name: &str) -> &str {
        &self.vars[name]
    }

    /// The same; empty if it has only its default.
    pub fn setting_or_empty(&self, name: &str) -> String {
        self.vars.get(name).cloned().unwrap_or_default()
    }

    /// The id of a remote.
    pub fn remote(&self, n: usize) -> &RemoteId {
        &self.ids[n]
    }

    /// All answers of the API so far, and all that the Worker has written.
    pub fn everything_said(&self) -> String {
        self.transcript.lock().unwrap().clone() + &self.worker.log()
    }

    /// Exchanges a launch token for a session.
    pub async fn open(&self, launch: &str) -> Result<(Api, Home), ApiError> {
        Api::open(&self.worker.origin, &self.transcript, launch).await
    }

    /// Logs a person in the real way: Moodle's form, its page, the launch token there.
    pub async fn enter(&self, person: &Person) -> (Api, Home) {
        let Person { username, password } = person;
        let launch = Dashboard::log_in(&self.client, username, password).await.data("launch");
        let launch = launch.unwrap_or_else(|| panic!("no block on the dashboard of {username}"));
        self.open(&launch).await.unwrap_or_else(|error| panic!("no session for {username}: {error:?}"))
    }

    /// Logs a person in with a browser, which then shows their dashboard.
    pub async fn show(&self, browser: &Browser, person: &Person) {
        browser.log_in(&self.client, &person.username, &person.password).await;
    }

    /// The address of the full page.
    pub fn page(&self) -> String {
        format!("{}/blocks/courseferry/view.php", self.client)
    }

    /// One minute passes for the Worker: fires the cron and waits for its end.
    pub async fn cron(&self) {
        assert!(self.try_cron().await, "the cron handler fails: {}", self.worker.log());
    }

    /// The same; false if the Worker died meanwhile.
    pub async fn try_cron(&self) -> bool {
        self.try_cron_of("").await
    }

    /// The same for one of the cron expressions of `wrangler.toml`.
    pub async fn try_cron_of(&self, expression: &str) -> bool {
        let expression = expression.replace(' ', "+");
        let address = format!("{}/cdn-cgi/handler/scheduled?cron={expression}", self.worker.origin);
        self.http.get(address).send().await.is_ok_and(|answer| answer.status().is_success())
    }

    /// Kills the Worker outright.
    pub async fn kill_worker(&mut self) {
        self.worker.kill().await;
    }

    /// Starts it again on the same database.
    pub async fn restart_worker(&mut self) {
        self.worker.start(&self.vars).await;
    }

    /// From the next start on a variable or secret has this value.
    pub fn set(&mut self, name: &str, value: &str) {
        self.vars.insert(name.to_owned(), value.to_owned());
    }

    /// Starts it again with another value of a variable or secret.
    pub async fn restart_worker_with(&mut self, name: &str, value: &str) {
        self.set(name, value);
        self.worker.kill().await;
        self.restart_worker().await;
    }
}
