//! What was used since it was written last: counted in memory, so that nobody waits for a count. A crash loses what
//! [`super::flush`] had not written yet: two seconds of it.

use super::counters::{Counted, Counter, Counters};
use doorward_model::{PersonId, Timestamp};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use uuid::Uuid;

/// People who wait to be written, about 150 bytes each. When half as many do, they are written early.
const PEOPLE: usize = 65_536;
/// Sessions and keys of which is known when their person is due to be noted; beyond, some are noted again.
const LATELY: usize = 65_536;

/// Everything that is not written yet.
#[derive(Default)]
pub(crate) struct Uses {
    counters: Counters,
    people: Mutex<HashMap<(Counted, PersonId), Timestamp>>,
    /// From which minute on the person of a session or a key is noted again.
    lately: Mutex<HashMap<Uuid, u32>>,
    lost: AtomicU64,
    pressed: Notify,
}

/// What was taken to be written.
#[derive(Clone, Debug, Default)]
pub(super) struct Taken {
    pub(super) uses: Vec<(Counted, u64)>,
    pub(super) people: Vec<(Counted, PersonId, Timestamp)>,
}

impl Uses {
    /// The counter of something. One that finds no room counts for nobody.
    pub(crate) fn counter(&self, of: Counted) -> Arc<Counter> {
        self.counters.of(of).unwrap_or_else(|| {
            self.lose();
            Arc::default()
        })
    }

    /// Notes that somebody used something; `false` when too many wait.
    pub(crate) fn note(&self, of: Counted, person: PersonId, at: Timestamp) -> bool {
        let mut people = held(&self.people);
        if people.len() >= PEOPLE / 2 {
            self.pressed.notify_one();
        }
        let key = (of, person);
        let has_room = people.len() < PEOPLE || people.contains_key(&key);
        if has_room {
            let noted = people.entry(key).or_insert(at);
            *noted = at.max(*noted);
        }
        has_room
    }

    /// Whether the person of a session or a key is due to be noted, as far as it is known; if so, it is due again at `next`.
    pub(crate) fn is_due(&self, carrier: Uuid, minute: u32, next: u32) -> bool {
        let mut lately = held(&self.lately);
        if lately.len() >= LATELY && !lately.contains_key(&carrier) {
            lately.clear();
        }
        match lately.entry(carrier) {
            Entry::Occupied(due) if minute < *due.get() => false,
            Entry::Occupied(mut due) => {
                due.insert(next);
                true
            }
            Entry::Vacant(free) => {
                free.insert(next);
                true
            }
        }
    }

    /// Has a session's or a key's person noted from another minute on.
    pub(crate) fn set_due(&self, carrier: Uuid, minute: u32) {
        if let Some(due) = held(&self.lately).get_mut(&carrier) {
            *due = minute;
        }
    }

    /// Takes what waits.
    pub(super) fn take(&self) -> Taken {
        let uses = self.counters.take();
        let people = std::mem::take(&mut *held(&self.people));
        Taken { uses, people: people.into_iter().map(|((of, person), at)| (of, person, at)).collect() }
    }

    /// Gives back what could not be written.
    pub(super) fn give_back(&self, taken: Taken) {
        for (of, uses) in taken.uses {
            self.counter(of).add(uses);
        }
        for (of, person, at) in taken.people {
            if !self.note(of, person, at) {
                self.lose();
            }
        }
    }

    /// Counts something that could not be noted and is not tried again.
    pub(super) fn lose(&self) {
        self.lost.fetch_add(1, Relaxed);
    }

    pub(super) async fn pressed(&self) {
        self.pressed.notified().await;
    }

    pub(super) fn lost(&self) -> u64 {
        self.lost.load(Relaxed)
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorward_model::{PoolId, TenantId, UseKind};

    fn counted(n: u128) -> Counted {
        let (pool, tenant) = (PoolId::new(Uuid::from_u128(1)), TenantId::new(Uuid::from_u128(1)));
        Counted { pool, tenant, kind: UseKind::Door, subject: n.to_be_bytes().to_vec() }
    }

    #[test]
    fn what_could_not_be_written_is_given_back_and_the_latest_use_stays() {
        let uses = Uses::default();
        let (who, at) = (PersonId::new(Uuid::from_u128(9)), Timestamp::from_micros);
        uses.counter(counted(1)).count();
        assert!(uses.note(counted(1), who, at(1)));
        let taken = uses.take();
        uses.counter(counted(1)).count();
        assert!(uses.note(counted(1), who, at(2)));
        uses.give_back(taken);
        let taken = uses.take();
        assert_eq!((taken.uses, taken.people), (vec![(counted(1), 2)], vec![(counted(1), who, at(2))]));
    }

    #[test]
    fn somebody_who_calls_all_the_time_is_noted_when_they_are_due() {
        let uses = Uses::default();
        let carrier = Uuid::from_u128(5);
        assert!(uses.is_due(carrier, 100, 1_540) && !uses.is_due(carrier, 101, 1_540));
        assert!(uses.is_due(carrier, 1_540, 2_980) && !uses.is_due(carrier, 1_541, 2_980));
        uses.set_due(carrier, 1_542);
        assert!(!uses.is_due(carrier, 1_541, 2_980) && uses.is_due(carrier, 1_542, 2_980));
    }

    #[test]
    fn people_without_room_are_lost_when_nobody_tries_again_and_the_writer_is_woken_before() {
        let uses = Uses::default();
        let who = |n: usize| PersonId::new(Uuid::from_u128(n as u128));
        let note = |n: usize| uses.note(counted(1), who(n), Timestamp::default());
        assert!((0..PEOPLE).all(note));
        assert!(!note(PEOPLE) && note(0), "who waits already needs no room");
        assert_eq!(uses.lost(), 0, "whoever found no room may try again");
        let people = vec![(counted(1), who(PEOPLE), Timestamp::default())];
        uses.give_back(Taken { uses: Vec::new(), people });
        assert_eq!(uses.lost(), 1);
    }
}
