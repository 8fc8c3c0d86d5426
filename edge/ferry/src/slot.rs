//! A slot: while one backup holds it, no other may begin. It is a hash, so that it may stay when a person is erased.

use courseferry_api::{RemoteId, RemoteKind};
use sha2::{Digest, Sha256};

/// The slot of a backup for this account; none where backups do not disturb each other.
pub fn slot(kind: RemoteKind, remote: &RemoteId, username: &str) -> Option<String> {
    match kind {
        RemoteKind::Courseferry => None,
        RemoteKind::Original3 => Some(remote.as_str().to_owned()),
        RemoteKind::Original2 => {
            let mut hash = Sha256::new();
            hash.update(remote.as_str());
            hash.update([0]);
            hash.update(username);
            Some(hex::encode(hash.finalize()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_the_whole_remote_or_one_account_there_and_shows_no_user_name() {
        let (one, other): (RemoteId, RemoteId) = ("0".repeat(12).parse().unwrap(), "1".repeat(12).parse().unwrap());
        let slots = |kind| [slot(kind, &one, "ada"), slot(kind, &one, "ben"), slot(kind, &other, "ada")];
        assert_eq!(slots(RemoteKind::Courseferry), [None, None, None]);
        let [ada, ben, elsewhere] = slots(RemoteKind::Original3);
        assert!(ada == ben && ada != elsewhere);
        let [ada, ben, elsewhere] = slots(RemoteKind::Original2).map(Option::unwrap);
        assert!(ada != ben && ada != elsewhere && !ada.contains("ada"));
    }
}
