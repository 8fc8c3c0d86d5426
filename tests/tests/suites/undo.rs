//! "Remove this copy": whoever restored a course puts it back while nobody has worked in it.

use crate::harness::{Api, Options, World, run, until};
use courseferry_api::{CopyAnswer, CopyState, ErrorCode, GetCopy, JobId, RemoveCopy, Restore, Status};
use courseferry_tests::client::ClientTrap;

async fn look(api: &Api, id: &JobId) -> CopyAnswer {
    api.get(&GetCopy { restore: id.clone() }).await.expect("how the copy stands")
}

async fn remove(api: &Api, id: &JobId) -> Result<Restore, ErrorCode> {
    api.post(&RemoveCopy { restore: id.clone() }, &()).await.map_err(|error| error.code())
}

/// A course that `creator` has restored.
async fn restored(world: &World, api: &Api, course: i64) -> Restore {
    let restore = api.schedule_one(world.choice(0, course)).await;
    world.tick_until(api, &restore, |restore| restore.status == Status::Restored).await
}

fn is_removed(restore: &Restore) -> bool {
    matches!(restore.copy, Some(CopyState::Removed { .. })) && restore.link.is_none()
}

#[test]
fn a_copy_is_removed_in_the_row_after_a_second_press_and_can_be_brought_again() {
    run(async {
        let world = World::start(Options::default()).await;
        let api = world.log_in("teacher1").await;
        let restore = restored(&world, &api, 12).await;
        let browser = world.open_page("teacher1", "#restores").await;
        browser.press("Remove this copy: Classical mechanics").await;
        browser.sees("Nobody has worked in it yet.").await;
        assert_eq!(browser.axe().await, [""; 0]);
        browser.press("Keep it: Classical mechanics").await;
        assert!(world.client.recycled().is_empty());
        browser.press("Remove this copy: Classical mechanics").await;
        browser.press("Remove it: Classical mechanics").await;
        browser.sees("The course is in Moodle's recycle bin.").await;
        assert_eq!(world.client.recycled().len(), 1);
        assert!(is_removed(&api.restore(&restore.id).await));
        // One restore, one course: the row says for ever what became of it, and the course may be chosen again.
        let again = restored(&world, &api, 12).await;
        assert!(again.id != restore.id && is_removed(&api.restore(&restore.id).await));
        assert!(matches!(again.copy, Some(CopyState::Removable { .. })));
    });
}

#[test]
fn what_holds_a_copy_back_is_said_and_nothing_is_done() {
    run(async {
        let world = World::start(Options::default()).await;
        let api = world.log_in("teacher1").await;
        let restore = restored(&world, &api, 12).await;
        let stranger = world.log_in("creator").await;
        assert_eq!(remove(&stranger, &restore.id).await, Err(ErrorCode::RestoreNotFound));
        let colleague = world.client.user("creator").unwrap().id;
        let there = restore.course.unwrap();
        world.client.change_course(there.0, |course| {
            course.participants.insert(colleague, "student".to_owned());
        });
        assert!(look(&api, &restore.id).await.obstacle.unwrap().message.contains("Others are enrolled"));
        assert_eq!(remove(&api, &restore.id).await, Err(ErrorCode::RestoreNotRemovable));
        let row = api.restore(&restore.id).await;
        assert!(matches!(row.copy, Some(CopyState::Removable { .. })) && row.link.is_some(), "{row:?}");
        world.client.change(|site| site.remove_copy_time = 0);
        assert_eq!(remove(&api, &restore.id).await, Err(ErrorCode::RestoreNotRemovable));
        let later = world.log_in("teacher1").await;
        assert_eq!(later.restore(&restore.id).await.copy, None);
        assert!(world.client.recycled().is_empty());
        let browser = world.open_page("teacher1", "#restores").await;
        browser.sees("Open course").await;
        assert!(!browser.text().await.contains("Remove this copy"));
    });
}

#[test]
fn a_lost_answer_and_a_dead_process_are_told_as_they_are_and_pressed_again() {
    run(async {
        let world = World::start(Options::default()).await;
        let api = world.log_in("teacher1").await;
        let restore = restored(&world, &api, 12).await;
        world.client.set(ClientTrap::KillRemoval, Some(1));
        remove(&api, &restore.id).await.expect("it is queued");
        until("its process to be known as dead", 30, async || {
            let copy = look(&api, &restore.id).await.restore.copy;
            matches!(copy, Some(CopyState::Removable { .. })).then_some(())
        })
        .await;
        let lost = ClientTrap::LoseAnswer { function: "remove_copy".to_owned() };
        world.client.set(lost, Some(1));
        assert!(remove(&api, &restore.id).await.is_err());
        let row = api.restore(&restore.id).await;
        assert!(matches!(row.copy, Some(CopyState::Removing { .. } | CopyState::Removed { .. })), "{row:?}");
        // The next tick learns of it, though nobody presses again or looks at the row.
        world.tick_until(&api, &restore, is_removed).await;
        assert_eq!(remove(&api, &restore.id).await.map(|row| is_removed(&row)), Ok(true), "pressed again");
        assert_eq!(world.client.recycled().len(), 1);
    });
}
