//! How far a restore that is made as a test has come: which steps are done, and at which one it ended.

use courseferry_api::{ErrorCode, Phase, Restore, Status};

/// How one step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Its turn has not come.
    Open,
    /// It is being done.
    Busy,
    Done,
    /// It ended here.
    Failed,
}

/// The steps of a restore that is scheduled: backed up there, copied here, restored here.
pub fn marks(restore: &Restore) -> [Mark; 3] {
    use Mark::{Busy, Done, Failed, Open};
    match (restore.status, restore.phase) {
        (Status::Scheduled, _) | (Status::InProgress, None | Some(Phase::BackingUp)) => [Busy, Open, Open],
        (Status::InProgress, Some(Phase::Transferring)) => [Done, Busy, Open],
        (Status::InProgress, Some(Phase::Restoring)) => [Done, Done, Busy],
        (Status::Restored, _) => [Done; 3],
        (Status::Cancelled, _) => [Failed, Open, Open],
        (Status::Failed, _) => match restore.error().map_or("", ErrorCode::as_str).split('.').next() {
            Some("backup") => [Done, Failed, Open],
            Some("client") => [Done, Done, Failed],
            _ => [Failed, Open, Open],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Mark::{Busy, Done, Failed, Open},
        marks,
    };
    use crate::logic::restores::tests::restore;
    use courseferry_api::{ErrorCode, Language, Phase, Problem, Restore, Status};

    #[test]
    fn each_step_is_ticked_as_it_is_done() {
        let under_way = |phase| Restore { status: Status::InProgress, phase: Some(phase), ..restore(1) };
        assert_eq!(marks(&restore(1)), [Busy, Open, Open]);
        assert_eq!(marks(&under_way(Phase::BackingUp)), [Busy, Open, Open]);
        assert_eq!(marks(&under_way(Phase::Transferring)), [Done, Busy, Open]);
        assert_eq!(marks(&under_way(Phase::Restoring)), [Done, Done, Busy]);
        assert_eq!(marks(&Restore { status: Status::Restored, ..restore(1) }), [Done; 3]);
    }

    #[test]
    fn a_failure_stands_at_the_step_that_its_cause_belongs_to() {
        let failed = |code| {
            let problem = Some(Problem::new(code, Language::English, "", ""));
            marks(&Restore { status: Status::Failed, problem, ..restore(1) })
        };
        assert_eq!(failed(ErrorCode::RemoteNotOwner), [Failed, Open, Open]);
        assert_eq!(failed(ErrorCode::AccessCategory), [Failed, Open, Open]);
        assert_eq!(failed(ErrorCode::BackupGone), [Done, Failed, Open]);
        assert_eq!(failed(ErrorCode::ClientRestoreFailed), [Done, Done, Failed]);
    }
}
