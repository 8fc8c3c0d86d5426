//! A course of the client.

use crate::backup::ReadSection;
use serde::Serialize;
use std::collections::BTreeMap;

/// A course of the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Course {
    /// Its id.
    pub id: i64,
    /// Its category's id.
    pub category: i64,
    /// Its full name.
    pub fullname: String,
    /// Its short name.
    pub shortname: String,
    /// Whether students see it.
    pub visible: bool,
    /// When it starts, Unix seconds.
    pub starts: i64,
    /// What is in it.
    pub sections: Vec<ReadSection>,
    /// Files in it, and their bytes together.
    pub files: (usize, u64),
    /// Who is in it: user ids and their roles' short names.
    pub participants: BTreeMap<i64, String>,
    /// The restore that made it.
    pub job: Option<String>,
    /// The restores that added to it.
    pub added: Vec<String>,
    /// The SHA-1 of the backup that it came from.
    pub sha1: Option<String>,
    /// Whether it is still being made.
    pub half_made: bool,
}

impl Course {
    /// How many activities it has.
    pub fn activity_count(&self) -> usize {
        self.sections.iter().map(|section| section.activities.len()).sum()
    }
}
