//! One thread, held by a gate: what waits, in which order it is served, and what is refused, without a clock.

use super::*;
use crate::password::Params;
use std::pin::Pin;
use std::sync::mpsc;
use std::task::{Context, Poll, Waker};

type Answer<T> = Pin<Box<dyn Future<Output = Result<T, HashRefused>>>>;

fn queue(waiting: usize) -> Arc<HashQueue> {
    let settings = HashQueueSettings { threads: 1, waiting, ..settings() };
    Arc::new(HashQueue::start(settings).unwrap())
}

fn settings() -> HashQueueSettings {
    HashQueueSettings::sized(1, 0, Params::cheap())
}

/// Puts work into the queue; the future is its answer.
fn offer<T, W>(queue: &Arc<HashQueue>, lane: u128, work: W) -> Result<Answer<T>, HashRefused>
where
    T: Send + 'static,
    W: FnOnce() -> T + Send + 'static,
{
    let queue = Arc::clone(queue);
    let mut answer: Answer<T> = Box::pin(async move { queue.run(lane, move |_, _| Ok(work())).await });
    match answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Err(refused)) => Err(refused),
        Poll::Ready(Ok(_)) => panic!("work behind a closed gate was done"),
        Poll::Pending => Ok(answer),
    }
}

/// Keeps the only thread busy until the sender is dropped.
fn close_gate(queue: &Arc<HashQueue>) -> (mpsc::Sender<()>, Answer<()>) {
    let (open, gate) = mpsc::channel::<()>();
    let (started, has_started) = mpsc::channel();
    let answer = offer(queue, u128::MAX, move || {
        started.send(()).unwrap();
        gate.recv().unwrap_err();
    });
    has_started.recv().unwrap();
    (open, answer.unwrap())
}

#[tokio::test]
async fn lanes_take_turns() {
    let queue = queue(100);
    let (open, gate) = close_gate(&queue);
    let (done, order) = mpsc::channel();
    let jobs: Vec<_> = [(1, "a1"), (1, "a2"), (1, "a3"), (2, "b1"), (3, "c1"), (2, "b2")]
        .into_iter()
        .map(|(lane, name)| {
            let done = done.clone();
            offer(&queue, lane, move || done.send(name).unwrap()).unwrap()
        })
        .collect();
    drop((open, done));
    gate.await.unwrap();
    for job in jobs {
        job.await.unwrap();
    }
    assert_eq!(order.iter().collect::<Vec<_>>(), ["a1", "b1", "c1", "a2", "b2", "a3"]);
}

#[tokio::test]
async fn a_full_list_is_said_at_once_and_a_newcomer_still_finds_room() {
    let queue = queue(4);
    let (open, gate) = close_gate(&queue);
    let waiting = [offer(&queue, 1, || ()).unwrap(), offer(&queue, 1, || ()).unwrap()];
    let Err(HashRefused::Full { retry_after }) = offer(&queue, 1, || ()) else {
        panic!("a lane on its own holds half of the places and no more");
    };
    assert!(retry_after >= Duration::from_secs(1));
    let newcomer = offer(&queue, 2, || "served").unwrap();
    let stats = queue.stats();
    assert_eq!((stats.waiting, stats.running, stats.refused), (3, 1, 1));
    drop(open);
    gate.await.unwrap();
    assert_eq!(newcomer.await, Ok("served"));
    for job in waiting {
        job.await.unwrap();
    }
}

#[tokio::test]
async fn a_caller_who_hangs_up_frees_neither_the_thread_nor_the_place() {
    let queue = queue(2);
    let (open, gate) = close_gate(&queue);
    let waiting = offer(&queue, 1, || panic!("nobody waits for this")).unwrap();
    drop::<Answer<()>>(waiting);
    drop(gate);
    let stats = queue.stats();
    assert_eq!((stats.running, stats.waiting, stats.finished), (1, 1, 0));
    assert!(matches!(offer(&queue, 1, || ()), Err(HashRefused::Full { .. })));
    drop(open);
    queue.hash(2, Secret::new("somebody who stays")).await.unwrap();
    let stats = queue.stats();
    assert_eq!((stats.abandoned, stats.waiting), (1, 0));
}

#[tokio::test]
async fn nobody_found_costs_a_hash_too() {
    let queue = queue(2);
    assert_eq!(queue.verify(1, Secret::new("whatever"), None).await, Ok(Verdict::Mismatch));
    let (open, gate) = close_gate(&queue);
    let stats = queue.stats();
    assert_eq!((stats.finished, stats.memory_bytes), (1, 64 * 1024));
    drop(open);
    gate.await.unwrap();
}

#[tokio::test]
async fn a_panic_is_an_answer_and_the_thread_lives_on() {
    let queue = queue(2);
    let answer = queue.run(1, |_, _| -> Result<(), HashRefused> { panic!("on purpose") }).await;
    assert!(matches!(answer, Err(HashRefused::Broken(_))));
    assert!(queue.hash(1, Secret::new("the next one")).await.is_ok());
}

#[tokio::test]
async fn stopping_ends_what_runs_and_refuses_what_waits() {
    let queue = queue(4);
    let (open, gate) = close_gate(&queue);
    let waiting = offer(&queue, 1, || ()).unwrap();
    queue.shared.lock().stop();
    drop(open);
    queue.stop();
    assert_eq!(gate.await, Ok(()));
    assert_eq!(waiting.await, Err(HashRefused::Stopped));
    assert_eq!(queue.hash(1, Secret::new("too late")).await, Err(HashRefused::Stopped));
    assert_eq!(queue.stats().memory_bytes, 0);
}

#[tokio::test]
async fn idle_threads_give_their_memory_back() {
    let queue = HashQueue::start(HashQueueSettings { arena_idle: Duration::ZERO, ..settings() }).unwrap();
    queue.hash(1, Secret::new("correct horse")).await.unwrap();
    while queue.stats().memory_bytes > 0 {
        std::thread::yield_now();
    }
}
