//! Course backups (`.mbz`) in Moodle's own format, written for the demo courses and read as a restore reads them.
//!
//! The format is that of Moodle 4.5 without users, as the original block makes it: tar.gz whose first entry is
//! `.ARCHIVE_INDEX`, or zip.

mod read;
mod template;
mod write;

pub use read::{Broken, ReadActivity, ReadBackup, ReadSection, read};
pub use write::{Archive, Site, write};

#[derive(Debug, Clone, Default)]
pub struct CourseContent {
    pub id: i64,
    pub shortname: String,
    pub fullname: String,
    pub idnumber: String,
    /// HTML.
    pub summary: String,
    /// Unix seconds.
    pub startdate: i64,
    pub visible: bool,
    /// Id and name.
    pub category: (i64, String),
    /// The first is the general section.
    pub sections: Vec<Section>,
}

#[derive(Debug, Clone, Default)]
pub struct Section {
    /// Empty for the name that Moodle makes itself, such as "Topic 1".
    pub name: String,
    pub activities: Vec<Activity>,
}

/// An activity or resource.
#[derive(Debug, Clone)]
pub struct Activity {
    pub name: String,
    pub kind: Kind,
}

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
    File {
        filename: String,
        mimetype: String,
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

#[derive(Debug, Clone)]
pub enum FileContent {
    Bytes(Vec<u8>),
    /// This many bytes that do not compress; the same ones each time.
    Noise(u64),
}
