//! The courses of a remote as Find lists them: order, search, what hides them, and whether they may be chosen.

use super::search::Query;
use super::selection::Selection;
use courseferry_api::{
    Course, CourseList, CourseRestore, Doer, EnrolAnswer, Enrolment, Home, JobId, Problem, RemoteId, Restore, Status,
    UnixTime,
};
use std::sync::Arc;

/// So many courses of a remote are listed at a time.
pub const PAGE: usize = 50;

/// So many rows are drawn in one frame, on all lists together: a page of them takes a slow computer longer than a key press
/// may wait.
pub const ROWS_A_FRAME: usize = 5;

/// A course with its text to search in.
#[derive(Debug, PartialEq)]
pub struct Entry {
    pub course: Course,
    folded: String,
}

/// A remote's list, ready to be searched.
#[derive(Debug, Clone, PartialEq)]
pub struct RemoteCourses {
    pub remote: RemoteId,
    /// Its site name.
    pub name: String,
    /// When the remote gave the list; none if it never did.
    pub as_of: Option<UnixTime>,
    /// It should be asked for again.
    pub stale: bool,
    /// The current user has no account there.
    pub no_account: bool,
    /// Why the list is not fresh.
    pub problem: Option<Problem>,
    /// The courses, newest start first.
    pub entries: Vec<Arc<Entry>>,
    /// So many more began earlier and are not listed.
    pub left_out: usize,
}

/// What became of a course here.
#[derive(Debug, Clone, PartialEq)]
pub enum CourseState {
    None,
    /// The current user's own restore, as it fares now.
    Own(Box<Restore>),
    /// A restore that the remote's list brought: a colleague's, or an old one of their own.
    Listed(CourseRestore),
}

impl RemoteCourses {
    /// The list, in the Worker's order; `fold` makes texts ready to be searched.
    pub fn new(list: CourseList, fold: impl Fn(&str) -> String) -> Self {
        let courses = list.courses;
        let entry = |course: Course| {
            let folded = fold(&format!("{}\n{}\n{}", course.full_name, course.short_name, course.id_number));
            Arc::new(Entry { course, folded })
        };
        let entries = courses.into_iter().map(entry).collect();
        let CourseList { remote, name, as_of, stale, no_account, problem, left_out, .. } = list;
        Self { remote, name, as_of, stale, no_account, problem, entries, left_out }
    }

    /// The same list with the current user enrolled in what `job` made.
    pub fn enrolled(&self, job: &JobId, answer: &EnrolAnswer) -> Self {
        let enrol = |restore: &mut CourseRestore| {
            if restore.id == *job {
                restore.enrolment = Enrolment::Enrolled;
                (restore.course, restore.link) = (Some(answer.course), Some(answer.link.clone()));
            }
        };
        let entry = |entry: &Arc<Entry>| {
            if entry.course.restores.iter().all(|r| r.id != *job) {
                return Arc::clone(entry);
            }
            let mut course = entry.course.clone();
            course.restores.iter_mut().for_each(enrol);
            Arc::new(Entry { course, folded: entry.folded.clone() })
        };
        Self { entries: self.entries.iter().map(entry).collect(), ..self.clone() }
    }

    /// The entries that match and are not hidden, in order.
    pub fn found(&self, query: &Query, hide_restored: bool, own: &[Restore]) -> Vec<Arc<Entry>> {
        let seen =
            |e: &&Arc<Entry>| query.matches(&e.folded) && !(hide_restored && restored(&self.remote, &e.course, own));
        self.entries.iter().filter(seen).cloned().collect()
    }
}

fn own_of<'a>(remote: &'a RemoteId, course: &'a Course, own: &'a [Restore]) -> impl Iterator<Item = &'a Restore> {
    own.iter().filter(move |r| r.remote_course == course.id && r.remote == *remote)
}

/// Whether somebody, the current user or another, has restored it.
pub fn restored(remote: &RemoteId, course: &Course, own: &[Restore]) -> bool {
    course.restores.iter().any(|r| r.status == Status::Restored)
        || own_of(remote, course, own).any(|r| r.status == Status::Restored)
}

/// The current user's newest restore of it that was not withdrawn, else what the list says.
pub fn state_of(remote: &RemoteId, course: &Course, own: &[Restore]) -> CourseState {
    let mine = own_of(remote, course, own).filter(|r| r.status != Status::Cancelled).max_by_key(|r| r.created);
    // A colleague's restore that failed or was cancelled keeps nobody from choosing the course, and is not shown.
    let bars =
        |r: &&CourseRestore| !matches!((&r.by, r.status), (_, Status::Cancelled) | (Doer::Other(_), Status::Failed));
    let listed = course.restores.iter().find(|r| own.iter().all(|o| o.id != r.id) && bars(r));
    match (mine, listed) {
        (Some(mine), Some(listed))
            if listed.status == Status::Restored && listed.at > mine.since && mine.status == Status::Failed =>
        {
            CourseState::Listed(listed.clone())
        }
        (Some(mine), _) => CourseState::Own(Box::new(mine.clone())),
        (None, Some(listed)) => CourseState::Listed(listed.clone()),
        (None, None) => CourseState::None,
    }
}

/// Whether it may be chosen: the current user may restore somewhere, the list allows it, and no restore begun since
/// forbids it.
pub fn choosable(remote: &RemoteId, course: &Course, own: &[Restore], home: &Home) -> bool {
    let bars = |r: &Restore| match r.status {
        Status::Scheduled | Status::InProgress => true,
        Status::Restored => home.policy.one_per_course,
        Status::Failed | Status::Cancelled => false,
    };
    home.may.bring() && course.choosable && !own_of(remote, course, own).any(bars)
}

/// What "Choose all" takes of the courses found: what may be chosen and is not chosen yet. Who wants a second copy of a
/// course chooses it by hand.
pub fn free<'a>(
    found: &'a [(RemoteId, Vec<Arc<Entry>>)],
    own: &'a [Restore],
    home: &'a Home,
    chosen: &'a Selection,
) -> impl Iterator<Item = (&'a RemoteId, &'a Course)> {
    let courses = found.iter().flat_map(|(remote, entries)| entries.iter().map(move |entry| (remote, &entry.course)));
    courses.filter(|(remote, course)| {
        choosable(remote, course, own, home) && !restored(remote, course, own) && !chosen.has(remote, course.id)
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::i18n::stub::NOW;
    use crate::logic::{restores::tests::restore, targets::tests::home};
    use courseferry_api::{Enrolment, Permissions, Policy, RemoteCourseId};

    pub fn course(id: i64, name: &str, starts: Option<i64>) -> Course {
        Course {
            id: RemoteCourseId(id),
            full_name: name.into(),
            short_name: format!("C{id}"),
            id_number: format!("ID-{id}"),
            starts: starts.map(UnixTime),
            visible: true,
            link: None,
            original: None,
            original_refused: false,
            restores: Vec::new(),
            choosable: true,
        }
    }

    fn list(courses: Vec<Course>) -> RemoteCourses {
        let remote = restore(1).remote;
        let name = "Moodle Sciences".into();
        RemoteCourses::new(
            CourseList {
                remote,
                name,
                as_of: Some(NOW),
                stale: false,
                no_account: false,
                problem: None,
                abilities: None,
                courses,
                left_out: 0,
            },
            str::to_lowercase,
        )
    }

    fn names(entries: &[Arc<Entry>]) -> Vec<&str> {
        entries.iter().map(|e| e.course.full_name.as_str()).collect()
    }

    #[test]
    fn name_short_name_and_id_number_are_searched() {
        let list = list(vec![course(1, "Optique", None), course(2, "Électricité", None)]);
        for (typed, expected) in [("ÉLEC", "Électricité"), ("c1", "Optique"), ("id-2", "Électricité")] {
            assert_eq!(names(&list.found(&Query::new(&typed.to_lowercase()), false, &[])), [expected], "{typed}");
        }
    }

    #[test]
    fn hiding_what_is_restored_hides_colleagues_and_just_finished_restores() {
        let mut theirs = course(1, "Theirs", None);
        theirs.restores.push(CourseRestore {
            by: Doer::Other("N. N.".into()),
            id: restore(9).id,
            status: Status::Restored,
            at: NOW,
            course: None,
            link: None,
            enrolment: Enrolment::Offered,
        });
        let list = list(vec![theirs, course(2, "Mine", None), course(3, "Free", None)]);
        let own = [Restore { status: Status::Restored, ..restore(2) }];
        assert_eq!(names(&list.found(&Query::default(), true, &own)), ["Free"]);
    }

    #[test]
    fn a_course_on_its_way_cannot_be_chosen_and_a_failed_one_can() {
        let one = course(1, "One", None);
        let remote = restore(1).remote;
        let may = |status, one_per_course| {
            let policy = Policy { one_per_course, ..home().policy };
            choosable(&remote, &one, &[Restore { status, ..restore(1) }], &Home { policy, ..home() })
        };
        assert!(!may(Status::Scheduled, false) && !may(Status::InProgress, false));
        assert!(may(Status::Restored, false) && !may(Status::Restored, true));
        assert!(may(Status::Failed, true) && may(Status::Cancelled, true));
        let nowhere = Home { may: Permissions::default(), ..home() };
        assert!(!choosable(&remote, &one, &[], &nowhere));
    }

    #[test]
    fn a_withdrawn_restore_is_no_longer_shown() {
        let one = course(1, "One", None);
        let own = [Restore { status: Status::Cancelled, ..restore(1) }];
        assert_eq!(state_of(&restore(1).remote, &one, &own), CourseState::None);
    }
}
