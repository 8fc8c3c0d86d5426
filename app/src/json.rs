//! Reads the Worker's answers into the types of `courseferry_api`. `serde_json` could do it, at some 35 KB of compressed
//! WebAssembly: it writes a parser per type and a sentence per mistake. This one parses once, into a tree, hands out
//! the fields of a struct in the struct's own order, and has one mistake. Numbers are whole or, where they are not,
//! unreadable: the API has no others. Nor has it enums with their tag inside, nor fields that may be left out.

use serde::de::value::SeqDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, SeqAccess, VariantAccess, Visitor,
};
use std::fmt;
use std::slice;

/// The text is not JSON, or not what was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unreadable")
    }
}

impl std::error::Error for Unreadable {}

impl serde::de::Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }

    fn invalid_type(_: serde::de::Unexpected<'_>, _: &dyn serde::de::Expected) -> Self {
        Self
    }

    fn invalid_value(_: serde::de::Unexpected<'_>, _: &dyn serde::de::Expected) -> Self {
        Self
    }

    fn invalid_length(_: usize, _: &dyn serde::de::Expected) -> Self {
        Self
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn missing_field(_: &'static str) -> Self {
        Self
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

/// Reads `text` as a `T`.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    T::deserialize(parse(text)?)
}

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Number(i64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object, in its own order.
    Object(Vec<(String, Json)>),
}

/// Arrays and objects may lie so deep in each other.
const DEPTH: u8 = 32;

fn parse(text: &str) -> Result<Json, Unreadable> {
    let mut reader = Reader { rest: text };
    let value = reader.value(0)?;
    reader.space();
    if reader.rest.is_empty() { Ok(value) } else { Err(Unreadable) }
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\n', '\r', '\t']);
    }

    /// Takes `token` if it comes next.
    fn take(&mut self, token: &str) -> bool {
        self.space();
        let after = self.rest.strip_prefix(token);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn must(&mut self, token: &str) -> Result<(), Unreadable> {
        if self.take(token) { Ok(()) } else { Err(Unreadable) }
    }

    fn value(&mut self, depth: u8) -> Result<Json, Unreadable> {
        if depth > DEPTH {
            return Err(Unreadable);
        }
        if self.take("\"") {
            return self.text().map(Json::Text);
        }
        if self.take("{") {
            let mut fields = Vec::new();
            if self.take("}") {
                return Ok(Json::Object(fields));
            }
            loop {
                self.must("\"")?;
                let name = self.text()?;
                self.must(":")?;
                fields.push((name, self.value(depth + 1)?));
                if !self.take(",") {
                    self.must("}")?;
                    return Ok(Json::Object(fields));
                }
            }
        }
        if self.take("[") {
            let mut values = Vec::new();
            if self.take("]") {
                return Ok(Json::List(values));
            }
            loop {
                values.push(self.value(depth + 1)?);
                if !self.take(",") {
                    self.must("]")?;
                    return Ok(Json::List(values));
                }
            }
        }
        for (token, value) in [("null", Json::Null), ("true", Json::Bool(true)), ("false", Json::Bool(false))] {
            if self.take(token) {
                return Ok(value);
            }
        }
        let end =
            self.rest.find(|c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E')).unwrap_or(self.rest.len());
        let (number, rest) = self.rest.split_at(end);
        self.rest = rest;
        number.parse().map(Json::Number).map_err(|_| Unreadable)
    }

    /// The rest of a string whose first quote is taken.
    fn text(&mut self) -> Result<String, Unreadable> {
        let mut out = String::new();
        loop {
            let end = self.rest.find(['"', '\\']).ok_or(Unreadable)?;
            let (plain, rest) = self.rest.split_at(end);
            out.push_str(plain);
            let mut letters = rest.chars();
            let quote = letters.next();
            if quote == Some('"') {
                self.rest = letters.as_str();
                return Ok(out);
            }
            let letter = letters.next().ok_or(Unreadable)?;
            self.rest = letters.as_str();
            out.push(match letter {
                '"' | '\\' | '/' => letter,
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'b' => '\u{8}',
                'f' => '\u{c}',
                'u' => self.unicode()?,
                _ => return Err(Unreadable),
            });
        }
    }

    /// What follows `\u`: one code unit, or two for one letter.
    fn unicode(&mut self) -> Result<char, Unreadable> {
        let first = self.unit()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first).ok_or(Unreadable);
        }
        self.rest = self.rest.strip_prefix("\\u").ok_or(Unreadable)?;
        let second = self.unit()?.checked_sub(0xdc00).filter(|low| *low < 0x400).ok_or(Unreadable)?;
        char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + second).ok_or(Unreadable)
    }

    fn unit(&mut self) -> Result<u32, Unreadable> {
        let digits = self.rest.get(..4).ok_or(Unreadable)?;
        self.rest = self.rest.get(4..).ok_or(Unreadable)?;
        u32::from_str_radix(digits, 16).map_err(|_| Unreadable)
    }
}

impl IntoDeserializer<'_, Unreadable> for Json {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Json {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self {
            Self::Null => visitor.visit_unit(),
            Self::Bool(value) => visitor.visit_bool(value),
            Self::Number(value) => visitor.visit_i64(value),
            Self::Text(text) => visitor.visit_string(text),
            Self::List(values) => visitor.visit_seq(SeqDeserializer::new(values.into_iter())),
            Self::Object(_) => Err(Unreadable),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        match self {
            Self::Object(object) => visitor.visit_seq(Fields { object, names: names.iter() }),
            _ => Err(Unreadable),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self {
            Self::List(values) => visitor.visit_seq(SeqDeserializer::new(values.into_iter())),
            _ => Err(Unreadable),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self {
            Self::Text(text) => visitor.visit_string(text),
            _ => Err(Unreadable),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_string(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_string(visitor)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self {
            Self::Number(value) => visitor.visit_i64(value),
            _ => Err(Unreadable),
        }
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self {
            Self::Bool(value) => visitor.visit_bool(value),
            _ => Err(Unreadable),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self {
            Self::Null => visitor.visit_none(),
            value => visitor.visit_some(value),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        match self {
            Self::Text(name) => visitor.visit_enum(Variant { name, content: None }),
            Self::Object(fields) => {
                let (name, content) = fields.into_iter().next().ok_or(Unreadable)?;
                visitor.visit_enum(Variant { name, content: Some(content) })
            }
            _ => Err(Unreadable),
        }
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i128 u128 f32 f64 char bytes byte_buf unit unit_struct tuple_struct map
    }
}

/// An object's values in the order of `names`; what is not there is `null`, which only an `Option` takes.
struct Fields {
    object: Vec<(String, Json)>,
    names: slice::Iter<'static, &'static str>,
}

impl<'de> SeqAccess<'de> for Fields {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unreadable> {
        let value = self.next_value().ok_or(Unreadable)?;
        seed.deserialize(value).map(Some)
    }
}

impl Fields {
    fn next_value(&mut self) -> Option<Json> {
        let name = self.names.next()?;
        let value = self.object.iter_mut().find(|(named, _)| named == name);
        Some(value.map_or(Json::Null, |(_, value)| std::mem::replace(value, Json::Null)))
    }
}

/// A variant of an enum: its name alone, or an object of its name and content.
struct Variant {
    name: String,
    content: Option<Json>,
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = Unreadable;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(mut self, seed: V) -> Result<(V::Value, Self), Unreadable> {
        let name = std::mem::take(&mut self.name);
        Ok((seed.deserialize(Json::Text(name))?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant {
    type Error = Unreadable;

    fn unit_variant(self) -> Result<(), Unreadable> {
        if self.content.is_none() { Ok(()) } else { Err(Unreadable) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unreadable> {
        seed.deserialize(self.content.ok_or(Unreadable)?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.content.ok_or(Unreadable)?.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.content.ok_or(Unreadable)?.deserialize_struct("", names, visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logic::{restores::tests::restore, targets::tests::home};
    use courseferry_api::{
        CategoryId, Check, CheckState, Choice, Doer, ErrorBody, ErrorCode, Exception, Home, Language, Phase, Plan,
        PlannedCourse, Problem, Readiness, RemoteCourseId, Restore, Restores, Status, Target, Warning,
    };

    fn same<T: DeserializeOwned + serde::Serialize + PartialEq + fmt::Debug>(value: &T) {
        let text = serde_json::to_string_pretty(value).expect("json");
        assert_eq!(read::<T>(&text).as_ref(), Ok(value), "{text}");
    }

    #[test]
    fn the_workers_answers_read_as_they_were_written() {
        let problem = Problem::new(ErrorCode::RemoteTimeout, Language::French, "Évry \"1\"\\\n\u{1}😀", "d");
        let mut one = Restore { status: Status::InProgress, phase: Some(Phase::Restoring), percent: 60, ..restore(1) };
        one.problem = Some(problem.clone());
        one.warnings = vec![Warning::new("a.b", "m")];
        same(&Restores { now: one.since, paused: true, restores: vec![one.clone(), restore(2)] });
        same::<Home>(&home());
        let check = Check {
            code: "a.b".into(),
            state: CheckState::Ok,
            error: None,
            message: "m".into(),
            advice: String::new(),
        };
        same(&Readiness { as_of: one.since, checks: vec![check] });
        same(&Doer::Other("N. N.".into()));
        same(&Doer::Me);
        same(&ErrorBody { error: problem.clone(), request_id: "r".into() });
        let choice = Choice::new(one.remote, RemoteCourseId(5), Target::Category(CategoryId(3)));
        let exceptions = vec![
            Exception::DefaultInstead { reason: "r".into() },
            Exception::ShortNameTaken { becomes: "b".into() },
            Exception::Refused { problem },
            Exception::Incomplete { reason: "i".into() },
        ];
        same(&Plan { courses: vec![PlannedCourse { choice, category: None, short_name: String::new(), exceptions }] });
    }

    #[test]
    fn escapes_and_pairs_of_code_units_become_letters() {
        assert_eq!(read::<String>(r#" "\u00e9\ud83d\ude00\/\t" "#).as_deref(), Ok("é😀/\t"));
    }

    #[test]
    fn what_is_not_json_or_not_expected_is_unreadable() {
        for bad in ["", "{", "[1,]", "\"", "\"\\ud800\"", "nul", "1 2", "<html>", "{\"a\" 1}", "-", "1.5"] {
            assert_eq!(read::<serde::de::IgnoredAny>(bad).map(|_| ()), Err(Unreadable), "{bad}");
        }
        assert_eq!(read::<Restores>("{}"), Err(Unreadable));
        assert_eq!(read::<Vec<bool>>(&"[".repeat(100_000)), Err(Unreadable));
    }
}
