//! What became stale, and when: the memory of who is calling is checked against this on every hit.
//!
//! A revocation names a subject (a session, a person, a tenant, a key, an application). Instead of finding everything
//! that hangs on it, it stamps the subject's stripe with the next moment; what was read before that moment is read again.
//! A tenant's whole subtree ends by one stamp, because an entry names every tenant above it. Two subjects that share a
//! stripe cost each other a read now and then, never a wrong answer.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// Stripes: 512 KiB, of which only what is stamped is ever touched. With four subjects an entry, a hundred
/// revocations a second make it be read again every three minutes or so.
const STRIPES: usize = 1 << 16;

/// A point in the order of revocations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(u64);

impl Moment {
    /// Later is more.
    pub(super) const fn number(self) -> u64 {
        self.0
    }
}

/// When each stripe last became stale.
pub(crate) struct Stamps {
    latest: AtomicU64,
    /// One at a time: a moment is told only when its mark is made.
    turn: Mutex<()>,
    /// Everything read before it is stale.
    floor: AtomicU64,
    stripes: Box<[AtomicU64]>,
}

impl Default for Stamps {
    fn default() -> Self {
        let stripes = (0..STRIPES).map(|_| AtomicU64::new(0)).collect();
        Self { latest: AtomicU64::new(0), turn: Mutex::new(()), floor: AtomicU64::new(0), stripes }
    }
}

impl Stamps {
    /// This moment. Take it *before* reading what is to be remembered: a revocation that commits during the read is
    /// then later, and the entry stale from the start (the fill race of the design).
    pub(crate) fn now(&self) -> Moment {
        Moment(self.latest.load(Ordering::SeqCst))
    }

    /// Makes whatever hangs on a subject stale. Called after the commit and before its caller is answered.
    pub(crate) fn stamp(&self, subject: Uuid) {
        self.mark(|moment| {
            if let Some(stripe) = self.stripe(subject) {
                stripe.store(moment, Ordering::SeqCst);
            }
        });
    }

    /// Makes everything stale.
    pub(crate) fn stamp_all(&self) {
        self.mark(|moment| self.floor.store(moment, Ordering::SeqCst));
    }

    /// The mark first, then the moment: whoever takes the moment for theirs must find the mark, or they would hold for
    /// current what the mark makes stale.
    fn mark(&self, make: impl FnOnce(u64)) {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let moment = self.latest.load(Ordering::SeqCst) + 1;
        make(moment);
        self.latest.store(moment, Ordering::SeqCst);
    }

    /// Whether nothing that an entry read at `read` hangs on has become stale since.
    pub(crate) fn holds(&self, read: Moment, subjects: impl IntoIterator<Item = Uuid>) -> bool {
        self.floor.load(Ordering::SeqCst) <= read.0
            && subjects.into_iter().all(|subject| {
                self.stripe(subject).is_some_and(|stripe| stripe.load(Ordering::SeqCst) <= read.0)
            })
    }

    fn stripe(&self, subject: Uuid) -> Option<&AtomicU64> {
        // The last bytes of our ids are random.
        let [.., high, low] = subject.into_bytes();
        self.stripes.get(usize::from(u16::from_be_bytes([high, low])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: Uuid = Uuid::from_u128(1);
    const BOB: Uuid = Uuid::from_u128(2);

    #[test]
    fn a_stamp_makes_stale_what_was_read_before_it_and_hangs_on_its_subject() {
        let stamps = Stamps::default();
        let before = stamps.now();
        stamps.stamp(ADA);
        assert!(!stamps.holds(before, [BOB, ADA]));
        assert!(stamps.holds(before, [BOB]));
        assert!(stamps.holds(stamps.now(), [ADA, BOB]));
    }

    /// With one subject stamped again and again, each moment anybody is told of stands on its stripe already.
    #[test]
    fn nobody_is_told_a_moment_before_its_mark_is_made() {
        let stamps = Stamps::default();
        std::thread::scope(|scope| {
            scope.spawn(|| (0..200_000).for_each(|_| stamps.stamp(ADA)));
            while stamps.now() < Moment(200_000) {
                let told = stamps.now();
                let marked = stamps.stripe(ADA).unwrap().load(Ordering::SeqCst);
                assert!(marked >= told.number(), "{marked} < {}", told.number());
            }
        });
    }

    #[test]
    fn a_stamp_on_everything_spares_nothing() {
        let stamps = Stamps::default();
        let before = stamps.now();
        stamps.stamp_all();
        assert!(!stamps.holds(before, []));
        assert!(stamps.holds(stamps.now(), []));
    }
}
