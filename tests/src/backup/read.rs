//! Reads a backup as a restore does: the archive to its end, what `moodle_backup.xml` says, and the files it names.

use flate2::read::GzDecoder;
use roxmltree::{Document, Node};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufReader, Read, Seek},
    path::Path,
};

/// What is in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReadBackup {
    /// The course's id where it was made.
    pub course_id: i64,
    pub fullname: String,
    pub shortname: String,
    /// HTML.
    pub summary: String,
    /// Unix seconds.
    pub startdate: i64,
    pub visible: bool,
    pub sections: Vec<ReadSection>,
    /// How many there are, and their bytes together.
    pub files: (usize, u64),
}

impl ReadBackup {
    pub fn activity_count(&self) -> usize {
        self.sections.iter().map(|section| section.activities.len()).sum()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReadSection {
    /// Empty for the name that Moodle makes itself.
    pub name: String,
    pub activities: Vec<ReadActivity>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReadActivity {
    /// Moodle's name of the module.
    pub module: String,
    pub name: String,
}

/// Why a file cannot be restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// It is no archive, or an archive of something else.
    NotABackup(String),
    /// It cannot be unpacked whole.
    Unreadable(String),
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotABackup(why) => write!(f, "no backup of a course: {why}"),
            Self::Unreadable(why) => write!(f, "cannot be read: {why}"),
        }
    }
}

const XML_LIMIT: u64 = 64 << 20;

/// The XML files of an archive by path, and the number and bytes of the course's own files.
#[derive(Default)]
struct Unpacked {
    xml: BTreeMap<String, String>,
    files: (usize, u64),
}

impl Unpacked {
    fn take(&mut self, path: &str, mut content: impl Read) -> io::Result<()> {
        // Moodle unpacks archives whose members are named like this as well.
        let path = path.strip_prefix("./").unwrap_or(path);
        if path.starts_with("files/") {
            self.files.0 += 1;
            self.files.1 += io::copy(&mut content, &mut io::sink())?;
        } else if Path::new(path).extension().is_some_and(|extension| extension == "xml") {
            let mut text = String::new();
            content.take(XML_LIMIT).read_to_string(&mut text)?;
            self.xml.insert(path.to_owned(), text);
        }
        Ok(())
    }

    fn document(&self, path: &str) -> Result<Document<'_>, Broken> {
        let text = self.xml.get(path).ok_or_else(|| Broken::Unreadable(format!("{path} is missing")))?;
        Document::parse(text).map_err(|error| Broken::Unreadable(format!("{path}: {error}")))
    }
}

pub fn read(path: &Path) -> Result<ReadBackup, Broken> {
    let unreadable = |error: io::Error| Broken::Unreadable(error.to_string());
    let mut file = File::open(path).map_err(unreadable)?;
    let mut magic = [0; 4];
    let known = file.read(&mut magic).map_err(unreadable)?;
    file.rewind().map_err(unreadable)?;
    let unpacked = match magic.get(..known).unwrap_or_default() {
        [0x1f, 0x8b, ..] => tar_gz(BufReader::new(file)),
        [b'P', b'K', 3, 4] => zip(BufReader::new(file)),
        _ => return Err(Broken::NotABackup("neither tar.gz nor zip".to_owned())),
    };
    understand(&unpacked.map_err(unreadable)?)
}

fn tar_gz(file: impl Read) -> io::Result<Unpacked> {
    let mut unpacked = Unpacked::default();
    let mut tar = tar::Archive::new(GzDecoder::new(file));
    for entry in tar.entries()? {
        let entry = entry?;
        if entry.header().entry_type().is_file() {
            let path = entry.path()?.to_string_lossy().into_owned();
            unpacked.take(&path, entry)?;
        }
    }
    // gzip's checksum stands at the very end: a file that was cut is noticed only by reading that far.
    io::copy(&mut tar.into_inner(), &mut io::sink())?;
    Ok(unpacked)
}

fn zip(file: impl Read + Seek) -> io::Result<Unpacked> {
    let mut unpacked = Unpacked::default();
    let mut zip = zip::ZipArchive::new(file)?;
    for index in 0..zip.len() {
        let entry = zip.by_index(index)?;
        if entry.is_file() {
            let path = entry.name()?.into_owned();
            unpacked.take(&path, entry)?;
        }
    }
    Ok(unpacked)
}

fn understand(unpacked: &Unpacked) -> Result<ReadBackup, Broken> {
    let Some(manifest) = unpacked.xml.get("moodle_backup.xml") else {
        return Err(Broken::NotABackup("it holds no moodle_backup.xml".to_owned()));
    };
    let not_a_backup = |why: &str| Broken::NotABackup(format!("moodle_backup.xml: {why}"));
    let manifest = Document::parse(manifest).map_err(|error| not_a_backup(&error.to_string()))?;
    let information = child(manifest.root_element(), "information").ok_or_else(|| not_a_backup("no information"))?;
    let detail = child(information, "details").and_then(|details| child(details, "detail"));
    let detail = detail.ok_or_else(|| not_a_backup("no details"))?;
    if (text(detail, "type"), text(detail, "format")) != ("course", "moodle2") {
        return Err(not_a_backup("not of a course"));
    }
    let course_id = number(information, "original_course_id");
    let contents = child(information, "contents").ok_or_else(|| not_a_backup("no contents"))?;
    let course = unpacked.document("course/course.xml")?;
    let course = course.root_element();
    let mut sections = Vec::new();
    for section in children(contents, "sections", "section") {
        let document = unpacked.document(&format!("{}/section.xml", text(section, "directory")))?;
        sections.push((text(section, "sectionid"), number(document.root_element(), "number"), {
            let name = text(document.root_element(), "name");
            ReadSection { name: if name == "$@NULL@$" { "" } else { name }.to_owned(), activities: Vec::new() }
        }));
    }
    sections.sort_by_key(|(_, number, _)| *number);
    for activity in children(contents, "activities", "activity") {
        let (module, directory) = (text(activity, "modulename"), text(activity, "directory"));
        let document = unpacked.document(&format!("{directory}/{module}.xml"))?;
        unpacked.document(&format!("{directory}/module.xml"))?;
        let instance = child(document.root_element(), module);
        let instance =
            instance.ok_or_else(|| Broken::Unreadable(format!("{directory}/{module}.xml is of something else")))?;
        let section = sections.iter_mut().find(|(id, ..)| *id == text(activity, "sectionid"));
        let (.., section) = section.ok_or_else(|| Broken::Unreadable(format!("{directory} stands in no section")))?;
        let name = text(instance, "name").to_owned();
        section.activities.push(ReadActivity { module: module.to_owned(), name });
    }
    Ok(ReadBackup {
        course_id,
        fullname: text(course, "fullname").to_owned(),
        shortname: text(course, "shortname").to_owned(),
        summary: text(course, "summary").to_owned(),
        startdate: number(course, "startdate"),
        visible: text(course, "visible") == "1",
        sections: sections.into_iter().map(|(.., section)| section).collect(),
        files: unpacked.files,
    })
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| child.has_tag_name(name))
}

fn children<'a, 'i>(node: Node<'a, 'i>, list: &'a str, name: &'a str) -> impl Iterator<Item = Node<'a, 'i>> {
    let members = child(node, list).into_iter().flat_map(|list| list.children());
    members.filter(move |member| member.has_tag_name(name))
}

fn text<'a>(node: Node<'a, '_>, name: &str) -> &'a str {
    child(node, name).and_then(|child| child.text()).unwrap_or_default()
}

fn number(node: Node<'_, '_>, name: &str) -> i64 {
    text(node, name).parse().unwrap_or_default()
}
