//! A hashing thread: takes the next job, computes it in its own arena, gives the arena back when idle.

use super::Shared;
use super::task::Task;
use crate::password::Arena;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Hashing yields to the threads that answer everything else (P18); 5 of 19 is enough for that and still gets the
/// processor when it is free.
#[cfg(target_os = "linux")]
const NICE: i32 = 5;

/// Runs until the queue stops.
pub(super) fn run(shared: &Shared, number: usize, arena_idle: Duration) {
    lower_priority();
    let mut arena = Arena::new();
    while let Some(task) = next(shared, number, &mut arena, arena_idle) {
        let began = Instant::now();
        task.run(&shared.hasher, &mut arena);
        note_memory(shared, number, &arena);
        shared.lock().finish(began.elapsed());
    }
    note_memory(shared, number, &Arena::new());
}

/// Waits for a job; `None` when the queue stops. Without work for `arena_idle`, releases the arena and waits on.
fn next(shared: &Shared, number: usize, arena: &mut Arena, arena_idle: Duration) -> Option<Box<dyn Task>> {
    let mut state = shared.lock();
    loop {
        if state.stopping {
            return None;
        }
        if let Some(task) = state.take() {
            return Some(task);
        }
        state.idle += 1;
        let (mut woken, timed_out) = if arena.bytes() == 0 {
            (shared.work.wait(state).unwrap_or_else(PoisonError::into_inner), false)
        } else {
            let (woken, timeout) =
                shared.work.wait_timeout(state, arena_idle).unwrap_or_else(PoisonError::into_inner);
            (woken, timeout.timed_out())
        };
        woken.idle -= 1;
        if timed_out && woken.waiting.len() == 0 {
            // Wiping takes milliseconds: not under the lock.
            drop(woken);
            arena.release();
            note_memory(shared, number, arena);
            woken = shared.lock();
        }
        state = woken;
    }
}

fn note_memory(shared: &Shared, number: usize, arena: &Arena) {
    if let Some(place) = shared.memory.get(number) {
        place.store(arena.bytes(), Ordering::Relaxed);
    }
}

/// On Linux a priority belongs to the thread; elsewhere it would slow the whole process.
fn lower_priority() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, NICE) {
        tracing::debug!(%error, "hashing threads keep the normal priority");
    }
}
