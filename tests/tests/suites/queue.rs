//! Many restores at once: all arrive, nobody waits for somebody else's queue, and the database decides every race.

use crate::harness::{Options, World, run};
use courseferry_api::{Cancel, ErrorCode, Status};
use courseferry_tests::remote::{Armed, Trap};
use futures::future::join_all;

#[test]
fn three_courses_of_one_teacher_and_one_of_a_colleague_all_arrive() {
    run(async {
        let world = World::start(Options::default()).await;
        let (one, other) = (world.log_in("teacher1").await, world.log_in("teacher2").await);
        let mut waiting = Vec::new();
        for choice in [11, 12, 13].map(|course| world.choice(0, course)) {
            waiting.push((one.clone(), one.schedule_one(choice).await));
        }
        waiting.push((other.clone(), other.schedule_one(world.choice(0, 14)).await));

        world.tick_until_all_end(&[&one, &other]).await;
        for (owner, restore) in &waiting {
            let restored = owner.restore(&restore.id).await;
            assert_eq!(restored.status, Status::Restored, "{restored:?}");
            world.arrived(&restored.id);
        }
        assert_eq!(world.client.restored().len(), 4, "one course for each restore");
    });
}

#[test]
fn one_teachers_long_queue_does_not_hold_a_colleagues_course() {
    run(async {
        let world = World::start(Options::default()).await;
        let (one, other) = (world.log_in("teacher1").await, world.log_in("teacher2").await);
        world.remotes[0].set(Armed::from(Trap::hold_backup()).of_user("teacher1"));
        for choice in [11, 12, 13, 15, 16].map(|course| world.choice(0, course)) {
            one.schedule_one(choice).await;
        }
        let late = other.schedule_one(world.choice(0, 14)).await;

        // The minute in which the held backup began waits for it; the next ones go on.
        let meanwhile = async {
            world.remotes[0]
                .until_seen(|call| call.function.ends_with("_zip") && call.username.as_deref() == Some("teacher1"))
                .await;
            world.tick_until(&other, &late, |restore| restore.status.ended()).await;
            assert_eq!(other.restore(&late.id).await.status, Status::Restored, "asked last, and came first");
            let of_one = one.restores().await;
            assert!(of_one.iter().all(|restore| !restore.status.ended()), "{of_one:?}");
            let busy = of_one.iter().filter(|restore| restore.status == Status::InProgress).count();
            assert!(busy <= 1, "one restore at a time per remote and person");
            world.remotes[0].clear();
        };
        futures::join!(world.cron(), meanwhile);
    });
}

#[test]
fn of_two_colleagues_who_ask_for_one_course_at_once_one_gets_it_and_the_other_is_told_so() {
    run(async {
        let world = World::start(Options::default()).await;
        let (one, other) = (world.log_in("teacher1").await, world.log_in("teacher2").await);
        let choice = world.choice(0, 11);

        let answers = join_all([&one, &other].map(|api| api.schedule(vec![choice.clone()]))).await;
        let results: Vec<_> = answers.into_iter().flat_map(|answer| answer.results).collect();
        assert_eq!(results.iter().filter(|result| result.restore.is_some()).count(), 1, "{results:?}");
        let refusal = results.iter().find_map(|result| result.problem.as_ref()).expect("the other is told");
        assert_eq!(refusal.code, ErrorCode::RestoreTaken);

        world.tick_until_all_end(&[&one, &other]).await;
        assert_eq!(world.client.restored().len(), 1);
    });
}

#[test]
fn a_cancel_that_meets_the_start_ends_either_cancelled_without_a_course_or_restored_with_one() {
    run(async {
        let world = World::start(Options::default()).await;
        let api = world.log_in("teacher1").await;
        for choice in [11, 12, 13].map(|course| world.choice(0, course)) {
            let before = world.client.restored().len();
            let restore = api.schedule_one(choice).await;
            let cancel = Cancel { restore: restore.id.clone() };
            let ((), answer) = futures::join!(world.cron(), api.post(&cancel, &()));
            world.tick_until(&api, &restore, |restore| restore.status.ended()).await;

            let made = world.client.restored().len() - before;
            match (api.restore(&restore.id).await.status, answer) {
                (Status::Cancelled, answer) => assert_eq!((made, answer.is_ok()), (0, true)),
                (Status::Restored, Err(error)) => assert_eq!((made, error.code()), (1, ErrorCode::RestoreTooLate)),
                // The cancel came too late: a course that is complete stays, whatever was asked meanwhile.
                (Status::Restored, Ok(answer)) => {
                    assert!(made == 1 && answer.status != Status::Cancelled, "{answer:?}");
                }
                other => panic!("{other:?}"),
            }
        }
    });
}

#[test]
fn a_restore_cancelled_while_its_backup_is_made_ends_cancelled_and_makes_no_course() {
    run(async {
        let world = World::start(Options::default()).await;
        let api = world.log_in("teacher1").await;
        world.remotes[0].set(Trap::hold_backup());
        let restore = api.schedule_one(world.choice(0, 12)).await;
        let cancel = async {
            world.remotes[0].until_seen(|call| call.function.ends_with("_zip")).await;
            let answer = api.post(&Cancel { restore: restore.id.clone() }, &()).await;
            world.remotes[0].clear();
            answer
        };
        let ((), answer) = futures::join!(world.cron(), cancel);
        answer.expect("it can be cancelled while the backup is made");

        world.tick_until(&api, &restore, |restore| restore.status.ended()).await;
        assert_eq!(api.restore(&restore.id).await.status, Status::Cancelled);
        assert!(world.client.restored().is_empty());
    });
}
