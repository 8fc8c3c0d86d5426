//! The kinds of remote Moodles, told apart by what they say of themselves, and what each can do.

use serde::{Deserialize, Serialize};

/// What lends courses on a remote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RemoteKind {
    /// Our own block: backups are made while nobody waits, one per restore.
    Courseferry,
    /// The original block, release 3: one backup file for the whole site.
    Original3,
    /// The original block, release 2: one backup file per teacher.
    Original2,
}

impl RemoteKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Courseferry, Self::Original3, Self::Original2];

    /// How a remote is treated whose kind is not known: the way that harms none of them.
    pub const CAREFUL: Self = Self::Original3;

    /// The word in the database and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Courseferry => "courseferry",
            Self::Original3 => "original3",
            Self::Original2 => "original2",
        }
    }

    /// What such a remote can do.
    pub fn abilities(self) -> Abilities {
        let ours = self == Self::Courseferry;
        Abilities { progress: ours, contents: ours, leave_out: ours, students: self != Self::Original2 }
    }
}

impl std::str::FromStr for RemoteKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}

/// What a kind of remote can do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is an ability of its own")]
pub struct Abilities {
    /// It tells how far a backup is.
    pub progress: bool,
    /// It tells what is in a course before it is copied.
    pub contents: bool,
    /// Sections and activities can be left out.
    pub leave_out: bool,
    /// It can lend students' data, where its site and the teacher's rights allow that.
    pub students: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_reads_back_from_its_word_and_an_unknown_one_is_treated_with_care() {
        for kind in RemoteKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{kind}\"", kind = kind.as_str()));
        }
        assert_eq!("original4".parse::<RemoteKind>(), Err(()));
        assert!(!RemoteKind::CAREFUL.abilities().progress);
    }
}
