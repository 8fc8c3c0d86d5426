//! Course backups (`.mbz`) in Moodle's own format, written for the demo courses and read as a restore reads them.
//!
//! The format is that of Moodle 4.5 without users, as the original block makes it: tar.gz whose first entry is
//! `.ARCHIVE_INDEX`, or zip.

mod read;
mod template;
mod write;

pub use read::{Broken, ReadActivity, ReadBackup, ReadSection, read};
pub use write::{Archive, Site, write};

/// What a demo course holds.
#[derive(Debug, Clone, Default)]
pub struct CourseContent {
    /// The course's id on its site.
    pub id: i64,
    /// Its short name.
    pub shortname: String,
    /// Its full name.
    pub fullname: String,
    /// Its id number.
    pub idnumber: String,
    /// Its description, HTML.
    pub summary: String,
    /// When it starts, Unix seconds.
    pub startdate: i64,
    /// Whether students see it.
    pub visible: bool,
    /// Its category's id and name.
    pub category: (i64, String),
    /// Its sections, the first being the general one.
    pub sections: Vec<Section>,
}

/// A section of a course.
#[derive(Debug, Clone, Default)]
pub struct Section {
    /// Its name; empty for Moodle's own ("Topic 1").
    pub name: String,
    /// What it shows.
    pub activities: Vec<Activity>,
}

/// An activity or resource.
#[derive(Debug, Clone)]
pub struct Activity {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
}

/// What an activity is.
#[derive(Debug, Clone)]
pub enum Kind {
    /// A page with this HTML.
    Page(String),
    /// A forum for general use.
    Forum,
    /// A text on the course page, HTML.
    Label(String),
    /// A link to this address.
    Url(String),
    /// A file.
    File {
        /// Its name.
        filename: String,
        /// Its media type.
        mimetype: String,
        /// What is in it.
        content: FileContent,
    },
}

impl Kind {
    /// Moodle's name of the module.
    pub fn module(&self) -> &'static str {
        match self {
            Self::Page(_) => "page",
            Self::Forum => "forum",
            Self::Label(_) => "label",
            Self::Url(_) => "url",
            Self::File { .. } => "resource",
        }
    }

    /// Bytes of its file.
    pub fn bytes(&self) -> u64 {
        match self {
            Self::File { content: FileContent::Bytes(bytes), .. } => bytes.len() as u64,
            Self::File { content: FileContent::Noise(length), .. } => *length,
            _ => 0,
        }
    }
}

/// What is in a file.
#[derive(Debug, Clone)]
pub enum FileContent {
    /// These bytes.
    Bytes(Vec<u8>),
    /// So many bytes that do not compress, always the same ones.
    Noise(u64),
}
