//! How many attempts from each address are under way: begun, and not yet settled. With the failures on record they keep
//! parallel guesses from outrunning an address's limit.
//!
//! In memory, unlike an account's pending attempts. An attempt is under way in one process only, so nothing is lost with
//! it that could be settled later; and a row that every sign-in from one web site's server writes twice would make all
//! of them wait for each other. Of several nodes, each lets as many be under way as the limit leaves.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};

/// The attempts under way, by address. An address stands here only while it has one.
#[derive(Debug, Default)]
pub(crate) struct InFlight(Mutex<HashMap<[u8; 32], u32>>);

/// One attempt under way, until it is dropped.
#[derive(Debug)]
pub(crate) struct Underway {
    among: Arc<InFlight>,
    address: [u8; 32],
}

impl InFlight {
    /// Begins an attempt, and says how many others from this address are under way.
    pub(super) fn begin(among: &Arc<Self>, address: [u8; 32]) -> (Underway, u32) {
        let mut counted = among.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counted.entry(address).or_insert(0);
        let others = *count;
        *count = others.saturating_add(1);
        (Underway { among: Arc::clone(among), address }, others)
    }

    fn end(&self, address: [u8; 32]) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut entry) = counted.entry(address) {
            match entry.get().checked_sub(1) {
                None | Some(0) => drop(entry.remove()),
                Some(left) => *entry.get_mut() = left,
            }
        }
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        self.among.end(self.address);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_are_counted_by_address_until_they_end_and_leave_nothing_behind() {
        let all = Arc::new(InFlight::default());
        let (first, others) = InFlight::begin(&all, [1; 32]);
        assert_eq!(others, 0);
        let (second, others) = InFlight::begin(&all, [1; 32]);
        assert_eq!(others, 1);
        let (elsewhere, others) = InFlight::begin(&all, [2; 32]);
        assert_eq!(others, 0);
        drop(first);
        assert_eq!(InFlight::begin(&all, [1; 32]).1, 1);
        drop((second, elsewhere));
        assert!(all.0.lock().unwrap().is_empty());
    }
}
