//! Restoring for somebody else, by administrators: people found by name, their courses, a list read from a file, what would
//! become of each row, and the restores themselves.

use crate::{Choice, Exception, JobId, Options, Problem, Scheduled, UserId};
use serde::{Deserialize, Serialize};

/// Rows that one [`PreviewFor`] or [`OrdersFor`] takes: for each of them Moodles may be asked.
pub const ROWS_AT_ONCE: usize = 20;

/// `POST /api/manage/people`: who has this name? By POST, since addresses stay in logs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleSearch {
    /// Words of their name, or of what else the administrator may see of them.
    pub search: String,
}

/// People of the client Moodle.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// Those who match, by name.
    pub people: Vec<FoundPerson>,
    /// There are others.
    #[serde(default)]
    pub more: bool,
}

/// Somebody, as the administrator who asks may see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundPerson {
    /// Their id.
    pub id: UserId,
    /// Their full name.
    pub name: String,
    /// What tells people of one name apart, as this Moodle shows it to the administrator; may be empty.
    pub identity: String,
}

/// `POST /api/manage/for/file`: a list as CSV.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListFile {
    /// The file's text, as the browser reads it.
    pub text: String,
}

/// What a file says, row by row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListRows {
    /// The rows, in the file's order.
    pub rows: Vec<ListRow>,
}

/// One row of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListRow {
    /// The line on which it begins.
    pub line: u32,
    /// What it asks for.
    pub wish: WishFor,
    /// Why it cannot be scheduled as written, if that is already clear.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

/// Who is to get which course, as it was typed or chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WishFor {
    /// Their user name.
    pub person: String,
    /// Their id, where they were chosen and not typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// The remote: its id, name or address.
    pub remote: String,
    /// The course there: its number, short name or id number.
    pub course: String,
    /// The category here: its number, identifier or path; `default`, or empty for the original one.
    pub category: String,
    /// The options of the restore; a list from a file has none.
    #[serde(skip_serializing_if = "Options::is_as_there")]
    pub options: Options,
}

/// `POST /api/manage/for/preview`: what would become of these; at most [`ROWS_AT_ONCE`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewFor {
    /// The rows.
    pub wishes: Vec<WishFor>,
}

/// Answer to [`PreviewFor`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanFor {
    /// One entry for each row, in their order.
    pub rows: Vec<PlannedFor>,
}

/// What would become of one row. What is not known stays as it was typed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedFor {
    /// The person's full name.
    pub person: String,
    /// The remote's name.
    pub remote: String,
    /// The course's full name.
    pub course: String,
    /// The name of the category that it would go to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The person lacks the rights: it is carried out with the administrator's.
    #[serde(default)]
    pub borrowed: bool,
    /// What differs from what was asked for.
    #[serde(default)]
    pub exceptions: Vec<Exception>,
    /// What is to be sent to have it done; none if it cannot be.
    #[serde(default)]
    pub order: Option<RestoreFor>,
    /// Why it cannot be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

/// A course for somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreFor {
    /// Whose it is to be.
    pub person: UserId,
    /// Which course, and where to.
    pub choice: Choice,
}

/// `POST /api/manage/for`: these restores, each by itself; at most [`ROWS_AT_ONCE`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrdersFor {
    /// The restores.
    pub orders: Vec<RestoreFor>,
    /// Of a list that is sent in parts, what its first part was answered: one message tells of all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<JobId>,
}

/// Answer to [`OrdersFor`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrderedFor {
    /// Names the list, for its next part.
    pub list: JobId,
    /// What became of each, in their order.
    pub results: Vec<Scheduled>,
}
