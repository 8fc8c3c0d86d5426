//! Years of finished restores, letters and audit lines make no statement of the daily life dearer.
//!
//! The steps of SQLite's machine are counted on a filled database: a plan that names an index may still walk all of it.

use crate::{
    filled::fill,
    world::{LETTRES, Mishap, SCIENCES, World},
};
use courseferry_api::*;
use courseferry_store::{Quota, queries};
use futures::executor::block_on;
use std::collections::BTreeMap;

/// A night in the life of a site with so many ended restores, and everything that its people look at.
fn night(restores: u32) -> BTreeMap<&'static str, i32> {
    let world = World::with(&[("max_per_night", "0"), ("max_per_person_per_night", "0")]);
    fill(&world, restores);
    let refusal = ErrorCode::RemoteNotOwner;
    world.remotes.borrow_mut().script.insert((SCIENCES.to_owned(), 12), vec![Mishap::Fails(refusal)]);
    let first = world.schedule(1, SCIENCES, 11);
    world.schedule(1, SCIENCES, 12);
    let cancelled = world.schedule(2, LETTRES, 21);
    assert!(world.try_schedule(&world.wish(2, SCIENCES, 11)).is_err());
    world.cancel(&cancelled);
    world.until_all_ended();
    world.tick();
    world.wait(86_400);
    world.tick();
    let (store, now) = (world.store(), world.time());
    let sciences: RemoteId = SCIENCES.parse().unwrap();
    block_on(async {
        store.ask(queries::restores_of(UserId(1), 50)).await.unwrap();
        store.restores_of_courses(&sciences, &[RemoteCourseId(11)]).await.unwrap();
        store.retry(&first, None, true, now).await.unwrap();
        store.set_target(&first, None, &Target::Default, None).await.unwrap();
        store.scheduled_since(UserId(1), now.plus(-86_400)).await.unwrap();
        store.enter(&first, 1, "").await.unwrap();
        store.failures(now.plus(-7 * 86_400), true).await.unwrap();
        store.retry_all("remote.not_owner", None, now.plus(-7 * 86_400), true, now).await.unwrap();
        store.queue().await.unwrap();
        store.audit(0).await.unwrap();
        store.audit(3).await.unwrap();
        store.audit_after(0, now.plus(-400 * 86_400), now, 100).await.unwrap();
        for status in [None, Some(Status::Failed), Some(Status::InProgress)] {
            for remote in [None, Some(sciences.clone())] {
                for search in ["", "o9", "course 9", "nothing like it"] {
                    for sort in [Sort::Newest, Sort::Oldest, Sort::Ended] {
                        let query = RestoreQuery {
                            search: search.to_owned(),
                            status,
                            remote: remote.clone(),
                            sort,
                            ..RestoreQuery::default()
                        };
                        store.search(&query, 50).await.unwrap();
                    }
                }
            }
        }
        // What is rare among many is looked for in so many rows a page.
        for (status, remote) in
            [(None, None), (Some(Status::Restored), None), (Some(Status::Restored), Some(&sciences))]
        {
            for sort in [Sort::Newest, Sort::Oldest, Sort::Ended] {
                let cause = Some("no.such".to_owned());
                let query = RestoreQuery { cause, status, remote: remote.cloned(), sort, ..RestoreQuery::default() };
                store.search(&query, 50).await.unwrap();
            }
        }
        let month = now.plus(-30 * 86_400);
        store.hours(month).await.unwrap();
        store.step_minutes(month).await.unwrap();
        store.queues().await.unwrap();
        store.waiting().await.unwrap();
        store.named(&[first.as_str()]).await.unwrap();
        store.try_remote(&sciences).await.unwrap();
        // A remote that refused something, and nothing came from it since.
        let failure = Failure::from(ErrorCode::RemoteNoCapability);
        let silent: RemoteId = "0123456789ab".parse().unwrap();
        courseferry_ferry::Peers::record_contact(&store, Some(&silent), UnixTime(0), Some(&failure)).await.unwrap();
        store.ask(queries::peers()).await.unwrap();
        store.clean(now, 30, 30).await.unwrap();
        let quota = Quota { since: now.plus(-86_400), per_person: 9, site: 900 };
        store.schedule(&[world.wish(3, SCIENCES, 900)], true, quota, now).await.unwrap();
    });
    for sql in world.database.asked.borrow().iter() {
        let mut explained = world.database.connection.prepare(&format!("EXPLAIN {sql}")).unwrap();
        let nothing = vec![rusqlite::types::Null; explained.parameter_count()];
        let codes = explained.query_map(rusqlite::params_from_iter(nothing), |row| row.get::<_, String>(1)).unwrap();
        // One step of the machine that reads every page of the table.
        assert!(!codes.map(Result::unwrap).any(|code| code == "Count"), "counts a whole table: {sql}");
    }
    std::mem::take(&mut world.database.steps.borrow_mut())
}

#[test]
fn no_statement_costs_more_after_years_than_after_a_thousand_restores() {
    // From 30,000 on everything that has a limit has reached it.
    let (young, old) = (night(30_000), night(90_000));
    let grown: Vec<String> = old
        .iter()
        .filter_map(|(sql, steps)| {
            let before = young.get(sql).copied().unwrap_or_default();
            (f64::from(*steps) > 1.2 * f64::from(before) + 50.0).then(|| format!("{before} → {steps} steps: {sql}"))
        })
        .collect();
    assert!(grown.is_empty(), "{}", grown.join("\n\n"));
}
