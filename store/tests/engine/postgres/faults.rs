//! A server that ends sessions, is slow, dies or turns read-only: nothing half-done, and no restart of ours.

use super::{hasty, open, own};
use crate::engine::probe::{self, POOL, insert};
use crate::fresh::{self, few};
use doorward_store::{Db, Error, PostgresSettings, Statement, Statements, sql};
use doorward_testkit_postgres::Stop;
use std::{
    sync::mpsc::channel,
    time::{Duration, Instant},
};

const CUT_OURSELVES: Statement = sql("SELECT pg_terminate_backend(pg_backend_pid())");
const SLEEP: Statement = sql("SELECT pg_sleep(30) IS NULL");

fn is_unavailable<T>(answer: &Result<T, Error>) -> bool {
    matches!(answer, Err(Error::Unavailable { .. }))
}

#[tokio::test]
async fn a_session_that_ended_while_it_lay_idle_is_nobodys_error() {
    let Some((database, settings)) = fresh::postgres() else { return };
    let db = open(&settings);
    probe::create(&db).await;
    db.read(POOL, |_tx| Ok(())).await.unwrap();
    let ours = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    database.sql(&format!("SELECT pg_terminate_backend(pid) {ours}"));
    db.write(POOL, |tx| insert(tx, 1)).await.unwrap();
    assert_eq!(probe::rows(&db).await, [1]);
    db.close().await;
}

#[tokio::test]
async fn a_session_that_ends_within_a_transaction_loses_it_and_it_runs_again() {
    let Some((_database, settings)) = fresh::postgres() else { return };
    let db = open(&settings);
    probe::create(&db).await;
    let mut runs = 0;
    let ran = db.write(POOL, move |tx| {
        runs += 1;
        insert(tx, runs)?;
        if runs == 1 {
            tx.row(&CUT_OURSELVES, &[], |_row| Ok(()))?;
        }
        Ok(runs)
    });
    assert_eq!(ran.await, Ok(2));
    assert_eq!(probe::rows(&db).await, [2]);
    db.close().await;
}

#[tokio::test]
async fn one_that_ends_every_time_is_given_up() {
    let Some((_database, settings)) = fresh::postgres() else { return };
    let db = open(&settings);
    let answer = db.write(POOL, |tx| tx.row(&CUT_OURSELVES, &[], |_row| Ok(()))).await;
    assert!(is_unavailable(&answer), "{answer:?}");
    assert_eq!(db.write(POOL, |_tx| Ok(())).await, Ok(()));
    db.close().await;
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_ended() {
    let Some((_database, settings)) = fresh::postgres() else { return };
    let settings = PostgresSettings { statement_timeout: Duration::from_millis(200), ..settings };
    let db = open(&settings);
    probe::create(&db).await;
    let started = Instant::now();
    let answer = db
        .write(POOL, |tx| {
            insert(tx, 1)?;
            tx.row(&SLEEP, &[], |_row| Ok(()))
        })
        .await;
    assert!(is_unavailable(&answer), "{answer:?}");
    let answer = db.read(POOL, |tx| tx.row(&SLEEP, &[], |_row| Ok(()))).await;
    assert!(is_unavailable(&answer), "{answer:?}");
    assert!(started.elapsed() < Duration::from_secs(20));
    db.write(POOL, |tx| insert(tx, 2)).await.unwrap();
    assert_eq!(probe::rows(&db).await, [2]);
    db.close().await;
}

/// COMMIT of a transaction that an error took down is a rollback which the server calls no error.
#[tokio::test]
async fn a_closure_that_ignores_an_error_keeps_nothing() {
    let Some((_database, settings)) = fresh::postgres() else { return };
    let db = open(&settings);
    probe::create(&db).await;
    let taken = Error::Constraint { name: "probe.n".to_owned() };
    let expected = taken.clone();
    let ignored = db
        .write(POOL, move |tx| {
            insert(tx, 1)?;
            assert_eq!(insert(tx, 1), Err(expected.clone()));
            assert!(matches!(insert(tx, 2), Err(Error::Unavailable { .. })));
            Ok(())
        })
        .await;
    assert_eq!(ignored, Err(taken));
    assert!(probe::rows(&db).await.is_empty());
    db.close().await;
}

#[tokio::test]
async fn a_text_that_the_server_cannot_keep_is_a_fault_of_ours_and_harms_nobody() {
    let Some((_database, settings)) = fresh::postgres() else { return };
    let db = open(&settings);
    let answer = db.read(POOL, |tx| tx.row(&sql("SELECT $1"), &[&"a\0b"], |row| row.get::<String>(0))).await;
    assert!(matches!(answer, Err(Error::Fault(_))), "{answer:?}");
    assert_eq!(db.read(POOL, |_tx| Ok(())).await, Ok(()));
    db.close().await;
}

#[tokio::test]
async fn a_server_killed_within_a_transaction_keeps_nothing_of_it_and_serves_again() {
    let Some(server) = own("") else { return };
    let db = open(&hasty(&server));
    probe::create(&db).await;
    db.write(POOL, |tx| insert(tx, 1)).await.unwrap();
    let (inside, is_inside) = channel();
    let (go, wait) = channel::<()>();
    let mut first = Some((inside, wait));
    let cut = tokio::spawn({
        let db = db.clone();
        async move {
            db.write(POOL, move |tx| {
                insert(tx, 2)?;
                if let Some((inside, wait)) = first.take() {
                    inside.send(()).unwrap();
                    wait.recv().unwrap();
                }
                insert(tx, 3)
            })
            .await
        }
    });
    tokio::task::spawn_blocking(move || is_inside.recv().unwrap()).await.unwrap();
    server.stop(Stop::Immediate);
    go.send(()).unwrap();
    let answer = cut.await.unwrap();
    assert!(is_unavailable(&answer), "{answer:?}");
    let answer = db.read(POOL, |_tx| Ok(())).await;
    assert!(is_unavailable(&answer), "{answer:?}");
    server.again();
    assert_eq!(probe::rows(&db).await, [1]);
    db.write(POOL, |tx| insert(tx, 4)).await.unwrap();
    assert_eq!(probe::rows(&db).await, [1, 4]);
    db.close().await;
}

#[tokio::test]
async fn a_read_only_server_refuses_writes_answers_reads_and_is_fine_again_when_it_is_not() {
    let Some(server) = own("") else { return };
    let db = open(&hasty(&server));
    probe::create(&db).await;
    db.write(POOL, |tx| insert(tx, 1)).await.unwrap();
    let set = |how: &str| {
        server.sql("postgres", &format!("ALTER SYSTEM SET default_transaction_read_only = {how}"));
        server.sql("postgres", "SELECT pg_reload_conf()");
        // The setting reaches a session when it next waits for a statement.
        while server.sql("postgres", "SHOW default_transaction_read_only") != how {}
    };
    set("on");
    for n in 2..4 {
        let answer = db.write(POOL, move |tx| insert(tx, n)).await;
        assert!(matches!(answer, Err(Error::ReadOnly)), "{answer:?}");
    }
    assert_eq!(probe::rows(&db).await, [1]);
    set("off");
    db.write(POOL, |tx| insert(tx, 5)).await.unwrap();
    assert_eq!(probe::rows(&db).await, [1, 5]);
    db.close().await;
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_at_once() {
    if doorward_testkit_postgres::is_skipped() {
        return;
    }
    let nowhere = tempfile::tempdir().unwrap();
    let url = format!("postgresql:///doorward?host={}&user=me&password=canary", nowhere.path().display());
    let error = Db::open_postgres(&few(&url)).err().unwrap().to_string();
    assert!(error.starts_with("cannot open the database at "), "{error}");
    assert!(!error.contains("canary"), "{error}");
}
