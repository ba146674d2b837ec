//! What the queue's threads share under its lock: who waits, who runs, and how long a hash takes.

use super::fair::WaitingList;
use super::task::Task;
use super::{HashRefused, Stats};
use std::time::Duration;

/// The shortest and longest pause we ask of a refused client: a shorter one is a busy loop, and a longer one would
/// keep people out after the flood is over.
const RETRY_SECONDS: std::ops::RangeInclusive<u64> = 1..=60;

/// A new measurement moves the mean by one part in so many: steady, yet settled within seconds of load.
const MEAN_WEIGHT: u32 = 16;

/// The queue's state.
pub(super) struct State {
    pub(super) waiting: WaitingList<Box<dyn Task>>,
    /// Threads that wait for work.
    pub(super) idle: usize,
    pub(super) stopping: bool,
    threads: usize,
    running: usize,
    finished: u64,
    refused: u64,
    abandoned: u64,
    mean: Duration,
}

impl State {
    /// Nothing waits, nothing runs.
    pub(super) fn new(threads: usize, places: usize) -> Self {
        Self {
            waiting: WaitingList::new(places),
            idle: 0,
            stopping: false,
            threads,
            running: 0,
            finished: 0,
            refused: 0,
            abandoned: 0,
            mean: Duration::ZERO,
        }
    }

    /// Lines a job up, or says why not. A job that an idle thread is about to take needs no place.
    pub(super) fn admit(&mut self, lane: u128, task: Box<dyn Task>) -> Result<(), HashRefused> {
        if self.stopping {
            return Err(HashRefused::Stopped);
        }
        if self.waiting.len() >= self.idle && !self.waiting.has_room(lane) {
            self.refused += 1;
            return Err(HashRefused::Full { retry_after: self.retry_after() });
        }
        self.waiting.push(lane, task);
        Ok(())
    }

    /// The next job somebody still waits for.
    pub(super) fn take(&mut self) -> Option<Box<dyn Task>> {
        while let Some(task) = self.waiting.pop() {
            if !task.is_abandoned() {
                self.running += 1;
                return Some(task);
            }
            self.abandoned += 1;
        }
        None
    }

    /// A job ended after `took`.
    pub(super) fn finish(&mut self, took: Duration) {
        self.running -= 1;
        self.finished += 1;
        self.mean = match self.mean.is_zero() {
            true => took,
            false => (self.mean * (MEAN_WEIGHT - 1) + took) / MEAN_WEIGHT,
        };
    }

    /// From now on everything is refused, and what waits is told so.
    pub(super) fn stop(&mut self) {
        self.stopping = true;
        self.waiting.clear();
    }

    /// The queue in figures.
    pub(super) fn stats(&self, memory_bytes: usize) -> Stats {
        Stats {
            waiting: self.waiting.len(),
            running: self.running,
            finished: self.finished,
            refused: self.refused,
            abandoned: self.abandoned,
            threads: self.threads,
            memory_bytes,
        }
    }

    /// When everybody who waits now will have had their turn, in whole seconds.
    fn retry_after(&self) -> Duration {
        let rounds = self.waiting.len().div_ceil(self.threads.max(1));
        let wait = self.mean.saturating_mul(u32::try_from(rounds).unwrap_or(u32::MAX));
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        Duration::from_secs(seconds.clamp(*RETRY_SECONDS.start(), *RETRY_SECONDS.end()))
    }
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("waiting", &self.waiting.len()).field("running", &self.running).finish()
    }
}
