//! CSV that a spreadsheet reads as what it says, whichever separator its language expects, and never as a formula.

/// One line of a CSV file, with its end.
pub fn line<'a>(fields: impl IntoIterator<Item = &'a str>) -> String {
    let cells: Vec<String> = fields.into_iter().map(cell).collect();
    cells.join(",") + "\r\n"
}

/// A quoted cell. Spreadsheets of many languages also part lines at semicolons and tabs, even inside quotes that do
/// not begin a cell of theirs; so an apostrophe keeps every such part from being read as a formula, not only the first.
fn cell(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 2);
    let number = text.parse::<i64>().is_ok();
    let mut begins = !number;
    for letter in text.chars() {
        if begins && matches!(letter, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r') {
            safe.push('\'');
        }
        // A part's formula may stand behind spaces and quotes.
        begins = matches!(letter, ';' | ',' | '\t' | '\r' | '\n') || begins && matches!(letter, ' ' | '"' | '\'');
        safe.push(letter);
    }
    format!("\"{}\"", safe.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cells_are_quoted_and_numbers_stay_numbers() {
        assert_eq!(
            line(["1790000000", "-7", "Ada \"A\" Lovelace", ""]),
            "\"1790000000\",\"-7\",\"Ada \"\"A\"\" Lovelace\",\"\"\r\n"
        );
    }

    #[test]
    fn no_part_of_a_name_becomes_a_formula_whatever_parts_the_line() {
        for name in
            ["=1+1", "Ada;=1+1", "Ada; \"=1+1\"", "Ada\t@SUM(A1)", "Ada\r\n+1", "＝1+1", "\"=1+1", " -x", "Ada,=1"]
        {
            assert!(cell(name).contains('\''), "{name:?}");
        }
        assert_eq!(cell("Ada Lovelace-King; x = y"), "\"Ada Lovelace-King; x = y\"");
    }

    proptest! {
        #[test]
        fn each_part_of_any_text_begins_harmlessly(text in "[-=+@;,\t\r\n \"'a1]{0,24}") {
            let cell = cell(&text);
            let plain = &cell[1..cell.len() - 1];
            for part in plain.split([';', '\t', '\r', '\n']).filter(|_| text.parse::<i64>().is_err()) {
                let begin = part.trim_start_matches([' ', '"']);
                prop_assert!(!begin.starts_with(['=', '+', '-', '@']), "{part:?} of {cell:?}");
            }
        }
    }
}
