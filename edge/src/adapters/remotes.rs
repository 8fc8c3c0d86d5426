//! The configured remotes, as the ferry asks them for backups.

use crate::{adapters::fetch, config::Config, peers::Names};
use courseferry_api::{ErrorCode, JobId, RemoteCourseId, RemoteId, RemoteKind, remote};
use courseferry_ferry::{About, BackupEntry, BackupOrder, BackupState, Failure, Remotes};
use courseferry_moodle::{Remote, SiteInfo};

/// The remotes and their names.
pub struct RemotesPort<'a> {
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

    fn address(&self, remote: &RemoteId) -> String {
        self.config.address(Some(remote))
    }

    async fn about(&self, remote: &RemoteId) -> Result<About, Failure> {
        Ok(about(fetch::call(self.remote(remote)?.site_info(), fetch::PATIENCE).await?))
    }

    fn may_be_asked_for_people(&self, remote: &RemoteId) -> bool {
        self.config.may_be_asked_for_people(remote)
    }

    async fn start_backup(&self, order: &BackupOrder<'_>) -> Result<BackupEntry, Failure> {
        let remote = self.remote(order.remote)?;
        let call = remote.start_backup(order.job, order.number, order.username, order.course, order.options);
        Ok(entry(fetch::call(call, fetch::PATIENCE).await?))
    }

    async fn backups(&self, remote: &RemoteId, backups: &[(JobId, u32)]) -> Result<Vec<BackupEntry>, Failure> {
        let call = self.remote(remote)?.get_backups(backups.iter().map(|(job, number)| (job, *number)));
        Ok(fetch::call(call, fetch::PATIENCE).await?.into_iter().map(entry).collect())
    }

    async fn delete_backups(&self, remote: &RemoteId, backups: &[(JobId, u32)]) -> Result<(), Failure> {
        let call = self.remote(remote)?.delete_backups(backups.iter().map(|(job, number)| (job, *number)));
        fetch::call(call, fetch::PATIENCE).await?;
        Ok(())
    }

    async fn make_backup(
        &self,
        remote: &RemoteId,
        known: Option<RemoteKind>,
        username: &str,
        course: RemoteCourseId,
        students: bool,
    ) -> Result<i64, Failure> {
        let call = self.remote(remote)?.back_up(known, username, course, students);
        Ok(fetch::call(call, self.config.settings.backup_limit_seconds).await?.filerecordid)
    }
}

fn entry(answer: remote::BackupEntry) -> BackupEntry {
    let state = match answer.state {
        remote::BackupState::Waiting => {
            BackupState::Waiting { elapsed: u32::try_from(answer.elapsed).unwrap_or(u32::MAX) }
        }
        remote::BackupState::Running => BackupState::Running { percent: answer.percent },
        remote::BackupState::Ready => {
            let digest = |digits: &String| digits.len() == 64 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            BackupState::Ready { bytes: answer.bytes, sha256: Some(answer.sha256).filter(digest) }
        }
        remote::BackupState::Failed => {
            let code = answer.error.unwrap_or(ErrorCode::RemoteBackupFailed);
            BackupState::Failed { failure: Failure::new(code, answer.message), transient: answer.transient }
        }
        remote::BackupState::Gone => BackupState::Gone,
    };
    BackupEntry { job: answer.job, number: answer.number, state }
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

/// What a site says of itself, as the ferry and the store know it.
pub fn about(site: SiteInfo) -> About {
    let (kind, version) = site.lender().map(|(kind, version)| (kind, version.to_owned())).unzip();
    About { kind, version: version.unwrap_or_default(), name: site.sitename, release: site.release }
}
