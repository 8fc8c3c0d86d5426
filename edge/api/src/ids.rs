//! The ids that travel between the parts, each its own type, and the one type for times.

use serde::{Deserialize, Deserializer, Serialize};
use std::{fmt, str::FromStr};

/// The largest number of an id: D1 hands numbers over as doubles, and beyond this they would be others.
const LARGEST: u64 = (1 << 53) - 1;

/// What was not an id of the asked kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidId(pub &'static str);

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a {} id", self.0)
    }
}

impl std::error::Error for InvalidId {}

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let id = i64::deserialize(deserializer)?;
                if id.unsigned_abs() <= LARGEST {
                    Ok(Self(id))
                } else {
                    Err(serde::de::Error::custom(InvalidId(stringify!($name))))
                }
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let id: i64 = text.parse().map_err(|_| InvalidId(stringify!($name)))?;
                if id.unsigned_abs() <= LARGEST { Ok(Self(id)) } else { Err(InvalidId(stringify!($name))) }
            }
        }

        impl From<i64> for $name {
            fn from(id: i64) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number_id!(
    /// A user of the client Moodle (`user.id`).
    UserId
);
number_id!(
    /// A course category of the client Moodle (`course_categories.id`).
    CategoryId
);
number_id!(
    /// A course of the client Moodle (`course.id`).
    CourseId
);
number_id!(
    /// A course of a remote Moodle (`course.id` there).
    RemoteCourseId
);

macro_rules! hex_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $length:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
                if text.len() == $length && text.bytes().all(hex) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(InvalidId($what))
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

hex_id!(
    /// A remote Moodle: the first 12 lower-case hex digits of the SHA-256 of its normalised address.
    RemoteId,
    "remote",
    12
);
hex_id!(
    /// One restore: 128 random bits as 32 lower-case hex digits. The companion calls it a job.
    JobId,
    "restore",
    32
);

impl UserId {
    /// Nobody: a visitor who is not logged in, or the Worker itself. Moodle writes user 0.
    pub const NOBODY: Self = Self(0);
}

/// A moment, in whole seconds since 1970-01-01 00:00 UTC.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixTime(pub i64);

impl UnixTime {
    /// This moment and so many seconds.
    pub fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Seconds from `earlier` to this moment; negative when it is later.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_lower_case_hex_of_their_length_and_nothing_else() {
        assert!("0123456789ab".parse::<RemoteId>().is_ok());
        for bad in ["", "0123456789aB", "0123456789a", "0123456789ab0", "0123456789a\u{e9}"] {
            assert!(bad.parse::<RemoteId>().is_err(), "{bad}");
        }
        assert!(serde_json::from_str::<JobId>("\"0123456789abcdef0123456789abcdef\"").is_ok());
        assert!(serde_json::from_str::<JobId>("\"../../etc\"").is_err());
    }

    #[test]
    fn a_number_that_the_database_would_change_is_no_id() {
        let read = |text: &str| serde_json::from_str::<CourseId>(text).ok();
        assert_eq!(read("9007199254740991"), Some(CourseId(9_007_199_254_740_991)));
        assert_eq!(read("-1"), Some(CourseId(-1)));
        for bad in ["9007199254740992", "-9007199254740992", "9223372036854775807", "1e3", "1.5", "\"7\""] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
