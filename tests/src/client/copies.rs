//! "Remove this copy": a restored course goes into the recycle bin, for its owner and as long as nobody else was in it.

use super::moodle::{Client, ClientTrap, Records};
use crate::server::{Exception, now};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::time::sleep;

/// Whether a copy can be removed, or has been, in the companion's words.
pub struct Removal<'a> {
    job: &'a str,
    state: &'static str,
    reason: &'static str,
}

impl Removal<'_> {
    pub fn answer(&self) -> Value {
        json!({ "job": self.job, "state": self.state, "reason": self.reason, "detail": "" })
    }
}

impl Client {
    pub(super) fn copy<'a>(&self, id: &'a str, user: i64) -> Result<Removal<'a>, Exception> {
        self.records().removal(id, user)
    }
}

impl Records {
    fn removal<'a>(&self, id: &'a str, user: i64) -> Result<Removal<'a>, Exception> {
        let job = self.jobs.get(id).ok_or(Exception::UNKNOWN_JOB)?;
        let removal = |state, reason| Ok(Removal { job: id, state, reason });
        let refused = |reason| removal("refused", reason);
        if job.userid != user {
            return refused("notowner");
        }
        if !job.state.is_restored() || job.targetcourseid != 0 {
            return refused("notrestored");
        }
        let Some(course) = self.courses.get(&job.courseid) else { return removal("done", "") };
        match () {
            () if self.site.remove_copy_time == 0 => refused("norecyclebin"),
            () if now() > job.timemodified + i64::from(self.site.remove_copy_time) => refused("toolate"),
            () if course.participants.keys().any(|there| *there != user) => refused("participants"),
            () if self.removals.contains(id) => removal("queued", ""),
            () => removal("possible", ""),
        }
    }

    fn remove_copy(&mut self, id: &str) {
        self.removals.remove(id);
        let Some(user) = self.jobs.get(id).map(|job| job.userid) else { return };
        // Decided once more: since it was queued somebody may have entered the course.
        if self.removal(id, user).is_ok_and(|removal| removal.state == "possible") {
            let course = self.jobs.get(id).and_then(|job| self.courses.remove(&job.courseid));
            self.recycled.extend(course);
        }
    }
}

/// Queues the removal, which cron carries out.
pub fn remove(client: &Arc<Client>, id: &str, user: i64) -> Result<Value, Exception> {
    let mut records = client.records();
    let removal = records.removal(id, user)?;
    if removal.state != "possible" {
        return Ok(removal.answer());
    }
    records.removals.insert(id.to_owned());
    drop(records);
    let (client, id_of_task) = (Arc::clone(client), id.to_owned());
    tokio::spawn(async move {
        sleep(client.config.pace.cron).await;
        if client.sprung(|trap| *trap == ClientTrap::KillRemoval).is_some() {
            client.records().removals.remove(&id_of_task);
        } else {
            client.records().remove_copy(&id_of_task);
        }
        client.changes.note();
    });
    Ok(Removal { state: "queued", ..removal }.answer())
}
