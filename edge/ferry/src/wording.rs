//! What messages say, in English and French, as text and as the same in HTML.

use crate::{Letter, LetterLine, Remotes};
use courseferry_api::{ErrorCode, Language, Problem, RemoteId, Warning};
use std::fmt::Write;

/// Warnings of one restore that a message lists.
const WARNINGS: usize = 20;
/// Restores of one cause that a digest lists.
const LISTED: usize = 50;

/// A message without its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Composed {
    pub subject: String,
    pub text: String,
    pub html: String,
    pub link: String,
    pub link_name: String,
}

/// What a message is written with.
pub(crate) struct Wording<'a, R> {
    pub language: Language,
    pub remotes: &'a R,
    /// The client's address.
    pub client: &'a str,
    /// Courses on remotes are linked.
    pub remote_links: bool,
    /// Owners are told what to check.
    pub warnings: bool,
}

/// A paragraph, with what is listed under it.
struct Part {
    head: String,
    items: Vec<Item>,
}

/// One course: a name that may be a link, what follows it, and remarks.
struct Item {
    name: String,
    link: Option<String>,
    rest: String,
    remarks: Vec<String>,
}

/// Results with one cause on one remote.
struct Group<'a> {
    code: Option<ErrorCode>,
    remote: &'a RemoteId,
    results: Vec<&'a LetterLine>,
}

impl<R: Remotes> Wording<'_, R> {
    /// How a teacher's restores ended.
    pub(crate) fn to_owner(&self, letter: &Letter) -> Composed {
        let (failed, came): (Vec<&LetterLine>, Vec<&LetterLine>) =
            letter.results.iter().partition(|told| told.failure.is_some());
        let mut parts = Vec::new();
        if !came.is_empty() {
            let head = self.say("Restored:", "Restauré :");
            parts.push(Part { head, items: came.iter().map(|told| self.restored(told, self.warnings)).collect() });
        }
        if !failed.is_empty() {
            let head = self.say("Not restored:", "Non restauré :");
            parts.push(Part { head, items: failed.iter().map(|told| self.failed(told)).collect() });
        }
        let course = match letter.results.as_slice() {
            [only] => self.course_link(only),
            _ => None,
        };
        let (link, link_name) = match course {
            Some(course) => (course, self.say("Open the course", "Ouvrir le cours")),
            None => (self.page(), self.say("Your restores", "Vos restaurations")),
        };
        self.compose(self.owner_subject(&came, &failed), &parts, link, link_name)
    }

    /// What failed, grouped by cause.
    pub(crate) fn to_administrators(&self, letter: &Letter) -> Composed {
        let mut groups: Vec<Group<'_>> = Vec::new();
        for told in &letter.results {
            let code = told.failure.as_ref().map(|failure| failure.code);
            match groups.iter_mut().find(|group| group.code == code && *group.remote == told.remote) {
                Some(group) => group.results.push(told),
                None => groups.push(Group { code, remote: &told.remote, results: vec![told] }),
            }
        }
        let part = |group: &Group<'_>| {
            let head = match group.code {
                Some(code) => {
                    let remote = self.remote_name(group.remote);
                    let waits = group.results.iter().all(|line| line.waits);
                    let say = if waits { Problem::new } else { Problem::ended };
                    let problem = say(code, self.language, &remote, "");
                    format!("{} {}", problem.message, problem.advice).trim_end().to_owned()
                }
                None => self.say("Restored, with things to check:", "Restauré, avec des points à vérifier :"),
            };
            let item = |told: &&LetterLine| {
                let mut item = if told.failure.is_some() { self.detailed(told) } else { self.restored(told, true) };
                item.rest = format!(" ({}){}", self.language.person(&told.user_name), item.rest);
                item
            };
            let mut items: Vec<Item> = group.results.iter().take(LISTED).map(item).collect();
            let more = group.results.len().saturating_sub(LISTED);
            if more > 0 {
                let name = match self.language {
                    Language::English => format!("and {more} more"),
                    Language::French => format!("et {more} de plus"),
                };
                items.push(Item { name, link: None, rest: String::new(), remarks: vec![] });
            }
            Part { head, items }
        };
        let parts: Vec<Part> = groups.iter().map(part).collect();
        let failures = letter.results.iter().filter(|told| told.failure.is_some() && !told.waits).count();
        let waits = letter.results.iter().any(|told| told.waits);
        let subject = match (self.language, failures) {
            (Language::English, 0) if waits => "Courseferry: restores wait for an administrator".to_owned(),
            (Language::French, 0) if waits => "Courseferry : des restaurations attendent un administrateur".to_owned(),
            (Language::English, 0) => "Courseferry: restores with things to check".to_owned(),
            (Language::English, 1) => "Courseferry: 1 restore failed".to_owned(),
            (Language::English, many) => format!("Courseferry: {many} restores failed"),
            (Language::French, 0) => "Courseferry : restaurations à vérifier".to_owned(),
            (Language::French, 1) => "Courseferry : 1 restauration a échoué".to_owned(),
            (Language::French, many) => format!("Courseferry : {many} restaurations ont échoué"),
        };
        self.compose(subject, &parts, self.page(), self.say("All restores", "Toutes les restaurations"))
    }

    fn owner_subject(&self, came: &[&LetterLine], failed: &[&LetterLine]) -> String {
        let (n, m) = (came.len(), failed.len());
        match (self.language, came, failed) {
            (Language::English, [one], []) => format!("“{}” is restored", one.full_name),
            (Language::English, [], [one]) => format!("“{}” could not be restored", one.full_name),
            (Language::English, _, []) => format!("{n} courses are restored"),
            (Language::English, [], _) => format!("{m} courses could not be restored"),
            (Language::English, [_], _) => format!("1 course is restored, {m} could not be"),
            (Language::English, ..) => format!("{n} courses are restored, {m} could not be"),
            (Language::French, [one], []) => format!("« {} » est restauré", one.full_name),
            (Language::French, [], [one]) => format!("« {} » n'a pas pu être restauré", one.full_name),
            (Language::French, _, []) => format!("{n} cours sont restaurés"),
            (Language::French, [], _) => format!("{m} cours n'ont pas pu être restaurés"),
            (Language::French, [_], [_]) => "1 cours est restauré, 1 n'a pas pu l'être".to_owned(),
            (Language::French, [_], _) => format!("1 cours est restauré, {m} n'ont pas pu l'être"),
            (Language::French, _, [_]) => format!("{n} cours sont restaurés, 1 n'a pas pu l'être"),
            (Language::French, ..) => format!("{n} cours sont restaurés, {m} n'ont pas pu l'être"),
        }
    }

    fn restored(&self, told: &LetterLine, warnings: bool) -> Item {
        let rest = match (self.language, &told.category_name) {
            (Language::English, Some(category)) => format!(", in {category}"),
            (Language::French, Some(category)) => format!(", dans {category}"),
            (_, None) => String::new(),
        };
        let shown = if warnings { told.warnings.as_slice() } else { &[] };
        let check = |warning: &Warning| {
            let times = if warning.count > 1 { format!(" (× {})", warning.count) } else { String::new() };
            format!("{}{}{times}", self.say("To check: ", "À vérifier : "), warning.message)
        };
        let more = (shown.len() > WARNINGS).then(|| match self.language {
            Language::English => format!("and {} more to check", shown.len() - WARNINGS),
            Language::French => format!("et {} autres points à vérifier", shown.len() - WARNINGS),
        });
        let remarks = shown.iter().take(WARNINGS).map(check).chain(more).chain(self.on_remote(told)).collect();
        Item { name: told.full_name.clone(), link: self.course_link(told), rest, remarks }
    }

    fn failed(&self, told: &LetterLine) -> Item {
        let remote = self.remote_name(&told.remote);
        let why = told.failure.as_ref().map(|failure| {
            let problem = Problem::ended(failure.code, self.language, &remote, &failure.detail);
            format!("{} {}", problem.message, problem.advice).trim_end().to_owned()
        });
        let rest = match self.language {
            Language::English => format!(" ({remote}): "),
            Language::French => format!(" ({remote}) : "),
        };
        Item {
            name: told.full_name.clone(),
            link: None,
            rest: rest + &why.unwrap_or_default(),
            remarks: self.on_remote(told).into_iter().collect(),
        }
    }

    /// A failed restore under a head that tells why, with what exactly was met.
    fn detailed(&self, told: &LetterLine) -> Item {
        let detail = told.failure.as_ref().map(|failure| failure.detail.clone()).filter(|detail| !detail.is_empty());
        Item {
            name: told.full_name.clone(),
            link: None,
            rest: String::new(),
            remarks: detail.into_iter().chain(self.on_remote(told)).collect(),
        }
    }

    fn on_remote(&self, told: &LetterLine) -> Option<String> {
        let link = self.remotes.course_link(&told.remote, told.course).filter(|_| self.remote_links)?;
        let remote = self.remote_name(&told.remote);
        Some(match self.language {
            Language::English => format!("On {remote}: {link}"),
            Language::French => format!("Sur {remote} : {link}"),
        })
    }

    fn remote_name(&self, remote: &RemoteId) -> String {
        self.remotes.name(remote).unwrap_or_else(|| self.say("a Moodle no longer connected", "un Moodle déconnecté"))
    }

    fn course_link(&self, told: &LetterLine) -> Option<String> {
        let course = told.restored.filter(|_| told.failure.is_none())?;
        Some(format!("{}/course/view.php?id={course}", self.client))
    }

    fn page(&self) -> String {
        format!("{}/blocks/courseferry/view.php", self.client)
    }

    fn say(&self, english: &str, french: &str) -> String {
        match self.language {
            Language::English => english.to_owned(),
            Language::French => french.to_owned(),
        }
    }

    fn compose(&self, subject: String, parts: &[Part], link: String, link_name: String) -> Composed {
        let (mut text, mut html) = (String::new(), String::new());
        for Part { head, items } in parts {
            text.push_str(head);
            text.push('\n');
            put(&mut html, format_args!("<p>{}</p>\n<ul>\n", Escaped(head)));
            for Item { name, link, rest, remarks } in items {
                put(&mut text, format_args!("- {name}{rest}\n"));
                html.push_str("<li>");
                match link {
                    Some(link) => {
                        put(&mut text, format_args!("  {link}\n"));
                        put(&mut html, format_args!("<a href=\"{}\">{}</a>", Escaped(link), Escaped(name)));
                    }
                    None => put(&mut html, format_args!("{}", Escaped(name))),
                }
                put(&mut html, format_args!("{}", Escaped(rest)));
                for remark in remarks {
                    put(&mut text, format_args!("  {remark}\n"));
                    put(&mut html, format_args!("<br>{}", Escaped(remark)));
                }
                html.push_str("</li>\n");
            }
            text.push('\n');
            html.push_str("</ul>\n");
        }
        let page = self.page();
        let restores = self.say("Your restores", "Vos restaurations");
        put(&mut text, format_args!("{restores}{} {page}\n", self.say(":", " :")));
        put(&mut html, format_args!("<p><a href=\"{}\">{}</a></p>\n", Escaped(&page), Escaped(&restores)));
        Composed { subject, text, html, link, link_name }
    }
}

/// Writing to a string cannot fail.
fn put(text: &mut String, what: std::fmt::Arguments<'_>) {
    let _ = text.write_fmt(what);
}

/// A text in HTML, also within a quoted attribute.
struct Escaped<'a>(&'a str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}
