//! Names as people should read them: Moodle keeps languages and entities inside its texts.

/// A name without markup: of adjacent `<span lang="…" class="multilang">` the one in the reader's
/// language (else its parent language, else the first, as Moodle's filter does), every other tag
/// dropped, entities resolved. `language` is Moodle's, such as `fr` or `fr_ca`.
pub fn plain_text(text: &str, language: &str) -> String {
    // Moodle's own names have at most 1,333 characters.
    let text = text.get(..text.floor_char_boundary(8192)).unwrap_or(text);
    entities(&strip(text, language)).trim().to_owned()
}

fn strip(text: &str, language: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tagged) = rest.split_at(at);
        plain.push_str(before);
        rest = if let Some((choices, after)) = multilang(tagged) {
            plain.push_str(&strip(choose(&choices, language), language));
            after
        } else if let Some((_, after)) = tag(tagged) {
            after
        } else {
            plain.push('<');
            tagged.get(1..).unwrap_or_default()
        };
    }
    plain + rest
}

/// The adjacent multilang spans that the text starts with, as (language, content), and what follows.
fn multilang(text: &str) -> Option<(Vec<(String, &str)>, &str)> {
    let mut choices = Vec::new();
    let mut rest = text;
    while let Some((language, after)) =
        tag(rest.trim_start()).and_then(|(inside, after)| Some((multilang_of(inside)?, after)))
    {
        let end = after.to_ascii_lowercase().find("</span>")?;
        let (content, closing) = after.split_at(end);
        choices.push((language, content));
        rest = closing.get("</span>".len()..)?;
    }
    (!choices.is_empty()).then_some((choices, rest))
}

fn choose<'a>(choices: &[(String, &'a str)], language: &str) -> &'a str {
    let wanted = language.to_ascii_lowercase().replace('-', "_");
    let parent = wanted.split('_').next().unwrap_or_default();
    let in_language = |language: &str| choices.iter().find(|(l, _)| l == language);
    in_language(&wanted).or_else(|| in_language(parent)).or(choices.first()).map_or("", |(_, content)| content)
}

/// The inside of the tag that the text starts with, and what follows it.
fn tag(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('<')?;
    inside.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!').then_some(())?;
    inside.split_once('>')
}

/// The language of a multilang span's opening tag.
fn multilang_of(tag: &str) -> Option<String> {
    let mut words = tag.split_ascii_whitespace();
    words.next().filter(|name| name.eq_ignore_ascii_case("span"))?;
    let (mut language, mut class) = (None, false);
    for (name, value) in words.filter_map(|word| word.split_once('=')) {
        let value = value.trim_matches(['"', '\'']);
        match name {
            "lang" => language = Some(value.to_ascii_lowercase().replace('-', "_")),
            "class" => class = value.eq_ignore_ascii_case("multilang"),
            _ => {}
        }
    }
    language.filter(|_| class)
}

fn entities(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, entity)) = rest.split_once('&') {
        plain.push_str(before);
        // Named entities of Moodle's own making are short; anything else stays as it is written.
        let resolved = entity.split_once(';').and_then(|(name, after)| Some((character(name)?, after)));
        rest = if let Some((character, after)) = resolved {
            plain.push(character);
            after
        } else {
            plain.push('&');
            entity
        };
    }
    plain.push_str(rest);
    plain
}

fn character(entity: &str) -> Option<char> {
    match entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let number = entity.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !c.is_control())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::plain_text;

    const OPTICS: &str =
        r#"<span lang="en" class="multilang">Optics</span> <span class="multilang" lang="fr">Optique</span> 101"#;

    #[test]
    fn a_name_is_shown_in_the_readers_language() {
        assert_eq!(plain_text(OPTICS, "fr"), "Optique 101");
        assert_eq!(plain_text(OPTICS, "fr_ca"), "Optique 101");
        assert_eq!(plain_text(OPTICS, "en"), "Optics 101");
        assert_eq!(plain_text(OPTICS, "de"), "Optics 101");
    }

    #[test]
    fn tags_are_never_printed_and_a_less_than_is() {
        assert_eq!(plain_text("<b>Bold</b> <i>x", "en"), "Bold x");
        assert_eq!(plain_text("Tiny & small < 5 courses", "en"), "Tiny & small < 5 courses");
        assert_eq!(plain_text("a <span lang=\"en\" class=\"multilang\">b", "en"), "a b");
        assert_eq!(plain_text("1 <2> <", "en"), "1 <2> <");
        assert_eq!(plain_text(r#"<SPAN LANG="en" CLASS="multilang">x</SPAN>"#, "en"), "x");
    }

    #[test]
    fn entities_are_resolved_once_and_unknown_ones_stay() {
        assert_eq!(
            plain_text("R&amp;D &lt;b&gt; &#39;q&#x27; &eacute; &amp;lt; & &#0;", "en"),
            "R&D <b> 'q' &eacute; &lt; & &#0;"
        );
    }

    #[test]
    fn other_scripts_come_through_untouched() {
        let name = "Économie & société — 経済学 Ω \"quoted\" 🎓";
        assert_eq!(plain_text(name, "fr"), name);
    }
}
