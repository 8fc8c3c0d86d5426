//! Who comes next, over evenings that are made up: dead remotes, long queues, one who comes last.

use super::*;
use proptest::prelude::*;
use std::collections::HashMap;

const NOW: UnixTime = UnixTime(1_800_000_000);
const ROOM: Room = Room { waited_for: 4, asynchronous: 6 };

fn remote(number: usize) -> RemoteId {
    format!("{number:012x}").parse().unwrap()
}

fn due(number: usize, on: usize, user: i64) -> Due {
    Due {
        job: format!("{number:032x}").parse().unwrap(),
        remote: remote(on),
        user: UserId(user),
        username: format!("user{user}"),
        created: UnixTime(i64::try_from(number).unwrap()),
        place: 0,
        served: UnixTime(0),
    }
}

fn state(number: usize, kind: RemoteKind) -> RemoteState {
    RemoteState { kind: Some(kind), kind_learnt: NOW, at_once: 4, ..RemoteState::unknown(remote(number)) }
}

fn choose(queue: &Queue) -> Vec<ToClaim> {
    queue.choose(NOW, ROOM, &BTreeSet::new())
}

#[test]
fn an_original_3_makes_one_backup_an_original_2_one_a_person_and_ours_as_many_as_are_due() {
    let all = || vec![due(1, 1, 1), due(2, 1, 1), due(3, 1, 2), due(4, 1, 3)];
    for (kind, begun) in [
        (None, 1),
        (Some(RemoteKind::Original3), 1),
        (Some(RemoteKind::Original2), 3),
        (Some(RemoteKind::Courseferry), 4),
    ] {
        let remotes = vec![RemoteState { kind, ..state(1, RemoteKind::Original3) }];
        let queue = Queue { due: all(), remotes, ..Queue::default() };
        assert_eq!(choose(&queue).len(), begun, "{kind:?}");
    }
}

#[test]
fn while_a_remotes_kind_changes_nothing_of_it_is_begun_until_its_rows_of_the_old_kind_are_done() {
    use RemoteKind as K;
    for (before, now) in [(K::Original3, K::Courseferry), (K::Courseferry, K::Original2), (K::Original2, K::Original3)]
    {
        let held = Holder { remote: remote(1), kind: before, slot: None, backing_up: 0 };
        let other = due(2, 2, 1);
        let mut queue = Queue {
            due: vec![due(1, 1, 1), other.clone()],
            holders: vec![held],
            remotes: vec![state(1, now), state(2, now)],
            ..Queue::default()
        };
        assert_eq!(choose(&queue).iter().map(|choice| &choice.job).collect::<Vec<_>>(), [&other.job]);
        queue.holders.clear();
        assert_eq!(choose(&queue).len(), 2);
    }
}

#[test]
fn a_remote_that_fails_or_is_held_gets_one_probe_at_a_time_and_not_before_its_time() {
    for (failing, held) in [(true, false), (false, true)] {
        let probed = RemoteState { failing, held, probe_at: NOW, ..state(1, RemoteKind::Courseferry) };
        let mut queue = Queue { due: vec![due(1, 1, 1), due(2, 1, 2)], remotes: vec![probed], ..Queue::default() };
        assert_eq!(choose(&queue).len(), 1);
        let probe = Holder { remote: remote(1), kind: RemoteKind::Courseferry, slot: None, backing_up: 1 };
        queue.holders.push(probe);
        assert_eq!(choose(&queue).len(), 0, "a probe is under way");
        queue.holders.clear();
        queue.remotes[0].probe_at = NOW.plus(1);
        assert_eq!(choose(&queue).len(), 0, "the last one was just now");
    }
}

#[test]
fn a_pause_begins_nothing() {
    let all = Queue { due: vec![due(1, 1, 1), due(2, 2, 1)], ..Queue::default() };
    assert_eq!(choose(&all).len(), 2);
    assert_eq!(choose(&Queue { paused: true, ..all.clone() }).len(), 0);
    let one = RemoteState { paused: true, ..RemoteState::unknown(remote(1)) };
    assert_eq!(choose(&Queue { remotes: vec![one], ..all }).len(), 1);
}

#[test]
fn a_remotes_kind_is_learnt_at_first_and_daily() {
    let mut queue = Queue { due: vec![due(1, 1, 1)], ..Queue::default() };
    assert_eq!(queue.to_learn(NOW).len(), 1);
    queue.remotes.push(state(1, RemoteKind::Original2));
    assert_eq!(queue.to_learn(NOW).len(), 0);
    assert_eq!(queue.to_learn(NOW.plus(KIND_LASTS)).len(), 1);
}

/// What happens in one evening: a tick a minute, each of which refills while its places come free.
struct Evening {
    queue: Queue,
    /// Remotes on which nothing ever answers, and for how many minutes a call hangs there.
    dead: BTreeMap<RemoteId, i64>,
    /// What is under way, and when it ends.
    working: Vec<(i64, ToClaim)>,
    served: HashMap<(RemoteId, UserId), i64>,
    /// A backup takes so many minutes.
    takes: i64,
}

impl Evening {
    /// The minute in which this restore begins.
    fn begins(&mut self, job: &JobId) -> i64 {
        for minute in 0..600 {
            self.end_until(minute);
            // What refilling adds: three rounds within the minute.
            let mut room = ROOM;
            for _ in 0..3 {
                let chosen = self.queue_now(minute).choose(NOW.plus(60 * minute), room, &BTreeSet::new());
                for choice in chosen {
                    if choice.job == *job {
                        return minute;
                    }
                    let dead = self.dead.get(&choice.remote);
                    let takes = dead.copied().unwrap_or(self.takes);
                    if takes > 0 {
                        room.waited_for -= u32::from(choice.kind != RemoteKind::Courseferry);
                    }
                    self.begin(choice, minute, takes);
                }
                self.end_until(minute);
            }
        }
        panic!("never begins");
    }

    fn begin(&mut self, choice: ToClaim, minute: i64, takes: i64) {
        let at = self.queue.due.iter().position(|due| due.job == choice.job).unwrap();
        let due = self.queue.due.remove(at);
        self.served.insert((due.remote.clone(), due.user), minute + 1);
        let state = self.queue.remotes.iter_mut().find(|state| state.remote == due.remote).unwrap();
        state.served = NOW.plus(60 * minute);
        if self.dead.contains_key(&due.remote) {
            // It is tried again, later.
            self.queue.due.push(due);
        }
        self.working.push((minute + takes, choice));
    }

    fn end_until(&mut self, minute: i64) {
        let (ended, working) = std::mem::take(&mut self.working).into_iter().partition(|(end, _)| *end <= minute);
        self.working = working;
        let ended: Vec<(i64, ToClaim)> = ended;
        for (_, choice) in ended.iter().filter(|(_, choice)| self.dead.contains_key(&choice.remote)) {
            let state = self.queue.remotes.iter_mut().find(|state| state.remote == choice.remote).unwrap();
            (state.failing, state.probe_at) = (true, NOW.plus(60 * (minute + 1)));
        }
    }

    fn queue_now(&self, _minute: i64) -> Queue {
        let mut queue = self.queue.clone();
        queue.due.sort_by_key(|due| due.created);
        let mut places: HashMap<(RemoteId, UserId), u32> = HashMap::new();
        for due in &mut queue.due {
            let key = (due.remote.clone(), due.user);
            due.served = UnixTime(self.served.get(&key).copied().unwrap_or(0));
            let place = places.entry(key).or_default();
            due.place = *place;
            *place += 1;
        }
        queue.holders = self
            .working
            .iter()
            .map(|(_, choice)| Holder {
                remote: choice.remote.clone(),
                kind: choice.kind,
                slot: choice.slot.clone(),
                backing_up: 1,
            })
            .collect();
        queue
    }
}

fn kinds() -> impl Strategy<Value = RemoteKind> {
    prop::sample::select(vec![RemoteKind::Original3, RemoteKind::Original2, RemoteKind::Courseferry])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whoever_comes_last_begins_within_two_minutes_beside_any_dead_remotes(
        dead in 1_usize..9, hangs in 0_i64..13, kind in kinds(), healthy in kinds(), queued in 1_usize..41,
    ) {
        let mut all: Vec<Due> =
            (0..dead * queued).map(|number| due(number, number % dead, i64::try_from(number % 7).unwrap())).collect();
        let last = due(1_000_000, 99, 50);
        all.push(last.clone());
        let mut remotes: Vec<RemoteState> = (0..dead).map(|number| state(number, kind)).collect();
        remotes.push(state(99, healthy));
        let mut evening = Evening {
            queue: Queue { due: all, remotes, ..Queue::default() },
            dead: (0..dead).map(|number| (remote(number), hangs)).collect(),
            working: vec![],
            served: HashMap::new(),
            takes: 1,
        };
        let minute = evening.begins(&last.job);
        prop_assert!(minute <= 2, "it began in minute {minute}");
    }

    #[test]
    fn a_colleagues_only_course_begins_within_two_minutes_beside_teachers_with_long_queues(
        teachers in 1_usize..9, courses in 1_usize..31, kind in kinds(),
    ) {
        let mut all: Vec<Due> = (0..teachers * courses)
            .map(|number| due(number, 1, i64::try_from(number % teachers).unwrap()))
            .collect();
        let last = due(1_000_000, 1, 50);
        all.push(last.clone());
        let mut evening = Evening {
            queue: Queue { due: all, remotes: vec![state(1, kind)], ..Queue::default() },
            dead: BTreeMap::new(),
            working: vec![],
            // They have been served all evening.
            served: (0..teachers).map(|user| ((remote(1), UserId(i64::try_from(user).unwrap())), 1)).collect(),
            takes: 1,
        };
        let minute = evening.begins(&last.job);
        prop_assert!(minute <= 2, "it began in minute {minute}");
    }
}
