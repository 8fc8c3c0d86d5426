//! Remote Moodles: their kinds, told apart by what they say of themselves, what each can do, and what our own remote
//! side (`block_courseferry_remote_…`) answers.

use crate::{ErrorCode, JobId, Language, UnixTime, lenient, words};
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

    /// How a remote of unknown kind is treated: in the way that is safe for every kind.
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

    /// The block of this version and what it can do, for administrators.
    pub fn described(self, version: &str, language: Language) -> String {
        let version = if version.is_empty() { "?" } else { version };
        let lends = match self {
            Self::Courseferry => words::LENDS_COURSEFERRY,
            Self::Original3 => words::LENDS_ORIGINAL_3,
            Self::Original2 => words::LENDS_ORIGINAL_2,
        };
        language.fill(lends, &[("version", version)])
    }

    /// What would make such a remote better; empty where nothing would.
    pub fn advice(self, language: Language) -> &'static str {
        match self {
            Self::Courseferry => "",
            Self::Original3 | Self::Original2 => language.say(words::INSTALL_COURSEFERRY),
        }
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

/// How far a backup on a remote of our kind is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BackupState {
    /// It waits for the remote's cron.
    Waiting,
    /// It is being made.
    Running,
    /// The file is there.
    Ready,
    /// It failed.
    Failed,
    /// Nothing is kept under this job and number: never asked, another client's, deleted or expired.
    Gone,
}

/// A backup on a remote of our kind. What a state does not have is 0 or empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BackupEntry {
    /// The restore that it is for.
    pub job: JobId,
    /// Which of that restore's backups it is.
    pub number: u32,
    /// How far it is.
    pub state: BackupState,
    /// How much of it is made.
    #[serde(default, deserialize_with = "lenient::percent")]
    pub percent: u8,
    /// Seconds since it was asked for, while it waits; since this process began, while it runs.
    #[serde(default)]
    pub elapsed: u64,
    /// Bytes of the file.
    #[serde(default)]
    pub bytes: u64,
    /// The file's SHA-256 in lower-case hex digits.
    #[serde(default, deserialize_with = "lenient::name")]
    pub sha256: String,
    /// Why it failed.
    #[serde(default, deserialize_with = "failure")]
    pub error: Option<ErrorCode>,
    /// The same for the help desk.
    #[serde(default, deserialize_with = "lenient::detail")]
    pub message: String,
    /// Another backup may succeed by itself.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub transient: bool,
    /// When the remote removes the file by itself.
    #[serde(default, deserialize_with = "lenient::moment")]
    pub expires: Option<UnixTime>,
}

/// A remote's word for why a backup failed; one that this version does not know is a failed backup.
fn failure<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<ErrorCode>, D::Error> {
    let code = lenient::filled(deserializer)?;
    Ok(code.map(|code| code.parse().unwrap_or(ErrorCode::RemoteBackupFailed)))
}

/// What became of the wish to delete a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletedBackup {
    /// The restore that it was for.
    pub job: JobId,
    /// Which of that restore's backups.
    pub number: u32,
    /// Whether there was something to remove.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub removed: bool,
}

/// What is in a course of a remote of our kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// Bytes of its files, at the most.
    #[serde(default)]
    pub bytes: u64,
    /// Its sections, in their order.
    pub sections: Vec<Section>,
}

/// A section of a course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Its id there.
    pub id: i64,
    /// Its place.
    #[serde(default)]
    pub number: u32,
    /// Its name as it is stored, or the format's.
    #[serde(default, deserialize_with = "lenient::name")]
    pub name: String,
    /// Students see it.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub visible: bool,
    /// What is in it.
    #[serde(default)]
    pub activities: Vec<Activity>,
}

/// An activity of a course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// Its course module's id there.
    pub id: i64,
    /// Its name as it is stored.
    #[serde(default, deserialize_with = "lenient::name")]
    pub name: String,
    /// Its module, such as `page`.
    #[serde(default, deserialize_with = "lenient::name")]
    pub kind: String,
    /// The module's name in the remote's language.
    #[serde(default, deserialize_with = "lenient::name")]
    pub kindname: String,
    /// Students see it.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub visible: bool,
    /// Bytes of its files.
    #[serde(default)]
    pub bytes: u64,
    /// The section that it holds, if it is a subsection; else 0.
    #[serde(default)]
    pub section: i64,
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

    #[test]
    fn every_kind_is_named_with_its_version_and_originals_come_with_advice() {
        let languages = [Language::English, Language::French];
        for (kind, language) in RemoteKind::ALL.into_iter().flat_map(|kind| languages.map(|language| (kind, language)))
        {
            assert!(kind.described("2026112600", language).contains("2026112600"));
            assert_eq!(kind.advice(language).is_empty(), kind == RemoteKind::Courseferry);
            let students = ["has students' data", "a les données des étudiants"];
            let has = students.iter().any(|words| kind.described("1", language).contains(words));
            assert_eq!(has, kind.abilities().students, "{kind:?}");
        }
    }
}
