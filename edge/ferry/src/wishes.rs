//! What a teacher wants otherwise than it is there: may they have it? Asked when they look, when they press, and again on
//! fresh rights before the backup is made.

use crate::{Access, Decision, Failure};
use courseferry_api::{Enrolments, ErrorCode, Options, RemoteKind, words};

/// Why somebody cannot have what they want, if they cannot.
pub fn refused(
    access: &impl Access,
    options: &Options,
    decision: &Decision,
    lender: Option<RemoteKind>,
) -> Result<(), Failure> {
    let refuse = |reason: String| Err(Failure::new(ErrorCode::RestoreOptionRefused, reason));
    let say = |words| access.language().say(words).to_owned();
    if options.leaves_out() && !lender.is_some_and(|kind| kind.abilities().leave_out) {
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
    // Without a right to them on both sides nobody's data travel.
    if options.students || options.enrolments != Enrolments::Never {
        return refuse(say(words::NO_STUDENTS));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Allowed;
    use courseferry_api::{CategoryId, Language, UnixTime};

    struct Teacher {
        may_move_dates: bool,
    }

    impl Access for Teacher {
        fn username(&self) -> &'static str {
            "teacher"
        }
        fn language(&self) -> Language {
            Language::English
        }
        fn may_see_remote_links(&self) -> bool {
            false
        }
        fn original(&self, _: &str) -> Option<CategoryId> {
            None
        }
        fn may_restore(&self, _: CategoryId) -> Result<Allowed, String> {
            Ok(Allowed::default())
        }
        fn dates_refused(&self, _: CategoryId) -> Option<String> {
            (!self.may_move_dates).then(|| "None of your roles allows moodle/restore:rolldates there.".to_owned())
        }
        fn for_others_refused(&self) -> Option<String> {
            None
        }
        fn is_vouched_for(&self) -> bool {
            true
        }
    }

    fn asked(may_move_dates: bool, options: &Options, category: Option<i64>, lender: RemoteKind) -> Option<String> {
        let category = category.map(CategoryId);
        let decision = Decision { category, name: String::new(), instead: None, incomplete: Vec::new() };
        let refused = refused(&Teacher { may_move_dates }, options, &decision, Some(lender));
        refused.err().map(|failure| {
            assert_eq!(failure.code, ErrorCode::RestoreOptionRefused);
            failure.detail
        })
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
