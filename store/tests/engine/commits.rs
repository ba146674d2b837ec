//! What is acknowledged is on disk; what is not acknowledged is nowhere.

use super::probe::{self, Held, POOL, insert, queue};
use crate::fresh;
use doorward_store::Db;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

#[tokio::test]
async fn an_acknowledged_write_is_seen_from_outside_and_after_reopening() {
    let (_directory, settings) = fresh::file();
    let db = Db::open(&settings).unwrap();
    probe::create(&db).await;
    db.write(POOL, |tx| insert(tx, 1)).await.unwrap();
    assert_eq!(probe::rows_on_disk(&settings.path), [1]);
    db.close().await;
    assert_eq!(probe::rows(&Db::open(&settings).unwrap()).await, [1]);
}

#[tokio::test]
async fn a_write_that_waits_for_no_disk_is_seen_at_once_and_kept_with_the_next_that_does() {
    let (_directory, settings) = fresh::file();
    let db = Db::open(&settings).unwrap();
    probe::create(&db).await;
    for n in [1, 3] {
        db.write_soon(POOL, move |tx| insert(tx, n)).await.unwrap();
        assert!(probe::rows(&db).await.contains(&n));
        db.write(POOL, move |tx| insert(tx, n + 1)).await.unwrap();
    }
    assert_eq!(probe::rows_on_disk(&settings.path), [1, 2, 3, 4]);
    db.close().await;
    assert_eq!(probe::rows(&Db::open(&settings).unwrap()).await, [1, 2, 3, 4]);
}

#[tokio::test]
async fn jobs_that_wait_together_share_one_commit_and_none_is_acknowledged_before_it() {
    let (_directory, settings) = fresh::file();
    let db = Db::open(&settings).unwrap();
    probe::create(&db).await;
    let held = Held::writer(&db).await;
    let before = db.stats().commits;
    let mut jobs = Vec::new();
    for n in 0..20 {
        jobs.push(queue(&db, move |tx| insert(tx, n)).await);
    }
    assert!(jobs.iter().all(|job| !job.is_finished()));
    assert!(probe::rows_on_disk(&settings.path).is_empty());

    held.let_go().await;
    for (n, job) in (0..).zip(jobs) {
        job.await.unwrap().unwrap();
        assert!(probe::rows_on_disk(&settings.path).contains(&n), "acknowledged means committed");
    }
    // How many depends on the machine's pace, because a group is open for a limited time.
    assert!(db.stats().commits - before < 21, "{:?}", db.stats());
    db.close().await;
}

#[tokio::test]
async fn closing_finishes_what_is_queued_and_refuses_what_comes_later() {
    let (_directory, settings) = fresh::file();
    let db = Db::open(&settings).unwrap();
    probe::create(&db).await;
    let held = Held::writer(&db).await;
    let queued = queue(&db, |tx| insert(tx, 7)).await;
    let closing = tokio::spawn({
        let db = db.clone();
        async move { db.close().await }
    });
    while db.read(POOL, |_tx| Ok(())).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(db.write(POOL, |tx| insert(tx, 8)).await.is_err());
    held.let_go().await;
    closing.await.unwrap();
    queued.await.unwrap().unwrap();
    assert_eq!(probe::rows_on_disk(&settings.path), [7]);
}

/// Notes on its way out whether its caller had gone on by then, and gives the caller time to.
struct LastOut {
    answered: Arc<AtomicBool>,
    was_late: Arc<AtomicBool>,
}

impl Drop for LastOut {
    fn drop(&mut self) {
        for _ in 0..10_000 {
            if self.answered.load(Ordering::SeqCst) {
                return self.was_late.store(true, Ordering::SeqCst);
            }
            std::thread::yield_now();
        }
    }
}

#[tokio::test]
async fn what_a_closure_owns_is_gone_when_its_caller_goes_on() {
    let db = Db::in_memory().unwrap();
    let (answered, was_late) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let inside = LastOut { answered: Arc::clone(&answered), was_late: Arc::clone(&was_late) };
    db.write(POOL, move |_tx| Ok(inside.was_late.load(Ordering::SeqCst))).await.unwrap();
    answered.store(true, Ordering::SeqCst);
    // The writer's next job: by now the first one is gone in any case.
    db.write(POOL, |_tx| Ok(())).await.unwrap();
    assert!(!was_late.load(Ordering::SeqCst));
}
