//! Into which category does it go? The owner's wish, what they may do, and the default category.

use crate::Failure;
use courseferry_api::{CategoryId, ErrorCode, Language, Target, words};

/// What a user of the client may do, from fresh snapshots; every sentence is in the user's language and names only
/// what they may see.
pub trait Access {
    /// Their user name now.
    fn username(&self) -> &str;
    /// Their language.
    fn language(&self) -> Language;
    /// They may see where a course lies on its remote (`block/courseferry:can_see_external_course_link`).
    fn may_see_remote_links(&self) -> bool;
    /// The category with this identifier, if there is one.
    fn original(&self, identifier: &str) -> Option<CategoryId>;
    /// Whether they may restore into a category: its name and what may be left out, or why not.
    fn may_restore(&self, category: CategoryId) -> Result<Allowed, String>;
    /// Why what they restore into a category keeps its dates; none if they may have them moved.
    fn dates_refused(&self, category: CategoryId) -> Option<String>;
    /// They may restore for somebody else (`block/courseferry:manage`).
    fn may_restore_for_others(&self) -> bool;
    /// This site vouches for their account.
    fn is_vouched_for(&self) -> bool;
    /// Why they may not bring people into a category, students with their data or enrolment methods alone; none if they may.
    fn people_refused(&self, category: CategoryId, students: bool) -> Option<String>;
}

/// A category that they may restore into.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed {
    /// Its name.
    pub name: String,
    /// What may be left out, one sentence each.
    pub incomplete: Vec<String>,
}

/// Where a course goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The category of a new course; none if the content is added to a course that exists.
    pub category: Option<CategoryId>,
    /// Its name, or the existing course's.
    pub name: String,
    /// Why it is the default one although the original was wished, in one sentence.
    pub instead: Option<String>,
    /// What may be left out, one sentence each.
    pub incomplete: Vec<String>,
}

impl Decision {
    /// The content is added to a course here that is called so.
    pub fn added_to(name: String) -> Self {
        Self { category: None, name, instead: None, incomplete: Vec::new() }
    }
}

/// Decides where a course goes, or why it cannot be restored.
///
/// An original category that is missing or refused becomes the default one. A chosen category that is refused is
/// refused: nobody's course turns up where nobody expects it.
pub fn decide(
    access: &impl Access,
    target: &Target,
    identifier: &str,
    default: Option<CategoryId>,
) -> Result<Decision, Failure> {
    let enter = |category: CategoryId, instead: Option<String>| match access.may_restore(category) {
        Ok(Allowed { name, incomplete }) => Ok(Decision { category: Some(category), name, instead, incomplete }),
        Err(reason) => Err(Failure::new(ErrorCode::AccessCategory, reason)),
    };
    let enter_default = |instead| enter(default.ok_or(ErrorCode::AccessDefaultMissing)?, instead);
    match target {
        Target::Category(category) => enter(*category, None),
        Target::Default => enter_default(None),
        Target::Original => {
            let original = if identifier.is_empty() { None } else { access.original(identifier) };
            let missing = || access.language().say(words::ORIGINAL_CATEGORY_MISSING).to_owned();
            let Some(category) = original else { return enter_default(Some(missing())) };
            enter(category, None).or_else(|refused| enter_default(Some(refused.detail)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::Person;

    const ARTS: CategoryId = CategoryId(2);
    const PHYSICS: CategoryId = CategoryId(3);
    const DEFAULT: CategoryId = CategoryId(9);

    fn teacher(into: &'static [CategoryId]) -> Person {
        Person { into, original: &[("ARTS", ARTS), ("PHY", PHYSICS)], ..Person::default() }
    }

    fn category(teacher: &Person, target: Target, identifier: &str) -> Result<(CategoryId, bool), ErrorCode> {
        match decide(teacher, &target, identifier, Some(DEFAULT)) {
            Ok(decision) => Ok((decision.category.unwrap(), decision.instead.is_some())),
            Err(failure) => Err(failure.code),
        }
    }

    #[test]
    fn an_allowed_original_category_is_taken() {
        assert_eq!(category(&teacher(&[PHYSICS, DEFAULT]), Target::Original, "PHY"), Ok((PHYSICS, false)));
    }

    #[test]
    fn a_refused_or_missing_original_category_becomes_the_default_one_and_says_why() {
        for identifier in ["ARTS", "GONE", ""] {
            assert_eq!(category(&teacher(&[PHYSICS, DEFAULT]), Target::Original, identifier), Ok((DEFAULT, true)));
        }
    }

    #[test]
    fn a_refused_default_category_is_a_failure_with_its_reason() {
        for target in [Target::Original, Target::Default] {
            let failure = decide(&teacher(&[PHYSICS]), &target, "ARTS", Some(DEFAULT)).unwrap_err();
            assert_eq!(failure, Failure::new(ErrorCode::AccessCategory, "You may not restore there."));
        }
    }

    #[test]
    fn without_a_default_category_the_wish_for_it_is_refused() {
        let failure = decide(&teacher(&[PHYSICS]), &Target::Default, "", None).unwrap_err();
        assert_eq!(failure.code, ErrorCode::AccessDefaultMissing);
    }

    #[test]
    fn a_refused_chosen_category_never_becomes_another_one() {
        let teacher = teacher(&[PHYSICS, DEFAULT]);
        assert_eq!(category(&teacher, Target::Category(PHYSICS), "ARTS"), Ok((PHYSICS, false)));
        assert_eq!(category(&teacher, Target::Category(ARTS), "PHY"), Err(ErrorCode::AccessCategory));
    }
}
