//! The courses that somebody chose, as far as they teach them, with what they want of each: where it goes, or why it cannot
//! be restored so.

use crate::{
    api::courses::{self, CachedList},
    app::App,
    auth::{rights::Rights, targets},
    http::error::{ApiError, ApiResult},
    peers::Names,
};
use courseferry_api::{Choice, CourseId, ErrorCode, Options, RemoteId, Target, words};
use courseferry_ferry::{Access, Decision, decide, wishes};
use courseferry_moodle::Course;
use futures::{StreamExt, stream};
use std::collections::{BTreeSet, HashMap};

/// Sections, and activities, that can be left out of one course by name.
const LEFT_OUT: usize = 2_000;
/// Calls of the client side by side.
const CALLS: usize = 4;

/// The chosen courses.
pub struct Chosen<'a> {
    app: &'a App,
    rights: &'a Rights,
    names: &'a Names,
    lists: HashMap<RemoteId, ApiResult<CachedList>>,
    /// Courses here to which something is to be added, by name.
    existing: HashMap<CourseId, ApiResult<String>>,
}

/// Where a chosen course goes.
pub struct Decided<'a> {
    /// The course.
    pub course: &'a Course,
    /// Where it goes.
    pub decision: Decision,
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
    pub async fn of(app: &'a App, rights: &'a Rights, names: &'a Names, choices: &[Choice]) -> ApiResult<Self> {
        let mut lists: HashMap<RemoteId, ApiResult<CachedList>> = HashMap::new();
        for choice in choices {
            let Ok(remote) = app.config.remote(&choice.remote) else { continue };
            if lists.contains_key(&choice.remote) {
                continue;
            }
            let known = CachedList::of(app, rights, remote).await?;
            let mut here = choices.iter().filter(|other| other.remote == choice.remote);
            let complete = here.all(|other| known.course(other.course).is_some());
            let list = if complete { Ok(known) } else { courses::fresh(app, rights, remote).await? };
            lists.insert(choice.remote.clone(), list.map_err(ApiError::from));
        }
        let wanted: BTreeSet<CourseId> = choices.iter().filter_map(|choice| choice.options.target_course).collect();
        let language = rights.account.language();
        let ask = async |course| {
            let found = targets::target(app, rights.site(), rights.account.id, language, course).await;
            (course, found.map(|found| rights.plain(&found.fullname)).map_err(ApiError::from))
        };
        let existing = stream::iter(wanted).map(ask).buffer_unordered(CALLS).collect().await;
        Ok(Self { app, rights, names, lists, existing })
    }

    fn course(&self, choice: &Choice) -> ApiResult<&Course> {
        let name = self.names.of(&choice.remote, &self.rights.account.locale);
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
        let decision = self.place(choice, course)?;
        let lender = self.names.kind(&choice.remote);
        wishes::refused(self.rights, &options, &decision, lender)?;
        Ok(Decided { course, decision, options })
    }

    fn place(&self, choice: &Choice, course: &Course) -> ApiResult<Decision> {
        if let Some(existing) = choice.options.target_course {
            let name = self.existing.get(&existing).cloned().unwrap_or(Err(ErrorCode::ClientCourseMissing.into()))?;
            return Ok(Decision::added_to(name));
        }
        let identifier = course.categoryidentifier.as_deref().unwrap_or_default();
        Ok(decide(self.rights, &wish(self.app, choice.target), identifier, self.app.settings.default_category)?)
    }

    /// Why a choice that is refused as it stands could not have another start date either.
    pub fn dates_refused(&self, choice: &Choice) -> Option<String> {
        let category = self.course(choice).and_then(|course| self.place(choice, course)).ok()?.category?;
        self.rights.dates_refused(category)
    }

    /// What was typed without the spaces around it; what is as there is no wish; what cannot be meant is refused.
    fn tidied(&self, options: &Options) -> ApiResult<Options> {
        let language = self.rights.account.language();
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

/// Switched off, the original category is nobody's wish.
pub fn wish(app: &App, target: Target) -> Target {
    match target {
        Target::Original if !app.settings.original_category => Target::Default,
        target => target,
    }
}
