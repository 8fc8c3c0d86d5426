//! The courses that somebody chose, as far as they teach them, with what they want of each: where it goes, or why it cannot
//! be restored so.

use crate::{
    api::courses::{self, CachedList},
    app::App,
    auth::{
        rights::{Rights, RightsReadBy},
        targets,
    },
    http::error::{ApiError, ApiResult},
    peers::Names,
};
use courseferry_api::{Choice, CourseId, Enrolments, ErrorCode, Options, RemoteId, RemoteKind, Target, UserId, words};
use courseferry_ferry::{
    Access, Authority, Decision, Wanted, decide_for, may_borrow,
    wishes::{self, Lender},
};
use courseferry_moodle::Course;
use courseferry_store::{Query, queries};
use futures::{StreamExt, stream};
use std::collections::{BTreeSet, HashMap};

/// Sections, and activities, that can be left out of one course by name.
const LEFT_OUT: usize = 2_000;
/// Calls of the client side by side.
const CALLS: usize = 4;

/// Somebody's own lists, by remote.
pub type CachedLists = HashMap<RemoteId, CachedList>;

/// Reads somebody's own lists of the remotes of these choices.
pub fn cached_lists(user: UserId, choices: &[Choice]) -> Query<CachedLists> {
    let remotes: BTreeSet<&RemoteId> = choices.iter().map(|choice| &choice.remote).collect();
    let lists = queries::listings(user, &remotes.into_iter().cloned().collect::<Vec<_>>());
    lists.map(|lists| lists.into_iter().map(|list| (list.remote.clone(), CachedList::read(list))).collect())
}

/// The chosen courses.
pub struct Chosen<'a> {
    app: &'a App,
    rights: &'a Rights,
    /// The administrator who asks on behalf of the person.
    actor: Option<&'a Rights>,
    names: &'a Names,
    lists: HashMap<RemoteId, ApiResult<CachedList>>,
    /// Courses here to which something is to be added, by name.
    existing: HashMap<CourseId, ApiResult<(String, Authority)>>,
}

/// Where a chosen course goes.
pub struct Decided<'a> {
    /// The course.
    pub course: &'a Course,
    /// Where it goes.
    pub decision: Decision,
    /// With whose rights.
    pub authority: Authority,
    /// What else is wanted, tidied.
    pub options: Options,
}

impl Decided<'_> {
    /// The names that the new course would get, as they are stored.
    pub fn names(&self) -> (String, String) {
        let or = |typed: &Option<String>, there: &str| typed.clone().unwrap_or_else(|| there.to_owned());
        (or(&self.options.full_name, &self.course.fullname), or(&self.options.short_name, &self.course.shortname))
    }
}

impl<'a> Chosen<'a> {
    /// Looks into the person's own lists; a remote is asked only if something is missing there. The client is asked about
    /// the courses that are added to.
    pub async fn of(
        app: &'a App,
        rights: &'a Rights,
        actor: Option<&'a Rights>,
        names: &'a Names,
        mut cached: CachedLists,
        choices: &[Choice],
    ) -> ApiResult<Self> {
        let mut lists: HashMap<RemoteId, ApiResult<CachedList>> = HashMap::new();
        for choice in choices {
            let Ok(remote) = app.config.remote(&choice.remote) else { continue };
            if lists.contains_key(&choice.remote) {
                continue;
            }
            let known = cached.remove(&choice.remote).unwrap_or_default();
            let mut here = choices.iter().filter(|other| other.remote == choice.remote);
            let complete = here.all(|other| known.course(other.course).is_some());
            let list = if complete { Ok(known) } else { courses::fresh(app, rights, remote).await? };
            lists.insert(choice.remote.clone(), list.map_err(ApiError::from));
        }
        let wanted: BTreeSet<CourseId> = choices.iter().filter_map(|choice| choice.options.target_course).collect();
        let reader = actor.unwrap_or(rights);
        let language = reader.account.language();
        let ask = async |course| {
            let ask =
                async |whose: &Rights| targets::target(app, rights.site(), whose.account.id, language, course).await;
            // Nobody's data are added to a course that exists, so it is the right to add alone that is borrowed.
            let found = match (ask(rights).await, actor) {
                (Err(refused), Some(actor)) if may_borrow(&Options::default(), refused.code) => {
                    ask(actor).await.map(|found| (found, Authority::Actor)).map_err(|_| refused)
                }
                (answer, _) => answer.map(|found| (found, Authority::Owner)),
            };
            let found = found.map(|(found, whose)| (reader.plain(&found.fullname), whose));
            (course, found.map_err(ApiError::from))
        };
        let existing = stream::iter(wanted).map(ask).buffer_unordered(CALLS).collect().await;
        Ok(Self { app, rights, actor, names, lists, existing })
    }

    /// Who is told what stands in the way.
    fn reader(&self) -> &'a Rights {
        self.actor.unwrap_or(self.rights)
    }

    fn readable(&self, rights: &'a Rights) -> RightsReadBy<'a> {
        rights.read_by(self.reader())
    }

    fn course(&self, choice: &Choice) -> ApiResult<&Course> {
        let name = self.names.of(&choice.remote, &self.reader().account.locale);
        let named = |error: ApiError| ApiError { remote: name.clone(), ..error };
        self.app.config.remote(&choice.remote)?;
        match self.lists.get(&choice.remote) {
            Some(Ok(list)) => list.course(choice.course).ok_or_else(|| named(ErrorCode::RestoreUnknownCourse.into())),
            Some(Err(error)) => Err(named(error.clone())),
            None => Err(named(ErrorCode::RemoteUnconfigured.into())),
        }
    }

    /// Where a chosen course goes, or why it cannot be restored.
    pub fn decide(&self, choice: &Choice) -> ApiResult<Decided<'_>> {
        let course = self.course(choice)?;
        let options = self.tidied(&choice.options)?;
        let (decision, authority) = self.place(choice, course, &options)?;
        self.lends_students(choice, course, &options)?;
        Ok(Decided { course, decision, authority, options })
    }

    /// Our own block says of each course whether it lends this teacher its students.
    fn lends_students(&self, choice: &Choice, course: &Course, options: &Options) -> ApiResult<()> {
        let says = self.names.kind(&choice.remote) == Some(RemoteKind::Courseferry);
        if options.students && says && !course.users {
            let remote = self.names.of(&choice.remote, &self.reader().account.locale);
            return Err(ApiError { remote, ..ErrorCode::RemoteUsersNotLent.into() });
        }
        Ok(())
    }

    /// Whether students with their data, and whether enrolment methods, may be asked for. Methods alone need fewer rights.
    pub fn students_and_methods(&self, choice: &Choice) -> (bool, bool) {
        let may_have = |wish: Options| {
            let course = self.course(choice)?;
            self.place(choice, course, &wish)?;
            self.lends_students(choice, course, &wish)
        };
        let students = may_have(Options { students: true, ..Options::default() });
        let methods = may_have(Options { enrolments: Enrolments::Always, ..Options::default() });
        (students.is_ok(), methods.is_ok())
    }

    fn place(&self, choice: &Choice, course: &Course, options: &Options) -> ApiResult<(Decision, Authority)> {
        let named = self.app.config.may_be_asked_for_people(&choice.remote);
        let lender = Lender { kind: self.names.kind(&choice.remote), named };
        let owner = self.readable(self.rights);
        if let Some(existing) = choice.options.target_course {
            let known = self.existing.get(&existing).cloned().unwrap_or(Err(ErrorCode::ClientCourseMissing.into()));
            let (name, authority) = known?;
            let decision = Decision::added_to(name);
            wishes::refused(&owner, options, &decision, lender)?;
            return Ok((decision, authority));
        }
        let wanted = Wanted {
            target: &wish(self.app, choice.target),
            identifier: course.categoryidentifier.as_deref().unwrap_or_default(),
            options,
            default: self.app.settings.default_category,
            lender,
        };
        Ok(decide_for(&owner, self.actor.map(|actor| self.readable(actor)).as_ref(), &wanted)?)
    }

    /// Why a choice that is refused as it stands could not have another start date either.
    pub fn dates_refused(&self, choice: &Choice) -> Option<String> {
        // Only the category matters here, whatever else the choice is refused for.
        let placed = self.course(choice).and_then(|course| self.place(choice, course, &Options::default()));
        let category = placed.ok()?.0.category?;
        self.readable(self.rights).dates_refused(category)
    }

    /// Tidies the options: trims what was typed, drops what equals the course as it is, and refuses what makes no sense.
    fn tidied(&self, options: &Options) -> ApiResult<Options> {
        let language = self.reader().account.language();
        let refuse = |words, most: usize| {
            let sentence = language.fill(words, &[("most", &most.to_string())]);
            Err(ApiError::with(ErrorCode::RestoreOptionRefused, sentence))
        };
        let mut tidied = options.clone();
        let site = self.rights.site();
        for (name, most) in [(&mut tidied.full_name, site.maxfullname), (&mut tidied.short_name, site.maxshortname)] {
            *name = name.take().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
            if name.as_ref().is_some_and(|name| name.chars().count() > most.into()) {
                return refuse(words::NAME_TOO_LONG, most.into());
            }
        }
        if tidied.starts.is_some_and(|starts| !(1..=LAST).contains(&starts.0)) {
            return refuse(words::NO_DATE, 0);
        }
        for left_out in [&mut tidied.leave_out_sections, &mut tidied.leave_out_activities] {
            left_out.retain(|id| *id > 0);
            left_out.sort_unstable();
            left_out.dedup();
            if left_out.len() > LEFT_OUT {
                return refuse(words::TOO_MUCH_LEFT_OUT, LEFT_OUT);
            }
        }
        Ok(tidied)
    }
}

/// The end of the year 9999.
const LAST: i64 = 253_402_300_799;

/// The target; the default category where the original one is switched off by the settings.
pub fn wish(app: &App, target: Target) -> Target {
    match target {
        Target::Original if !app.settings.original_category => Target::Default,
        target => target,
    }
}
