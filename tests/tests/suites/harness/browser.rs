//! Chromium through its `WebDriver`: what a person sees and does, by the names that controls have.

use super::{prepared, root, until};
use fantoccini::{
    Client, ClientBuilder, Locator,
    elements::{Element, ElementRef},
    error::{CmdError, ErrorStatus, WebDriver},
    key::Key,
    wd::WebDriverCompatibleCommand,
};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::{cell::RefCell, path::Path, process::Stdio, time::Duration};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    sync::OnceCell,
    time::timeout,
};

/// Longest wait for something to appear.
const PATIENCE: u64 = 15;

/// The key under which `WebDriver` hands an element over.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Finds controls by the name that assistive technology reads.
const CONTROLS: &str = r#"
    const plain = text => (text || "").replace(/\s+/g, " ").trim();
    const byIds = ids => plain((ids || "").split(/\s+/).map(id => document.getElementById(id)?.textContent).join(" "));
    const nameOf = e => byIds(e.getAttribute("aria-labelledby")) || plain(e.getAttribute("aria-label"))
        || plain([...(e.labels || [])].map(l => l.textContent).join(" ")) || plain(e.innerText) || plain(e.value);
    const control = name => [...document.querySelectorAll(
        "button, a[href], input, select, textarea, summary, [role=tab], [role=option], [role=combobox], [role=switch]")]
        .find(e => nameOf(e) === name && e.checkVisibility() && !e.closest("[inert]")) || null;
"#;

/// One driver for all sessions; it ends with this process.
static DRIVER: OnceCell<Driver> = OnceCell::const_new();

/// Keeps for the end of a test what breaks a widget: a trap in its WebAssembly, after which nothing in it works.
const WATCH: &str = "
    const keep = error => error instanceof WebAssembly.RuntimeError
        && sessionStorage.setItem('broken', sessionStorage.getItem('broken') ?? error.stack);
    addEventListener('error', event => keep(event.error));
    addEventListener('unhandledrejection', event => keep(event.reason));";

tokio::task_local! {
    static OPEN: RefCell<Vec<Client>>;
}

struct Driver {
    address: String,
    _process: Child,
}

impl Driver {
    /// Starts it under a shell that waits for this process's end, which no destructor of a static would see.
    async fn start() -> Self {
        let guard = r#""$@" & driver=$!; read -r _ <&3; kill "$driver""#;
        let mut process = Command::new("/bin/sh")
            .args(["-c", &format!("exec 3<&0; {guard}"), "guard"])
            .arg(prepared("COURSEFERRY_CHROMEDRIVER"))
            .arg("--port=0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = timeout(Duration::from_secs(PATIENCE), async {
            loop {
                let line = lines.next_line().await.unwrap().expect("chromedriver says its port");
                if let Some((_, port)) = line.split_once("successfully on port ") {
                    break port.trim_end_matches('.').to_owned();
                }
            }
        });
        let address = format!("http://127.0.0.1:{}", port.await.expect("chromedriver is ready"));
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self { address, _process: process }
    }
}

/// Runs a test and closes its browsers.
pub async fn closing_at_the_end<T>(test: impl Future<Output = T>) -> T {
    let run = async {
        let outcome = test.await;
        for client in OPEN.with(RefCell::take) {
            let _ = client.close().await;
        }
        outcome
    };
    OPEN.scope(RefCell::default(), run).await
}

/// Asserts that no widget broke on the way, even where nobody noticed.
pub async fn assert_that_nothing_broke() {
    for client in OPEN.with(|open| open.borrow().clone()) {
        // Pages of no site, as the empty one, have no storage.
        let broken = "try { return sessionStorage.getItem('broken') } catch { return null }";
        let broken = client.execute(broken, vec![]).await.expect("the page can be asked");
        assert_eq!(broken, Value::Null, "a widget broke");
    }
}

/// What the open browsers show, into `target/shots/failed`.
pub async fn keep_pictures_of_failure() {
    let test = std::thread::current().name().unwrap_or("test").replace("::", ".");
    let clients = OPEN.with(|open| open.borrow().clone());
    for (n, client) in clients.iter().enumerate() {
        if let Ok(png) = client.screenshot().await {
            write(&root(&format!("target/shots/failed/{test}.{n}.png")), &png);
        }
    }
}

fn write(path: &Path, content: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
}

/// A browser with a profile of its own.
pub struct Browser {
    /// The session, for what has no name here.
    pub driver: Client,
    _profile: TempDir,
}

impl Browser {
    /// Opens one, 1280 by 900.
    pub async fn open() -> Self {
        let driver = DRIVER.get_or_init(Driver::start).await;
        let profile = tempfile::tempdir().expect("a temporary folder");
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-dev-shm-usage",
            "--disable-sync",
            "--hide-scrollbars",
            "--force-color-profile=srgb",
            "--window-size=1280,900",
            &format!("--user-data-dir={}", profile.path().display()),
        ];
        let options = json!({"args": arguments, "binary": prepared("COURSEFERRY_CHROMIUM")});
        let capabilities =
            [("goog:chromeOptions".to_owned(), options), ("goog:loggingPrefs".to_owned(), json!({"browser": "ALL"}))];
        let driver = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.into_iter().collect())
            .connect(&driver.address)
            .await
            .expect("a browser");
        OPEN.with(|open| open.borrow_mut().push(driver.clone()));
        let browser = Self { driver, _profile: profile };
        browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": WATCH})).await;
        browser
    }

    /// Goes to an address.
    pub async fn go(&self, address: &str) {
        self.driver.goto(address).await.expect("the page opens");
    }

    /// Logs in to a Moodle by its form.
    pub async fn log_in(&self, moodle: &str, username: &str, password: &str) {
        self.go(&format!("{moodle}/login/index.php")).await;
        self.send_log_in(username, password).await;
        let mut again = true;
        // Whoever goes on before Moodle has answered is not logged in yet.
        let left = async || {
            let address = self.driver.current_url().await.ok()?;
            if !address.path().starts_with("/login/") {
                return Some(());
            }
            // Now and then a real Moodle refuses a right password that is sent within a second of a session's first page,
            // and takes it from the form that it shows then.
            if again && self.driver.find(Locator::Css("#loginerrormessage")).await.is_ok() {
                again = false;
                self.send_log_in(username, password).await;
            }
            None
        };
        until("the log-in to be over", PATIENCE, left).await;
    }

    async fn send_log_in(&self, username: &str, password: &str) {
        for (css, text) in [("input[name=username]", username), ("input[name=password]", password)] {
            // A field is there before its page is laid out.
            until(&format!("{css} to be typed into"), PATIENCE, async || {
                let field = self.find(css).await;
                field.clear().await.ok()?;
                field.send_keys(text).await.ok()
            })
            .await;
        }
        self.press_at("form [type=submit]").await;
    }

    /// The element that a CSS selector names, once it is there.
    pub async fn find(&self, css: &str) -> Element {
        let wait = self.driver.wait().at_most(Duration::from_secs(PATIENCE)).for_element(Locator::Css(css));
        wait.await.unwrap_or_else(|error| panic!("{css}: {error}"))
    }

    /// The visible control with this accessible name, once it is there: a button, link, tab, box or field.
    pub async fn control(&self, name: &str) -> Element {
        until(&format!("a control named \"{name}\""), PATIENCE, async || self.look_for_control(name).await).await
    }

    /// The same, if it is there now.
    pub async fn look_for_control(&self, name: &str) -> Option<Element> {
        let found = self.driver.execute(&format!("{CONTROLS}; return control(arguments[0])"), vec![name.into()]).await;
        let reference = found.expect("the page can be searched").get(ELEMENT)?.as_str()?.to_owned();
        Some(Element::from_element_id(self.driver.clone(), ElementRef::from(reference)))
    }

    /// Presses a control.
    pub async fn press(&self, name: &str) {
        self.press_what(name, async || self.control(name).await).await;
    }

    /// Presses what a CSS selector names.
    pub async fn press_at(&self, css: &str) {
        self.press_what(css, async || self.find(css).await).await;
    }

    /// In the middle of the window, since a bar may lie over the edge, and once it stands still: what comes in above it moves
    /// it, and Bootstrap scrolls smoothly.
    async fn press_what(&self, what: &str, find: impl AsyncFn() -> Element) {
        let can_be_pressed = "const [element, done] = arguments;
            element.scrollIntoView({block: 'center', behavior: 'instant'});
            const place = () => JSON.stringify(element.getBoundingClientRect());
            const before = place();
            requestAnimationFrame(() => requestAnimationFrame(() =>
                done(element.ariaDisabled !== 'true' && place() === before)))";
        until(&format!("\"{what}\" to be pressed"), PATIENCE, async || {
            let element = find().await;
            let pressed = async {
                // Nobody presses what is greyed out while something else is under way.
                if self.driver.execute_async(can_be_pressed, vec![json!(element)]).await? == false {
                    return Ok(false);
                }
                element.click().await.map(|()| true)
            };
            match pressed.await {
                Ok(pressed) => pressed.then_some(()),
                // It was drawn anew, or moved by what came above it.
                Err(CmdError::Standard(WebDriver {
                    error: ErrorStatus::StaleElementReference | ErrorStatus::ElementClickIntercepted,
                    ..
                })) => None,
                Err(error) => panic!("{what}: {error}"),
            }
        })
        .await;
    }

    /// Chooses a line of a native list, or of one in which people type.
    pub async fn choose(&self, name: &str, line: &str) {
        let control = self.control(name).await;
        if control.tag_name().await.unwrap() == "select" {
            control.select_by_label(line).await.unwrap_or_else(|error| panic!("{line} in {name}: {error}"));
        } else {
            let [all, release] = [Key::Control, Key::Null].map(char::from);
            control.send_keys(&format!("{all}a{release}{line}{}", char::from(Key::Enter))).await.unwrap();
        }
    }

    /// Waits until the page's visible text holds this.
    pub async fn sees(&self, text: &str) {
        let what = format!("\"{text}\" on the page");
        until(&what, PATIENCE, async || self.text().await.contains(text).then_some(())).await;
    }

    /// The page's visible text, on one line.
    pub async fn text(&self) -> String {
        one_line(&self.script("return document.body.innerText", &[]).await)
    }

    /// The visible text of the smallest list item that names this, on one line; empty if there is none now.
    pub async fn row(&self, name: &str) -> String {
        let smallest = "const rows = [...document.querySelectorAll('li, [role=listitem], tr')]
            .filter(e => e.checkVisibility() && e.innerText.includes(arguments[0])).map(e => e.innerText);
            return rows.reduce((a, b) => a && a.length <= b.length ? a : b, '')";
        one_line(&self.script(smallest, &[name.into()]).await)
    }

    /// Waits until the list item that names this says `text` too.
    pub async fn row_says(&self, name: &str, text: &str) {
        let what = format!("\"{text}\" in the row of \"{name}\"");
        let last = RefCell::new(String::new());
        let says = async || {
            let now = self.row(name).await;
            let found = now.contains(text);
            // Shown when the test fails.
            if !found && last.replace(now.clone()) != now {
                println!("{name}: {now}");
            }
            found.then_some(())
        };
        until(&what, PATIENCE, says).await;
    }

    /// What a field of this name holds: of a list the chosen line.
    pub async fn value(&self, name: &str) -> String {
        let field = self.control(name).await;
        let value = "return arguments[0].selectedOptions?.[0]?.text ?? arguments[0].value";
        one_line(&self.script(value, &[json!(field)]).await)
    }

    /// Types into a field.
    pub async fn fill(&self, name: &str, text: &str) {
        self.control(name).await.send_keys(text).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    }

    /// Sets a field for a date, such as `2026-10-01`: what its own picker does, whatever order the locale types dates in.
    pub async fn set_date(&self, name: &str, date: &str) {
        let field = self.control(name).await;
        let set = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change', {bubbles: true}))";
        self.script(set, &[json!(field), date.into()]).await;
    }

    /// What has the focus: its accessible name, or its tag.
    pub async fn focus(&self) -> String {
        let focused = "const e = document.activeElement; return nameOf(e) || e.tagName";
        self.script(&format!("{CONTROLS}; {focused}"), &[]).await.as_str().unwrap_or_default().to_owned()
    }

    /// Types into whatever has the focus; [`fantoccini::key::Key`] has the special ones.
    pub async fn keys(&self, keys: &str) {
        self.driver.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// The text of the file that the browser saves when the control of that name is pressed.
    pub async fn saved_by(&self, name: &str) -> String {
        let keep = "const make = URL.createObjectURL; window.saved = null;
            URL.createObjectURL = blob => { blob.text().then(text => { window.saved = text }); return make(blob) }";
        self.script(keep, &[]).await;
        self.press(name).await;
        let saved = async || self.script("return window.saved", &[]).await.as_str().map(str::to_owned);
        until("the file", PATIENCE, saved).await
    }

    /// What axe-core finds wrong with the widgets on the page, a line each. Two widgets that list the same restores
    /// have regions of the same name: that is what they are.
    pub async fn axe(&self) -> Vec<String> {
        let source = std::fs::read_to_string(prepared("COURSEFERRY_NPM").join("node_modules/axe-core/axe.min.js"));
        self.script(&source.expect("axe-core"), &[]).await;
        let run = "const done = arguments[0]; axe.run('[data-courseferry]', {rules: {'landmark-unique': {enabled: false}}}).then(r => done(r.violations.map(
            v => `${v.id}: ${v.help}: ${v.nodes.map(n => n.html.slice(0, 200)).join(' | ')}`)))";
        let found = self.driver.execute_async(run, vec![]).await.expect("axe runs");
        found.as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect()
    }

    /// Runs a script; the value of its `return`.
    pub async fn script(&self, script: &str, arguments: &[Value]) -> Value {
        self.driver.execute(script, arguments.to_vec()).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// A command of the browser's own protocol.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({"cmd": command, "params": parameters});
        self.driver.issue_cmd(DevTools(body)).await.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// Makes the page's area this large, in CSS pixels.
    pub async fn resize(&self, width: u32, height: u32) {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Takes a picture of the page's area.
    pub async fn picture(&self, path: &Path) {
        write(path, &self.driver.screenshot().await.expect("a picture"));
    }
}

fn one_line(text: &Value) -> String {
    text.as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[derive(Debug)]
struct DevTools(Value);

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.0.to_string()))
    }
}
