//! A course of the client.

use crate::backup::ReadSection;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Course {
    pub id: i64,
    pub category: i64,
    pub fullname: String,
    pub shortname: String,
    pub visible: bool,
    /// Unix seconds.
    pub starts: i64,
    pub sections: Vec<ReadSection>,
    /// How many there are, and their bytes together.
    pub files: (usize, u64),
    /// User ids with their roles' short names.
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
    pub fn activity_count(&self) -> usize {
        self.sections.iter().map(|section| section.activities.len()).sum()
    }
}
