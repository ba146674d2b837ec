//! A COMMIT of which nobody knows how it ended is never called done, and never tried again by itself.

use super::{hasty, open, own};
use crate::engine::probe::{self, POOL, insert};
use crate::fresh::{self, few, listen};
use doorward_store::{Db, Error, Invalidation, PostgresSettings, Statement, Statements, Tx, sql};
use doorward_testkit_postgres::{Own, Prank, Wire};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio_postgres::NoTls;

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

/// Whatever the code says: a session that ends, or a server that goes down, may have written its commit.
#[tokio::test]
async fn a_commit_that_ends_the_session_is_unknown_and_memory_is_told() {
    let Some(server) = own("") else { return };
    let wire = Wire::to(server.socket());
    let db = open(&few(&wire.url("postgres")));
    probe::create(&db).await;
    let heard = listen(&db);
    // A full disk, a fault, two that met, a lock not had, a server that is shut down; and no answer at all.
    let codes = ["53100", "XX000", "40001", "55P03", "57P01"];
    let pranks = codes.into_iter().map(Prank::Fatal).chain([Prank::Cut]);
    for (n, prank) in (1..).zip(pranks) {
        heard.lock().unwrap().clear();
        wire.play(prank);
        let answer = db
            .write(POOL, move |tx| {
                tx.invalidate(Invalidation::Doors);
                insert(tx, n)
            })
            .await;
        assert!(unknown(answer).contains("unknown"), "{prank:?}");
        assert_eq!(*heard.lock().unwrap(), [Invalidation::Doors], "{prank:?}");
    }
    let rows = probe::rows(&db).await;
    assert!((1..6).all(|n| rows.contains(&n)), "all that the server got is there: {rows:?}");
    db.close().await;
}

/// A database whose commits wait for a standby that is not there.
async fn waiting_for_nobody() -> Option<(doorward_testkit_postgres::Own, Db)> {
    let server = own("max_wal_senders = 2\nwal_level = replica")?;
    let quick = PostgresSettings {
        statement_timeout: Duration::from_millis(300),
        revocation_notify: true,
        ..hasty(&server)
    };
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

/// Whether row 1 is there, as somebody else sees it: a server that nobody confirms is not read from.
fn is_there(server: &Own) -> bool {
    server.sql("postgres", "SELECT count(*) FROM probe WHERE n = 1") == "1"
}

#[tokio::test]
async fn a_commit_that_its_standby_has_not_confirmed_is_unknown_though_it_is_there() {
    let Some((server, db)) = waiting_for_nobody().await else { return };
    let answer = db.write(POOL, |tx| insert(tx, 1)).await;
    assert!(unknown(answer).contains("unknown"));
    assert!(is_there(&server));
    db.close().await;
}

/// Its rows are there, so the second try writes nothing, and a commit of nothing waits for nobody.
#[tokio::test]
async fn the_second_try_of_an_unconfirmed_commit_waits_for_the_standby_too() {
    let Some((server, db)) = waiting_for_nobody().await else { return };
    let once = |tx: &mut Tx<'_>| match tx.row(&FIND, &[&1_i64], |_row| Ok(()))? {
        None => insert(tx, 1),
        Some(()) => Ok(()),
    };
    for attempt in 0..3 {
        let answer = db.write(POOL, once).await;
        assert!(unknown(answer).contains("unknown"), "{attempt}");
        assert!(is_there(&server));
    }
    server.set("synchronous_standby_names", "");
    // The server tells its processes one by one.
    while db.write(POOL, once).await.is_err() {}
    db.close().await;
}

const FIND: Statement = sql("SELECT n FROM probe WHERE n = $1");

/// Notifications of a whole cluster wait for each other; one that waits for a standby holds up all of them.
#[tokio::test]
async fn a_revocation_waits_for_nobody_elses_notification() {
    let Some((server, db)) = waiting_for_nobody().await else { return };
    let (client, connection) = tokio_postgres::connect(&server.url("postgres"), NoTls).await.unwrap();
    tokio::spawn(connection);
    let notify = tokio::spawn(async move {
        client.batch_execute("INSERT INTO probe (n) VALUES (-1); NOTIFY somebody_elses").await
    });
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    while server.sql("postgres", waits) != "1" {
        tokio::task::yield_now().await;
    }
    let heard = listen(&db);
    let answer = db.write_soon(POOL, |tx| {
        tx.invalidate(Invalidation::Doors);
        Ok(())
    });
    assert_eq!(answer.await, Ok(()));
    assert_eq!(*heard.lock().unwrap(), [Invalidation::Doors]);
    db.close().await;
    notify.abort();
}

#[tokio::test]
async fn what_a_power_cut_may_undo_waits_for_no_standby() {
    let Some((server, db)) = waiting_for_nobody().await else { return };
    assert_eq!(db.write_soon(POOL, |tx| insert(tx, 1)).await, Ok(()));
    assert!(is_there(&server));
    db.close().await;
}

/// Somebody set the server, or the role, to acknowledge before disk and standby have it: ours wait all the same, also over
/// connections that were open before.
#[tokio::test]
async fn every_transaction_says_for_itself_how_durable_it_is() {
    let Some(server) = own("") else { return };
    let db = open(&few(&server.url("postgres")));
    let asked = |tx: &mut Tx<'_>| tx.row(&DURABILITY, &[], |row| row.get::<String>(0));
    for set in ["off", "local", "remote_write", "on", "remote_apply"] {
        server.set("synchronous_commit", set);
        assert_eq!(db.write(POOL, asked).await, Ok(Some("on".to_owned())), "{set}");
        assert_eq!(db.write_soon(POOL, asked).await, Ok(Some("off".to_owned())), "{set}");
    }
    server.sql("postgres", "ALTER ROLE doorward SET synchronous_commit = remote_write");
    let other = open(&few(&server.url("postgres")));
    assert_eq!(other.write(POOL, asked).await, Ok(Some("on".to_owned())));
    other.close().await;
    db.close().await;
}

const DURABILITY: Statement = sql("SELECT current_setting('synchronous_commit')");
