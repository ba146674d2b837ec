//! The rates a sign-in is held against: the same hash in a bare loop, on as many threads.
//!
//! `Raw` is what the server computes with (its own function, memory kept between hashes); `Plain` is what everybody
//! calls: the `argon2` crate with fresh memory each time. Both at the server's parameters and priority, a core for each
//! thread.

use crate::Result;
use crate::process::cpu_seconds;
use crate::rate::Rate;
use argon2::{Algorithm, Argon2, Version};
use doorward_crypto::password::{Arena, Engine, Params, hash_once};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use std::sync::Barrier;
use std::time::{Duration, Instant};

/// The priority of the server's hashing threads (`crypto/src/password/queue/worker.rs`).
const NICE: i32 = 5;

const PASSWORD: &[u8] = b"a password of usual length";
const SALT: [u8; 16] = [7; 16];

/// Which loop.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Loop {
    /// With this engine, memory kept between hashes.
    Raw(Engine),
    /// The plain crate, fresh memory for each hash.
    Plain,
}

/// Hashes on `threads` threads for `span`.
pub(crate) fn measure(which: Loop, threads: usize, span: Duration) -> Result<Rate> {
    let me = std::process::id();
    // The two of them: before the span, when all memory is there, and after it.
    let barrier = Barrier::new(threads + 1);
    std::thread::scope(|scope| {
        let barrier = &barrier;
        let workers: Vec<_> =
            (0..threads).map(|number| scope.spawn(move || worker(which, number, span, barrier))).collect();
        barrier.wait();
        let before = cpu_seconds(me)?;
        let mut rate = Rate::default();
        for worker in workers {
            rate.add(worker.join().map_err(|_| "a hashing thread panicked")??);
        }
        rate.cpu_seconds = cpu_seconds(me)? - before;
        Ok(rate)
    })
}

/// One thread: a first hash to fetch its memory, then as many as the span holds.
fn worker(which: Loop, number: usize, span: Duration, barrier: &Barrier) -> Result<Rate> {
    let mut arena = Arena::new();
    let placed = take_core(number).and_then(|()| rustix::process::setpriority_process(None, NICE));
    let warm = hash(which, &mut arena);
    // Reached whatever happened: the others wait here for this thread.
    barrier.wait();
    placed?;
    warm?;
    let began = Instant::now();
    let mut done = 0_u32;
    while began.elapsed() < span {
        hash(which, &mut arena)?;
        done += 1;
    }
    Ok(Rate::of(done, began.elapsed()))
}

/// A core for each thread: threads that never sleep may otherwise share one for seconds on a busy machine, and the
/// server's, which are woken all the time, would look better than they are.
fn take_core(number: usize) -> rustix::io::Result<()> {
    let allowed = sched_getaffinity(None)?;
    let cores: Vec<usize> = (0..CpuSet::MAX_CPU).filter(|core| allowed.is_set(*core)).collect();
    let mut own = CpuSet::new();
    if let Some(core) = cores.get(number % cores.len().max(1)) {
        own.set(*core);
    }
    sched_setaffinity(None, &own)
}

fn hash(which: Loop, arena: &mut Arena) -> Result<()> {
    match which {
        Loop::Raw(engine) => {
            hash_once(engine, &Params::OWASP, arena, None, PASSWORD, &SALT)?;
        }
        Loop::Plain => {
            let (memory, passes, lanes) =
                (Params::OWASP.memory_kib(), Params::OWASP.passes(), Params::OWASP.lanes());
            let params = argon2::Params::new(memory, passes, lanes, Some(32))?;
            let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            argon2.hash_password_into(PASSWORD, &SALT, &mut [0; 32])?;
        }
    }
    Ok(())
}
