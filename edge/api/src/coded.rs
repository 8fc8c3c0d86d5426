//! Enums whose values have a stable code that API, database, log and screen share, a sentence and an advice, both in both
//! languages: written as a table, one line a value.

/// Makes such an enum of a table: name, code, sentence, its French, advice, its French.
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident
        $($variant:ident $code:literal $english:literal $french:literal $advice:literal $conseil:literal;)*) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $(#[doc = $english] $variant,)*
        }

        impl $name {
            /// All of them, in the table's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// One plain sentence for people.
            pub fn sentence(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$variant, Language::English) => $english,
                    (Self::$variant, Language::French) => $french,)*
                }
            }

            /// What a person can do; may be empty.
            pub fn advice(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$variant, Language::English) => $advice,
                    (Self::$variant, Language::French) => $conseil,)*
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = ();

            fn from_str(text: &str) -> Result<Self, ()> {
                match text { $($code => Ok(Self::$variant),)* _ => Err(()) }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}
pub(crate) use coded;
