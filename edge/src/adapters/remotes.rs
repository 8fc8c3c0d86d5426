//! The configured remotes, as the ferry asks them for backups.

use crate::{adapters::fetch, config::Config, peers::Names};
use courseferry_api::{ErrorCode, JobId, RemoteCourseId, RemoteId, RemoteKind};
use courseferry_ferry::{About, BackupEntry, BackupOrder, Failure, Remotes};
use courseferry_moodle::Remote;

/// The version with which release 3 of the original begins.
const RELEASE_3: u64 = 2_023_022_000;

/// The remotes and their names.
pub struct RemotesPort<'a> {
    /// The configured ones.
    pub config: &'a Config,
    /// What they are called.
    pub names: &'a Names,
}

impl Remotes for RemotesPort<'_> {
    fn configured(&self) -> Vec<RemoteId> {
        self.config.remotes.iter().map(|remote| remote.id().clone()).collect()
    }

    fn name(&self, remote: &RemoteId) -> Option<String> {
        self.names.configured(remote)
    }

    fn course_link(&self, remote: &RemoteId, course: RemoteCourseId) -> Option<String> {
        self.config.remote(remote).ok().map(|remote| course_address(remote, course))
    }

    async fn about(&self, remote: &RemoteId) -> Result<About, Failure> {
        let site = fetch::call(self.remote(remote)?.site_info(), fetch::PATIENCE).await?;
        let lists = "block_my_external_backup_restore_courses_get_courses";
        let original = site.functions.iter().find(|function| function.name == lists);
        let kind = original.map(|function| match function.version.parse::<u64>() {
            Ok(version) if version < RELEASE_3 => RemoteKind::Original2,
            _ => RemoteKind::Original3,
        });
        Ok(About { kind, name: site.sitename, release: site.release })
    }

    async fn start_backup(&self, _: &BackupOrder<'_>) -> Result<BackupEntry, Failure> {
        Err(ErrorCode::RemotePluginMissing.into())
    }

    async fn backups(&self, _: &RemoteId, _: &[(JobId, u32)]) -> Result<Vec<BackupEntry>, Failure> {
        Err(ErrorCode::RemotePluginMissing.into())
    }

    async fn delete_backups(&self, _: &RemoteId, _: &[(JobId, u32)]) -> Result<(), Failure> {
        Err(ErrorCode::RemotePluginMissing.into())
    }

    async fn make_backup(
        &self,
        remote: &RemoteId,
        _: RemoteKind,
        username: &str,
        course: RemoteCourseId,
    ) -> Result<i64, Failure> {
        let call = self.remote(remote)?.back_up(username, course);
        Ok(fetch::call(call, self.config.settings.backup_limit_seconds).await?.filerecordid)
    }
}

impl RemotesPort<'_> {
    fn remote(&self, remote: &RemoteId) -> Result<&Remote, Failure> {
        self.config.remote(remote).map_err(|error| error.code.into())
    }
}

/// A course's address on its remote.
pub fn course_address(remote: &Remote, course: RemoteCourseId) -> String {
    remote.url.join(&format!("/course/view.php?id={course}"))
}
