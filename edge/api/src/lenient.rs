//! Reads what a Moodle sends as PHP happens to write it, and cuts what is longer than anybody reads.
//!
//! For `deserialize_with`. A value's meaning is decided by the type that reads it; here is only its shape: flags as
//! `1`, `"1"` or `true`, "none" as `null`, `""`, `0` or nothing at all.

use crate::UnixTime;
use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};
use std::fmt;

/// The most characters of a name: what Moodle 5 keeps of a course's full name.
pub const NAME: usize = 1_333;

/// The most characters of a detail or a warning.
pub const DETAIL: usize = 500;

/// The last moment that is taken for one, at the end of the year 9999. Milliseconds lie beyond it.
const LAST: i64 = 253_402_300_799;

/// The text's first characters, `most` at the most.
pub fn cut(mut text: String, most: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
        text.shrink_to_fit();
    }
    text
}

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
pub fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    Number::deserialize(deserializer).map(|number| number.0)
}

/// A flag: everything but 0, `""`, `false` and `null` is set.
pub fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    number(deserializer).map(|number| number != 0)
}

/// An id that may be missing: Moodle writes 0, `""` or `null`.
pub fn optional<'de, T: From<i64>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    number(deserializer).map(|number| (number != 0).then(|| number.into()))
}

/// A moment. 0, what lies before 1970, and milliseconds are none.
pub fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<UnixTime>, D::Error> {
    number(deserializer).map(|number| (1..=LAST).contains(&number).then_some(UnixTime(number)))
}

/// A share of a whole, as whole per cent from 0 to 100.
pub fn percent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    let share = Option::<f64>::deserialize(deserializer)?.unwrap_or_default();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100 after the clamp")]
    Ok(share.clamp(0.0, 100.0) as u8)
}

/// A text that may be `null`.
pub fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A name, cut to [`NAME`] characters.
pub fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    text(deserializer).map(|text| cut(text, NAME))
}

/// A detail, cut to [`DETAIL`] characters.
pub fn detail<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    text(deserializer).map(|text| cut(text, DETAIL))
}

/// A name where `null` and the empty text both mean that there is none.
pub fn filled<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    name(deserializer).map(|text| (!text.is_empty()).then_some(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn a_flag_may_be_written_in_any_of_phps_ways() {
        for (value, set) in [(json!(1), true), (json!("1"), true), (json!(true), true), (json!(0), false)] {
            assert_eq!(flag(value.clone()).ok(), Some(set), "{value}");
        }
        assert_eq!(
            (flag(Value::Null).ok(), flag(json!("")).ok(), flag(json!("yes")).ok()),
            (Some(false), Some(false), None)
        );
    }

    #[test]
    fn what_is_no_date_shows_none() {
        assert_eq!(moment(json!(1_760_000_000)).unwrap(), Some(UnixTime(1_760_000_000)));
        for none in [json!(0), json!(-1), json!(1_760_000_000_000_i64), Value::Null, json!("")] {
            assert_eq!(moment(none.clone()).unwrap(), None, "{none}");
        }
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(cut("Économie".to_owned(), 1), "É");
        assert_eq!(cut("Économie".to_owned(), 8), "Économie");
        assert_eq!(detail(json!("é".repeat(2_000_000))).unwrap().chars().count(), DETAIL);
        assert_eq!(name(json!("x".repeat(2_000_000))).unwrap().len(), NAME);
    }

    #[test]
    fn a_share_is_whole_per_cent() {
        assert_eq!([json!(59.9), json!(-3), json!(250), Value::Null].map(|n| percent(n).unwrap()), [59, 0, 100, 0]);
    }
}
