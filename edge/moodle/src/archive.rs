//! What bytes are, told by how they begin rather than by what a header calls them.

/// What the beginning of an answer shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beginning {
    /// Nothing came.
    Nothing,
    /// A course backup, gzip or zip.
    Archive,
    /// JSON, an object or a list.
    Json,
    /// A web page.
    Page,
    /// Something that was sent before the answer, as people call it: PHP had printed it before Moodle began.
    Stray(&'static str),
    /// None of these.
    Other,
}

impl Beginning {
    /// What an answer that begins with these bytes is. A few hundred bytes are enough.
    pub fn of(bytes: &[u8]) -> Self {
        if bytes.is_empty() {
            return Self::Nothing;
        }
        if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
            return if Self::of(rest).is_answer() { Self::Stray("a byte order mark") } else { Self::of(rest) };
        }
        let trimmed = bytes.trim_ascii_start();
        let found = match trimmed {
            [0x1f, 0x8b, ..] | [b'P', b'K', 3, 4, ..] => Self::Archive,
            [b'{' | b'[', ..] => Self::Json,
            [b'<', ..] => Self::Page,
            [] => Self::Nothing,
            _ => Self::Other,
        };
        if found.is_answer() && trimmed.len() < bytes.len() { Self::Stray("a blank line") } else { found }
    }

    /// Whether it may be an answer of Moodle's own; a page or nothing at all is none.
    fn is_answer(self) -> bool {
        matches!(self, Self::Archive | Self::Json | Self::Stray(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_judged_by_their_beginning() {
        for (bytes, found) in [
            (&b"\x1f\x8b\x08\x00"[..], Beginning::Archive),
            (b"PK\x03\x04", Beginning::Archive),
            (b"\n\x1f\x8b\x08", Beginning::Stray("a blank line")),
            (b"\xef\xbb\xbf\x1f\x8b\x08", Beginning::Stray("a byte order mark")),
            (b"\xef\xbb\xbf\r\n{}", Beginning::Stray("a byte order mark")),
            (b" \n[]", Beginning::Stray("a blank line")),
            (b"{\"a\":1}", Beginning::Json),
            (b"\n\n<!DOCTYPE html>", Beginning::Page),
            (b"\xef\xbb\xbf<html>", Beginning::Page),
            (b" \n", Beginning::Nothing),
            (b"", Beginning::Nothing),
            (b"\x1f", Beginning::Other),
            (b"Fatal error", Beginning::Other),
        ] {
            assert_eq!(Beginning::of(bytes), found, "{bytes:?}");
        }
    }
}
