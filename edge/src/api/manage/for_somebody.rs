//! Restores that an administrator asks for on behalf of somebody else: a list read from a file, what would become of each
//! row, and the restores themselves. Each belongs to the person and names the administrator.

use crate::{
    adapters::fetch,
    api::{
        chosen::{CachedLists, Chosen, cached_lists},
        courses::{self, CachedList},
        new_restore::{Request, job_id},
        restores::{renamed, taken},
        view::View,
    },
    app::App,
    auth::{people, rights::Rights, session::CurrentUser},
    http::error::{ApiError, ApiResult},
    peers::Names,
};
use courseferry_api::{
    AuditEntry, CategoryId, Choice, CourseList, ErrorCode, Exception, JobId, ListFile, ListRow, ListRows, OrderedFor,
    OrdersFor, PlanFor, PlannedFor, PreviewFor, Problem, ROWS_AT_ONCE, RemoteId, Restore, RestoreFor, Scheduled,
    Target, UserId, WishFor,
};
use courseferry_ferry::{
    Authority, Failure, RestoreRow, for_others_refused,
    list_file::{self, cell, only},
    taker,
};
use courseferry_moodle::{Course, Remote};
use courseferry_store::{AskedBy, Quota};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// `POST /api/manage/for/file`: what a file says, row by row.
pub fn read(user: &CurrentUser, file: &ListFile) -> ApiResult<ListRows> {
    let language = user.account().language();
    let rows = list_file::read(&file.text, language)?;
    let row = |row: list_file::Row| ListRow {
        line: row.line,
        wish: row.wish,
        problem: row.problem.map(|failure| Problem::new(failure.code, language, "", &failure.detail)),
    };
    Ok(ListRows { rows: rows.into_iter().map(row).collect() })
}

/// `GET /api/manage/people/{person}/{remote}/courses`: somebody's courses there, told to the administrator who asks.
pub async fn courses(
    app: &App,
    user: &CurrentUser,
    person: UserId,
    remote: &RemoteId,
    refresh: bool,
) -> ApiResult<CourseList> {
    refuse_as_another(user)?;
    let owner = Rights::fresh(app, person).await?;
    for_others_refused(&owner, &user.rights)?;
    let cached = CachedList::of(app, &owner, remote).await?;
    courses::list(app, &owner, &user.rights, remote, cached, refresh).await
}

/// `POST /api/manage/for/preview`: what would become of these rows.
pub async fn preview(app: &App, user: &CurrentUser, body: PreviewFor) -> ApiResult<PlanFor> {
    refuse_as_another(user)?;
    check_size(body.wishes.len())?;
    let mut lookup = Lookup::of(app, user).await?;
    lookup.find_people(&body.wishes).await?;
    let mut rows = Vec::with_capacity(body.wishes.len());
    for wish in &body.wishes {
        rows.push(lookup.plan(wish).await?);
    }
    lookup.look_at_names(&mut rows).await?;
    Ok(PlanFor { rows: rows.into_iter().map(|(row, _)| row).collect() })
}

/// `POST /api/manage/for`: on fresh rights, each by itself.
pub async fn schedule(app: &App, user: &CurrentUser, body: OrdersFor) -> ApiResult<OrderedFor> {
    refuse_as_another(user)?;
    check_size(body.orders.len())?;
    let mut lookup = Lookup::of(app, user).await?;
    let list = body.list.unwrap_or_else(job_id);
    let mut lines: Vec<AuditEntry> = Vec::new();
    let mut results = Vec::with_capacity(body.orders.len());
    for order in body.orders {
        let outcome = lookup.schedule(&order, &list).await;
        lines.push(lookup.line(&order, &outcome));
        let problem = outcome.as_ref().err().map(|error| lookup.problem(error));
        results.push(Scheduled { choice: order.choice, restore: outcome.ok(), problem });
    }
    app.note(&lines).await;
    Ok(OrderedFor { list, results })
}

/// Refuses whoever is logged in as another person: the row would name that person as the one who asked.
fn refuse_as_another(user: &CurrentUser) -> ApiResult<()> {
    if user.acting.is_some() { Err(ErrorCode::RestoreLoggedInAs.into()) } else { Ok(()) }
}

fn check_size(rows: usize) -> ApiResult<()> {
    match rows {
        0 => Err(ApiError::with(ErrorCode::RequestMalformed, "rows")),
        1..=ROWS_AT_ONCE => Ok(()),
        _ => Err(ApiError::with(ErrorCode::RequestTooLarge, ROWS_AT_ONCE.to_string())),
    }
}

/// A category, and the names that a course would have in it.
type NamesThere = (CategoryId, (String, String));

/// What one request learns of people, so that each is asked about once.
struct Lookup<'a> {
    app: &'a App,
    user: &'a CurrentUser,
    names: Names,
    /// People who were typed, by user name.
    typed: HashMap<String, UserId>,
    owners: HashMap<UserId, Result<Rights, ApiError>>,
}

impl<'a> Lookup<'a> {
    async fn of(app: &'a App, user: &'a CurrentUser) -> ApiResult<Self> {
        let names = Names::of_all(app).await?;
        Ok(Self { app, user, names, typed: HashMap::new(), owners: HashMap::new() })
    }

    /// Learns who is meant by the user names of these rows, in one question.
    async fn find_people(&mut self, wishes: &[WishFor]) -> ApiResult<()> {
        let typed = wishes.iter().filter(|wish| wish.user.is_none()).map(|wish| cell(&wish.person).to_lowercase());
        let mut usernames: Vec<String> = typed.filter(|name| !name.is_empty()).collect();
        usernames.sort();
        usernames.dedup();
        if !usernames.is_empty() {
            let found = people::named(self.app, self.user.id(), &usernames).await?;
            self.typed = found.people.into_iter().map(|person| (person.username.to_lowercase(), person.id)).collect();
        }
        Ok(())
    }

    /// Learns what somebody may do for whom restores may be asked.
    async fn ask_about(&mut self, person: UserId) {
        if !self.owners.contains_key(&person) {
            let owner = match Rights::fresh(self.app, person).await {
                Ok(owner) => for_others_refused(&owner, &self.user.rights).map(|()| owner),
                Err(failure) => Err(failure),
            };
            self.owners.insert(person, owner.map_err(ApiError::from));
        }
    }

    /// The rights of somebody who was asked about.
    fn owner(&self, person: UserId) -> ApiResult<&Rights> {
        match self.owners.get(&person) {
            Some(owner) => owner.as_ref().map_err(ApiError::clone),
            None => Err(ApiError::internal("somebody whom nobody asked about")),
        }
    }

    /// The administrator as the one who asks; none for a course of their own.
    fn actor(&self, person: UserId) -> Option<&'a Rights> {
        (person != self.user.id()).then_some(&self.user.rights)
    }

    /// What the audit says of an order: for whom it is only where that is somebody else.
    fn line(&self, order: &RestoreFor, outcome: &ApiResult<Restore>) -> AuditEntry {
        let is_for_another = self.actor(order.person).is_some();
        let line = self.app.scheduled(self.user, &order.choice, outcome, is_for_another);
        if !is_for_another {
            return line;
        }
        let for_name = self.owner(order.person).ok().map(|owner| owner.account.name.clone());
        AuditEntry { for_id: Some(order.person), for_name, ..line }
    }

    fn problem(&self, error: &ApiError) -> Problem {
        let language = self.user.account().language();
        Problem::for_administrator(error.code, language, &error.remote, "", &error.detail, true)
    }

    /// What would become of a row, and the names that its course would have here.
    async fn plan(&mut self, wish: &WishFor) -> ApiResult<(PlannedFor, Option<NamesThere>)> {
        let mut row = PlannedFor {
            person: cell(&wish.person),
            remote: cell(&wish.remote),
            course: cell(&wish.course),
            category: None,
            borrowed: false,
            exceptions: Vec::new(),
            order: None,
            problem: None,
        };
        let planned = self.planned(wish, &mut row).await;
        let names = match planned {
            Ok(names) => names,
            Err(error) => {
                row.problem = Some(self.problem(&error));
                None
            }
        };
        Ok((row, names))
    }

    async fn planned(&mut self, wish: &WishFor, row: &mut PlannedFor) -> ApiResult<Option<NamesThere>> {
        let typed = cell(&wish.person);
        let person = wish.user.or_else(|| self.typed.get(&typed.to_lowercase()).copied());
        let person = person.ok_or_else(|| ApiError::with(ErrorCode::ListPersonUnknown, typed))?;
        let (app, actor, reader) = (self.app, self.actor(person), &self.user.rights);
        let remote = self.remote(&wish.remote)?.clone();
        let remote_name = self.names.of(remote.id(), &reader.account.locale);
        row.remote.clone_from(&remote_name);
        let target = self.target(&wish.category)?;
        self.ask_about(person).await;
        let owner = self.owner(person)?;
        row.person.clone_from(&owner.account.name);
        let there = |failure: Failure| ApiError { remote: remote_name.clone(), ..failure.into() };
        let mut list = CachedList::of(app, owner, remote.id()).await?;
        if find(list.courses(), &wish.course).is_empty() {
            list = courses::fresh(app, owner, &remote).await?.map_err(there)?;
        }
        let found = find(list.courses(), &wish.course);
        let (unknown, ambiguous) = (ErrorCode::ListCourseUnknown, ErrorCode::ListCourseAmbiguous);
        let course = only(found, &cell(&wish.course), unknown, ambiguous).map_err(there)?.clone();
        row.course = course.full_name(&reader.account.locale);
        let choice = Choice { options: wish.options.clone(), ..Choice::new(remote.id().clone(), course.id, target) };
        let lists = CachedLists::from([(remote.id().clone(), list)]);
        let chosen = Chosen::of(app, owner, actor, &self.names, lists, std::slice::from_ref(&choice)).await?;
        let decided = chosen.decide(&choice)?;
        if let Some(job) = self.taker(&choice, person).await? {
            let view = View { app, rights: reader, names: &self.names };
            return Err(ApiError::with(ErrorCode::RestoreTaken, view.taker(&job)));
        }
        row.category = Some(decided.decision.name.clone()).filter(|name| !name.is_empty());
        row.borrowed = decided.authority == Authority::Actor;
        let instead = decided.decision.instead.clone().map(|reason| Exception::DefaultInstead { reason });
        let incomplete = decided.decision.incomplete.iter().cloned().map(|reason| Exception::Incomplete { reason });
        row.exceptions = instead.into_iter().chain(incomplete).collect();
        row.order = Some(RestoreFor { person, choice: choice.clone() });
        Ok(decided.decision.category.map(|category| (category, decided.names())))
    }

    /// The restore that has taken this course, if one has.
    async fn taker(&self, choice: &Choice, person: UserId) -> ApiResult<Option<RestoreRow>> {
        let restores = self.app.store.restores_of_courses(&choice.remote, &[choice.course]).await?;
        Ok(taker(restores.iter(), person, self.app.settings.one_per_course).cloned())
    }

    fn remote(&self, typed: &str) -> ApiResult<&'a Remote> {
        let typed = cell(typed);
        let wanted = typed.trim_end_matches('/').to_lowercase();
        let locale = &self.user.account().locale;
        let remotes = &self.app.config.remotes;
        let has_address = |remote: &&Remote| {
            let address = remote.url.to_string().trim_end_matches('/').to_lowercase();
            let host = address.split_once("://").map_or(address.as_str(), |(_, rest)| rest);
            [remote.id().as_str(), &address, host].contains(&wanted.as_str())
        };
        let has_name = |remote: &&Remote| self.names.of(remote.id(), locale).to_lowercase() == wanted;
        if let Some(one) = remotes.iter().find(has_address) {
            return Ok(one);
        }
        let (unknown, ambiguous) = (ErrorCode::ListRemoteUnknown, ErrorCode::ListRemoteAmbiguous);
        Ok(only(remotes.iter().filter(has_name), &typed, unknown, ambiguous)?)
    }

    /// A category by its number, its identifier or its path, as the administrator reads it.
    fn target(&self, typed: &str) -> ApiResult<Target> {
        let typed = cell(typed);
        let wanted = typed.to_lowercase();
        match wanted.as_str() {
            "" | "original" => return Ok(Target::Original),
            "default" => return Ok(Target::Default),
            _ => {}
        }
        if let Ok(id) = wanted.parse::<CategoryId>() {
            return Ok(Target::Category(id));
        }
        let rights = &self.user.rights;
        if let Some(identified) = rights.identified(&typed) {
            return Ok(Target::Category(identified));
        }
        let parts = |path: &str| path.split('/').map(|part| part.trim().to_owned()).collect::<Vec<_>>();
        let wanted = parts(&wanted);
        let found = rights.categories().into_iter();
        let found = found.filter(|category| parts(&category.path.join("/").to_lowercase()) == wanted);
        let (unknown, ambiguous) = (ErrorCode::ListCategoryUnknown, ErrorCode::ListCategoryAmbiguous);
        Ok(Target::Category(only(found, &typed, unknown, ambiguous)?.id))
    }

    /// Names that are taken here, asked by category: Moodle would change them.
    async fn look_at_names(&self, rows: &mut [(PlannedFor, Option<NamesThere>)]) -> ApiResult<()> {
        let mut wanted: HashMap<CategoryId, Vec<usize>> = HashMap::new();
        for (place, (_, names)) in rows.iter().enumerate() {
            if let Some((category, _)) = names {
                wanted.entry(*category).or_default().push(place);
            }
        }
        for (category, places) in wanted {
            let names: Vec<(String, String)> = places
                .iter()
                .filter_map(|place| rows.get(*place)?.1.as_ref().map(|(_, names)| names.clone()))
                .collect();
            let call = self.app.config.companion.preview(self.user.id(), category, &names);
            let found = fetch::call(call, fetch::PATIENCE).await?;
            for (place, names) in places.into_iter().zip(found.names) {
                if let Some((row, _)) = rows.get_mut(place) {
                    row.exceptions.extend(renamed(&names, &self.user.rights));
                }
            }
        }
        Ok(())
    }

    async fn schedule(&mut self, order: &RestoreFor, list: &JobId) -> ApiResult<Restore> {
        let (app, user) = (self.app, self.user);
        self.ask_about(order.person).await;
        let owner = self.owner(order.person)?;
        let actor = self.actor(order.person);
        let choices = std::slice::from_ref(&order.choice);
        let lists = app.store.ask(cached_lists(order.person, choices)).await?;
        let chosen = Chosen::of(app, owner, actor, &self.names, lists, choices).await?;
        let decided = chosen.decide(&order.choice)?;
        let account = user.account();
        let asked_by = actor.map(|_| AskedBy {
            user: account.id,
            name: account.name.clone(),
            locale: account.locale.clone(),
            list: of_list(list, account.id, None),
        });
        let asked = Request {
            choice: &order.choice,
            batch: of_list(list, account.id, Some(order.person)),
            now: false,
            asked_by,
        };
        let wanted = asked.row(app, owner, decided);
        let view = View { app, rights: &user.rights, names: &self.names };
        let settings = &app.settings;
        let quota =
            Quota { since: app.night_began(), per_person: settings.max_per_person, site: settings.max_per_night };
        let wanted = std::slice::from_ref(&wanted);
        let answers = app.store.schedule(wanted, settings.one_per_course, quota, app.now).await?;
        match answers.first() {
            Some(Ok(job)) => Ok(view.restore(job)),
            Some(Err(refused)) => Err(taken(refused, &view, &quota)),
            None => Err(ApiError::internal("an order without an answer")),
        }
    }
}

/// The name under which restores of one list belong together, for one person or for whoever asked. It is a hash with the
/// asker in it: it shows no id, for it outlives an erasure, and no request can name another's list.
fn of_list(list: &JobId, actor: UserId, owner: Option<UserId>) -> String {
    let text = format!("{list} {actor} {}", owner.map_or_else(String::new, |owner| owner.to_string()));
    let digest = hex::encode(Sha256::digest(text));
    digest.get(..32).unwrap_or_default().to_owned()
}

/// The courses that are meant: by number, else by short name, else by id number.
fn find<'c>(courses: &'c [Course], typed: &str) -> Vec<&'c Course> {
    let wanted = cell(typed).to_lowercase();
    let by = |is_it: &dyn Fn(&Course) -> bool| courses.iter().filter(|course| is_it(course)).collect::<Vec<_>>();
    let found = by(&|course| course.id.to_string() == wanted);
    if !found.is_empty() {
        return found;
    }
    let found = by(&|course| course.shortname.to_lowercase() == wanted);
    if !found.is_empty() {
        return found;
    }
    by(&|course| !course.idnumber.is_empty() && course.idnumber.to_lowercase() == wanted)
}
