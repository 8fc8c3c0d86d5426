//! A remote and its backups as any client of its protocol sees them: asked and read without the product's code and
//! without the stand-in's, so that both can be measured by it.

use super::{api::between, until};
use reqwest::Response;
use serde_json::Value;
use std::io::{Cursor, Read};

/// What the functions of the block `courseferry` for lending begin with.
const LENDING: &str = "block_courseferry_remote_";
/// Longest wait, in seconds, for a backup that is made in a remote's cron.
const MAKING: u64 = 300;

/// A remote and the token of its service account.
pub struct Source {
    pub address: String,
    token: String,
}

impl Source {
    /// The remotes of a value of `EXTERNAL_MOODLES`, in its order.
    pub fn all(external_moodles: &str) -> Vec<Self> {
        let entries = external_moodles.split(';').filter_map(|entry| entry.trim().split_once(','));
        let own = |text: &str| text.trim().trim_end_matches('/').to_owned();
        entries.map(|(address, token)| Self { address: own(address), token: own(token) }).collect()
    }

    /// Asks it for its site name.
    pub async fn site_name(&self) -> String {
        let info = self.call("core_webservice_get_site_info", &[]).await;
        info["sitename"].as_str().unwrap_or_else(|| panic!("no site name in {info}")).to_owned()
    }

    /// Has it make a backup of a course for its teacher, and reads that. `minute` lets time pass there: a remote with
    /// the block `courseferry` makes backups in its cron.
    pub async fn backup(&self, username: &str, course: i64, minute: impl AsyncFn()) -> Backup {
        let course = course.to_string();
        let bytes = if self.lends().await {
            self.lent(username, &course, minute).await
        } else {
            self.made_at_once(username, &course).await
        };
        Backup::read(bytes)
    }

    /// Whether it runs the block `courseferry`.
    pub async fn lends(&self) -> bool {
        let info = self.call("core_webservice_get_site_info", &[]).await;
        let functions = info["functions"].as_array().unwrap_or_else(|| panic!("no functions in {info}"));
        functions.iter().any(|function| function["name"] == format!("{LENDING}get_courses"))
    }

    /// By the original block: made while we wait.
    async fn made_at_once(&self, username: &str, course: &str) -> Vec<u8> {
        let function = "block_my_external_backup_restore_courses_get_courses_zip";
        let made = self.call(function, &[("username", username), ("courseid", course)]).await;
        let file = made["filerecordid"].as_i64().unwrap_or_else(|| panic!("no backup of course {course}: {made}"));
        let script = "blocks/my_external_backup_restore_courses/get_user_backup_course_webservice.php";
        self.download(script, &[("filerecordid", &file.to_string())]).await
    }

    /// By the block `courseferry`: asked for, awaited, fetched, deleted.
    async fn lent(&self, username: &str, course: &str, minute: impl AsyncFn()) -> Vec<u8> {
        let job = format!("{:032x}", fastrand::u128(..));
        let backup = [("job", job.as_str()), ("number", "1")];
        let begun = [backup[0], backup[1], ("username", username), ("courseid", course)];
        self.call(&format!("{LENDING}start_backup"), &begun).await;
        let listed = [("backups[0][job]", job.as_str()), ("backups[0][number]", "1")];
        until(&format!("a backup of course {course}"), MAKING, async || {
            minute().await;
            let mut answer = self.call(&format!("{LENDING}get_backups"), &listed).await;
            let state = answer["backups"][0].take();
            assert!(["waiting", "running", "ready"].iter().any(|going| state["state"] == *going), "{answer}{state}");
            (state["state"] == "ready").then_some(())
        })
        .await;
        let bytes = self.download("blocks/courseferry/backup.php", &backup).await;
        self.call(&format!("{LENDING}delete_backups"), &listed).await;
        bytes
    }

    async fn download(&self, script: &str, fields: &[(&str, &str)]) -> Vec<u8> {
        let token = [("token", self.token.as_str())];
        let form: Vec<_> = token.iter().chain(fields).copied().collect();
        self.post(script, &form).await.bytes().await.expect("the backup").to_vec()
    }

    async fn call(&self, function: &str, parameters: &[(&str, &str)]) -> Value {
        let own = [("wstoken", self.token.as_str()), ("wsfunction", function), ("moodlewsrestformat", "json")];
        let form: Vec<_> = own.iter().chain(parameters).copied().collect();
        self.post("webservice/rest/server.php", &form).await.json().await.expect("JSON")
    }

    async fn post(&self, script: &str, form: &[(&str, &str)]) -> Response {
        let request = reqwest::Client::new().post(format!("{}/{script}", self.address)).form(form);
        request.send().await.unwrap_or_else(|error| panic!("{}: {error}", self.address))
    }
}

/// What a backup says of itself.
#[derive(Debug)]
pub struct Backup {
    pub fullname: String,
    pub shortname: String,
    pub activities: usize,
}

impl Backup {
    /// Reads a backup, whichever of Moodle's two kinds of archive it is.
    pub fn read(bytes: Vec<u8>) -> Self {
        let about = moodle_backup_xml(bytes);
        let tag = |name: &str| {
            let text = between(&about, &format!("<{name}>"), &format!("</{name}>")).expect(name);
            text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
        };
        Self {
            fullname: tag("original_course_fullname"),
            shortname: tag("original_course_shortname"),
            // Moodle leaves the list out where there is nothing to list.
            activities: between(&about, "<activities>", "</activities>")
                .map_or(0, |list| list.matches("<activity>").count()),
        }
    }
}

fn moodle_backup_xml(bytes: Vec<u8>) -> String {
    let mut text = String::new();
    if bytes.starts_with(b"PK") {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        archive.by_name("moodle_backup.xml").unwrap().read_to_string(&mut text).unwrap();
    } else {
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(Cursor::new(bytes)));
        let entries = archive.entries().unwrap().map(Result::unwrap);
        let mut found = entries.filter(|entry| entry.path().unwrap().ends_with("moodle_backup.xml"));
        found.next().expect("moodle_backup.xml").read_to_string(&mut text).unwrap();
    }
    text
}
