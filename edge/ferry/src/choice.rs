//! Who may choose a course: the table of `onlyoneremoteinstance`.
//!
//! | it is … | by oneself, on | by oneself, off | by others, on | by others, off |
//! |---|---|---|---|---|
//! | scheduled, in progress | no | no | no | yes |
//! | restored | no | yes | no | yes |
//! | restored, and that course was deleted | yes | yes | yes | yes |
//! | failed, cancelled | yes | yes | yes | yes |
//! | failed when a part had been added to a course | no | no | yes | yes |
//!
//! "No" to one's own scheduled restore means only that a second one is of no use: its row offers to change or to
//! cancel it. The original forbids failed ones too; that is a defect.

use crate::RestoreRow;
use courseferry_api::{Status, UserId};

/// The restore that keeps a course from being chosen, if there is one. `restores`: all of that course.
pub fn taker<'a>(
    restores: impl IntoIterator<Item = &'a RestoreRow>,
    chooser: UserId,
    exclusive: bool,
) -> Option<&'a RestoreRow> {
    restores.into_iter().find(|job| takes(job, job.user == chooser, exclusive))
}

fn takes(job: &RestoreRow, mine: bool, exclusive: bool) -> bool {
    match job.status {
        Status::Scheduled | Status::InProgress => mine || exclusive,
        Status::Restored => exclusive && !job.gone,
        // What arrived of it is to be removed or kept first.
        Status::Failed => mine && job.is_partly_added(),
        Status::Cancelled => false,
    }
}
