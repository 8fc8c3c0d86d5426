//! Whether a teacher may have the options they chose (another start date, students' data, parts left out). Checked in the
//! preview, when they press, and on fresh rights before the backup is made.

use crate::{Access, Decision, Failure};
use courseferry_api::{ErrorCode, Options, RemoteKind, words};

/// What lends a remote's courses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lender {
    /// What it is, if that is known.
    pub kind: Option<RemoteKind>,
    /// An administrator here has named it among those that may be asked for students' data (`userdata_remotes`).
    pub named: bool,
}

impl Lender {
    /// Our own block asks for the teacher's right there; the original's release 3 hands students' data to whoever asks.
    fn lends_people(self) -> bool {
        match self.kind {
            Some(RemoteKind::Courseferry) => true,
            Some(RemoteKind::Original3) => self.named,
            Some(RemoteKind::Original2) | None => false,
        }
    }
}

/// Why somebody cannot have what they want, if they cannot.
pub fn refused(access: &impl Access, options: &Options, decision: &Decision, lender: Lender) -> Result<(), Failure> {
    let refuse = |reason: String| Err(Failure::new(ErrorCode::RestoreOptionRefused, reason));
    let say = |words| access.language().say(words).to_owned();
    if options.leaves_out() && !lender.kind.is_some_and(|kind| kind.abilities().leave_out) {
        return refuse(say(words::CANNOT_LEAVE_OUT));
    }
    let of_a_new_course = options.full_name.is_some()
        || options.short_name.is_some()
        || options.starts.is_some()
        || options.visible.is_some();
    match decision.category {
        None if of_a_new_course => return refuse(say(words::EXISTING_KEEPS_ITS_OWN)),
        Some(category) if options.starts.is_some() => {
            if let Some(reason) = access.dates_refused(category) {
                return refuse(reason);
            }
        }
        _ => {}
    }
    if options.brings_people() {
        let Some(category) = decision.category else { return refuse(say(words::NO_PEOPLE_ADDED)) };
        if let Some(reason) = access.people_refused(category, options.students) {
            return refuse(reason);
        }
        if !lender.lends_people() {
            return refuse(say(words::LENDS_NO_PEOPLE));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::Person;
    use courseferry_api::{CategoryId, Enrolments, UnixTime};

    fn asked(may_move_dates: bool, options: &Options, category: Option<i64>, lender: RemoteKind) -> Option<String> {
        let category = category.map(CategoryId);
        let lender = Lender { kind: Some(lender), named: false };
        asked_of(&Person { may_move_dates, ..Person::default() }, options, category, lender)
    }

    fn asked_of(person: &Person, options: &Options, category: Option<CategoryId>, lender: Lender) -> Option<String> {
        let decision = Decision { category, name: String::new(), instead: None, incomplete: Vec::new() };
        refused(person, options, &decision, lender).err().map(|failure| {
            assert_eq!(failure.code, ErrorCode::RestoreOptionRefused);
            failure.detail
        })
    }

    #[test]
    fn people_come_by_right_from_whoever_lends_them_and_never_into_a_course_that_exists() {
        let students = Options { students: true, ..Options::default() };
        let methods = Options { enrolments: Enrolments::Always, ..Options::default() };
        let by = |may_bring_people| Person { may_bring_people, ..Person::default() };
        let here = Some(CategoryId(3));
        let ours = Lender { kind: Some(RemoteKind::Courseferry), named: false };
        for (wish, capability) in
            [(&students, "moodle/restore:userinfo"), (&methods, "block/courseferry:can_restore_user_datas")]
        {
            assert_eq!(asked_of(&by(true), wish, here, ours), None);
            assert!(asked_of(&by(false), wish, here, ours).unwrap().contains(capability));
            assert!(asked_of(&by(true), wish, None, ours).is_some());
            for (kind, named, lends) in [
                (Some(RemoteKind::Original3), true, true),
                (Some(RemoteKind::Original3), false, false),
                (Some(RemoteKind::Original2), true, false),
                (None, true, false),
            ] {
                let refused = asked_of(&by(true), wish, here, Lender { kind, named });
                assert_eq!(refused.is_none(), lends, "{kind:?} {named}");
            }
        }
    }

    #[test]
    fn a_start_date_needs_the_right_to_move_dates_and_its_refusal_names_the_capability() {
        let options = Options { starts: Some(UnixTime(1_788_134_400)), ..Options::default() };
        assert_eq!(asked(true, &options, Some(3), RemoteKind::Original2), None);
        let reason = asked(false, &options, Some(3), RemoteKind::Original2).unwrap();
        assert!(reason.contains("moodle/restore:rolldates"), "{reason}");
    }

    #[test]
    fn parts_are_left_out_only_where_the_remote_can_do_that() {
        let options = Options { leave_out_activities: vec![7], ..Options::default() };
        assert_eq!(asked(true, &options, Some(3), RemoteKind::Courseferry), None);
        for original in [RemoteKind::Original2, RemoteKind::Original3] {
            assert!(asked(true, &options, Some(3), original).is_some());
        }
    }

    #[test]
    fn an_existing_course_keeps_what_is_its_own() {
        for options in [
            Options { full_name: Some("Mine".into()), ..Options::default() },
            Options { short_name: Some("M".into()), ..Options::default() },
            Options { visible: Some(false), ..Options::default() },
            Options { starts: Some(UnixTime(1)), ..Options::default() },
        ] {
            assert!(asked(true, &options, None, RemoteKind::Courseferry).is_some(), "{options:?}");
            assert_eq!(asked(true, &options, Some(3), RemoteKind::Courseferry), None, "{options:?}");
        }
    }
}
