//! What a remote is told to be: its accounts and its courses, and what a backup of each is.

use crate::{
    backup::{self, Archive, CourseContent, Kind, ReadBackup},
    tls::Certificate,
};
use courseferry_api::RemoteKind;
use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

#[derive(Debug, Clone)]
pub struct RemoteConfig {
    /// 0 for any.
    pub port: u16,
    pub name: String,
    /// The web service token that it takes.
    pub token: String,
    pub usernames: Vec<String>,
    pub courses: Vec<RemoteCourse>,
    /// How long a backup takes.
    pub backup_time: Duration,
    /// Files of a folder of backups that are no course here, and why.
    pub not_listed: Vec<(PathBuf, String)>,
    /// What lends its courses.
    pub kind: RemoteKind,
    /// Our own kind: until cron takes a backup up.
    pub cron: Duration,
    /// Our own kind: whether students' data may be lent.
    pub lends_users: bool,
    /// It speaks TLS under this one; without any, plain HTTP.
    pub certificate: Option<Certificate>,
}

#[derive(Debug, Clone)]
pub struct RemoteCourse {
    /// What a list says of it.
    pub content: CourseContent,
    /// What names its category on other sites too.
    pub category_identifier: String,
    /// Who teaches it, and so may have it listed and backed up.
    pub teachers: Vec<String>,
    pub source: Source,
}

/// What a backup of a course is.
#[derive(Debug, Clone)]
pub enum Source {
    /// One written from the course's content.
    Written(Archive),
    /// This file, as it is.
    File(PathBuf),
}

impl RemoteConfig {
    /// A remote without courses.
    pub fn new(name: &str, token: &str) -> Self {
        Self {
            port: 0,
            name: name.to_owned(),
            token: token.to_owned(),
            usernames: Vec::new(),
            courses: Vec::new(),
            backup_time: Duration::ZERO,
            not_listed: Vec::new(),
            kind: RemoteKind::Original2,
            cron: Duration::ZERO,
            lends_users: false,
            certificate: None,
        }
    }

    pub fn of_kind(self, kind: RemoteKind) -> Self {
        Self { kind, ..self }
    }

    /// Adds every `.mbz` of a directory as a course of these teachers, or notes why it is none. A course is known by the
    /// id in its backup: of two files with the same one the first by name is taken.
    pub fn with_backups_of(mut self, directory: &Path, teachers: &[&str]) -> io::Result<Self> {
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(directory)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
        files.sort();
        for path in files.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "mbz")) {
            match backup::read(&path) {
                Ok(read) => self = self.with_backup(&path, &read, teachers),
                Err(broken) => self.not_listed.push((path, broken.to_string())),
            }
        }
        Ok(self)
    }

    /// Adds a backup as a course of these teachers.
    pub fn with_backup(mut self, path: &Path, read: &ReadBackup, teachers: &[&str]) -> Self {
        if let Some(other) = self.courses.iter().find(|course| course.content.id == read.course_id) {
            let why = format!("course {} is \"{}\" already", read.course_id, other.content.fullname);
            self.not_listed.push((path.to_owned(), why));
            return self;
        }
        let teachers: Vec<String> = teachers.iter().map(ToString::to_string).collect();
        self.usernames.extend(teachers.iter().cloned());
        self.courses.push(RemoteCourse {
            content: CourseContent {
                id: read.course_id,
                shortname: read.shortname.clone(),
                fullname: read.fullname.clone(),
                startdate: read.startdate,
                visible: read.visible,
                category: (1, "Category 1".to_owned()),
                ..CourseContent::default()
            },
            category_identifier: String::new(),
            teachers,
            source: Source::File(path.to_owned()),
        });
        self
    }

    /// Adds a course with one file of so many bytes that do not compress.
    pub fn with_large_course(mut self, id: i64, bytes: u64, teachers: &[&str]) -> Self {
        let teachers: Vec<String> = teachers.iter().map(ToString::to_string).collect();
        self.usernames.extend(teachers.iter().cloned());
        let file = backup::Activity {
            name: "Recordings".to_owned(),
            kind: Kind::File {
                filename: "recordings.bin".to_owned(),
                mimetype: "application/octet-stream".to_owned(),
                content: backup::FileContent::Noise(bytes),
            },
        };
        self.courses.push(RemoteCourse {
            content: CourseContent {
                id,
                shortname: format!("LARGE{id}"),
                fullname: format!("Large course {id}"),
                visible: true,
                startdate: 1_756_684_800,
                category: (1, "Category 1".to_owned()),
                sections: vec![backup::Section { name: String::new(), activities: vec![file] }],
                ..CourseContent::default()
            },
            category_identifier: String::new(),
            teachers,
            source: Source::Written(Archive::TarGz),
        });
        self
    }
}
