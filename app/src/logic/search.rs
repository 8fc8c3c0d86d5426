//! Searching without regard to case or accents. Not a full Unicode normalisation: it covers the letters of
//! Latin scripts and leaves out combining marks, which is what course names need at a fraction of the size.

/// Base letters of U+00C0 to U+017F; `.` stays as it is.
const BASE: &str = "aaaaaaaceeeeiiiidnooooo.ouuuuyts\
                    aaaaaaaceeeeiiiidnooooo.ouuuuyty\
                    aaaaaaccccccccddddeeeeeeeeeegggg\
                    gggghhhhiiiiiiiiiiiijjkkklllllll\
                    lllnnnnnnnnnoooooooorrrrrrssssss\
                    ssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/// `text` in lower case, without accents, for [`Query::matches`].
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            'a'..='z' | '0'..='9' | ' ' => out.push(letter),
            'Æ' | 'æ' => out.push_str("ae"),
            'Œ' | 'œ' => out.push_str("oe"),
            'ß' | 'ẞ' => out.push_str("ss"),
            '’' | '‘' => out.push('\''),
            // Combining marks, and the vowel signs that Arabic and Hebrew writers leave out when they search.
            '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{670}' => {}
            '\u{c0}'..='\u{17f}' => {
                let base = BASE.as_bytes().get(letter as usize - 0xc0).copied().map_or('.', char::from);
                out.push(if base == '.' { letter } else { base });
            }
            _ => out.push(lower(letter)),
        }
    }
    out
}

/// Lower case in the scripts beside Latin that have it, and in Vietnamese; the standard library's table of all
/// letters weighs ten kilobytes.
fn lower(letter: char) -> char {
    let code = u32::from(letter);
    let lower = match letter {
        'A'..='Z' | 'Α'..='Ω' | 'А'..='Я' => code + 32,
        'Ѐ'..='Џ' => code + 80,
        'Ա'..='Ֆ' => code + 48,
        '\u{460}'..='\u{481}'
        | '\u{48a}'..='\u{4bf}'
        | '\u{4d0}'..='\u{52f}'
        | '\u{1e00}'..='\u{1e95}'
        | '\u{1ea0}'..='\u{1eff}' => code | 1,
        'Ά' => 'ά'.into(),
        'Έ'..='Ί' => code + 37,
        'Ό' => 'ό'.into(),
        'Ύ'..='Ώ' => code + 63,
        _ => code,
    };
    char::from_u32(lower).unwrap_or(letter)
}

/// What somebody typed: every word of it must occur somewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query(Vec<String>);

impl Query {
    /// The words of `text`.
    pub fn new(text: &str) -> Self {
        Self(fold(text).split_whitespace().map(str::to_owned).collect())
    }

    /// Nothing was asked for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `folded` ([`fold`]) has every word.
    pub fn matches(&self, folded: &str) -> bool {
        self.0.iter().all(|word| folded.contains(word.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_a_letter_for_each_code_point() {
        assert_eq!(BASE.len(), 0x180 - 0xc0);
        for (letter, base) in [('À', "a"), ('ÿ', "y"), ('Ā', "a"), ('ğ', "g"), ('Ł', "l"), ('ő', "o"), ('ş', "s")]
        {
            assert_eq!(fold(&letter.to_string()), base, "{letter}");
        }
        for (letter, base) in [('ř', "r"), ('ů', "u"), ('Ž', "z"), ('İ', "i"), ('ň', "n"), ('đ', "d"), ('×', "×")]
        {
            assert_eq!(fold(&letter.to_string()), base, "{letter}");
        }
    }

    #[test]
    fn accents_case_and_order_of_words_do_not_matter() {
        let hay = fold("Électromagnétisme — Cœur, L’été PHY-301");
        for found in ["electro", "COEUR", "phy-301 élec", "l'ete", "e\u{301}lectro", "  "] {
            assert!(Query::new(found).matches(&hay), "{found}");
        }
        assert!(!Query::new("electro chimie").matches(&hay));
    }

    #[test]
    fn other_scripts_are_found_as_they_are_written() {
        assert!(Query::new("مقدمة").matches(&fold("مُقَدِّمة في الفيزياء")));
        assert!(Query::new("физика").matches(&fold("Физика II")));
        for (capitals, small) in
            [("ЁЖИК ЏЕП", "ёжик џеп"), ("ΩΜΈΓΑ ΆΌΎΏ", "ωμέγα άόύώ"), ("ԱՖ", "աֆ"), ("ẾỐ Ạ", "ếố ạ"), ("Ґ", "ґ")]
        {
            assert_eq!(fold(capitals), small);
        }
    }
}
