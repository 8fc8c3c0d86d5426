//! Writes a course as a backup: which files it has, what `moodle_backup.xml` says of them, and the archive.

use super::{
    CourseContent, FileContent, Kind,
    template::{
        EMPTY_ACTIVITY_FILES, EMPTY_COURSE_FILES, Placed, ROOT_SETTINGS, course_xml, fields, file, file_record, group,
        section_xml, setting,
    },
};
use crate::checksum::{read_sums, sha1};
use flate2::{Compression, write::GzEncoder};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Read, Seek, Write},
};
use zip::{ZipWriter, write::SimpleFileOptions};

/// Which archive Moodle packs a backup into.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Archive {
    /// tar.gz, the default since Moodle 3.4.
    #[default]
    TarGz,
    /// zip, still a setting.
    Zip,
}

/// The site that a backup is made on, and when.
#[derive(Debug, Clone)]
pub struct Site {
    pub wwwroot: String,
    /// Unix seconds.
    pub now: i64,
    /// Different for each backup.
    pub serial: u64,
}

/// Moodle's versions, as they stand in the backups that this format was learned from.
const MOODLE_VERSION: &str = "2024100705.01";
const MOODLE_RELEASE: &str = "4.5.5+ (Build: 20250613)";
const BACKUP_VERSION: &str = "2024100700";

/// Bytes that do not compress: the same `len` bytes each time they are read.
struct Noise {
    left: u64,
    state: u64,
}

impl Noise {
    fn new(len: u64) -> Self {
        Self { left: len, state: 0x9e37_79b9_7f4a_7c15 }
    }
}

impl Read for Noise {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        for chunk in buffer.get_mut(..wanted).unwrap_or_default().chunks_mut(8) {
            self.state ^= self.state << 13;
            self.state ^= self.state >> 7;
            self.state ^= self.state << 17;
            let noise = self.state.to_le_bytes();
            chunk.copy_from_slice(noise.get(..chunk.len()).unwrap_or_default());
        }
        self.left -= wanted as u64;
        Ok(wanted)
    }
}

impl FileContent {
    fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Noise(len) => *len,
        }
    }

    fn reader(&self) -> Box<dyn Read + '_> {
        match self {
            Self::Bytes(bytes) => Box::new(bytes.as_slice()),
            Self::Noise(len) => Box::new(Noise::new(*len)),
        }
    }
}

pub fn write(course: &CourseContent, site: &Site, archive: Archive, into: impl Write + Seek) -> io::Result<()> {
    let entries = entries(course, site)?;
    match archive {
        Archive::TarGz => tar_gz(&entries, site.now, into),
        Archive::Zip => zip(&entries, into),
    }
}

fn entries(course: &CourseContent, site: &Site) -> io::Result<BTreeMap<String, FileContent>> {
    let mut entries = BTreeMap::new();
    let mut add = |path: &str, text: String| entries.insert(path.to_owned(), FileContent::Bytes(text.into_bytes()));
    for (path, empty) in EMPTY_COURSE_FILES {
        add(path, file(empty));
    }
    // Ids as they might be on a site: all different, and different for each course.
    let context = course.id * 1000 + 20;
    let mut serial = 0;
    let (mut manifest_activities, mut manifest_sections, mut settings) = (String::new(), String::new(), String::new());
    for (name, value) in ROOT_SETTINGS {
        settings += &setting("root", None, name, value);
    }
    let (mut file_records, mut contents) = (String::new(), Vec::new());
    for (number, section) in course.sections.iter().enumerate() {
        let section_id = course.id * 100 + i64::try_from(number).unwrap_or_default();
        let mut modules = Vec::new();
        let section_name = format!("section_{section_id}");
        settings += &setting("section", Some(&section_name), &format!("{section_name}_included"), "1");
        settings += &setting("section", Some(&section_name), &format!("{section_name}_userinfo"), "0");
        for activity in &section.activities {
            serial += 1;
            let module = course.id * 100 + serial;
            let placed = Placed {
                activity,
                module,
                instance: module,
                context: context + serial,
                section: (section_id, number),
                time: course.startdate,
            };
            modules.push(module);
            let directory = format!("activities/{}", placed.name());
            for (path, empty) in EMPTY_ACTIVITY_FILES {
                add(&format!("{directory}/{path}"), file(empty));
            }
            add(&format!("{directory}/{}.xml", activity.kind.module()), placed.activity_xml());
            add(&format!("{directory}/module.xml"), placed.module_xml(BACKUP_VERSION));
            if matches!(activity.kind, Kind::Forum) {
                add(&format!("{directory}/grading.xml"), file("<areas>\n</areas>"));
            }
            let mut references = String::new();
            if let Kind::File { filename, mimetype, content } = &activity.kind {
                let (len, hash, _) = read_sums(content.reader())?;
                for (id, hash, len, name, mimetype) in [
                    (module * 2, hash.clone(), len, filename.as_str(), mimetype.as_str()),
                    (module * 2 + 1, sha1([]), 0, ".", super::template::NULL),
                ] {
                    file_records += &file_record(id, placed.context, (&hash, len), name, mimetype, course.startdate);
                    references += &group("file", &fields(&[("id", &id)]));
                }
                references = group("fileref", &references);
                contents.push((format!("files/{}/{hash}", hash.get(..2).unwrap_or_default()), content.clone()));
            }
            add(&format!("{directory}/inforef.xml"), file(&group("inforef", &references)));
            manifest_activities += &placed.manifest();
            let name = placed.name();
            settings += &setting("activity", Some(&name), &format!("{name}_included"), "1");
            settings += &setting("activity", Some(&name), &format!("{name}_userinfo"), "0");
        }
        add(&format!("sections/{section_name}/inforef.xml"), file("<inforef>\n</inforef>"));
        add(
            &format!("sections/{section_name}/section.xml"),
            section_xml(section_id, number, section, &modules, course.startdate),
        );
        let title = if section.name.is_empty() { number.to_string() } else { section.name.clone() };
        manifest_sections += &group(
            "section",
            &fields(&[
                ("sectionid", &section_id),
                ("title", &title),
                ("directory", &format!("sections/{section_name}")),
                ("parentcmid", &""),
                ("modname", &""),
            ]),
        );
    }
    add("course/course.xml", course_xml(course, context, course.startdate));
    add("files.xml", file(&group("files", &file_records)));
    add("moodle_backup.log", String::new());
    let contents_xml = group("activities", &manifest_activities)
        + &group("sections", &manifest_sections)
        + &group(
            "course",
            &fields(&[("courseid", &course.id), ("title", &course.shortname), ("directory", &"course")]),
        );
    let information =
        information(course, site, context) + &group("contents", &contents_xml) + &group("settings", &settings);
    add("moodle_backup.xml", file(&group("moodle_backup", &group("information", &information))));
    entries.extend(contents);
    Ok(entries)
}

fn information(course: &CourseContent, site: &Site, context: i64) -> String {
    let hash = |of: &str| sha1(of).chars().take(32).collect::<String>();
    let detail = fields(&[
        ("type", &"course"),
        ("format", &"moodle2"),
        ("interactive", &""),
        // MODE_HUB, which the original block uses: no users.
        ("mode", &30),
        ("execution", &1),
        ("executiontime", &0),
    ]);
    let backup_id = hash(&format!("{} {} {} {}", site.wwwroot, course.id, site.now, site.serial));
    fields(&[
        ("name", &"backup.mbz"),
        ("moodle_version", &MOODLE_VERSION),
        ("moodle_release", &MOODLE_RELEASE),
        ("backup_version", &BACKUP_VERSION),
        ("backup_release", &"4.5"),
        ("backup_date", &site.now),
        ("mnet_remoteusers", &0),
        ("include_files", &1),
        ("include_file_references_to_external_content", &0),
        ("original_wwwroot", &site.wwwroot),
        ("original_site_identifier_hash", &hash(&site.wwwroot)),
        ("original_course_id", &course.id),
        ("original_course_format", &"topics"),
        ("original_course_fullname", &course.fullname),
        ("original_course_shortname", &course.shortname),
        ("original_course_startdate", &course.startdate),
        ("original_course_enddate", &0),
        ("original_course_contextid", &context),
        ("original_system_contextid", &1),
    ]) + &group("details", &group(&format!("detail backup_id=\"{backup_id}\""), &detail))
}

/// The directories above the entries, each before what is in it.
fn with_directories(entries: &BTreeMap<String, FileContent>) -> Vec<(String, Option<&FileContent>)> {
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for (path, content) in entries {
        for (end, _) in path.match_indices('/') {
            let directory = path.get(..=end).unwrap_or_default().to_owned();
            if seen.insert(directory.clone()) {
                all.push((directory, None));
            }
        }
        all.push((path.clone(), Some(content)));
    }
    all
}

fn tar_gz(entries: &BTreeMap<String, FileContent>, now: i64, into: impl Write) -> io::Result<()> {
    let all = with_directories(entries);
    let mut index = format!("Moodle archive file index. Count: {}\n", all.len());
    for (path, content) in &all {
        let line = match content {
            Some(content) => format!("{path}\tf\t{}\t{now}\n", content.len()),
            None => format!("{path}\td\t0\t?\n"),
        };
        index.push_str(&line);
    }
    let mut tar = tar::Builder::new(GzEncoder::new(into, Compression::fast()));
    let mut append = |path: &str, len: u64, content: &mut dyn Read, time: i64| {
        let mut header = tar::Header::new_ustar();
        header.set_size(len);
        header.set_mtime(u64::try_from(time).unwrap_or_default());
        header.set_mode(if path.ends_with('/') { 0o755 } else { 0o644 });
        header.set_entry_type(if path.ends_with('/') { tar::EntryType::Directory } else { tar::EntryType::Regular });
        tar.append_data(&mut header, path, content)
    };
    // Moodle dates what is not a file of its own 2013-01-01.
    let epoch = 1_356_998_400;
    append(".ARCHIVE_INDEX", index.len() as u64, &mut index.as_bytes(), epoch)?;
    for (path, content) in all {
        match content {
            Some(content) => append(&path, content.len(), &mut content.reader(), now)?,
            None => append(&path, 0, &mut io::empty(), epoch)?,
        }
    }
    tar.into_inner()?.finish()?.flush()
}

fn zip(entries: &BTreeMap<String, FileContent>, into: impl Write + Seek) -> io::Result<()> {
    let mut zip = ZipWriter::new(into);
    let options = SimpleFileOptions::default().large_file(false);
    for (path, content) in with_directories(entries) {
        match content {
            Some(content) => {
                zip.start_file(path, options)?;
                io::copy(&mut content.reader(), &mut zip)?;
            }
            None => zip.add_directory(path.trim_end_matches('/'), options)?,
        }
    }
    zip.finish()?.flush()
}
