//! Values that one Moodle writes one way and the next another: flags as 0/1 or true/false, "none" as
//! null, an empty string, 0 or nothing at all.

use courseferry_api::UnixTime;
use serde::{Deserialize, Deserializer};

#[derive(Deserialize)]
#[serde(untagged)]
enum Flag {
    Bool(bool),
    Number(i64),
    Null(()),
}

/// A flag; null is false.
pub fn flag<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    Ok(match Flag::deserialize(from)? {
        Flag::Bool(flag) => flag,
        Flag::Number(number) => number != 0,
        Flag::Null(()) => false,
    })
}

/// A text where null and the empty text both mean that there is none.
pub fn filled<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.filter(|text| !text.is_empty()))
}

/// A text where null means the empty text.
pub fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

/// A moment where null and 0 both mean that there is none.
pub fn moment<'de, D: Deserializer<'de>>(from: D) -> Result<Option<UnixTime>, D::Error> {
    Ok(Option::<i64>::deserialize(from)?.filter(|number| *number > 0).map(UnixTime))
}
