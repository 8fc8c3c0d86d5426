//! What messages say, as text and as the same in HTML.

use crate::{Letter, LetterLine, Remotes};
use courseferry_api::{
    ErrorCode, Language, Problem, RemoteId, Warning,
    words::{self, Counted, Words},
};
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
        self.ends(letter, |line, item| {
            let by = line.asked_by.as_deref().map(|name| self.language.person(name));
            item.remarks.extend(by.map(|by| self.language.fill(words::ASKED_ON_YOUR_BEHALF, &[("name", by)])));
        })
    }

    /// How restores ended that an administrator asked for on behalf of others.
    pub(crate) fn to_actor(&self, letter: &Letter) -> Composed {
        let composed = self.ends(letter, |line, item| {
            if let Some(failure) = &line.failure {
                let remote = self.remote_name(&line.remote);
                let (code, detail) = (failure.code, &failure.detail);
                // In the words of one who is not its owner.
                let problem = Problem::for_administrator(code, self.language, &remote, "", detail, true);
                let values = [("remote", remote.as_str()), ("why", &problem.message)];
                item.rest = self.language.fill(words::FROM_REMOTE, &values);
            }
            let person = self.language.person(&line.user_name);
            let whose = self.language.fill(words::FOR_PERSON, &[("name", person)]);
            item.rest = format!("{whose}{}", item.rest);
        });
        let subject = self.language.fill(words::FOR_SOMEBODY_ELSE, &[("subject", &composed.subject)]);
        Composed { subject, ..composed }
    }

    /// How restores ended, each with what its reader has to know besides.
    fn ends(&self, letter: &Letter, add: impl Fn(&LetterLine, &mut Item)) -> Composed {
        let with = |line: &&LetterLine, mut item: Item| {
            add(line, &mut item);
            item
        };
        let (failed, came): (Vec<&LetterLine>, Vec<&LetterLine>) =
            letter.results.iter().partition(|line| line.failure.is_some());
        let mut parts = Vec::new();
        if !came.is_empty() {
            let head = self.say(words::RESTORED_HEAD);
            parts.push(Part {
                head,
                items: came.iter().map(|line| with(line, self.restored(line, self.warnings))).collect(),
            });
        }
        if !failed.is_empty() {
            let head = self.say(words::FAILED_HEAD);
            parts.push(Part { head, items: failed.iter().map(|line| with(line, self.failed(line))).collect() });
        }
        let course = match letter.results.as_slice() {
            [only] => self.course_link(only),
            _ => None,
        };
        let restores = (self.page(), self.say(words::YOUR_RESTORES));
        let link = match course {
            Some(course) => (course, self.say(words::OPEN_COURSE)),
            None => restores.clone(),
        };
        self.compose(self.owner_subject(&came, &failed), &parts, link, restores)
    }

    /// What failed, grouped by cause.
    pub(crate) fn to_administrators(&self, letter: &Letter) -> Composed {
        let mut groups: Vec<Group<'_>> = Vec::new();
        for line in &letter.results {
            let code = line.failure.as_ref().map(|failure| failure.code);
            match groups.iter_mut().find(|group| group.code == code && *group.remote == line.remote) {
                Some(group) => group.results.push(line),
                None => groups.push(Group { code, remote: &line.remote, results: vec![line] }),
            }
        }
        let part = |group: &Group<'_>| {
            let head = match group.code {
                Some(code) => {
                    let remote = self.remote_name(group.remote);
                    let address = self.remotes.address(group.remote);
                    let ended = !group.results.iter().all(|line| line.waits);
                    let problem = Problem::for_administrator(code, self.language, &remote, &address, "", ended);
                    format!("{} {}", problem.message, problem.advice).trim_end().to_owned()
                }
                None => self.say(words::CHECK_HEAD),
            };
            let item = |line: &&LetterLine| {
                let mut item = if line.failure.is_some() { self.detailed(line) } else { self.restored(line, true) };
                item.rest = format!(" ({}){}", self.language.person(&line.user_name), item.rest);
                item
            };
            let mut items: Vec<Item> = group.results.iter().take(LISTED).map(item).collect();
            let more = group.results.len().saturating_sub(LISTED);
            if more > 0 {
                let name = self.language.fill(words::AND_MORE, &[("n", &more.to_string())]);
                items.push(Item { name, link: None, rest: String::new(), remarks: vec![] });
            }
            Part { head, items }
        };
        let parts: Vec<Part> = groups.iter().map(part).collect();
        let failures = letter.results.iter().filter(|line| line.failure.is_some() && !line.waits).count();
        let waits = letter.results.iter().any(|line| line.waits);
        let subject = match failures {
            0 if waits => self.say(words::SUBJECT_WAIT),
            0 => self.say(words::SUBJECT_CHECK),
            _ => self.count(words::RESTORES_FAILED, failures),
        };
        let manage = (format!("{}#manage", self.page()), self.say(words::MANAGE));
        self.compose(subject, &parts, manage.clone(), manage)
    }

    fn owner_subject(&self, came: &[&LetterLine], failed: &[&LetterLine]) -> String {
        let course = |words, line: &LetterLine| self.language.fill(words, &[("course", &line.full_name)]);
        match (came, failed) {
            ([one], []) => course(words::SUBJECT_RESTORED, one),
            ([], [one]) => course(words::SUBJECT_FAILED, one),
            (_, []) => self.count(words::COURSES_RESTORED, came.len()),
            ([], _) => self.count(words::COURSES_FAILED, failed.len()),
            _ => {
                let restored = self.count(words::COURSES_RESTORED, came.len());
                let failed = self.count(words::OTHERS_FAILED, failed.len());
                self.language.fill(words::SUBJECT_BOTH, &[("restored", &restored), ("failed", &failed)])
            }
        }
    }

    fn restored(&self, line: &LetterLine, warnings: bool) -> Item {
        let rest = match &line.category_name {
            Some(category) => self.language.fill(words::INTO_CATEGORY, &[("category", category)]),
            None => String::new(),
        };
        let students = if line.students { self.language.say(words::WITH_STUDENTS) } else { "" };
        let rest = rest + students;
        let shown = if warnings { line.warnings.as_slice() } else { &[] };
        let check = |warning: &Warning| {
            let times = if warning.count > 1 { format!(" (× {})", warning.count) } else { String::new() };
            self.language.fill(words::TO_CHECK, &[("what", &format!("{}{times}", warning.message))])
        };
        let more = shown.len().checked_sub(WARNINGS).filter(|more| *more > 0);
        let more = more.map(|more| self.count(words::MORE_TO_CHECK, more));
        let remarks = shown.iter().take(WARNINGS).map(check).chain(more).chain(self.on_remote(line)).collect();
        Item { name: line.full_name.clone(), link: self.course_link(line), rest, remarks }
    }

    fn failed(&self, line: &LetterLine) -> Item {
        let remote = self.remote_name(&line.remote);
        let why = line.failure.as_ref().map(|failure| {
            let problem = Problem::ended(failure.code, self.language, &remote, &failure.detail);
            format!("{} {}", problem.message, problem.advice).trim_end().to_owned()
        });
        let why = why.unwrap_or_default();
        Item {
            name: line.full_name.clone(),
            link: None,
            rest: self.language.fill(words::FROM_REMOTE, &[("remote", &remote), ("why", &why)]),
            remarks: self.on_remote(line).into_iter().collect(),
        }
    }

    /// A failed restore under a heading that tells the cause, with the detail of its own.
    fn detailed(&self, line: &LetterLine) -> Item {
        let detail = line.failure.as_ref().map(|failure| failure.detail.clone()).filter(|detail| !detail.is_empty());
        Item {
            name: line.full_name.clone(),
            link: None,
            rest: String::new(),
            remarks: detail.into_iter().chain(self.on_remote(line)).collect(),
        }
    }

    fn on_remote(&self, line: &LetterLine) -> Option<String> {
        let address = self.remotes.course_link(&line.remote, line.course).filter(|_| self.remote_links)?;
        let remote = self.remote_name(&line.remote);
        Some(self.language.fill(words::ON_REMOTE, &[("remote", &remote), ("link", &address)]))
    }

    fn remote_name(&self, remote: &RemoteId) -> String {
        self.remotes.name(remote).unwrap_or_else(|| self.say(words::DISCONNECTED_REMOTE))
    }

    fn course_link(&self, line: &LetterLine) -> Option<String> {
        let course = line.restored.filter(|_| line.failure.is_none())?;
        Some(format!("{}/course/view.php?id={course}", self.client))
    }

    fn page(&self) -> String {
        format!("{}/blocks/courseferry/view.php", self.client)
    }

    fn say(&self, words: Words) -> String {
        self.language.say(words).to_owned()
    }

    fn count(&self, words: Counted, n: usize) -> String {
        self.language.count(words, u64::try_from(n).unwrap_or(u64::MAX))
    }

    /// A message about these parts, with the address and the words of its link, and of the page named at its end.
    fn compose(
        &self,
        subject: String,
        parts: &[Part],
        (link, link_name): (String, String),
        (page, page_name): (String, String),
    ) -> Composed {
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
        let last = self.language.fill(words::NAME_AT, &[("name", &page_name), ("page", &page)]);
        put(&mut text, format_args!("{last}\n"));
        put(&mut html, format_args!("<p><a href=\"{}\">{}</a></p>\n", Escaped(&page), Escaped(&page_name)));
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
