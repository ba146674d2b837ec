//! A COMMIT of which nobody knows how it ended is never called done, and never tried again by itself.

use super::{hasty, open, own};
use crate::engine::probe::{self, POOL, insert};
use crate::fresh::{self, listen};
use doorward_store::{Db, Error, Invalidation, PostgresSettings, Statements, sql};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

/// A trigger that ends the session in the middle of COMMIT.
const AT_COMMIT: [&str; 2] = [
    "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS \
     'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'",
    "CREATE CONSTRAINT TRIGGER dies AFTER INSERT ON probe DEFERRABLE INITIALLY DEFERRED \
     FOR EACH ROW EXECUTE FUNCTION die()",
];

fn unknown<T>(answer: Result<T, Error>) -> String {
    match answer {
        Err(Error::Unavailable { reason }) => reason,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("nobody can say it is done"),
    }
}

#[tokio::test]
async fn a_commit_without_an_answer_is_unknown_and_runs_once() {
    let Some((_database, settings)) = fresh::postgres() else { return };
    let db = open(&settings);
    probe::create(&db).await;
    for statement in AT_COMMIT {
        db.write_house(move |tx| tx.execute(&sql(statement), &[])).await.unwrap();
    }
    let heard = listen(&db);
    let runs = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&runs);
    let answer = db
        .write(POOL, move |tx| {
            counted.fetch_add(1, Ordering::SeqCst);
            tx.invalidate(Invalidation::Doors);
            insert(tx, 1)
        })
        .await;
    assert!(unknown(answer).contains("unknown"));
    assert_eq!(runs.load(Ordering::SeqCst), 1);
    assert_eq!(db.stats().failed_commits, 1);
    // Forgetting too much is safe; remembering what may be revoked is not.
    assert_eq!(*heard.lock().unwrap(), [Invalidation::Doors]);
    db.close().await;
}

/// A database whose commits wait for a standby that is not there.
async fn waiting_for_nobody() -> Option<(doorward_testkit_postgres::Own, Db)> {
    let server = own("max_wal_senders = 2\nwal_level = replica")?;
    let quick = PostgresSettings { statement_timeout: Duration::from_millis(300), ..hasty(&server) };
    let db = open(&quick);
    probe::create(&db).await;
    server.sql("postgres", "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    server.sql("postgres", "SELECT pg_reload_conf()");
    // The server tells its processes one by one; from some commit on, all of them wait.
    let mut n = 1000;
    while db.write(POOL, move |tx| insert(tx, n)).await.is_ok() {
        n += 1;
    }
    Some((server, db))
}

#[tokio::test]
async fn a_commit_that_its_standby_has_not_confirmed_is_unknown_though_it_is_there() {
    let Some((_server, db)) = waiting_for_nobody().await else { return };
    let answer = db.write(POOL, |tx| insert(tx, 1)).await;
    assert!(unknown(answer).contains("unknown"));
    assert!(probe::rows(&db).await.contains(&1));
    db.close().await;
}

#[tokio::test]
async fn what_a_power_cut_may_undo_waits_for_no_standby() {
    let Some((_server, db)) = waiting_for_nobody().await else { return };
    assert_eq!(db.write_soon(POOL, |tx| insert(tx, 1)).await, Ok(()));
    assert!(probe::rows(&db).await.contains(&1));
    db.close().await;
}

/// Somebody set the database to acknowledge before the disk has it: ours wait all the same.
#[tokio::test]
async fn a_server_told_not_to_wait_for_its_disk_is_told_otherwise() {
    let Some((server, db)) = waiting_for_nobody().await else { return };
    db.close().await;
    // Its own session, like every other now, would wait for a standby.
    server.sql("postgres", "SET synchronous_commit = off; ALTER ROLE doorward SET synchronous_commit = off");
    let quick = PostgresSettings { statement_timeout: Duration::from_millis(300), ..hasty(&server) };
    let db = open(&quick);
    let answer = db.write(POOL, |tx| insert(tx, 1)).await;
    assert!(unknown(answer).contains("unknown"));
    db.close().await;
}
