//! The languages that people read.

/// A language that Courseferry speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English; also for every language it does not speak.
    #[default]
    English,
    /// French.
    French,
}

impl Language {
    /// The language of a Moodle or browser locale such as `fr_ca` or `en-GB`.
    pub fn of(locale: &str) -> Self {
        let primary = locale.split(['_', '-']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("fr") { Self::French } else { Self::English }
    }

    /// Its tag for `lang` attributes and `Intl`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
        }
    }

    /// A whole number with its thousands apart.
    pub fn number(self, n: u64) -> String {
        let digits = n.to_string();
        let mut out = String::with_capacity(digits.len() + 4);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                out.push(match self {
                    Self::English => ',',
                    // A narrow space at which no line breaks.
                    Self::French => '\u{202f}',
                });
            }
            out.push(digit);
        }
        out
    }
}
