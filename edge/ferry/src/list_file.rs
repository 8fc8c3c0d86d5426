//! A list of restores for others, as administrators write it: CSV with a person, a remote, a course and, if they want one, a
//! category in each row. A row that cannot be carried out is reported with its line; the others go on.

use crate::Failure;
use courseferry_api::{ErrorCode, Language, WishFor, words};
use csv::{ReaderBuilder, StringRecord, Trim};
use std::collections::HashMap;

/// Rows of one file.
pub const MOST_ROWS: usize = 1_000;
/// Characters of a cell.
const CELL: usize = 254;
/// What stands where the browser read bytes that are no UTF-8.
const UNREADABLE: char = '\u{fffd}';

/// What a cell holds, without the spaces around it, as long as it may be.
pub fn cell(text: &str) -> String {
    text.trim().chars().take(CELL).collect()
}

/// A row as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line on which it begins.
    pub line: u32,
    pub wish: WishFor,
    /// Why it cannot be carried out, if so.
    pub problem: Option<Failure>,
}

/// Which column holds what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Columns {
    person: usize,
    remote: usize,
    course: usize,
    category: Option<usize>,
}

/// The rows of a file, or why it holds none that can be read.
pub fn read(text: &str, language: Language) -> Result<Vec<Row>, Failure> {
    // The reader counts a line of Windows only when it reads the next.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let text = text.as_str();
    // UTF-16 is full of zeros, and its mark is no UTF-8.
    if text.contains('\0') || text.starts_with(UNREADABLE) {
        return Err(ErrorCode::ListEncoding.into());
    }
    let mut reader = ReaderBuilder::new()
        .delimiter(separator(text))
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .from_reader(text.as_bytes());
    let mut columns = None;
    let mut rows = Vec::new();
    let mut seen: HashMap<(String, String, String), u32> = HashMap::new();
    for record in reader.records() {
        // The text is UTF-8 and rows may be of any length: nothing is left that could not be read.
        let record = record.map_err(|error| Failure::new(ErrorCode::ListColumns, error.to_string()))?;
        let line = record.position().map_or(0, |position| u32::try_from(position.line()).unwrap_or(u32::MAX));
        if record.iter().all(str::is_empty) {
            continue;
        }
        let Some(known) = columns else {
            let (found, is_header) = columns_of(&record)?;
            columns = Some(found);
            if !is_header {
                rows.push(row(line, &record, found, language, &mut seen));
            }
            continue;
        };
        if rows.len() == MOST_ROWS {
            return Err(Failure::new(ErrorCode::ListTooLong, language.number(MOST_ROWS as u64)));
        }
        rows.push(row(line, &record, known, language, &mut seen));
    }
    if rows.is_empty() { Err(ErrorCode::ListEmpty.into()) } else { Ok(rows) }
}

/// The separator: the character that stands most often in the first line, outside quotes.
fn separator(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let outside: String = first.split('"').step_by(2).collect();
    let times = |separator: u8| outside.bytes().filter(|byte| *byte == separator).count();
    // Of equals the last is taken: a comma is what CSV says.
    [b'\t', b';', b','].into_iter().max_by_key(|separator| times(*separator)).unwrap_or(b',')
}

/// Where each column is, by the words of a header, or in our own order; and whether there is a header.
fn columns_of(first: &StringRecord) -> Result<(Columns, bool), Failure> {
    let at = |names: &[&str]| first.iter().position(|cell| names.contains(&cell.to_lowercase().as_str()));
    let person = at(&["person", "username", "user", "personne", "utilisateur"]);
    let remote = at(&["remote", "moodle", "site"]);
    let course = at(&["course", "cours", "shortname"]);
    let category = at(&["category", "catégorie", "categorie"]);
    match (person, remote, course) {
        (Some(person), Some(remote), Some(course)) => Ok((Columns { person, remote, course, category }, true)),
        (None, None, None) if first.len() >= 3 => {
            Ok((Columns { person: 0, remote: 1, course: 2, category: Some(3) }, false))
        }
        _ => Err(ErrorCode::ListColumns.into()),
    }
}

fn row(
    line: u32,
    record: &StringRecord,
    columns: Columns,
    language: Language,
    seen: &mut HashMap<(String, String, String), u32>,
) -> Row {
    let cell = |at: usize| cell(record.get(at).unwrap_or_default());
    let wish = WishFor {
        person: cell(columns.person),
        remote: cell(columns.remote),
        course: cell(columns.course),
        category: columns.category.map(cell).unwrap_or_default(),
        ..WishFor::default()
    };
    let cells = [&wish.person, &wish.remote, &wish.course, &wish.category];
    let missing =
        [(&wish.person, words::CELL_PERSON), (&wish.remote, words::CELL_REMOTE), (&wish.course, words::CELL_COURSE)];
    let missing = missing.into_iter().find(|(cell, _)| cell.is_empty());
    let same = (wish.person.to_lowercase(), wish.remote.to_lowercase(), wish.course.to_lowercase());
    let problem = if cells.iter().any(|cell| cell.contains(UNREADABLE)) {
        Some(ErrorCode::ListEncoding.into())
    } else if let Some((_, called)) = missing {
        Some(Failure::new(ErrorCode::ListRowIncomplete, language.say(called)))
    } else if let Some(formula) = cells.into_iter().find(|cell| is_formula(cell)) {
        Some(Failure::new(ErrorCode::ListFormula, formula.as_str()))
    } else {
        seen.get(&same).map(|earlier| Failure::new(ErrorCode::ListRepeated, earlier.to_string()))
    };
    seen.entry(same).or_insert(line);
    Row { line, wish, problem }
}

/// What a spreadsheet would calculate. A user name may begin with `-` or `@`, but calls no function.
fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '＝', '＋']) || cell.starts_with(['-', '@', '－', '＠']) && cell.contains('(')
}

/// The only candidate for what a cell of a list names. Several are refused: to take the first would be a guess.
pub fn only<T>(
    candidates: impl IntoIterator<Item = T>,
    cell: &str,
    unknown: ErrorCode,
    ambiguous: ErrorCode,
) -> Result<T, Failure> {
    let mut candidates = candidates.into_iter();
    match (candidates.next(), candidates.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(Failure::new(unknown, cell)),
        (Some(_), Some(_)) => Err(Failure::new(ambiguous, cell)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(text: &str) -> Vec<(u32, [String; 4], Option<ErrorCode>)> {
        let told = |row: Row| {
            let WishFor { person, remote, course, category, .. } = row.wish;
            (row.line, [person, remote, course, category], row.problem.map(|problem| problem.code))
        };
        read(text, Language::English).unwrap().into_iter().map(told).collect()
    }

    fn refused(text: &str) -> ErrorCode {
        read(text, Language::English).unwrap_err().code
    }

    #[test]
    fn the_columns_are_found_by_their_names_in_any_order_and_language_or_stand_in_ours() {
        let marie = || ["mcurie", "Moodle Sciences", "OPT101", "Sciences / Physics"].map(str::to_owned);
        for text in [
            "mcurie,Moodle Sciences,OPT101,Sciences / Physics",
            "\u{feff}person;remote;course;category\r\nmcurie;Moodle Sciences;OPT101;Sciences / Physics\r\n",
            "Catégorie\tCours\tMoodle\tUtilisateur\nSciences / Physics\tOPT101\tMoodle Sciences\tmcurie",
            "category,course,remote,username\n\n\"Sciences / Physics\", OPT101 ,\"Moodle Sciences\",mcurie\n,,,\n",
        ] {
            let read = rows(text);
            assert_eq!(read.len(), 1, "{text}");
            assert_eq!((&read[0].1, read[0].2), (&marie(), None), "{text}");
        }
        assert_eq!(rows("person,remote,course\nmcurie,Sciences,12")[0].1[3], "", "the category may be left out");
    }

    #[test]
    fn a_row_that_cannot_be_meant_is_told_with_its_line_and_the_others_go_on() {
        let text = "person,remote,course\nada,S,1\n,S,2\nben,S\nada,S,=HYPERLINK(\"x\")\nAda,s,1\nRen\u{fffd},S,3\n\
                    -x,S,4\n\"a\nb\",S,5\nlast,S,6\n";
        let lines = |text: &str| -> Vec<(u32, Option<ErrorCode>)> {
            rows(text).into_iter().map(|(line, _, code)| (line, code)).collect()
        };
        assert_eq!(lines(&text.replace('\n', "\r\n")), lines(text));
        assert_eq!(
            lines(text),
            [
                (2, None),
                (3, Some(ErrorCode::ListRowIncomplete)),
                (4, Some(ErrorCode::ListRowIncomplete)),
                (5, Some(ErrorCode::ListFormula)),
                (6, Some(ErrorCode::ListRepeated)),
                (7, Some(ErrorCode::ListEncoding)),
                (8, None),
                (9, None),
                (11, None),
            ]
        );
    }

    #[test]
    fn a_file_of_which_nothing_can_be_read_says_why() {
        assert_eq!(refused(""), ErrorCode::ListEmpty);
        assert_eq!(refused("\r\n , , \r\n"), ErrorCode::ListEmpty);
        assert_eq!(refused("person,remote,course\n"), ErrorCode::ListEmpty);
        assert_eq!(refused("mcurie Sciences OPT101\n"), ErrorCode::ListColumns);
        assert_eq!(refused("person,moodle\nada,S\n"), ErrorCode::ListColumns);
        assert_eq!(refused("\u{fffd}\u{fffd}p\0e\0r\0s\0o\0n\0"), ErrorCode::ListEncoding);
        let lines = |number| (0..number).map(|n| format!("p{n},S,{n}\n")).collect::<Vec<_>>().concat();
        let long = lines(10_000);
        let failure = read(&long, Language::English).unwrap_err();
        assert_eq!((failure.code, failure.detail.as_str()), (ErrorCode::ListTooLong, "1,000"));
        assert_eq!(rows(&lines(MOST_ROWS)).len(), MOST_ROWS);
    }

    #[test]
    fn a_name_that_several_bear_means_none_of_them() {
        let only = |meant: &[i32]| {
            let meant = meant.iter().copied();
            only(meant, "Physics", ErrorCode::ListCategoryUnknown, ErrorCode::ListCategoryAmbiguous)
        };
        assert_eq!(only(&[7]), Ok(7));
        for (meant, code) in [(&[][..], ErrorCode::ListCategoryUnknown), (&[7, 8], ErrorCode::ListCategoryAmbiguous)] {
            assert_eq!(only(meant), Err(Failure::new(code, "Physics")));
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd_and_no_cell_is_longer_than_it_may_be(text in "(\\PC|[\r\n\t,;\"=]){0,400}") {
            for row in read(&text, Language::French).unwrap_or_default() {
                let WishFor { person, remote, course, category, .. } = row.wish;
                prop_assert!([person, remote, course, category].iter().all(|cell| cell.chars().count() <= CELL));
            }
        }
    }
}
