//! How much was done in how much time.

use std::time::Duration;

/// Work of one or more workers over one span.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Rate {
    /// Done, all workers together.
    pub(crate) done: f64,
    /// Per second of the clock: the sum of the workers' own rates, so that the last piece of work of each is neither
    /// cut off nor stretches the span of the others.
    pub(crate) per_second: f64,
    /// Processor time it took.
    pub(crate) cpu_seconds: f64,
    /// The longest wait for a single piece of work, in seconds.
    pub(crate) worst_wait: f64,
}

impl Rate {
    /// One worker's.
    pub(crate) fn of(done: u32, span: Duration) -> Self {
        let done = f64::from(done);
        Self { done, per_second: done / span.as_secs_f64(), ..Self::default() }
    }

    /// Another worker beside these.
    pub(crate) fn add(&mut self, other: Self) {
        self.done += other.done;
        self.per_second += other.per_second;
        self.cpu_seconds += other.cpu_seconds;
        self.worst_wait = self.worst_wait.max(other.worst_wait);
    }

    /// Per second of processor time: what other programs on the machine disturb least.
    pub(crate) fn per_cpu_second(&self) -> f64 {
        self.done / self.cpu_seconds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_add_up() {
        let mut rate = Rate::of(20, Duration::from_secs(2));
        rate.add(Rate { worst_wait: 0.5, ..Rate::of(30, Duration::from_secs(3)) });
        rate.cpu_seconds = 4.0;
        assert_eq!((rate.done, rate.per_second, rate.worst_wait), (50.0, 20.0, 0.5));
        assert_eq!(rate.per_cpu_second(), 12.5);
    }
}
