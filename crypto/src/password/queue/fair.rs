//! The waiting list: who is hashed next.
//!
//! One lane per tenant tree. Lanes take turns, and inside a lane the first to come is the first served. No lane may
//! fill the list: it may hold its share of the places as if one more lane were waiting, so a newcomer finds room.
//! A pure data structure; threads and time are the queue's.

use std::collections::{HashMap, VecDeque};

/// Jobs that wait, by lane.
#[derive(Debug)]
pub(super) struct WaitingList<J> {
    places: usize,
    waiting: usize,
    lanes: HashMap<u128, VecDeque<J>>,
    /// The lanes with jobs, in the order of their turns.
    turns: VecDeque<u128>,
}

impl<J> WaitingList<J> {
    /// A list with so many places.
    pub(super) fn new(places: usize) -> Self {
        Self { places, waiting: 0, lanes: HashMap::new(), turns: VecDeque::new() }
    }

    /// How many wait.
    pub(super) const fn len(&self) -> usize {
        self.waiting
    }

    /// Whether another job of this lane may wait.
    pub(super) fn has_room(&self, lane: u128) -> bool {
        let own = self.lanes.get(&lane).map_or(0, VecDeque::len);
        let others = self.lanes.len() - usize::from(own > 0);
        // This lane, those that wait, and the one that may come.
        let share = (self.places / (others + 2)).max(1);
        self.waiting < self.places && own < share
    }

    /// Lines the job up. Whether there is room was asked before.
    pub(super) fn push(&mut self, lane: u128, job: J) {
        let jobs = self.lanes.entry(lane).or_default();
        if jobs.is_empty() {
            self.turns.push_back(lane);
        }
        jobs.push_back(job);
        self.waiting += 1;
    }

    /// The job whose turn it is.
    pub(super) fn pop(&mut self) -> Option<J> {
        let lane = self.turns.pop_front()?;
        let jobs = self.lanes.get_mut(&lane)?;
        let job = jobs.pop_front();
        if jobs.is_empty() {
            self.lanes.remove(&lane);
        } else {
            self.turns.push_back(lane);
        }
        self.waiting -= usize::from(job.is_some());
        job
    }

    /// Forgets everything that waits.
    pub(super) fn clear(&mut self) {
        *self = Self::new(self.places);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(list: &mut WaitingList<u32>, lane: u128, job: u32) -> bool {
        let has_room = list.has_room(lane);
        if has_room {
            list.push(lane, job);
        }
        has_room
    }

    #[test]
    fn lanes_take_turns_and_a_lane_keeps_its_order() {
        let mut list = WaitingList::new(100);
        for (lane, job) in [(1, 10), (1, 11), (1, 12), (2, 20), (2, 21), (3, 30)] {
            assert!(offer(&mut list, lane, job));
        }
        let order: Vec<u32> = std::iter::from_fn(|| list.pop()).collect();
        assert_eq!(order, [10, 20, 30, 11, 21, 12]);
        assert_eq!(list.len(), 0);
    }

    #[test]
    fn a_flood_from_one_lane_leaves_places_for_others() {
        let mut list = WaitingList::new(12);
        let flood = (0..1000).filter(|&job| offer(&mut list, 1, job)).count();
        assert_eq!(flood, 6);
        assert!(offer(&mut list, 2, 2000));
        // With another lane waiting the flood's share is a third, and it holds more than that.
        list.pop();
        assert!(!offer(&mut list, 1, 3000));
        assert!(offer(&mut list, 3, 4000));
    }

    #[test]
    fn never_more_jobs_than_places() {
        let mut list = WaitingList::new(4);
        let taken = (0..100_u32).filter(|&lane| offer(&mut list, u128::from(lane), lane)).count();
        assert_eq!(taken, 4);
        assert_eq!(list.len(), 4);
        assert!(!WaitingList::<u32>::new(0).has_room(1));
    }
}
