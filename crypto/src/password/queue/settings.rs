//! How large the queue is.

use crate::password::{Engine, Params, Pepper};
use std::time::Duration;

/// Places in the waiting list for each thread: at 25 hashes a second and thread, a full list is worked off in
/// about five seconds, well inside any door's time limit.
const WAITING_PER_THREAD: usize = 128;

/// A thread without work for this long gives its memory back; longer than the pauses of a busy hour.
const ARENA_IDLE: Duration = Duration::from_secs(10);

/// The size of the queue. Memory stays below `threads` × the memory of `params` (P18), plus that of one stored hash
/// if some are larger than the target.
#[derive(Clone, Debug)]
pub struct HashQueueSettings {
    /// Threads, each with its own memory: as many hashes are computed at once.
    pub threads: usize,
    /// Places in the waiting list, all lanes together; one lane alone may hold half of them.
    pub waiting: usize,
    /// The cost of new hashes.
    pub params: Params,
    /// What computes them.
    pub engine: Engine,
    /// The secret that goes into new hashes.
    pub pepper: Option<Pepper>,
    /// How long a thread without work keeps its memory.
    pub arena_idle: Duration,
}

impl HashQueueSettings {
    /// The fastest engine; one thread a core, fewer if their memory together would pass the limit, at least one.
    pub fn sized(cores: usize, memory_limit_bytes: u64, params: Params) -> Self {
        let by_memory = memory_limit_bytes / params.memory_bytes().max(1);
        let threads = cores.min(usize::try_from(by_memory).unwrap_or(usize::MAX)).max(1);
        let waiting = threads.saturating_mul(WAITING_PER_THREAD);
        Self { threads, waiting, params, engine: Engine::fastest(), pepper: None, arena_idle: ARENA_IDLE }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scarcer_of_cores_and_memory_decides() {
        let mib = |n: u64| n * 1024 * 1024;
        assert_eq!(HashQueueSettings::sized(8, mib(1024), Params::OWASP).threads, 8);
        assert_eq!(HashQueueSettings::sized(8, mib(64), Params::OWASP).threads, 3);
        assert_eq!(HashQueueSettings::sized(0, 0, Params::OWASP).threads, 1);
    }
}
