//! Searching without regard to case or accents: texts are folded once, then searched for each word.

use js_sys::{JsString, RegExp};

thread_local! {
    /// The marks above and below letters.
    static MARKS: RegExp = RegExp::new(r"\p{M}", "gu");
}

/// `text` in lower case, without accents and other marks above and below letters.
pub fn fold(text: &str) -> String {
    let normal = JsString::from(text).normalize("NFD");
    let folded = MARKS.with(|marks| normal.replace_by_pattern(marks, "")).to_lower_case();
    // Ligatures are letters of their own to Unicode, and two letters to whoever types.
    String::from(folded).replace('œ', "oe").replace('æ', "ae").replace('ß', "ss").replace('’', "'")
}

/// What somebody typed: every word of it must occur somewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query(Vec<String>);

impl Query {
    /// The words of a folded text.
    pub fn new(folded: &str) -> Self {
        Self(folded.split_whitespace().map(str::to_owned).collect())
    }

    /// A folded text has every word.
    pub fn matches(&self, folded: &str) -> bool {
        self.0.iter().all(|word| folded.contains(word.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_words_does_not_matter_and_each_must_occur() {
        for found in ["electro", "phy-301 elec", "  "] {
            assert!(Query::new(found).matches("electromagnetisme phy-301"), "{found}");
        }
        assert!(!Query::new("electro chimie").matches("electromagnetisme"));
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod in_browser {
    use super::{Query, fold};
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_course_is_found_without_its_accents_capitals_and_ligatures() {
        for (name, typed) in [
            ("Électricité et magnétisme", "ELECTRICITE"),
            ("Œuvres d’Émilie du Châtelet", "oeuvres d'emilie"),
            ("Straße und Verkehr", "strasse"),
            ("Ngữ văn Việt Nam", "ngu viet"),
            ("اَلْأَدَبُ الْعَرَبِيّ", "الأدب العربي"),
            ("経済学", "経済"),
        ] {
            assert!(Query::new(&fold(typed)).matches(&fold(name)), "{typed} in {name}");
        }
        assert!(!Query::new(&fold("optique")).matches(&fold("Optics")));
    }
}
