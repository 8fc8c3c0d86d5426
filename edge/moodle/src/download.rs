//! What the head of an answer to a download says, before any of its bytes are read. What a header calls the body says
//! nothing: sites and what stands before them name backups as they like. See [`crate::Beginning`] for that.

use crate::{
    answer::{Answer, Script},
    archive::Beginning,
    fault::Fault,
    remote::lending,
};
use courseferry_api::{ErrorCode, Failure, lenient};
use std::{fmt, str::FromStr};

/// What a remote sends when it is asked for a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Download {
    /// A part of the backup, or the whole of it if it begins as one does: see [`crate::Beginning`]. Stream the body.
    Backup(BackupHead),
    /// No such part. Moodle never says so (it sends everything); some front ends do.
    NoSuchRange,
    /// No backup: read the body and give it to [`Download::refusal`].
    Refused,
}

/// What is known of a backup from its answer's head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupHead {
    /// Bytes of this answer, if it says so.
    pub length: Option<u64>,
    /// Bytes of the whole backup, if known.
    pub total: Option<u64>,
    /// The `ETag` as it came.
    pub etag: Option<String>,
    /// The part that was sent; `None` for the whole, also where a part was asked for: Moodle answers
    /// an unsatisfiable range with everything.
    pub range: Option<ByteRange>,
}

impl BackupHead {
    /// The content's SHA-1, if the `ETag` still is the one that Moodle set.
    pub fn sha1(&self) -> Option<StrongSha1> {
        self.etag.as_deref()?.parse().ok()
    }
}

/// Bytes `first` to `last`, both included, of a whole of `total` bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByteRange {
    /// The first byte's place.
    pub first: u64,
    /// The last byte's place.
    pub last: u64,
    /// The whole's length.
    pub total: u64,
}

impl Download {
    /// Reads a head. `header` looks a header up by its lower-case name.
    pub fn of(status: u16, header: impl Fn(&str) -> Option<String>) -> Self {
        // A coded body has another length than the backup.
        let plain = header("content-encoding").is_none_or(|coding| coding.eq_ignore_ascii_case("identity"));
        let length = header("content-length").filter(|_| plain).and_then(|length| length.trim().parse().ok());
        let range = header("content-range").and_then(|range| range.parse().ok());
        match (status, range) {
            (416, _) => Self::NoSuchRange,
            (200, _) if length != Some(0) => {
                Self::Backup(BackupHead { length, total: length, etag: header("etag"), range: None })
            }
            (206, Some(range @ ByteRange { total, .. })) => {
                Self::Backup(BackupHead { length, total: Some(total), etag: header("etag"), range: Some(range) })
            }
            _ => Self::Refused,
        }
    }

    /// Why an answer holds no backup.
    pub fn refusal(answer: &Answer<'_>) -> Failure {
        let not_a_backup = |what| Failure::new(ErrorCode::BackupNotABackup, format!("{what} instead of the backup"));
        if answer.status == 200 && Beginning::of(answer.body) == Beginning::Nothing {
            // The file is gone: another backup has replaced it.
            return Failure::new(ErrorCode::RemoteEmptyBackup, "an empty answer instead of the backup");
        }
        match answer.require_success(Script::Plugin) {
            // A token never goes to another address.
            Err(Fault::WrongAddress) => {
                Failure::new(ErrorCode::RemoteDownloadRedirected, "a redirect instead of the backup")
            }
            Err(Fault::Unexpected(what)) => not_a_backup(what),
            Err(fault) => lending(fault),
            Ok(()) => not_a_backup(format!("an answer of type {}", lenient::cut(answer.content_type.to_owned(), 100))),
        }
    }
}

/// The SHA-1 of a content, in 40 lower-case hex digits: what Moodle's own `ETag` holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StrongSha1(String);

impl StrongSha1 {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for StrongSha1 {
    type Err = ();

    /// Reads an `ETag`. Weak ones, and those that a front end made up, are not taken.
    fn from_str(etag: &str) -> Result<Self, ()> {
        let digits = etag.trim().strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).ok_or(())?;
        let sha1 = digits.len() == 40 && digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        sha1.then(|| Self(digits.to_owned())).ok_or(())
    }
}

impl FromStr for ByteRange {
    type Err = ();

    /// Reads a `Content-Range` with a known total.
    fn from_str(header: &str) -> Result<Self, ()> {
        let (part, total) = header.trim().strip_prefix("bytes ").and_then(|rest| rest.split_once('/')).ok_or(())?;
        let (first, last) = part.split_once('-').ok_or(())?;
        let number = |text: &str| text.trim().parse::<u64>().map_err(|_| ());
        let range = Self { first: number(first)?, last: number(last)?, total: number(total)? };
        (range.first <= range.last && range.last < range.total).then_some(range).ok_or(())
    }
}

impl fmt::Display for ByteRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bytes {}-{}/{}", self.first, self.last, self.total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHA1: &str = "7bb400e4803053c41c1c67a959f4938641d8e2c9";

    fn head(status: u16, headers: &[(&str, &str)]) -> Download {
        Download::of(status, |name| headers.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn only_a_strong_sha1_is_taken_for_a_checksum() {
        assert_eq!(format!("\"{SHA1}\"").parse::<StrongSha1>().unwrap().as_str(), SHA1);
        for etag in [
            format!("W/\"{SHA1}\""),
            SHA1.to_owned(),
            "\"656f-13e8\"".to_owned(),
            format!("\"{}\"", SHA1.to_uppercase()),
            String::new(),
        ] {
            assert!(etag.parse::<StrongSha1>().is_err(), "{etag}");
        }
    }

    #[test]
    fn a_compressed_answer_has_no_known_length() {
        let backup = ("content-type", "application/vnd.moodle.backup");
        let gzip = head(200, &[backup, ("content-encoding", "gzip"), ("content-length", "10"), ("etag", "W/\"x\"")]);
        let Download::Backup(gzip) = gzip else { panic!("{gzip:?}") };
        assert_eq!((gzip.length, gzip.sha1()), (None, None));
    }

    #[test]
    fn a_part_must_say_which_part_it_is() {
        let backup = ("content-type", "application/vnd.moodle.backup");
        assert_eq!(head(206, &[backup]), Download::Refused);
        assert_eq!(head(206, &[backup, ("content-range", "bytes 9-3/10")]), Download::Refused);
        let part = head(206, &[backup, ("content-range", "bytes 1000-5095/5096"), ("content-length", "4096")]);
        let Download::Backup(part) = part else { panic!("{part:?}") };
        assert_eq!((part.total, part.range.unwrap().first), (Some(5096), 1000));
        assert_eq!(part.range.unwrap().to_string(), "bytes 1000-5095/5096");
        assert_eq!(head(416, &[]), Download::NoSuchRange);
    }

    #[test]
    fn a_type_says_nothing_about_the_bytes_and_no_bytes_are_no_backup() {
        for content_type in
            ["application/vnd.moodle.backup", "binary/octet-stream", "text/html", "application/json", ""]
        {
            let download = head(200, &[("content-type", content_type)]);
            assert!(matches!(download, Download::Backup(_)), "{content_type}");
        }
        let empty = [("content-type", "application/vnd.moodle.backup"), ("content-length", "0")];
        assert_eq!(head(200, &empty), Download::Refused);
        assert_eq!(head(303, &[("location", "https://elsewhere.example")]), Download::Refused);
    }
}
