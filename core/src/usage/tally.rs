//! What was used since it was written last: counted in memory, so that nobody waits for a count.
//!
//! Counters are shared: who is remembered for verifying keeps theirs, and a call costs one addition. A crash loses what
//! [`super::flush`] had not written yet: two seconds of it.

use doorward_model::{PersonId, PoolId, TenantId, Timestamp, UseKind};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use uuid::Uuid;

/// Counters at once: as many keys, tokens, programs and ways in as verifying remembers, and some. One takes about 150 bytes.
const COUNTERS: usize = 131_072;
/// People who wait to be written, about 150 bytes each. When half as many do, they are written early.
const PEOPLE: usize = 65_536;
/// Sessions and keys of which is known that their person was noted within the hour; beyond, some are noted again.
const LATELY: usize = 65_536;

/// Something that is counted, where.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Counted {
    pub(crate) pool: PoolId,
    pub(crate) tenant: TenantId,
    pub(crate) kind: UseKind,
    pub(crate) subject: Vec<u8>,
}

/// Uses that are not written yet.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    /// One more.
    pub(crate) fn count(&self) {
        self.0.fetch_add(1, Relaxed);
    }
}

/// Everything that is not written yet.
#[derive(Default)]
pub(crate) struct Uses {
    counters: Mutex<HashMap<Counted, Arc<Counter>>>,
    people: Mutex<HashMap<(Counted, PersonId), Timestamp>>,
    lately: Mutex<Lately>,
    lost: AtomicU64,
    pressed: Notify,
}

/// Whose person was noted in this hour.
#[derive(Default)]
struct Lately {
    hour: i64,
    carriers: HashSet<Uuid>,
}

/// What was taken to be written.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub(super) uses: Vec<(Counted, u64)>,
    pub(super) people: Vec<(Counted, PersonId, Timestamp)>,
}

impl Uses {
    /// The counter of something. One that finds no room counts for nobody.
    pub(crate) fn counter(&self, of: Counted) -> Arc<Counter> {
        let mut counters = held(&self.counters);
        if let Some(known) = counters.get(&of) {
            return Arc::clone(known);
        }
        let counter = Arc::new(Counter::default());
        if counters.len() < COUNTERS {
            counters.insert(of, Arc::clone(&counter));
        } else {
            self.lost.fetch_add(1, Relaxed);
        }
        counter
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
        } else {
            self.lost.fetch_add(1, Relaxed);
        }
        has_room
    }

    /// Whether a session or a key is used for the first time in this hour, as far as it is known.
    pub(crate) fn is_first_in(&self, hour: i64, carrier: Uuid) -> bool {
        let mut lately = held(&self.lately);
        if lately.hour != hour || lately.carriers.len() >= LATELY {
            *lately = Lately { hour, carriers: HashSet::new() };
        }
        lately.carriers.insert(carrier)
    }

    /// Takes what waits. Counters that nobody keeps are forgotten.
    pub(super) fn take(&self) -> Taken {
        let mut taken = Taken::default();
        held(&self.counters).retain(|of, counter| {
            let uses = counter.0.swap(0, Relaxed);
            if uses > 0 {
                taken.uses.push((of.clone(), uses));
            }
            // Whoever takes a counter out holds this lock, so one that is alone stays alone.
            uses > 0 || Arc::strong_count(counter) > 1
        });
        let people = std::mem::take(&mut *held(&self.people));
        taken.people.extend(people.into_iter().map(|((of, person), at)| (of, person, at)));
        taken
    }

    /// Gives back what could not be written.
    pub(super) fn give_back(&self, taken: Taken) {
        for (of, uses) in taken.uses {
            self.counter(of).0.fetch_add(uses, Relaxed);
        }
        for (of, person, at) in taken.people {
            self.note(of, person, at);
        }
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

    fn counted(n: u128) -> Counted {
        let (pool, tenant) = (PoolId::new(Uuid::from_u128(1)), TenantId::new(Uuid::from_u128(1)));
        Counted { pool, tenant, kind: UseKind::Door, subject: n.to_be_bytes().to_vec() }
    }

    #[test]
    fn what_is_counted_is_taken_once_and_kept_counters_go_on() {
        let uses = Uses::default();
        let kept = uses.counter(counted(1));
        kept.count();
        uses.counter(counted(1)).count();
        uses.counter(counted(2)).count();
        let mut taken = uses.take().uses;
        taken.sort();
        assert_eq!(taken, [(counted(1), 2), (counted(2), 1)]);
        assert!(uses.take().uses.is_empty());
        assert_eq!(held(&uses.counters).len(), 1, "only who is kept is");
        kept.count();
        assert_eq!(uses.take().uses, [(counted(1), 1)]);
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
    fn somebody_who_calls_all_the_time_is_noted_once_an_hour() {
        let uses = Uses::default();
        let carrier = Uuid::from_u128(5);
        assert!(uses.is_first_in(7, carrier) && !uses.is_first_in(7, carrier));
        assert!(uses.is_first_in(8, carrier));
    }

    #[test]
    fn people_without_room_are_counted_as_lost_and_the_writer_is_woken_before() {
        let uses = Uses::default();
        let note =
            |n: usize| uses.note(counted(1), PersonId::new(Uuid::from_u128(n as u128)), Timestamp::default());
        assert!((0..PEOPLE).all(note));
        assert!(!note(PEOPLE) && note(0), "who waits already needs no room");
        assert_eq!(uses.lost(), 1);
    }
}
