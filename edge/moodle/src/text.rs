//! Names as people should read them: Moodle keeps languages and entities inside its texts. What is restored keeps the
//! stored form; only what is shown comes through here.

/// A name without markup, in the reader's language: of adjacent `<span lang="…" class="multilang">`, and of
/// `{mlang …}` blocks, the one in that language (else its parent language, else the first), every other tag dropped,
/// entities resolved. `language` is Moodle's, such as `fr` or `fr_ca`.
pub fn plain_text(text: &str, language: &str) -> String {
    // Moodle's own names have at most 1,333 characters.
    let text = text.get(..text.floor_char_boundary(8192)).unwrap_or(text);
    let plain = strip(&mlang(text, language), language);
    let plain: String = html_escape::decode_html_entities(&plain).chars().filter(|c| !c.is_control()).collect();
    plain.trim().to_owned()
}

/// The text with, of its `{mlang …}…{mlang}` blocks (`filter_multilang2`), only those for the reader: in their
/// language, or for `other` languages where no block is, or the first where there is none of these either.
fn mlang(text: &str, language: &str) -> String {
    let mut blocks = Vec::new();
    let mut rest = text;
    let mut plain = Vec::new();
    while let Some((before, languages, content, after)) = mlang_block(rest) {
        plain.push(before);
        blocks.push((languages, content));
        rest = after;
    }
    let (wanted, parent) = wanted(language);
    let in_language = |language: &str| blocks.iter().any(|(languages, _)| languages.iter().any(|l| l == language));
    let chosen = [wanted.as_str(), parent.as_str(), "other"].into_iter().find(|language| in_language(language));
    let chosen = chosen.map(str::to_owned).or_else(|| blocks.first()?.0.first().cloned());
    let mut shown = String::with_capacity(text.len());
    for (before, (languages, content)) in plain.iter().zip(&blocks) {
        shown.push_str(before);
        if languages.iter().any(|language| Some(language) == chosen.as_ref()) {
            shown.push_str(content);
        }
    }
    shown + rest
}

/// The next block: what stands before it, its languages, its content, and what follows it.
fn mlang_block(text: &str) -> Option<(&str, Vec<String>, &str, &str)> {
    let (before, inside, after) = mlang_tag(text)?;
    let languages: Vec<String> =
        inside.split(',').map(|l| normal(l.trim())).filter(|language| !language.is_empty()).collect();
    let (content, closing, after) = mlang_tag(after)?;
    // Two opening tags in a row are no block; read on behind the first.
    (!languages.is_empty() && closing.is_empty()).then_some((before, languages, content, after))
}

/// The next `{mlang …}`: what stands before it, what it names, and what follows it.
fn mlang_tag(text: &str) -> Option<(&str, &str, &str)> {
    for (at, _) in text.match_indices('{') {
        let (before, tagged) = text.split_at(at);
        let (inside, after) = tagged.get(1..).and_then(|inside| inside.split_once('}'))?;
        let inside = inside.trim();
        if let (Some(word), Some(named)) = (inside.get(..5), inside.get(5..))
            && word.eq_ignore_ascii_case("mlang")
            && (named.is_empty() || named.starts_with(char::is_whitespace))
        {
            return Some((before, named.trim(), after));
        }
    }
    None
}

/// A language as Moodle writes it.
fn normal(language: &str) -> String {
    language.to_ascii_lowercase().replace('-', "_")
}

/// The reader's language and its parent.
fn wanted(language: &str) -> (String, String) {
    let wanted = normal(language);
    let parent = wanted.split('_').next().unwrap_or_default().to_owned();
    (wanted, parent)
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
    let (wanted, parent) = wanted(language);
    let in_language = |language: &str| choices.iter().find(|(l, _)| l == language);
    in_language(&wanted).or_else(|| in_language(&parent)).or(choices.first()).map_or("", |(_, content)| content)
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
            "lang" => language = Some(normal(value)),
            "class" => class = value.eq_ignore_ascii_case("multilang"),
            _ => {}
        }
    }
    language.filter(|_| class)
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
    fn blocks_of_the_second_multilang_filter_are_read_as_that_filter_does() {
        let optics = "{mlang en}Optics{mlang}{mlang fr}Optique{mlang} 101";
        assert_eq!(plain_text(optics, "fr_ca"), "Optique 101");
        assert_eq!(plain_text(optics, "de"), "Optics 101");
        assert_eq!(plain_text("{mlang other}X{mlang}", "fr"), "X");
        assert_eq!(plain_text("{mlang en}A{mlang}{mlang other}B{mlang}", "fr"), "B");
        assert_eq!(plain_text("{ MLang de, en-US }A{mlang }!", "en_us"), "A!");
        assert_eq!(plain_text("a {mlang en} b", "en"), "a {mlang en} b");
        assert_eq!(plain_text("{x} {mlangen}", "en"), "{x} {mlangen}");
        assert_eq!(plain_text("{mlang en}{mlang fr}", "en"), "{mlang en}{mlang fr}");
        assert_eq!(plain_text(&"{mlang en}é{mlang}".repeat(5_000), "en").chars().next(), Some('é'));
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
            plain_text("R&amp;D &lt;b&gt; &#39;q&#x27; &eacute; &amp;lt; & &nosuch;", "en"),
            "R&D <b> 'q' é &lt; & &nosuch;"
        );
        assert_eq!(plain_text("R&amp;D &lt;b&gt; &#128512; &nbsp;", "en"), "R&D <b> \u{1f600}");
        for name in ["vector&lt;int&gt;", "HTML: the &lt;canvas&gt; element", "a &lt;3 b"] {
            assert_eq!(plain_text(name, "en"), name.replace("&lt;", "<").replace("&gt;", ">"));
        }
    }

    #[test]
    fn other_scripts_come_through_untouched() {
        let name = "Économie & société — 経済学 Ω \"quoted\" 🎓";
        assert_eq!(plain_text(name, "fr"), name);
    }
}
