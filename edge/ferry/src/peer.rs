//! Faults of a peer as a whole, as opposed to those of one restore.

use courseferry_api::{ErrorCode, Repeat};

/// The client Moodle as a whole cannot be used: no restore is to blame, and none can go on.
pub fn client_fault(code: ErrorCode) -> bool {
    use ErrorCode as E;
    matches!(
        code,
        E::ClientUnreachable
            | E::ClientTimeout
            | E::ClientMaintenance
            | E::ClientServerError
            | E::ClientBadToken
            | E::ClientAccessRefused
            | E::ClientPluginMissing
            | E::ClientPluginTooOld
            | E::ClientSitePolicy
            | E::ClientNoMoodle
            | E::ClientFirewall
            | E::ClientStrayOutput
            | E::ClientProtocolOff
            | E::ClientNotMoodle
            | E::ClientWrongAddress
            | E::ClientUnexpected
    )
}

/// The remote as a whole cannot be used.
pub fn remote_fault(code: ErrorCode) -> bool {
    use ErrorCode as E;
    URGENT.contains(&code)
        || matches!(
            code,
            E::RemoteUnreachable
                | E::RemoteTimeout
                | E::RemoteMaintenance
                | E::RemoteServerError
                | E::RemoteNotMoodle
                | E::RemoteSearchRoles
        )
}

/// Failures that stop everything of a remote until an administrator acts, who is told at once.
pub const URGENT: &[ErrorCode] = &[
    ErrorCode::RemoteUnconfigured,
    ErrorCode::RemoteBadToken,
    ErrorCode::RemoteAccessRefused,
    ErrorCode::RemoteUserSuspended,
    ErrorCode::RemoteNoCapability,
    ErrorCode::RemotePluginMissing,
    ErrorCode::RemoteProtocolOff,
    ErrorCode::RemoteWrongAddress,
    ErrorCode::RemoteSitePolicy,
    ErrorCode::RemoteNoMoodle,
    ErrorCode::RemoteFirewall,
    ErrorCode::RemoteStrayOutput,
];

/// Causes that only an administrator can mend, and that may be the whole remote's: its restores wait for them instead of
/// failing one after another.
pub fn holds_remote(code: ErrorCode) -> bool {
    use ErrorCode as E;
    // These are about one backup.
    let of_a_backup = matches!(code, E::RemoteBackupTooSlow | E::RemoteCronStopped | E::RemoteDownloadRedirected);
    code.repeat() == Repeat::Administrator && code.as_str().starts_with("remote.") && !of_a_backup
}

/// Answers that do not fit the kind of remote that we take it for.
pub fn doubts_kind(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::RemotePluginMissing | ErrorCode::RemoteAccessRefused | ErrorCode::RemoteInvalidParameter)
}

/// Refusals that show that the remote as a whole is well.
pub fn remote_answered(code: ErrorCode) -> bool {
    use ErrorCode as E;
    matches!(
        code,
        E::RemoteNotOwner
            | E::RemoteNoBackupRight
            | E::RemoteCourseMissing
            | E::RemoteUnknownUser
            | E::RemoteBackupFailed
            | E::RemoteInvalidList
    )
}
