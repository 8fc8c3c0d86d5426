//! What arrived of an addition that was interrupted: it is listed, and removed or kept, as its owner decides.

use super::{
    job::{Job, Stage},
    moodle::{Client, Records},
};
use crate::server::{Exception, now};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::time::sleep;

const PARTLY_ADDED: &str = "client.partly_added";
const REMOVED: &str = "client.arrived_removed";

impl Job {
    /// Whether its owner is to decide about what arrived.
    pub fn is_partly_added(&self) -> bool {
        self.state == Stage::Failed && self.error == PARTLY_ADDED
    }

    /// Why this user may not decide, if they may not.
    fn obstacle(&self, user: i64) -> Option<&'static str> {
        match self.userid {
            owner if owner != user => Some("notowner"),
            _ if !self.is_partly_added() => Some("notpartly"),
            _ => None,
        }
    }
}

impl Client {
    pub(super) fn arrived(&self, id: &str, user: i64) -> Result<Value, Exception> {
        let records = self.records();
        let job = records.jobs.get(id).filter(|job| job.userid == user).ok_or(Exception::UNKNOWN_JOB)?;
        let parts = job.arrived.iter().filter(|_| job.is_partly_added());
        let parts = parts.map(|(_, activity)| json!({ "kind": "activity", "name": activity.name }));
        Ok(json!({ "job": id, "arrived": parts.collect::<Vec<_>>(), "more": false }))
    }

    pub(super) fn keep_arrived(&self, id: &str, user: i64) -> Result<Value, Exception> {
        let mut records = self.records();
        let job = records.jobs.get_mut(id).ok_or(Exception::UNKNOWN_JOB)?;
        if let Some(reason) = job.obstacle(user) {
            return Ok(answer(id, "refused", reason));
        }
        job.state = Stage::PartiallyRestored;
        job.error.clear();
        job.errordetail.clear();
        job.warnings = vec![("partlyadded".to_owned(), "Something may be missing.".to_owned())];
        job.timemodified = now();
        self.changes.note();
        Ok(answer(id, "done", ""))
    }
}

/// Queues the removal, which cron carries out.
pub fn remove(client: &Arc<Client>, id: &str, user: i64) -> Result<Value, Exception> {
    let records = client.records();
    let job = records.jobs.get(id).ok_or(Exception::UNKNOWN_JOB)?;
    if job.userid == user && job.error == REMOVED {
        return Ok(answer(id, "done", ""));
    }
    if let Some(reason) = job.obstacle(user) {
        return Ok(answer(id, "refused", reason));
    }
    let (client, id_of_task) = (Arc::clone(client), id.to_owned());
    tokio::spawn(async move {
        sleep(client.config.pace.cron).await;
        client.records().remove_arrived(&id_of_task);
        client.changes.note();
    });
    Ok(answer(id, "queued", ""))
}

impl Records {
    fn remove_arrived(&mut self, id: &str) {
        let Some(job) = self.jobs.get_mut(id).filter(|job| job.is_partly_added()) else { return };
        if let Some(course) = self.courses.get_mut(&job.targetcourseid) {
            for (section, activity) in job.arrived.drain(..) {
                let Some(section) = course.sections.get_mut(section) else { continue };
                if let Some(place) = section.activities.iter().rposition(|there| *there == activity) {
                    section.activities.remove(place);
                }
            }
            course.added.retain(|added| added != id);
        }
        REMOVED.clone_into(&mut job.error);
        job.errordetail.clear();
        job.timemodified = now();
    }
}

fn answer(job: &str, state: &str, reason: &str) -> Value {
    json!({ "job": job, "state": state, "reason": reason, "detail": "" })
}
