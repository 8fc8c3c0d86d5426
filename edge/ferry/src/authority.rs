//! With whose rights a restore is carried out: its owner's; or, where an administrator asked for it on behalf of somebody who
//! lacks them, the administrator's. Borrowed rights never include students' data.

use crate::{
    Access, Decision, Failure, decide,
    wishes::{self, Lender},
};
use courseferry_api::{CategoryId, ErrorCode, Options, Target, words};

/// Whose rights suffice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority {
    /// The owner's own.
    Owner,
    /// The administrator's who asked for it.
    Actor,
}

/// A new course that is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    pub target: &'a Target,
    /// The identifier of the course's category on the remote; empty if there is none.
    pub identifier: &'a str,
    pub options: &'a Options,
    /// The site's default category.
    pub default: Option<CategoryId>,
    /// What lends the course.
    pub lender: Lender,
}

/// Why nobody may restore for somebody else: both accounts are vouched for, and one of them is an administrator's.
pub fn for_others_refused(owner: &impl Access, actor: &impl Access) -> Result<(), Failure> {
    if !actor.may_restore_for_others() {
        return Err(ErrorCode::RestoreActorRefused.into());
    }
    if !actor.is_vouched_for() {
        // It is the owner who reads it.
        return Err(Failure::new(ErrorCode::RestoreActorRefused, owner.language().say(words::ACCOUNT_NOT_CONFIRMED)));
    }
    if !owner.is_vouched_for() {
        return Err(ErrorCode::AccessNotVouched.into());
    }
    Ok(())
}

/// Where a new course goes, with whose rights; why not, as far as the owner's rights go, if it cannot be restored.
pub fn decide_for(
    owner: &impl Access,
    actor: Option<&impl Access>,
    wanted: &Wanted<'_>,
) -> Result<(Decision, Authority), Failure> {
    let own = match decided(owner, wanted) {
        Ok(decision) => return Ok((decision, Authority::Owner)),
        Err(refused) => refused,
    };
    match actor.filter(|_| may_borrow(wanted.options, own.code)).map(|actor| decided(actor, wanted)) {
        Some(Ok(decision)) => Ok((decision, Authority::Actor)),
        _ => Err(own),
    }
}

fn decided(access: &impl Access, wanted: &Wanted<'_>) -> Result<Decision, Failure> {
    let decision = decide(access, wanted.target, wanted.identifier, wanted.default)?;
    wishes::refused(access, wanted.options, &decision, wanted.lender)?;
    Ok(decision)
}

/// Whether another's rights may stand in for the owner's, who was refused for this.
pub fn may_borrow(options: &Options, refused: ErrorCode) -> bool {
    let lacks_a_right =
        matches!(refused, ErrorCode::AccessCategory | ErrorCode::RestoreOptionRefused | ErrorCode::ClientNoCapability);
    lacks_a_right && !options.brings_people()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::Person;
    use courseferry_api::{Enrolments, RemoteKind, UnixTime};

    const PHYSICS: CategoryId = CategoryId(3);
    const ARTS: CategoryId = CategoryId(6);

    fn teacher() -> Person {
        Person { into: &[PHYSICS], ..Person::default() }
    }

    fn administrator() -> Person {
        let (may_move_dates, may_bring_people) = (true, true);
        Person { into: &[PHYSICS, ARTS], may_move_dates, may_bring_people, may_manage: true, ..Person::default() }
    }

    fn whose(actor: Option<&Person>, category: CategoryId, options: &Options) -> Result<Authority, ErrorCode> {
        let lender = Lender { kind: Some(RemoteKind::Courseferry), named: false };
        let (target, default) = (&Target::Category(category), None);
        let wanted = Wanted { target, identifier: "", options, default, lender };
        decide_for(&teacher(), actor, &wanted).map(|(_, authority)| authority).map_err(|failure| failure.code)
    }

    #[test]
    fn the_owners_rights_come_first_and_the_administrators_stand_in_for_them() {
        let as_there = Options::default();
        assert_eq!(whose(Some(&administrator()), PHYSICS, &as_there), Ok(Authority::Owner));
        assert_eq!(whose(Some(&administrator()), ARTS, &as_there), Ok(Authority::Actor));
        assert_eq!(whose(None, ARTS, &as_there), Err(ErrorCode::AccessCategory));
        let dated = Options { starts: Some(UnixTime(1)), ..Options::default() };
        assert_eq!(whose(Some(&administrator()), PHYSICS, &dated), Ok(Authority::Actor));
        assert_eq!(whose(Some(&administrator()), CategoryId(7), &as_there), Err(ErrorCode::AccessCategory));
    }

    #[test]
    fn borrowed_rights_never_include_students_data() {
        for options in [
            Options { students: true, ..Options::default() },
            Options { enrolments: Enrolments::Always, ..Options::default() },
        ] {
            assert_eq!(whose(Some(&administrator()), ARTS, &options), Err(ErrorCode::AccessCategory));
            assert_eq!(whose(Some(&administrator()), PHYSICS, &options), Err(ErrorCode::RestoreOptionRefused));
        }
    }

    #[test]
    fn nobody_restores_for_somebody_else_but_an_administrator_and_both_are_vouched_for() {
        let refused =
            |owner: &Person, actor: &Person| for_others_refused(owner, actor).err().map(|failure| failure.code);
        assert_eq!(refused(&teacher(), &administrator()), None);
        assert_eq!(refused(&teacher(), &teacher()), Some(ErrorCode::RestoreActorRefused));
        let stranger = |person: Person| Person { vouched_for: false, ..person };
        assert_eq!(refused(&teacher(), &stranger(administrator())), Some(ErrorCode::RestoreActorRefused));
        assert_eq!(refused(&stranger(teacher()), &administrator()), Some(ErrorCode::AccessNotVouched));
    }
}
