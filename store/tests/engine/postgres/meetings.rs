//! Transactions that meet run one after the other in effect, and nobody notices.

use crate::engine::probe::{self, POOL};
use crate::fresh;
use doorward_store::{Db, Error, PostgresSettings, Statement, Statements, Tx, sql};
use doorward_testkit_postgres::Database;
use std::sync::mpsc::channel;

const NOTE: Statement = sql("SELECT note FROM probe WHERE n = $1");
const SET: Statement = sql("UPDATE probe SET note = $2 WHERE n = $1");

fn note(tx: &mut Tx<'_>, n: i64) -> Result<String, Error> {
    Ok(tx.row(&NOTE, &[&n], |row| row.get(0))?.unwrap_or_default())
}

async fn database() -> Option<(Database, Db)> {
    let (database, settings) = fresh::postgres()?;
    let settings = PostgresSettings { writers: 4, ..settings };
    let db = Db::open_postgres(&settings).unwrap();
    probe::create(&db).await;
    for n in [1, 2] {
        db.write(POOL, move |tx| probe::insert(tx, n)).await.unwrap();
    }
    Some((database, db))
}

/// Each doctor goes home because the other is still there: both may read so, one must think again.
#[tokio::test]
async fn what_a_write_decided_on_still_holds_when_it_commits() {
    let Some((_database, db)) = database().await else { return };
    let (read, has_read) = channel();
    let (go, wait) = channel::<()>();
    let mut first = Some((read, wait));
    let one = tokio::spawn({
        let db = db.clone();
        async move {
            db.write(POOL, move |tx| {
                let other = note(tx, 2)?;
                if let Some((read, wait)) = first.take() {
                    read.send(()).unwrap();
                    wait.recv().unwrap();
                }
                if other == "home" { Ok(false) } else { tx.execute(&SET, &[&1_i64, &"home"]).map(|_| true) }
            })
            .await
        }
    });
    tokio::task::spawn_blocking(move || has_read.recv().unwrap()).await.unwrap();
    let two = db.write(POOL, |tx| {
        let other = note(tx, 1)?;
        if other == "home" { Ok(false) } else { tx.execute(&SET, &[&2_i64, &"home"]).map(|_| true) }
    });
    assert_eq!(two.await, Ok(true));
    go.send(()).unwrap();
    assert_eq!(one.await.unwrap(), Ok(false));
    assert_eq!(db.stats().reruns, 1);
    db.close().await;
}

#[tokio::test]
async fn no_increment_of_many_at_once_is_lost() {
    let Some((_database, db)) = database().await else { return };
    let add = |db: Db| async move {
        db.write(POOL, |tx| {
            let counted = note(tx, 1)?.len();
            tx.execute(&SET, &[&1_i64, &"x".repeat(counted + 1)])
        })
        .await
    };
    db.write(POOL, |tx| tx.execute(&SET, &[&1_i64, &""])).await.unwrap();
    let all: Vec<_> = (0..60).map(|_| tokio::spawn(add(db.clone()))).collect();
    for one in all {
        assert_eq!(one.await.unwrap(), Ok(1));
    }
    let counted = db.read(POOL, |tx| note(tx, 1)).await.unwrap().len();
    assert_eq!(counted, 60);
    db.close().await;
}

/// Each holds the row the other wants next; the server picks one of them.
#[tokio::test]
async fn of_two_that_wait_for_each_other_both_come_through() {
    let Some((_database, db)) = database().await else { return };
    let swap = |db: Db, first: i64, second: i64, mine: std::sync::mpsc::Sender<()>, others| async move {
        let mut once = Some((mine, others));
        db.write(POOL, move |tx| {
            tx.execute(&SET, &[&first, &"taken"])?;
            if let Some((mine, others)) = once.take() {
                let _others: std::sync::mpsc::Receiver<()> = others;
                mine.send(()).unwrap();
                _others.recv().unwrap();
            }
            tx.execute(&SET, &[&second, &"taken"])
        })
        .await
    };
    let (a, a_holds) = channel();
    let (b, b_holds) = channel();
    let one = tokio::spawn(swap(db.clone(), 1, 2, a, b_holds));
    let two = tokio::spawn(swap(db.clone(), 2, 1, b, a_holds));
    assert_eq!((one.await.unwrap(), two.await.unwrap()), (Ok(1), Ok(1)));
    assert!(db.stats().reruns >= 1);
    db.close().await;
}
