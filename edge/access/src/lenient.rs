//! Reads the numbers and flags of Moodle's rows as PHP happens to write them: `1`, `"1"`, `true`.
//! Not a place for meaning: what a value says is decided by the type that reads it.

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};
use std::fmt;

/// Any of PHP's ways to write a whole number; nothing (`null`, `""`) is 0, as in PHP's own casts.
struct Number(i64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Number;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number")
            }
            fn visit_bool<E: Error>(self, value: bool) -> Result<Number, E> {
                Ok(Number(value.into()))
            }
            fn visit_i64<E: Error>(self, value: i64) -> Result<Number, E> {
                Ok(Number(value))
            }
            fn visit_u64<E: Error>(self, value: u64) -> Result<Number, E> {
                i64::try_from(value).map(Number).map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
            }
            fn visit_str<E: Error>(self, value: &str) -> Result<Number, E> {
                match value.trim() {
                    "" => Ok(Number(0)),
                    digits => digits.parse().map(Number).map_err(|_| E::invalid_value(Unexpected::Str(value), &self)),
                }
            }
            fn visit_unit<E: Error>(self) -> Result<Number, E> {
                Ok(Number(0))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// A whole number.
pub(crate) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    Number::deserialize(deserializer).map(|number| number.0)
}

/// A flag: everything but 0, `""`, `false` and `null` is set.
pub(crate) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    number(deserializer).map(|number| number != 0)
}

/// An id that may be missing: Moodle writes 0, `""` or `null`.
pub(crate) fn optional<'de, T: From<i64>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    number(deserializer).map(|number| (number != 0).then(|| number.into()))
}

/// A text that may be `null`.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
