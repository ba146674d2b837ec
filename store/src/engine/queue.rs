//! The bounded queue between callers and the threads that own connections.
//!
//! Two lanes: someone waits for the interactive one; the bulk one yields to it, but is not starved for ever.
//! A full lane refuses at once, because a caller that waits for a place in a queue waits twice.

use super::job::Job;
use crate::Error;
use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

/// How many jobs one lane holds: about a second's work at the pace of a slow disk, so that whoever is let in
/// is served before clients give up.
const LANE_JOBS: usize = 4096;

/// After so many interactive groups in a row one bulk group is served, so imports end under steady load.
const INTERACTIVE_GROUPS_PER_BULK: u32 = 16;

/// How urgent a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Someone waits.
    Interactive,
    /// Nobody waits.
    Bulk,
}

/// How safe a write must be before its caller goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Safety {
    /// On the disk (P1).
    Durable,
    /// Seen by everybody; on the disk with the next durable write.
    Visible,
}

/// A job and when it came.
pub(super) struct Queued {
    pub(super) job: Box<dyn Job>,
    pub(super) since: Instant,
    pub(super) safety: Safety,
}

/// The queue.
#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    arrived: Condvar,
}

#[derive(Default)]
struct State {
    interactive: VecDeque<Queued>,
    bulk: VecDeque<Queued>,
    closed: bool,
    groups_since_bulk: u32,
}

impl Queue {
    /// Queues a job, unless the lane is full or the queue closed.
    pub(super) fn push(&self, lane: Lane, safety: Safety, job: Box<dyn Job>) -> Result<(), Error> {
        let mut state = self.lock();
        if state.closed {
            return Err(Error::Unavailable { reason: "the database is closing".to_owned() });
        }
        let jobs = state.lane(lane);
        if jobs.len() >= LANE_JOBS {
            return Err(Error::Unavailable { reason: "too many jobs wait for the database".to_owned() });
        }
        jobs.push_back(Queued { job, since: Instant::now(), safety });
        drop(state);
        self.arrived.notify_one();
        Ok(())
    }

    /// Waits for the first job of a group; `None` once the queue is closed and empty.
    pub(super) fn first(&self) -> Option<(Lane, Queued)> {
        let mut state = self.lock();
        loop {
            if let Some(next) = state.take_first() {
                return Some(next);
            }
            if state.closed {
                return None;
            }
            state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// A further job for a group of this lane, if one waits now. A bulk group ends when someone waits, and one that the
    /// disk is not waited for when a durable job comes.
    pub(super) fn another(&self, lane: Lane, safety: Safety) -> Option<Queued> {
        let mut state = self.lock();
        if lane == Lane::Bulk && !state.interactive.is_empty() {
            return None;
        }
        let fits = |next: &Queued| safety == Safety::Durable || next.safety == Safety::Visible;
        state.lane(lane).pop_front_if(|next| fits(next))
    }

    /// Refuses new jobs from now on and wakes every thread.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.arrived.notify_all();
    }

    /// How many jobs wait in a lane.
    pub(super) fn waiting(&self, lane: Lane) -> usize {
        self.lock().lane(lane).len()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that can panic runs under this lock, so a poisoned one still holds a sound queue.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn lane(&mut self, lane: Lane) -> &mut VecDeque<Queued> {
        match lane {
            Lane::Interactive => &mut self.interactive,
            Lane::Bulk => &mut self.bulk,
        }
    }

    fn take_first(&mut self) -> Option<(Lane, Queued)> {
        let is_bulks_turn = self.groups_since_bulk >= INTERACTIVE_GROUPS_PER_BULK && !self.bulk.is_empty();
        let lane = if self.interactive.is_empty() || is_bulks_turn { Lane::Bulk } else { Lane::Interactive };
        let first = self.lane(lane).pop_front()?;
        self.groups_since_bulk = match lane {
            Lane::Interactive => self.groups_since_bulk.saturating_add(1),
            Lane::Bulk => 0,
        };
        Some((lane, first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::job::call;

    fn push(queue: &Queue, lane: Lane) -> Result<(), Error> {
        let (job, _answer) = call(|_driver| Ok(((), Vec::new())));
        queue.push(lane, Safety::Durable, job)
    }

    #[test]
    fn bulk_work_gets_its_turn_under_steady_load() {
        let queue = Queue::default();
        push(&queue, Lane::Bulk).unwrap();
        for _ in 0..INTERACTIVE_GROUPS_PER_BULK {
            push(&queue, Lane::Interactive).unwrap();
            assert_eq!(queue.first().unwrap().0, Lane::Interactive);
        }
        push(&queue, Lane::Interactive).unwrap();
        assert_eq!(queue.first().unwrap().0, Lane::Bulk);
        assert_eq!(queue.first().unwrap().0, Lane::Interactive);
    }

    #[test]
    fn a_bulk_group_ends_when_someone_waits() {
        let queue = Queue::default();
        push(&queue, Lane::Bulk).unwrap();
        assert!(queue.another(Lane::Bulk, Safety::Durable).is_some());
        push(&queue, Lane::Bulk).unwrap();
        push(&queue, Lane::Interactive).unwrap();
        assert!(queue.another(Lane::Bulk, Safety::Durable).is_none());
        assert!(queue.another(Lane::Interactive, Safety::Durable).is_some());
    }

    #[test]
    fn a_group_the_disk_is_not_waited_for_takes_no_durable_job_along() {
        let queue = Queue::default();
        push(&queue, Lane::Interactive).unwrap();
        assert!(queue.another(Lane::Interactive, Safety::Visible).is_none());
        let (job, _answer) = call(|_driver| Ok(((), Vec::new())));
        assert!(queue.another(Lane::Interactive, Safety::Durable).is_some());
        queue.push(Lane::Interactive, Safety::Visible, job).unwrap();
        assert!(queue.another(Lane::Interactive, Safety::Visible).is_some());
    }

    #[test]
    fn a_full_lane_refuses_at_once_and_leaves_the_other_open() {
        let queue = Queue::default();
        for _ in 0..LANE_JOBS {
            push(&queue, Lane::Bulk).unwrap();
        }
        assert!(matches!(push(&queue, Lane::Bulk), Err(Error::Unavailable { .. })));
        assert_eq!(push(&queue, Lane::Interactive), Ok(()));
    }

    #[test]
    fn a_closed_queue_is_emptied_first() {
        let queue = Queue::default();
        push(&queue, Lane::Bulk).unwrap();
        queue.close();
        assert!(push(&queue, Lane::Interactive).is_err());
        assert!(queue.first().is_some());
        assert!(queue.first().is_none());
    }
}
