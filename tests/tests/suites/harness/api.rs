//! The Worker's API as a script would use it, logged in through the real way: Moodle's form, the page, the token.

use courseferry_api::{
    Choice, CourseList, Endpoint, ErrorBody, ErrorCode, Home, JobId, ListCourses, ListRestores, OpenSession,
    RefreshQuery, RemoteId, Restore, Schedule, ScheduleAnswer, ScheduleRequest, SessionRequest,
};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// Everything that came back from the Worker, for the search for secrets.
pub type Transcript = Arc<Mutex<String>>;

/// One person's session.
#[derive(Clone)]
pub struct Api {
    http: Client,
    worker: String,
    transcript: Transcript,
    /// The session token.
    pub token: String,
}

/// An answer that is not a success.
#[derive(Debug, Clone)]
pub struct ApiError {
    pub body: ErrorBody,
}

impl ApiError {
    /// Its stable code.
    pub fn code(&self) -> ErrorCode {
        self.body.error.code
    }
}

/// The client Moodle's dashboard, as somebody who is logged in gets it.
pub struct Dashboard {
    /// With the cookies of their session.
    pub http: Client,
    /// The dashboard's HTML.
    pub page: String,
}

impl Dashboard {
    /// Logs in by the client's own form.
    pub async fn log_in(client: &str, username: &str, password: &str) -> Self {
        let http = Client::builder().cookie_store(true).build().unwrap();
        let address = format!("{client}/login/index.php");
        let form = http.get(&address).send().await.unwrap().text().await.unwrap();
        let token = form.split("name=\"logintoken\"").nth(1).and_then(|rest| between(rest, "value=\"", "\""));
        let fields = [("username", username), ("password", password), ("logintoken", token.unwrap_or_default())];
        let answer = http.post(&address).form(&fields).send().await.unwrap();
        assert!(answer.status().is_success(), "login of {username}: {}", answer.status());
        let page = http.get(format!("{client}/my/")).send().await.unwrap().text().await.unwrap();
        Self { http, page }
    }

    /// What the block on the page says under `data-{name}`; none if there is no block.
    pub fn data(&self, name: &str) -> Option<String> {
        between(&self.page, &format!("data-{name}=\""), "\"").map(str::to_owned)
    }

    /// A fresh launch token, by the companion's AJAX function.
    pub async fn fresh_launch(&self, client: &str) -> Value {
        let function = "block_courseferry_get_launch_token";
        let sesskey = self.data("sesskey").expect("a sesskey on the page");
        let address = format!("{client}/lib/ajax/service.php?sesskey={sesskey}&info={function}");
        let body = json!([{"index": 0, "methodname": function, "args": {"state": ""}}]);
        self.http.post(address).json(&body).send().await.unwrap().json().await.unwrap()
    }
}

impl Api {
    /// Exchanges a launch token for a session.
    pub async fn open(worker: &str, transcript: &Transcript, launch: &str) -> Result<(Self, Home), ApiError> {
        let mut api = Self {
            // The Worker closes a connection whose request it refused unread; a browser then takes another.
            http: Client::builder().pool_max_idle_per_host(0).build().unwrap(),
            worker: worker.to_owned(),
            transcript: transcript.clone(),
            token: String::new(),
        };
        let session = api.post(&OpenSession, &SessionRequest { launch: launch.to_owned(), state: None }).await?;
        api.token = session.token;
        Ok((api, session.home))
    }

    /// The same person with another bearer token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: token.to_owned(), ..self.clone() }
    }

    /// The status and text of any request.
    pub async fn raw(&self, request: RequestBuilder) -> (StatusCode, String) {
        let answer = request.send().await.expect("an answer of the Worker");
        let status = answer.status();
        let headers = format!("{:?}", answer.headers());
        let text = answer.text().await.expect("the answer's text");
        // A session token is answered to its owner, once; anything else secret never is.
        let kept =
            if text.starts_with("{\"token\"") { text.split_once(',').map_or("", |(_, rest)| rest) } else { &text };
        self.transcript.lock().unwrap().extend([&headers, "\n", kept, "\n"]);
        (status, text)
    }

    /// A request to an endpoint, with this session.
    pub fn to(&self, endpoint: &impl Endpoint) -> RequestBuilder {
        self.request(method_of(endpoint), &endpoint.path())
    }

    /// Any other request with this session.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.worker));
        if self.token.is_empty() { request } else { request.bearer_auth(&self.token) }
    }

    /// The answer to any request, read as this type.
    pub async fn call<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, ApiError> {
        let (status, text) = self.raw(request).await;
        if status.is_success() {
            Ok(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}")))
        } else {
            let body = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{status}: {error} in {text}"));
            Err(ApiError { body })
        }
    }

    /// The answer of an endpoint that takes no query, or can do without one.
    pub async fn get<E>(&self, endpoint: &E) -> Result<E::Answer, ApiError>
    where
        E: Endpoint<Body = (), Query: Default, Answer: DeserializeOwned>,
    {
        self.find(endpoint, &E::Query::default()).await
    }

    /// The answer of an endpoint to a query.
    pub async fn find<E>(&self, endpoint: &E, query: &E::Query) -> Result<E::Answer, ApiError>
    where
        E: Endpoint<Body = (), Answer: DeserializeOwned>,
    {
        self.call(self.request(method_of(endpoint), &endpoint.address(query))).await
    }

    /// The answer of an endpoint to a body.
    pub async fn post<E>(&self, endpoint: &E, body: &E::Body) -> Result<E::Answer, ApiError>
    where
        E: Endpoint<Query = (), Answer: DeserializeOwned>,
    {
        self.call(self.to(endpoint).json(body)).await
    }

    /// The courses of a remote, fresh.
    pub async fn courses(&self, remote: &RemoteId) -> CourseList {
        let list = ListCourses { remote: remote.clone() };
        self.find(&list, &RefreshQuery { refresh: true }).await.expect("a list of courses")
    }

    /// Asks for restores.
    pub async fn schedule(&self, choices: Vec<Choice>) -> ScheduleAnswer {
        self.post(&Schedule, &ScheduleRequest { choices, now: false }).await.expect("an answer per choice")
    }

    /// Schedules one course, which must be accepted.
    pub async fn schedule_one(&self, choice: Choice) -> Restore {
        let result = self.schedule(vec![choice]).await.results.remove(0);
        result.restore.unwrap_or_else(|| panic!("not scheduled: {:?}", result.problem))
    }

    /// The person's own restores.
    pub async fn restores(&self) -> Vec<Restore> {
        self.get(&ListRestores).await.expect("the restores").restores
    }

    /// One of them.
    pub async fn restore(&self, id: &JobId) -> Restore {
        self.restores().await.into_iter().find(|restore| restore.id == *id).expect("the restore")
    }
}

fn method_of<E: Endpoint>(_: &E) -> Method {
    match E::METHOD {
        courseferry_api::Method::Get => Method::GET,
        courseferry_api::Method::Post => Method::POST,
    }
}

/// The text between two others.
pub fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.split_once(before)?.1.split_once(after).map(|(found, _)| found)
}
