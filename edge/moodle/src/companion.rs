//! What we ask the companion block on the client Moodle, and what it answers.
//!
//! The client Moodle stays the authority: these rows are its own, decided upon by `courseferry_access`.

use crate::{address::SiteUrl, call::Call, fault::Fault, readiness::Report};
use courseferry_access::{self as access, Secret, SiteSnapshot};
use courseferry_api::{
    CategoryId, CourseId, ErrorCode, Failure, JobId, UserId,
    companion::{
        Arrived, Decision, Enrolled, FoundPeople, MessageIds, MessageKind, Order, Preview, Progress,
        ProgressOfRestores, TargetCourses,
    },
    lenient,
};
use serde::{Deserialize, Serialize};

/// The client Moodle and the token that its companion gave us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Companion {
    pub url: SiteUrl,
    /// Its web service token.
    pub token: Secret,
}

impl Companion {
    fn call<T: serde::de::DeserializeOwned>(&self, name: &str) -> Call<T> {
        Call::function(&self.url, &self.token, &format!("block_courseferry_{name}"), |fault| match fault {
            Fault::Other { code, message } if code == "usernotfound" => {
                Failure::new(ErrorCode::ClientUserUnknown, message)
            }
            // The companion's own codes are ours.
            Fault::Other { ref code, ref message } if let Ok(own) = code.parse() => Failure::new(own, message.as_str()),
            other => other.of_client(),
        })
    }

    /// The site snapshot, unless it still is the `known` version (empty: none is known).
    pub fn get_site_access(&self, known: &str) -> Call<SiteAccess> {
        self.call("get_site_access").with("knownversion", known)
    }

    pub fn get_user_access(&self, user: UserId) -> Call<access::UserSnapshot> {
        self.call("get_user_access").with("userid", user)
    }

    /// What only Moodle knows of whether restores can work there. A companion older than the function answers with
    /// [`Fault::PluginMissing`], one whose service lacks it with [`Fault::AccessRefused`].
    pub fn get_readiness(&self, default_category: Option<CategoryId>) -> Call<Report> {
        self.call("get_readiness").with("defaultcategory", default_category.unwrap_or(CategoryId(0)))
    }

    /// What restores with these names, full and short, into a category would meet.
    pub fn preview(&self, user: UserId, category: CategoryId, names: &[(String, String)]) -> Call<Preview> {
        let call = self.call("preview").with("userid", user).with("categoryid", category);
        names.iter().enumerate().fold(call, |call, (i, (full, short))| {
            call.with(&format!("names[{i}][fullname]"), full).with(&format!("names[{i}][shortname]"), short)
        })
    }

    /// Whether there is such a course: a preview of no names tells.
    pub fn find_course(&self, user: UserId, course: CourseId) -> Call<Preview> {
        self.preview(user, CategoryId(0), &[]).with("courseid", course)
    }

    /// Courses to which somebody may add, found by a part of their names.
    pub fn target_courses(&self, user: UserId, search: &str) -> Call<TargetCourses> {
        self.call("get_target_courses").with("userid", user).with("search", search)
    }

    /// Whether somebody may add to this one.
    pub fn target_course(&self, user: UserId, course: CourseId) -> Call<TargetCourses> {
        self.call("get_target_courses").with("userid", user).with("courseid", course)
    }

    /// People whose names have these words, as this administrator may see them.
    pub fn find_people(&self, asked_by: UserId, search: &str) -> Call<FoundPeople> {
        self.call("find_people").with("askedby", asked_by).with("search", search)
    }

    /// People with exactly these user names.
    pub fn people_named(&self, asked_by: UserId, usernames: &[&str]) -> Call<FoundPeople> {
        self.call("find_people").with("askedby", asked_by).with_list("usernames", usernames)
    }

    /// Hands a restore over. The companion answers at once and works later.
    pub fn restore(&self, order: &Order<'_>, ticket: &Secret) -> Call<Progress> {
        let Order { options, .. } = order;
        let call = self
            .call("restore")
            .with("job", order.job)
            .with("attempt", order.attempt)
            .with("userid", order.user)
            .with("categoryid", order.category)
            .with("ticket", ticket.reveal())
            .with("remotecourseid", order.course)
            .with("remote", order.remote_name)
            .with_given("options[fullname]", options.full_name.as_ref())
            .with_given("options[shortname]", options.short_name.as_ref())
            .with_given("options[targetcourseid]", options.target_course)
            .with_given("options[startdate]", options.starts.map(|starts| starts.0))
            .with_given("options[visible]", options.visible.map(u8::from))
            .with_given("options[students]", options.students.then_some(1))
            .with_given("options[enrolments]", Some(options.enrolments.number()).filter(|number| *number > 0))
            .with_list("options[leaveoutsections]", &options.leave_out_sections)
            .with_list("options[leaveoutactivities]", &options.leave_out_activities);
        call.with_given("sha256", order.sha256).with_given("actorid", order.actor)
    }

    /// How restores fare.
    pub fn get_restores<'a>(&self, jobs: impl IntoIterator<Item = &'a JobId>) -> Call<ProgressOfRestores> {
        self.call("get_restores").with_list("jobs", jobs)
    }

    /// Cancels a restore if it is not too late.
    pub fn cancel(&self, job: &JobId, attempt: u32) -> Call<Progress> {
        self.call("cancel").with("job", job).with("attempt", attempt)
    }

    /// Enrols a user in the course that a restore made.
    pub fn enrol(&self, job: &JobId, user: UserId) -> Call<Enrolled> {
        self.call("enrol").with("job", job).with("userid", user)
    }

    /// What arrived of an addition that was interrupted.
    pub fn get_arrived(&self, job: &JobId, user: UserId) -> Call<Arrived> {
        self.call("get_arrived").with("job", job).with("userid", user)
    }

    /// Removes what arrived; Moodle's cron does it.
    pub fn remove_arrived(&self, job: &JobId, user: UserId) -> Call<Decision> {
        self.call("remove_arrived").with("job", job).with("userid", user)
    }

    /// Keeps what arrived.
    pub fn keep_arrived(&self, job: &JobId, user: UserId) -> Call<Decision> {
        self.call("keep_arrived").with("job", job).with("userid", user)
    }

    /// Whether the course that a restore made can be removed again.
    pub fn get_copy(&self, job: &JobId, user: UserId) -> Call<Decision> {
        self.call("get_copy").with("job", job).with("userid", user)
    }

    /// Removes it, into the recycle bin; Moodle's cron does it.
    pub fn remove_copy(&self, job: &JobId, user: UserId) -> Call<Decision> {
        self.call("remove_copy").with("job", job).with("userid", user)
    }

    /// Sends a message to a user through Moodle, once for each (job, attempt, kind, user).
    pub fn notify(&self, message: &Notification<'_>) -> Call<MessageIds> {
        let call = self
            .call("notify")
            .with("job", message.job)
            .with("attempt", message.attempt)
            .with("kind", message.kind.as_str())
            .with("userid", message.user);
        let call = message.values.iter().enumerate().fold(call, |call, (i, (name, value))| {
            call.with(&format!("values[{i}][name]"), name).with(&format!("values[{i}][value]"), value)
        });
        call.with_list("warnings", message.warnings)
    }
}

/// A message of Moodle's to a user.
#[derive(Debug, Clone, Copy)]
pub struct Notification<'a> {
    /// The restore it is about; of several, the first.
    pub job: &'a JobId,
    pub attempt: u32,
    pub kind: MessageKind,
    pub user: UserId,
    /// `subject`, `text`, `html`, `contexturl`, `contexturlname`.
    pub values: &'a [(&'a str, &'a str)],
    pub warnings: &'a [String],
}

/// The site snapshot, or the news that the known one still holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SiteAccess {
    pub version: String,
    /// Whether the version that was named still holds; then there is no snapshot.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub unchanged: bool,
    #[serde(default)]
    pub snapshot: Option<SiteSnapshot>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Answer;
    use courseferry_api::companion::State;

    fn companion() -> Companion {
        Companion { url: "https://m.example".parse().unwrap(), token: Secret::new("s3cret") }
    }

    fn json(body: &str) -> Answer<'_> {
        Answer { status: 200, content_type: "application/json", body: body.as_bytes() }
    }

    #[test]
    fn lists_are_sent_as_moodle_wants_them() {
        let job: JobId = "0123456789abcdef0123456789abcdef".parse().unwrap();
        let message = Notification {
            job: &job,
            attempt: 2,
            kind: MessageKind::Success,
            user: UserId(5),
            values: &[("subject", "It's & there")],
            warnings: &["a".to_owned(), "b".to_owned()],
        };
        let body = companion().notify(&message).request.body;
        let fields: Vec<(String, String)> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        let has =
            |name: &str, value: &str| assert!(fields.contains(&(name.into(), value.into())), "{name}: {fields:?}");
        has("wsfunction", "block_courseferry_notify");
        has("values[0][name]", "subject");
        has("values[0][value]", "It's & there");
        has("warnings[1]", "b");
        has("kind", "success");
    }

    #[test]
    fn flags_may_come_as_numbers_and_a_missing_course_as_nought() {
        let call = companion().cancel(&"0123456789abcdef0123456789abcdef".parse().unwrap(), 1);
        let job = r#"{"job":"0123456789abcdef0123456789abcdef","attempt":1,"state":"partiallyrestored","bytes":5,"totalbytes":0,
            "percent":100,"courseid":0,"coursename":"","shortname":"","warnings":[{"code":"x","message":"y"}],"error":"",
            "errordetail":"","transient":1,"timemodified":1795308746}"#;
        let job = call.read(&json(job)).unwrap();
        assert_eq!((job.state, job.course, job.error, job.transient), (State::PartiallyRestored, None, None, true));
    }

    #[test]
    fn an_entry_with_an_error_is_an_answer_and_an_exception_is_not() {
        let call = companion().get_user_access(UserId(9));
        let code = |body: &str| call.read(&json(body)).unwrap_err().code;
        assert_eq!(code(r#"{"exception":"x","errorcode":"usernotfound","message":"m"}"#), ErrorCode::ClientUserUnknown);
        assert_eq!(
            code(r#"{"exception":"x","errorcode":"client.unknown_job","message":"m"}"#),
            ErrorCode::ClientUnknownJob
        );
        assert_eq!(code(r#"{"exception":"x","errorcode":"invalidtoken","message":"m"}"#), ErrorCode::ClientBadToken);
        assert_eq!(code(r#"{"userid":"nine"}"#), ErrorCode::ClientUnexpected);
        assert_eq!(call.failed(Fault::Cut).code, ErrorCode::ClientUnreachable);
    }

    #[test]
    fn the_site_snapshot_reads_whole() {
        let body = r#"{"version":"v1","unchanged":0,"snapshot":{
            "config":{"siteadmins":[2],"siteguest":1,"defaultuserroleid":7,"notloggedinroleid":6,"guestroleid":6,
                "defaultfrontpageroleid":0,"forcelogin":0,"contextlocking":false,"contextlockappliestoadmin":0,"frontpagecontextid":2,"syscontextid":1},
            "contexts":[{"id":1,"contextlevel":10,"instanceid":0,"path":"/1","depth":1,"locked":0,"name":"","visible":1,"identifier":""},
                {"id":3,"contextlevel":40,"instanceid":2,"path":"/1/3","depth":2,"locked":false,"name":"Sciences","visible":1,"identifier":"FAC-SCI"}],
            "roles":[{"id":3,"shortname":"editingteacher","name":"","archetype":"editingteacher","sortorder":3}],
            "capabilities":[{"name":"moodle/course:create","captype":"write","contextlevel":40,"riskbitmask":4,"component":"moodle"}],
            "role_capabilities":[{"contextid":1,"roleid":3,"capability":"moodle/course:create","permission":1}],
            "site":{"wwwroot":"https://m.example","sitename":"M","release":"4.5","timezone":"Europe/Paris","lang":"en","lastcron":0,
                "pluginversion":"1","originalblock":0}}}"#;
        let snapshot = companion().get_site_access("").read(&json(body)).unwrap().snapshot.unwrap();
        assert_eq!(snapshot.contexts[1].identifier, "FAC-SCI");
        assert_eq!(snapshot.contexts[1].path, "/1/3");
        assert_eq!(snapshot.site.lastcron, None);
        let unchanged = companion()
            .get_site_access("v1")
            .read(&json(r#"{"version":"v1","unchanged":true,"snapshot":null}"#))
            .unwrap();
        assert!(unchanged.unchanged && unchanged.snapshot.is_none());
    }
}
