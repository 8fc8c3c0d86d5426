//! The client's pages with Moodle's own structure and classes: log-in, dashboard, categories, courses, messages, and
//! those of the companion block. `?bs=4` and `?bs=5` choose the Bootstrap of Moodle 4.5 and of 5.x, `?theme=dark` the
//! colours, `?block=drawer` and `?block=main` where the dashboard has the block (both, if not told).

use super::{
    course::Course,
    moodle::{Client, Session},
    people::{Site, User},
};
use crate::server::{HTML, chunked, form, to_headers};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::{FromRequestParts, Path, Query, State},
    http::{HeaderMap, Response, StatusCode, Uri, header, request::Parts},
    response::{Html, IntoResponse, Redirect},
    routing::get,
};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use courseferry_moodle::plain_text;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use std::{collections::BTreeMap, sync::Arc};

type Parameters = BTreeMap<String, String>;

const SESSION: &str = "MoodleSession";
const MY: &str = "/my/";

pub fn router() -> Router<Arc<Client>> {
    Router::new()
        .route("/", get(|| async { Redirect::to(MY) }))
        .route("/login/index.php", get(login_page).post(log_in))
        .route("/login/logout.php", get(log_out))
        .route(MY, get(dashboard))
        .route("/my/index.php", get(dashboard))
        .route("/blocks/courseferry/view.php", get(view_page))
        .route("/blocks/courseferry/launch.php", get(launch))
        .route("/course/index.php", get(category_page))
        .route("/course/view.php", get(course_page))
        .route("/course/loginas.php", get(log_in_as))
        .route("/user/index.php", get(participants_page))
        .route("/message/output/popup/notifications.php", get(messages_page))
        .route("/standin/{file}", get(style))
        .fallback(|| async { (StatusCode::NOT_FOUND, [("content-type", HTML)], chunked("File not found.\n".into())) })
}

/// Sends the site's policy with a page.
pub async fn with_policy(State(client): State<Arc<Client>>, mut response: Response<Body>) -> Response<Body> {
    let policy = client.records().site.policy.clone();
    if let Some(policy) = policy.and_then(|policy| policy.parse().ok()) {
        response.headers_mut().insert("content-security-policy", policy);
    }
    response
}

pub fn cookie(pair: &str) -> String {
    format!("{pair}; path=/; HttpOnly; SameSite=Lax")
}

/// The session that a request belongs to, with its id.
pub fn session_of(client: &Client, headers: &HeaderMap) -> Option<(String, Session)> {
    let cookies =
        headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|all| all.split(';'));
    let mut sessions = cookies.filter_map(|cookie| cookie.trim().strip_prefix(SESSION)?.strip_prefix('='));
    sessions.find_map(|id| Some((id.to_owned(), client.records().sessions.get(id)?.clone())))
}

/// Somebody who is logged in, and how their page is to look.
struct LoggedIn {
    user: User,
    session: Session,
    look: Look,
}

#[derive(Clone)]
struct Look {
    bootstrap: u8,
    dark: bool,
    block: String,
}

impl Look {
    fn of(query: &Parameters) -> Self {
        let asked = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
        Self {
            bootstrap: if asked("bs") == "4" { 4 } else { 5 },
            dark: asked("theme") == "dark",
            block: asked("block").to_owned(),
        }
    }
}

/// Moodle's `require_login`: sends those who are not logged in to the form, and from there back to the wanted page.
impl FromRequestParts<Arc<Client>> for LoggedIn {
    type Rejection = Response<Body>;

    async fn from_request_parts(parts: &mut Parts, client: &Arc<Client>) -> Result<Self, Self::Rejection> {
        let session = session_of(client, &parts.headers).map(|(_, session)| session);
        let user = session.as_ref().and_then(|session| client.records().site.user(session.user?).cloned());
        if let Some((session, user)) = session.zip(user.filter(|user| !user.suspended && !user.deleted)) {
            let query = form(&parts.uri, &HeaderMap::new(), &[]);
            return Ok(Self { user, session, look: Look::of(&query) });
        }
        let wanted = parts.uri.path_and_query().map_or(MY, |path| path.as_str()).to_owned();
        let session = client.begin_session(None, Some(wanted));
        Err(see_other("/login/index.php", Some(&format!("{SESSION}={session}"))))
    }
}

fn see_other(location: &str, session: Option<&str>) -> Response<Body> {
    let mut headers = to_headers(&[("location", location), ("cache-control", "no-store")]);
    if let Some(session) = session {
        headers.extend(to_headers(&[("set-cookie", &cookie(session))]));
    }
    (StatusCode::SEE_OTHER, headers).into_response()
}

async fn login_page(State(client): State<Arc<Client>>, Query(query): Query<Parameters>) -> Html<String> {
    login_form(&client, &Look::of(&query), "")
}

fn login_form(client: &Client, look: &Look, error: &str) -> Html<String> {
    let users = client.records().site.users.clone();
    let body = html! {
        div #page-wrapper .login-wrapper { div .container { main #region-main .login-container {
            h1 .login-heading { "Log in to " (client.records().site.name) }
            @if !error.is_empty() { div .alert.alert-danger role="alert" { (error) } }
            form .login-form #login method="post" action="/login/index.php" {
                input type="hidden" name="logintoken" value="standin";
                div .mb-3 { label for="username" { "Username" } input #username .form-control name="username" autocomplete="username"; }
                div .mb-3 { label for="password" { "Password" } input #password .form-control name="password" type="password" autocomplete="current-password"; }
                button #loginbtn .btn.btn-primary type="submit" { "Log in" }
            }
            form #guestlogin method="post" action="/login/index.php" {
                input type="hidden" name="username" value="guest";
                input type="hidden" name="password" value="guest";
                button #loginguestbtn .btn.btn-secondary type="submit" { "Access as a guest" }
            }
            h2 .h5.mt-4 { "Who is who in this demo (password: moodle)" }
            ul { @for user in users.iter().filter(|user| user.username != "guest") {
                li { code { (user.username) } ", " (user.fullname()) ": " (user.about) }
            } }
        } } }
    };
    document(look, "Log in", &[], "pagelayout-login", &body)
}

async fn log_in(State(client): State<Arc<Client>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let form = form(&uri, &headers, &body);
    let given = |name: &str| form.get(name).map(|value| value.trim().to_lowercase()).unwrap_or_default();
    let user = client.user(&given("username")).filter(User::is_active);
    let user = user.filter(|user| user.username == "guest" || form.get("password") == Some(&user.password));
    let Some(user) = user else {
        return (StatusCode::OK, login_form(&client, &Look::of(&BTreeMap::new()), "Invalid login, please try again"))
            .into_response();
    };
    let before = session_of(&client, &headers);
    let wanted = before.as_ref().and_then(|(_, session)| session.wanted.clone());
    // A new id, so that nobody who knew the old one is logged in with it (session fixation).
    if let Some((id, _)) = before {
        client.records().sessions.remove(&id);
    }
    let session = client.begin_session(Some(user.id), None);
    see_other(wanted.as_deref().unwrap_or(MY), Some(&format!("{SESSION}={session}")))
}

async fn log_out(State(client): State<Arc<Client>>, headers: HeaderMap) -> Response<Body> {
    if let Some((id, _)) = session_of(&client, &headers) {
        client.records().sessions.remove(&id);
    }
    see_other("/login/index.php", Some(&format!("{SESSION}=deleted; Max-Age=0")))
}

/// An administrator as somebody else: `?user=…&sesskey=…`.
async fn log_in_as(
    State(client): State<Arc<Client>>,
    Query(query): Query<Parameters>,
    headers: HeaderMap,
) -> Response<Body> {
    let session = session_of(&client, &headers).filter(|(_, session)| query.get("sesskey") == Some(&session.sesskey));
    let target = query.get("user").and_then(|id| id.parse().ok());
    let mut records = client.records();
    let admin = |id: i64| records.site.config.siteadmins.contains(&courseferry_access::UserId(id));
    let allowed = session.filter(|(_, session)| session.user.is_some_and(admin));
    let known = target.filter(|id| records.site.user(*id).is_some());
    let (Some((id, session)), Some(target)) = (allowed, known) else { return StatusCode::FORBIDDEN.into_response() };
    // The site's own course stands for the whole site; with any other, this log-in is limited to that course.
    let course = query.get("id").filter(|id| *id != "1").cloned();
    records
        .sessions
        .insert(id, Session { user: Some(target), real_user: session.user, limited: course.is_some(), ..session });
    drop(records);
    see_other(&course.map_or_else(|| MY.to_owned(), |id| format!("/course/view.php?id={id}")), None)
}

/// The widget's place in a page, as the companion's template writes it.
fn widget(client: &Client, reader: &LoggedIn, surface: &str) -> Markup {
    let Some(worker) = client.records().worker.clone() else {
        return html! { p { "Courseferry is not connected yet." } };
    };
    let token = client.token_for(&reader.session, None);
    let Some(token) = token else { return html! { p { "Your kind of account cannot be used here." } } };
    let page = format!("{}/blocks/courseferry/view.php", client.address);
    let integrity = client.records().site.integrity.clone();
    let script = integrity.as_deref().and_then(pinned);
    let module = format!("{worker}/widget/{}", script.as_deref().unwrap_or("courseferry.js"));
    html! {
        div .courseferry data-courseferry data-worker=(worker) data-launch=(token) data-sesskey=(reader.session.sesskey)
            data-wwwroot=(client.address) data-lang=(reader.user.lang) data-surface=(surface) data-page=(page) {}
        p .courseferry-waiting.text-muted { "Loading…" }
        p .courseferry-waiting.courseferry-late.text-muted {
            "Courseferry does not answer just now. Restores that are under way go on; reload the page later."
        }
        noscript { p { "Courseferry needs JavaScript." } }
        script type="module" src=(module) integrity=[&integrity] crossorigin=[script.map(|_| "anonymous")] {}
    }
}

/// The script of the build that has this hash, as the companion finds it.
fn pinned(integrity: &str) -> Option<String> {
    let hash = BASE64_STANDARD.decode(integrity.strip_prefix("sha256-")?).ok()?;
    Some(format!("files/courseferry-{}.js", hex::encode(hash.get(..8)?)))
}

fn block(client: &Client, reader: &LoggedIn, instance: u32) -> Markup {
    let (id, label) = (format!("inst{instance}"), format!("instance-{instance}-header"));
    html! {
        section #(id) .block_courseferry.block.card.mb-3 role="region" data-block="courseferry" data-instance-id=(instance) aria-labelledby=(label) {
            div .card-body.p-3 {
                h3 #(label) .h5.card-title.d-inline { "Courseferry" }
                div .card-text.content.mt-3 { (widget(client, reader, "block")) div .footer {} }
            }
        }
    }
}

/// A block of Moodle's own, to stand beside.
fn timeline() -> Markup {
    html! {
        section #inst7 .block_timeline.block.card.mb-3 role="region" data-block="timeline" aria-labelledby="instance-7-header" {
            div .card-body.p-3 {
                h3 #instance-7-header .h5.card-title.d-inline { "Timeline" }
                div .card-text.content.mt-3 {
                    p { "No activities require action" }
                    a .btn.btn-secondary href="#" { "View all" }
                }
            }
        }
    }
}

async fn dashboard(State(client): State<Arc<Client>>, reader: LoggedIn) -> Response<Body> {
    let sees = client.records().sees_widget(reader.user.id);
    let courses: Vec<Course> = client
        .courses()
        .into_iter()
        .filter(|course| course.participants.contains_key(&reader.user.id) && !course.half_made)
        .collect();
    let main = html! {
        h1 .h2 { "Hi, " (reader.user.firstname) "!" }
        aside #block-region-content .block-region data-blockregion="content" data-droptarget="1" {
            @if sees && reader.look.block != "drawer" { (block(&client, &reader, 5)) }
            (timeline())
            section #inst8 .block_myoverview.block.card.mb-3 role="region" data-block="myoverview" aria-labelledby="instance-8-header" {
                div .card-body.p-3 {
                    h3 #instance-8-header .h5.card-title.d-inline { "Course overview" }
                    ul .list-unstyled.mt-3 { @for course in &courses {
                        li { a .aalink.coursename href=(format!("/course/view.php?id={}", course.id)) { (plain_text(&course.fullname, &reader.user.lang)) } }
                    } }
                }
            }
        }
    };
    let drawer = html! { @if sees && reader.look.block != "main" { (block(&client, &reader, 6)) } };
    page(&client, &reader, "Dashboard", "pagelayout-mydashboard", &main, Some(&drawer))
}

async fn view_page(State(client): State<Arc<Client>>, reader: LoggedIn) -> Response<Body> {
    if !client.records().sees_widget(reader.user.id) {
        let main = html! { div .errorbox.alert.alert-danger { p .errormessage { "Sorry, but you do not currently have permissions to do that (See the Courseferry block)." } } };
        let page = page(&client, &reader, "Error", "pagelayout-standard", &main, None);
        // Moodle answers every exception on a page with 404, whatever its message.
        return (StatusCode::NOT_FOUND, page).into_response();
    }
    let main = html! { h1 .h2 { "Courseferry" } (widget(&client, &reader, "page")) };
    page(&client, &reader, "Courseferry", "pagelayout-standard", &main, None)
}

/// Brings whoever is logged in to a page of the Worker, with a launch token in the fragment.
async fn launch(
    State(client): State<Arc<Client>>,
    Query(query): Query<Parameters>,
    reader: LoggedIn,
) -> Response<Body> {
    // Any other page would leave a token in the address bar.
    let path = query.get("path").map_or("/", String::as_str);
    let is_path = path == "/sign-in/return";
    let state = query.get("state").filter(|state| !state.is_empty()).cloned();
    let token = client.token_for(&reader.session, state);
    let worker = client.records().worker.clone();
    match (token, worker) {
        (Some(token), Some(worker)) if is_path => {
            let location = format!("{worker}{path}#launch={token}");
            let headers = to_headers(&[
                ("location", &location),
                ("cache-control", "no-store"),
                ("referrer-policy", "no-referrer"),
            ]);
            (StatusCode::SEE_OTHER, headers).into_response()
        }
        _ => {
            let main =
                html! { div .errorbox.alert.alert-danger { p .errormessage { "This cannot be opened from here." } } };
            (StatusCode::NOT_FOUND, page(&client, &reader, "Error", "pagelayout-standard", &main, None)).into_response()
        }
    }
}

async fn category_page(
    State(client): State<Arc<Client>>,
    Query(query): Query<Parameters>,
    reader: LoggedIn,
) -> Response<Body> {
    let language = reader.user.lang.clone();
    let site = client.records().site.clone();
    let categories = site.visible_categories(reader.user.id);
    let wanted: Option<i64> = query.get("categoryid").and_then(|id| id.parse().ok());
    let here = categories.iter().find(|(id, _)| Some(*id) == wanted);
    let own = |course: &Course| course.participants.contains_key(&reader.user.id);
    let courses: Vec<Course> = client
        .courses()
        .into_iter()
        .filter(|course| Some(course.category) == here.map(|(id, _)| *id) && (course.visible || own(course)))
        .collect();
    let class = |course: &Course| if course.visible { "aalink" } else { "aalink dimmed" };
    let main = html! {
        h1 .h2 { (here.map_or_else(|| "All courses".to_owned(), |(_, path)| plain_text(path, &language))) }
        @if here.is_none() { ul .list-unstyled { @for (id, path) in &categories {
            li { a href=(format!("/course/index.php?categoryid={id}")) { (plain_text(path, &language)) } }
        } } }
        div .course_category_tree { div .courses { @for course in &courses {
            div .coursebox.clearfix data-courseid=(course.id) data-type="1" {
                div .info { h3 .coursename { a class=(class(course)) href=(course.address(&client)) { (plain_text(&course.fullname, &language)) } } }
                div .content { ul .teachers { @for user in teachers(&site, course) {
                    li { span .font-weight-bold { "Teacher: " } (user.fullname()) }
                } } }
            }
        } } }
    };
    page(&client, &reader, "Courses", "pagelayout-coursecategory", &main, None)
}

impl Course {
    fn address(&self, client: &Client) -> String {
        format!("{}/course/view.php?id={}", client.address, self.id)
    }
}

fn teachers<'a>(site: &'a Site, course: &'a Course) -> impl Iterator<Item = &'a User> {
    let teachers = course.participants.iter().filter(|(_, role)| *role == "editingteacher");
    teachers.filter_map(|(user, _)| site.user(*user))
}

/// The course that a page of it is about: for those who take part in it, and for administrators.
fn wanted_course(client: &Client, query: &Parameters, reader: &LoggedIn) -> Option<Course> {
    let id = query.get("id").and_then(|id| id.parse::<i64>().ok())?;
    let records = client.records();
    let admin = records.site.config.siteadmins.contains(&courseferry_access::UserId(reader.user.id));
    let course = records.courses.get(&id)?;
    (admin || course.participants.contains_key(&reader.user.id)).then(|| course.clone())
}

/// A course's own page. Moodle shows its category nowhere on it.
async fn course_page(
    State(client): State<Arc<Client>>,
    Query(query): Query<Parameters>,
    reader: LoggedIn,
) -> Response<Body> {
    let Some(course) = wanted_course(&client, &query, &reader) else { return StatusCode::NOT_FOUND.into_response() };
    let name = plain_text(&course.fullname, &reader.user.lang);
    let main = html! {
        h1 .h2 { (name) }
        nav .secondary-navigation aria-label="Course" { a href=(format!("/user/index.php?id={}", course.id)) { "Participants" } }
        div .course-content { ul .topics data-for="course_sectionlist" { @for (number, section) in course.sections.iter().enumerate() {
            li #(format!("section-{number}")) .section.course-section.main data-for="section" data-number=(number) {
                h3 .sectionname { @if !section.name.is_empty() { (section.name) } @else if number == 0 { "General" } @else { "New section" } }
                ul .section data-for="cmlist" { @for activity in &section.activities {
                    li .activity.activity-wrapper.(activity.module).(format!("modtype_{}", activity.module)) data-for="cmitem" {
                        span .activityname { span .instancename { (activity.name) } }
                    }
                } }
            }
        } } }
    };
    page(&client, &reader, &format!("Course: {name}"), "pagelayout-course", &main, None)
}

async fn participants_page(
    State(client): State<Arc<Client>>,
    Query(query): Query<Parameters>,
    reader: LoggedIn,
) -> Response<Body> {
    let Some(course) = wanted_course(&client, &query, &reader) else { return StatusCode::NOT_FOUND.into_response() };
    let site = client.records().site.clone();
    let name = plain_text(&course.fullname, &reader.user.lang);
    let role = |short: &str| site.roles.iter().find(|role| role.shortname == short).map(|role| role.name.clone());
    let main = html! {
        h1 .h2 { (name) }
        table #participants .generaltable {
            thead { tr { th scope="col" { "First name / Last name" } th scope="col" { "Roles" } } }
            tbody { @for (user, short) in &course.participants { tr {
                th scope="row" { (site.user(*user).map(User::fullname).unwrap_or_default()) }
                td { (role(short).unwrap_or_default()) }
            } } }
        }
    };
    page(&client, &reader, &format!("{name}: Participants"), "pagelayout-incourse", &main, None)
}

/// Moodle's page of notifications: the list at the left, the chosen message at the right.
async fn messages_page(State(client): State<Arc<Client>>, reader: LoggedIn) -> Response<Body> {
    let messages = client.messages();
    let own: Vec<_> = messages.iter().filter(|message| message.userid == reader.user.id).rev().collect();
    let value = |values: &BTreeMap<String, String>, name: &str| values.get(name).cloned().unwrap_or_default();
    let main = html! {
        h1 .h2 { (reader.user.fullname()) }
        h2 { "Notifications" }
        div .notification-area data-region="notification-area" {
            div .control-area data-region="control-area" { div .content data-region="content" {
                @for message in &own {
                    div .content-item-container.notification.unread data-region="notification-content-item-container" data-id=(message.id) role="listitem" {
                        div tabindex="0" aria-label=(format!("Unread notification: {}", value(&message.values, "subject"))) {
                            div .notification-message { (value(&message.values, "subject")) }
                        }
                    }
                }
                @if own.is_empty() { div .empty-text { "You have no notifications" } }
            } }
            div .content-area data-region="content-area" {
                div .header data-region="header" {}
                div .content data-region="content" {}
                div .footer data-region="footer" {}
            }
        }
        @for message in &own {
            template data-notification=(message.id) {
                h3 { (value(&message.values, "subject")) }
                // Written by the Worker, cleaned by Moodle.
                div {
                    (PreEscaped(value(&message.values, "html")))
                    @if !message.warnings.is_empty() { ul { @for warning in &message.warnings { li { (warning) } } } }
                }
                p { a href=(value(&message.values, "contexturl")) { "Go to: " (value(&message.values, "contexturlname")) } }
            }
        }
        script { (PreEscaped(NOTIFICATIONS_SCRIPT)) }
    };
    page(&client, &reader, "Notifications", "pagelayout-admin", &main, None)
}

const NOTIFICATIONS_SCRIPT: &str = "document.querySelectorAll('[data-region=notification-content-item-container]').forEach(item =>
  item.addEventListener('click', () => {
    const parts = document.querySelector(`[data-notification='${item.dataset.id}']`).content.cloneNode(true).children;
    ['header', 'content', 'footer'].map(region => document.querySelector(`[data-region=content-area] [data-region=${region}]`))
      .forEach(place => place.replaceChildren(parts[0]));
  }));";

/// A page inside Moodle's frame: navigation bar, main column, and a drawer at the right where there are blocks.
fn page(
    client: &Client,
    reader: &LoggedIn,
    title: &str,
    layout: &str,
    main: &Markup,
    drawer: Option<&Markup>,
) -> Response<Body> {
    let site = client.records().site.name.clone();
    let body = html! {
        a .sr-only.sr-only-focusable.visually-hidden-focusable href="#maincontent" { "Skip to main content" }
        div #page-wrapper .d-print-block {
            nav .navbar.fixed-top.navbar-expand aria-label="Site navigation" {
                a .navbar-brand href="/my/" { (site) }
                ul .navbar-nav {
                    li .nav-item { a .nav-link href="/my/" { "Dashboard" } }
                    li .nav-item { a .nav-link href="/course/index.php" { "Courses" } }
                    li .nav-item { a .nav-link href="/message/output/popup/notifications.php" { "Notifications" } }
                }
                div #usernavigation .navbar-nav {
                    span .nav-link { (reader.user.fullname()) }
                    a .nav-link href="/login/logout.php" { "Log out" }
                }
            }
            @if let Some(drawer) = drawer {
                div #theme_boost-drawers-blocks .drawer.drawer-right.show.d-print-none data-region="fixed-drawer" data-state="show-drawer-right" {
                    div .drawerheader { button .btn.drawertoggle.icon-no-margin type="button" data-toggle-drawer { "Close block drawer" } }
                    div .drawercontent.drag-container { section .d-print-none aria-label="Blocks" {
                        aside #block-region-side-pre .block-region data-blockregion="side-pre" data-droptarget="1" { (drawer) }
                    } }
                }
            }
            div #page .drawers.drag-container.(if drawer.is_some() { "show-drawer-right" } else { "" }) data-region="mainpage" {
                @if drawer.is_some() {
                    button .btn.drawer-toggler.drawer-right-toggle type="button" data-toggle-drawer { "Open block drawer" }
                }
                div #topofscroll .main-inner { div #page-content .pb-3.d-print-block { div #region-main-box {
                    section #region-main aria-label="Content" { div role="main" { span #maincontent {} (main) } }
                } } }
            }
        }
        script { (PreEscaped(DRAWER_SCRIPT)) }
    };
    let title = format!("{title} | {site}");
    let body_classes = [&format!("lang-{}", reader.user.lang)];
    document(&reader.look, &title, &body_classes.map(String::as_str), layout, &body).into_response()
}

const DRAWER_SCRIPT: &str =
    "document.querySelectorAll('[data-toggle-drawer]').forEach(button => button.addEventListener('click', () => {
  document.querySelector('.drawer-right').classList.toggle('show');
  document.querySelector('#page').classList.toggle('show-drawer-right');
}));";

fn document(look: &Look, title: &str, classes: &[&str], layout: &str, body: &Markup) -> Html<String> {
    let theme = if look.dark { "dark" } else { "light" };
    let page = html! {
        (DOCTYPE)
        html lang="en" data-bs-theme=[(look.bootstrap == 5).then_some(theme)] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                link rel="icon" href="data:,";
                link rel="stylesheet" href=(format!("/standin/bootstrap{}.css", look.bootstrap));
                link rel="stylesheet" href="/standin/boost.css";
            }
            body .(format!("path-{layout}")).(layout).(classes.join(" ")) { (body) }
        }
    };
    Html(page.into_string())
}

/// What Moodle's theme Boost adds to Bootstrap, as far as these pages need it.
const BOOST: &str = "
body { font-size: .9375rem; }
.navbar.fixed-top { height: 60px; padding: 0 1rem; background: var(--bs-body-bg, #fff); border-bottom: 1px solid rgba(128,128,128,.3); justify-content: space-between; }
#page { margin-top: 60px; }
.main-inner { max-width: 830px; margin: 0 auto; padding: 1.5rem .5rem; }
.drawer { position: fixed; top: 60px; bottom: 0; width: 315px; overflow-y: auto; visibility: hidden; background: var(--bs-tertiary-bg, #f8f9fa); padding: .5rem; z-index: 2; }
.drawer.drawer-right { right: 0; }
.drawer.show { visibility: visible; }
.drawer-toggler { position: fixed; right: 0; top: 70px; }
.show-drawer-right .drawer-toggler { display: none; }
@media (min-width: 992px) { #page.show-drawer-right { margin-right: 315px; } }
.block .card-body { overflow-wrap: anywhere; }
@media (max-width: 575px) { .navbar .navbar-brand, #usernavigation { display: none; } }
html:not([data-bs-theme]) a:not(.btn), html:not([data-bs-theme]) .btn-link { color: #0f6cbf; }
html:not([data-bs-theme]) .btn-primary { background-color: #0f6cbf; border-color: #0f6cbf; }
";

async fn style(State(client): State<Arc<Client>>, Path(file): Path<String>) -> Response<Body> {
    let css = match file.as_str() {
        // Moodle adds every plugin's own styles.
        "boost.css" => Some(format!("{BOOST}{}", include_str!("../../../edge/companion/styles.css"))),
        "bootstrap4.css" | "bootstrap5.css" => {
            let package = file.trim_end_matches(".css");
            let path = client
                .config
                .npm
                .as_ref()
                .map(|npm| npm.join("node_modules").join(package).join("dist/css/bootstrap.min.css"));
            path.and_then(|path| std::fs::read_to_string(path).ok())
        }
        _ => None,
    };
    match css {
        Some(css) => {
            (to_headers(&[("content-type", "text/css"), ("cache-control", "max-age=3600")]), css).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
