//! What teachers do with their restores: schedule, look, try again, change the category.
//!
//! The database decides who comes first; whoever comes second is told which restore has taken the course.

use crate::{
    Executor, Query, Statement, Store,
    executor::statement,
    peers::{self, PeerStatus},
    row,
};
use courseferry_api::{
    CategoryId, CourseId, JobId, Options, RemoteCourseId, RemoteId, Target, UnixTime, UserId, Warning,
};
use courseferry_ferry::{LedgerError, RestoreRow};

/// An administrator who asks for a restore on behalf of its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedBy {
    /// Who.
    pub user: UserId,
    /// Their full name.
    pub name: String,
    /// Their Moodle language.
    pub locale: String,
    /// Random, the same for all that they ask for together.
    pub list: String,
}

/// A restore to be scheduled.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRestore {
    /// Its id, random.
    pub id: JobId,
    /// Random, the same for all that is scheduled together.
    pub batch: String,
    /// Whose it is.
    pub user: UserId,
    /// Their user name.
    pub username: String,
    /// Their full name.
    pub user_name: String,
    /// Their Moodle language.
    pub locale: String,
    /// Who asks for it, if not its owner.
    pub asked_by: Option<AskedBy>,
    /// The remote.
    pub remote: RemoteId,
    /// The course there.
    pub course: RemoteCourseId,
    /// Its full name, without markup.
    pub full_name: String,
    /// Its short name.
    pub short_name: String,
    /// The identifier of its category there; may be empty.
    pub identifier: String,
    /// Where it is to go.
    pub target: Target,
    /// The category that was named before its owner pressed; only another one is news afterwards.
    pub announced: Option<CategoryId>,
    /// The name of the existing course that it is added to.
    pub added_to: Option<String>,
    /// What else they decided.
    pub options: Options,
    /// It may start outside the window.
    pub start_now: bool,
    /// Before this it does not start.
    pub not_before: UnixTime,
}

/// How many restores may be scheduled for one night; 0 = no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// When this night's count began.
    pub since: UnixTime,
    /// For one person.
    pub per_person: u32,
    /// For the site.
    pub site: u32,
}

/// What an owner decided about what arrived of an addition that was interrupted.
#[derive(Debug, Clone, PartialEq)]
pub enum AboutArrived {
    /// It stays, with these things to check.
    Kept(Vec<Warning>),
    /// It was removed, but for what the detail says.
    Removed(String),
}

/// What is known of a restored course that its owner may have removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyNews {
    /// Its owner asks for it to be removed.
    Asked,
    /// It stays.
    Stays,
    /// It is gone.
    Gone,
}

/// Why a restore was not scheduled.
#[derive(Debug, Clone, PartialEq)]
pub enum NotScheduled {
    /// The course is taken by this restore.
    Taken(Box<RestoreRow>),
    /// The person has reached their number for one night.
    PersonLimit,
    /// The site has reached its own.
    SiteLimit,
}

/// A person's restores.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnRestores {
    /// Their restores, the newest first.
    pub restores: Vec<RestoreRow>,
    /// Every peer that was ever asked.
    pub peers: Vec<PeerStatus>,
}

/// What became of the courses of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct BecameOf {
    /// Their restores, as [`Store::restores_of_courses`] has them.
    pub restores: Vec<RestoreRow>,
    /// The restores in whose courses Courseferry enrolled the user.
    pub enrolled: Vec<JobId>,
    /// Every peer that was ever asked.
    pub peers: Vec<PeerStatus>,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// It is so now.
    Done(Box<RestoreRow>),
    /// In its present state that cannot be done.
    TooLate(Box<RestoreRow>),
    /// Another restore has taken the course meanwhile.
    Taken,
    /// There is no such restore (of this owner).
    NotFound,
}

/// Another restore than `?id` that takes the course of a row.
macro_rules! taken {
    ($remote:literal, $course:literal, $id:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM restores t INDEXED BY restores_course WHERE t.remote = ",
            $remote,
            " AND t.course = ",
            $course,
            " AND t.id <> ",
            $id,
            " AND (t.status IN ('scheduled', 'in_progress') OR (t.status = 'restored' AND NOT t.gone)))"
        )
    };
}

/// A failed row that somebody should look at: its owner is known, and neither has the course come or is on its way
/// otherwise, nor did a later try of it fail. `$exclusive`: whoever else made it counts too.
macro_rules! needs_somebody {
    ($exclusive:literal) => {
        concat!(
            "restores.status = 'failed' AND restores.username <> '' AND NOT EXISTS (
                 SELECT 1 FROM restores t INDEXED BY restores_course
                 WHERE t.remote = restores.remote AND t.course = restores.course AND t.id <> restores.id
                     AND (",
            $exclusive,
            " OR t.user_id = restores.user_id)
                     AND (t.status IN ('scheduled', 'in_progress') OR (t.status = 'restored' AND NOT t.gone)
                         OR (t.status = 'failed' AND t.username <> ''
                             AND (t.finished, t.id) > (restores.finished, restores.id))))"
        )
    };
}
pub(crate) use needs_somebody;

/// Drops the unsent failures of restores that are tried again or have come.
macro_rules! unsent {
    ($condition:literal) => {
        concat!(
            "DELETE FROM outbox WHERE letter IS NULL AND error IS NOT NULL AND ",
            $condition,
            " AND EXISTS (SELECT 1 FROM restores r WHERE r.id = outbox.job AND r.status IN ('scheduled', 'restored'))"
        )
    };
}

/// Remotes whose next probe somebody wants sooner; `?2` is the time.
macro_rules! probe_soon {
    () => {
        "UPDATE peers SET probe_at = min(probe_at, max(?2, served + 60)) WHERE probe_at > ?2 "
    };
}

/// A row that ended without a course goes back to the beginning. Its attempt is raised: an older one must not end it.
macro_rules! again {
    ($condition:expr) => {
        concat!(
            "UPDATE OR IGNORE restores SET status = 'scheduled', since = ?1, finished = NULL, not_before = ?1, retry_at = 0,
                 attempt = attempt + 1, failures = 0, unknowns = 0, empties = 0, interruptions = 0,
                 error = NULL, error_detail = '', warnings = '[]',
                 exclusive_key = CASE WHEN ?2 THEN remote || ':' || course END
             WHERE ",
            $condition,
            " RETURNING *"
        )
    };
}

impl<E: Executor> Store<E> {
    /// Schedules restores, each by itself: an answer for each, in their order.
    ///
    /// `exclusive`: one restore per remote course, whoever asks. Otherwise a person may still have only one of a
    /// course waiting or in progress.
    pub async fn schedule(
        &self,
        restores: &[NewRestore],
        exclusive: bool,
        quota: Quota,
        now: UnixTime,
    ) -> Result<Vec<Result<RestoreRow, NotScheduled>>, LedgerError> {
        let inserts = restores.iter().map(|restore| insert(restore, exclusive, quota, now)).collect();
        let inserted = self.executor.run(inserts).await?;
        let mut answers = Vec::with_capacity(restores.len());
        for (restore, rows) in restores.iter().zip(&inserted) {
            answers.push(match rows.first() {
                Some(row) => Ok(row::job(row)?),
                None => Err(self.why_not(restore, exclusive, quota).await?),
            });
        }
        Ok(answers)
    }

    async fn why_not(&self, restore: &NewRestore, exclusive: bool, quota: Quota) -> Result<NotScheduled, LedgerError> {
        let earlier = self
            .jobs(statement!(
                "SELECT * FROM restores INDEXED BY restores_course
                 WHERE remote = ?1 AND course = ?2 AND (?3 OR user_id = ?4)
                     AND (status IN ('scheduled', 'in_progress') OR (?3 AND status = 'restored' AND NOT gone)
                         OR (user_id = ?4 AND error = 'client.partly_added'))
                 ORDER BY created DESC LIMIT 1",
                restore.remote,
                restore.course,
                exclusive,
                restore.user
            ))
            .await?;
        if let Some(row) = earlier.into_iter().next() {
            return Ok(NotScheduled::Taken(Box::new(row)));
        }
        let (mine, _) = self.scheduled_since(restore.user, quota.since).await?;
        let person = quota.per_person > 0 && mine >= quota.per_person;
        Ok(if person { NotScheduled::PersonLimit } else { NotScheduled::SiteLimit })
    }

    /// How many restores count for the night that began at `since`: this person's, and the site's.
    pub async fn scheduled_since(&self, user: UserId, since: UnixTime) -> Result<(u32, u32), LedgerError> {
        let rows = self
            .rows(statement!(
                "SELECT coalesce(sum(user_id = ?1), 0) AS mine, count(*) AS all_of_them FROM restores
                 WHERE created >= ?2 AND status <> 'cancelled'",
                user,
                since
            ))
            .await?;
        let row = rows.first().ok_or_else(|| row::unreadable("mine"))?;
        Ok((row::count(row, "mine")?, row::count(row, "all_of_them")?))
    }

    /// A restore; `owner`: only if it is theirs.
    pub async fn restore(&self, id: &JobId, owner: Option<UserId>) -> Result<Option<RestoreRow>, LedgerError> {
        let jobs = self
            .jobs(statement!("SELECT * FROM restores WHERE id = ?1 AND (?2 IS NULL OR user_id = ?2)", id, owner))
            .await?;
        Ok(jobs.into_iter().next())
    }

    /// What became of these courses of a remote, whoever asked, the newest first; what was cancelled left out.
    pub async fn restores_of_courses(
        &self,
        remote: &RemoteId,
        courses: &[RemoteCourseId],
    ) -> Result<Vec<RestoreRow>, LedgerError> {
        self.jobs(of_courses(remote, courses)).await
    }

    /// What became of the courses of a list that a user is shown.
    pub async fn became_of(
        &self,
        remote: &RemoteId,
        courses: &[RemoteCourseId],
        user: UserId,
    ) -> Result<BecameOf, LedgerError> {
        let enrolled = statement!("SELECT restore FROM enrolments WHERE user_id = ?1", user);
        let query = Query::new([of_courses(remote, courses), enrolled], |[restores, enrolled], unreadable| {
            let restores = unreadable.readable(&restores, row::job);
            Ok((restores, enrolled.iter().map(|line| row::job_id(line, "restore")).collect::<Result<_, _>>()?))
        });
        let ((restores, enrolled), peers) = self.ask(query.and(peers::peers())).await?;
        Ok(BecameOf { restores, enrolled, peers })
    }

    /// Tries a failed or cancelled restore again from the beginning, or one that waits for its next try now.
    pub async fn retry(
        &self,
        id: &JobId,
        owner: Option<UserId>,
        exclusive: bool,
        now: UnixTime,
    ) -> Result<Change, LedgerError> {
        let batch = vec![
            statement!(
                again!(concat!(
                    "id = ?3 AND (?4 IS NULL OR user_id = ?4) AND status IN ('failed', 'cancelled') AND username <> ''
                         AND error IS NOT 'client.partly_added'
                         AND NOT EXISTS (SELECT 1 FROM restores m WHERE m.user_id = restores.user_id AND m.id <> ?3
                             AND m.remote = restores.remote AND m.course = restores.course
                             AND m.status IN ('scheduled', 'in_progress'))
                         AND NOT (?2 AND ",
                    taken!("restores.remote", "restores.course", "restores.id"),
                    ")"
                )),
                now,
                exclusive,
                id,
                owner
            ),
            statement!(unsent!("job = ?1"), id),
            // Also for a second press: what waits after a failure is due now.
            statement!(
                "UPDATE restores SET retry_at = 0, not_before = min(not_before, ?3)
                 WHERE id = ?1 AND (?2 IS NULL OR user_id = ?2) AND status = 'scheduled' AND error IS NOT NULL
                 RETURNING *",
                id,
                owner,
                now
            ),
            // Nothing else of its remote may be tried before its next probe: a person who presses brings that forward,
            // a minute after the last one at the soonest.
            statement!(
                concat!(
                    probe_soon!(),
                    "AND remote = (SELECT remote FROM restores
                         WHERE id = ?1 AND (?3 IS NULL OR user_id = ?3) AND status = 'scheduled')"
                ),
                id,
                now,
                owner
            ),
        ];
        let answers = self.executor.run(batch).await?;
        self.changed(answers.into_iter().flatten().next(), id, owner, true).await
    }

    /// Tries again every restore that failed since then with this code (of this remote) and that
    /// [`Store::failures`] shows; how many that are.
    pub async fn retry_all(
        &self,
        code: &str,
        remote: Option<&RemoteId>,
        since: UnixTime,
        exclusive: bool,
        now: UnixTime,
    ) -> Result<u32, LedgerError> {
        let batch = vec![
            statement!(
                again!(concat!(
                    "id IN (SELECT id FROM restores INDEXED BY restores_failed
                         WHERE finished >= ?5 AND error = ?3 AND error <> 'client.partly_added'
                             AND (?4 IS NULL OR remote = ?4) AND ",
                    needs_somebody!("?2"),
                    ")"
                )),
                now,
                exclusive,
                code,
                remote,
                since
            ),
            statement!(unsent!("job IN (SELECT id FROM restores WHERE status = 'scheduled' AND since = ?1)"), now),
            statement!(
                concat!(
                    probe_soon!(),
                    "AND remote IN (SELECT remote FROM restores WHERE status = 'scheduled' AND since = ?2)
                     AND (?1 IS NULL OR remote = ?1)"
                ),
                remote,
                now
            ),
        ];
        let started = self.executor.run(batch).await?.into_iter().next().unwrap_or_default();
        Ok(u32::try_from(started.len()).unwrap_or(u32::MAX))
    }

    /// Changes where a restore goes, while it waits or after it failed.
    pub async fn set_target(
        &self,
        id: &JobId,
        owner: Option<UserId>,
        target: &Target,
        announced: Option<CategoryId>,
    ) -> Result<Change, LedgerError> {
        let rows = self
            .rows(statement!(
                "UPDATE restores SET target = ?3, category = NULL, category_name = NULL, announced = ?4
                 WHERE id = ?1 AND (?2 IS NULL OR user_id = ?2) AND status IN ('scheduled', 'failed')
                     AND target_course IS NULL
                 RETURNING *",
                id,
                owner,
                row::target_word(target),
                announced
            ))
            .await?;
        self.changed(rows.into_iter().next(), id, owner, false).await
    }

    /// Writes what the owner of an addition that was interrupted decided about what arrived.
    pub async fn decided_about_arrived(
        &self,
        id: &JobId,
        owner: UserId,
        decided: &AboutArrived,
        now: UnixTime,
    ) -> Result<Change, LedgerError> {
        let (kept, detail, warnings) = match decided {
            AboutArrived::Kept(warnings) => (true, "", warnings.as_slice()),
            AboutArrived::Removed(detail) => (false, detail.as_str(), &[][..]),
        };
        let batch = vec![
            statement!(
                "UPDATE restores SET since = ?4, status = CASE WHEN ?3 THEN 'restored' ELSE status END,
                     error = CASE WHEN NOT ?3 THEN 'client.arrived_removed' END, error_detail = ?5, warnings = ?6
                 WHERE id = ?1 AND user_id = ?2 AND status = 'failed' AND error = 'client.partly_added'
                 RETURNING *",
                id,
                owner,
                kept,
                now,
                detail,
                warnings
            ),
            statement!(unsent!("job = ?1"), id),
        ];
        let answers = self.executor.run(batch).await?;
        self.changed(answers.into_iter().flatten().next(), id, Some(owner), false).await
    }

    /// Writes what is known of a restored course that its owner may have removed.
    pub async fn copy_news(
        &self,
        id: &JobId,
        owner: UserId,
        news: CopyNews,
        now: UnixTime,
    ) -> Result<Change, LedgerError> {
        let rows = self
            .rows(statement!(
                "UPDATE restores SET removal_asked = CASE WHEN ?3 THEN coalesce(removal_asked, ?5) WHEN ?4 THEN removal_asked END,
                     checked = CASE WHEN ?3 THEN 0 ELSE checked END,
                     gone = ?4, removed = CASE WHEN ?4 AND removal_asked IS NOT NULL THEN ?5 END,
                     exclusive_key = CASE WHEN NOT ?4 THEN exclusive_key END
                 WHERE id = ?1 AND user_id = ?2 AND status = 'restored' AND NOT gone AND restored IS NOT NULL
                 RETURNING *",
                id,
                owner,
                news == CopyNews::Asked,
                news == CopyNews::Gone,
                now
            ))
            .await?;
        self.changed(rows.into_iter().next(), id, Some(owner), false).await
    }

    /// Says that an existing course is what this restore was to bring.
    pub async fn link(
        &self,
        id: &JobId,
        course: CourseId,
        exclusive: bool,
        now: UnixTime,
    ) -> Result<Change, LedgerError> {
        let batch = vec![
            statement!(
                concat!(
                    "UPDATE OR IGNORE restores SET status = 'restored', since = ?2, finished = ?2, restored = ?3, gone = 0,
                         checked = ?2, error = NULL, error_detail = '', warnings = '[]',
                         exclusive_key = CASE WHEN ?4 THEN remote || ':' || course END
                     WHERE id = ?1 AND status IN ('scheduled', 'failed', 'cancelled') AND NOT (?4 AND ",
                    taken!("restores.remote", "restores.course", "restores.id"),
                    ") RETURNING *"
                ),
                id,
                now,
                course,
                exclusive
            ),
            statement!(unsent!("job = ?1"), id),
        ];
        let answers = self.executor.run(batch).await?;
        self.changed(answers.into_iter().flatten().next(), id, None, true).await
    }

    async fn changed(
        &self,
        row: Option<crate::Row>,
        id: &JobId,
        owner: Option<UserId>,
        may_be_taken: bool,
    ) -> Result<Change, LedgerError> {
        if let Some(row) = row {
            return Ok(Change::Done(Box::new(row::job(&row)?)));
        }
        let Some(job) = self.restore(id, owner).await? else { return Ok(Change::NotFound) };
        let over = matches!(job.status, courseferry_api::Status::Failed | courseferry_api::Status::Cancelled);
        Ok(if may_be_taken && over { Change::Taken } else { Change::TooLate(Box::new(job)) })
    }
}

/// A person's restores, the newest first, and the peers.
pub fn restores_of(user: UserId, limit: u32) -> Query<OwnRestores> {
    let theirs =
        statement!("SELECT * FROM restores WHERE user_id = ?1 ORDER BY created DESC, id LIMIT ?2", user, limit);
    let theirs = Query::new([theirs], |[restores], unreadable| Ok(unreadable.readable(&restores, row::job)));
    theirs.and(peers::peers()).map(|(restores, peers)| OwnRestores { restores, peers })
}

fn of_courses(remote: &RemoteId, courses: &[RemoteCourseId]) -> Statement {
    statement!(
        "SELECT * FROM restores INDEXED BY restores_course
         WHERE remote = ?1 AND course IN (SELECT value FROM json_each(?2)) AND status <> 'cancelled'
         ORDER BY created DESC, id",
        remote,
        courses
    )
}

fn insert(restore: &NewRestore, exclusive: bool, quota: Quota, now: UnixTime) -> Statement {
    let key = exclusive.then(|| format!("{}:{}", restore.remote, restore.course));
    let search = format!("{} {} {} {}", restore.user_name, restore.username, restore.full_name, restore.short_name);
    statement!(
        concat!(
            "INSERT INTO restores (id, batch, user_id, username, user_name, locale, remote, course, full_name, short_name,
                 identifier, search, target, start_now, exclusive_key, since, created, not_before, options, announced,
                 category_name, actor_id, actor_name, actor_locale, list)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?16, ?17, ?21, ?22, ?23,
                 ?24, ?25, ?26, ?27
             WHERE (?18 = 0 OR ?18 > (SELECT count(*) FROM restores
                     WHERE user_id = ?3 AND created >= ?20 AND status <> 'cancelled'))
                 AND (?19 = 0 OR ?19 > (SELECT count(*) FROM restores WHERE created >= ?20 AND status <> 'cancelled'))
                 AND NOT EXISTS (SELECT 1 FROM restores WHERE user_id = ?3 AND remote = ?7 AND course = ?8
                     AND (status IN ('scheduled', 'in_progress') OR error = 'client.partly_added'))
                 AND (?15 IS NULL OR NOT ",
            taken!("?7", "?8", "?1"),
            ") ON CONFLICT DO NOTHING RETURNING *"
        ),
        restore.id,
        restore.batch,
        restore.user,
        restore.username,
        restore.user_name,
        restore.locale,
        restore.remote,
        restore.course,
        restore.full_name,
        restore.short_name,
        restore.identifier,
        search.to_lowercase(),
        row::target_word(&restore.target),
        restore.start_now,
        key,
        now,
        restore.not_before,
        quota.per_person,
        quota.site,
        quota.since,
        restore.options,
        restore.announced,
        restore.added_to,
        restore.asked_by.as_ref().map(|by| by.user),
        restore.asked_by.as_ref().map_or("", |by| by.name.as_str()),
        restore.asked_by.as_ref().map_or("", |by| by.locale.as_str()),
        restore.asked_by.as_ref().map(|by| by.list.as_str())
    )
}
