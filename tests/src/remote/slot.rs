//! The file of a backup that a remote has made.

use super::config::{RemoteCourse, Source};
use crate::{backup, checksum::read_sums};
use std::{
    fs::File,
    io::{self, Read, Seek, Write},
    sync::Arc,
};

/// A backup's file, a temporary one however large it is.
#[derive(Debug)]
pub(super) struct Slot {
    pub id: i64,
    pub sha1: String,
    pub sha256: String,
    pub len: u64,
    file: Arc<File>,
}

impl Slot {
    pub(super) fn make(course: &RemoteCourse, site: &backup::Site, id: i64) -> io::Result<Self> {
        match &course.source {
            Source::Written(archive) => {
                let mut file = tempfile::tempfile()?;
                backup::write(&course.content, site, *archive, io::BufWriter::new(&mut file))?;
                Self::of_file(id, file)
            }
            Source::File(path) => Self::of_file(id, File::open(path)?),
        }
    }

    pub(super) fn of_bytes(id: i64, bytes: &[u8]) -> io::Result<Self> {
        let mut file = tempfile::tempfile()?;
        file.write_all(bytes)?;
        Self::of_file(id, file)
    }

    /// Its first half.
    pub(super) fn cut_short(&self) -> io::Result<Self> {
        let mut half = Vec::new();
        let mut file = &*self.file;
        file.rewind()?;
        file.take(self.len / 2).read_to_end(&mut half)?;
        Self::of_bytes(self.id, &half)
    }

    /// The SHA-256 in bytes.
    pub(super) fn digest(&self) -> Vec<u8> {
        let digits: Vec<u8> = self.sha256.chars().filter_map(|digit| digit.to_digit(16)?.try_into().ok()).collect();
        digits.chunks(2).filter_map(|pair| Some((pair.first()? << 4) | pair.get(1)?)).collect()
    }

    pub(super) fn file(&self) -> Arc<File> {
        Arc::clone(&self.file)
    }

    fn of_file(id: i64, mut file: File) -> io::Result<Self> {
        file.rewind()?;
        let (len, sha1, sha256) = read_sums(&file)?;
        Ok(Self { id, sha1, sha256, len, file: Arc::new(file) })
    }
}
