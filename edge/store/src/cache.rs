//! Cached answers of the Moodles: course listings, the site snapshot, user snapshots.

use crate::{Executor, Query, Store, executor::statement, row};
use courseferry_api::{RemoteId, UnixTime, UserId};
use courseferry_ferry::LedgerError;

/// Bytes of a list or snapshot in one row: D1 takes rows up to 2 MB, and quotes and accents grow on their way.
const PART: usize = 900_000;

/// A user's courses on a remote, as it told them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The remote.
    pub remote: RemoteId,
    /// When.
    pub as_of: UnixTime,
    /// The user has no account there.
    pub no_account: bool,
    /// The courses, as JSON.
    pub courses: String,
}

/// A text with its age.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cached {
    /// Its version, where it has one.
    pub version: String,
    /// When it was told.
    pub as_of: UnixTime,
    /// The text.
    pub body: String,
}

/// What a remote last said of a user's courses.
pub fn listing(user: UserId, remote: &RemoteId) -> Query<Option<Listing>> {
    listings(user, std::slice::from_ref(remote)).map(|listings| listings.into_iter().next())
}

/// What these remotes last said of a user's courses; nothing of one that was not asked.
pub fn listings(user: UserId, remotes: &[RemoteId]) -> Query<Vec<Listing>> {
    let theirs = statement!(
        "SELECT remote, as_of, no_account, courses FROM listings
         WHERE user_id = ?1 AND remote IN (SELECT value FROM json_each(?2)) ORDER BY remote, part",
        user,
        remotes
    );
    Query::new([theirs], |[rows], _| {
        let mut listings: Vec<Listing> = Vec::new();
        for line in &rows {
            let (remote, courses) = (row::remote_id(line, "remote")?, row::text(line, "courses")?);
            match listings.last_mut().filter(|listing| listing.remote == remote) {
                Some(listing) => listing.courses += &courses,
                None => listings.push(Listing {
                    remote,
                    as_of: row::time(line, "as_of")?,
                    no_account: row::flag(line, "no_account")?,
                    courses,
                }),
            }
        }
        Ok(listings)
    })
}

impl<E: Executor> Store<E> {
    /// Keeps what a remote said of a user's courses.
    pub async fn keep_listing(&self, user: UserId, listing: &Listing) -> Result<(), LedgerError> {
        let parts = parts(&listing.courses).into_iter().enumerate().map(|(number, part)| {
            statement!(
                "INSERT INTO listings (user_id, remote, part, as_of, no_account, courses) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                user,
                listing.remote,
                number,
                listing.as_of,
                listing.no_account,
                part
            )
        });
        let old = statement!("DELETE FROM listings WHERE user_id = ?1 AND remote = ?2", user, listing.remote);
        self.executor.run(std::iter::once(old).chain(parts).collect()).await?;
        Ok(())
    }

    /// Whether the caller is to ask a Moodle this: false while somebody asked it less than so many seconds ago.
    pub async fn may_ask(&self, question: &str, now: UnixTime, seconds: u32) -> Result<bool, LedgerError> {
        self.happens(statement!(
            "INSERT INTO questions (name, asked) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET asked = excluded.asked WHERE asked <= excluded.asked - ?3 RETURNING 1",
            question,
            now,
            seconds
        ))
        .await
    }

    /// The question has ended: whoever wants to know next may ask again.
    pub async fn asked(&self, question: &str) -> Result<(), LedgerError> {
        self.rows(statement!("DELETE FROM questions WHERE name = ?1", question)).await?;
        Ok(())
    }

    /// The version of the kept site snapshot, and when it was last known to be true.
    pub async fn site_version(&self) -> Result<Option<(String, UnixTime)>, LedgerError> {
        let rows = self.rows(statement!("SELECT version, as_of FROM site_snapshot WHERE part = 0")).await?;
        rows.first().map(|line| Ok((row::text(line, "version")?, row::time(line, "as_of")?))).transpose()
    }

    /// The kept site snapshot.
    pub async fn site(&self) -> Result<Option<Cached>, LedgerError> {
        let rows = self.rows(statement!("SELECT version, as_of, body FROM site_snapshot ORDER BY part")).await?;
        let Some(first) = rows.first() else { return Ok(None) };
        let (version, as_of) = (row::text(first, "version")?, row::time(first, "as_of")?);
        let body = rows.iter().map(|line| row::text(line, "body")).collect::<Result<String, _>>()?;
        Ok(Some(Cached { version, as_of, body }))
    }

    /// Replaces the site snapshot.
    pub async fn keep_site(&self, site: &Cached) -> Result<(), LedgerError> {
        let parts = parts(&site.body).into_iter().enumerate().map(|(number, part)| {
            statement!(
                "INSERT INTO site_snapshot (part, version, as_of, body) VALUES (?1, ?2, ?3, ?4)",
                number,
                site.version,
                site.as_of,
                part
            )
        });
        let batch = std::iter::once(statement!("DELETE FROM site_snapshot")).chain(parts).collect();
        self.executor.run(batch).await?;
        Ok(())
    }

    /// The site snapshot of this version was found to be true at `now`.
    pub async fn confirm_site(&self, version: &str, now: UnixTime) -> Result<(), LedgerError> {
        self.rows(statement!("UPDATE site_snapshot SET as_of = ?2 WHERE version = ?1", version, now)).await?;
        Ok(())
    }

    /// Replaces a user's snapshot.
    pub async fn keep_user(&self, user: UserId, as_of: UnixTime, body: &str) -> Result<(), LedgerError> {
        self.rows(statement!(
            "INSERT OR REPLACE INTO user_snapshots (user_id, as_of, body) VALUES (?1, ?2, ?3)",
            user,
            as_of,
            body
        ))
        .await?;
        Ok(())
    }
}

/// A text cut between characters into parts that fit a row; at least one.
fn parts(mut text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    while text.len() > PART {
        let (part, rest) = text.split_at(text.floor_char_boundary(PART));
        parts.push(part);
        text = rest;
    }
    parts.push(text);
    parts
}
