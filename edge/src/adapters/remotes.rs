//! The configured remotes, as the ferry asks them for backups.

use crate::{adapters::fetch, config::Config, peers::Names};
use courseferry_api::{RemoteCourseId, RemoteId};
use courseferry_ferry::{Failure, Remotes};
use courseferry_moodle::Remote;

/// The remotes and their names.
pub struct RemotesPort<'a> {
    /// The configured ones.
    pub config: &'a Config,
    /// What they are called.
    pub names: &'a Names,
}

impl Remotes for RemotesPort<'_> {
    fn name(&self, remote: &RemoteId) -> Option<String> {
        self.names.configured(remote)
    }

    fn course_link(&self, remote: &RemoteId, course: RemoteCourseId) -> Option<String> {
        self.config.remote(remote).ok().map(|remote| course_address(remote, course))
    }

    async fn make_backup(&self, remote: &RemoteId, username: &str, course: RemoteCourseId) -> Result<i64, Failure> {
        let remote = self.config.remote(remote).map_err(|error| error.code)?;
        let backup = fetch::call(remote.back_up(username, course), self.config.settings.backup_limit_seconds).await?;
        Ok(backup.filerecordid)
    }
}

/// A course's address on its remote.
pub fn course_address(remote: &Remote, course: RemoteCourseId) -> String {
    remote.url.join(&format!("/course/view.php?id={course}"))
}
