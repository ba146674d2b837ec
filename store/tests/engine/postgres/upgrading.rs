//! Two versions over one database: an older node goes on serving while a newer one changes the schema.

use super::open;
use crate::engine::probe::{self, POOL, insert};
use crate::fresh;
use doorward_store::{Db, Invalidation, OpenError, PostgresSettings, Statements, operators};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio_postgres::NoTls;

/// What a Doorward of the next version would do to the schema, and say of it.
fn next(oldest: i64) -> String {
    format!(
        "BEGIN; ALTER TABLE people ADD COLUMN next_versions BIGINT; CREATE TABLE next_versions (pool BYTEA NOT NULL PRIMARY KEY); \
         INSERT INTO migrations (version, name, checksum) SELECT max(version) + 1, 'next', 1 FROM migrations; \
         UPDATE serving SET oldest = {oldest}; COMMIT"
    )
}

#[tokio::test]
async fn an_older_node_serves_on_while_a_newer_one_migrates_and_starts_anew_after_it() {
    let Some((database, settings)) = fresh::postgres() else { return };
    let older = open(&settings);
    probe::create(&older).await;
    let is_over = Arc::new(AtomicBool::new(false));
    let traffic = tokio::spawn({
        let (db, is_over) = (older.clone(), Arc::clone(&is_over));
        async move {
            let mut written = 0;
            while !is_over.load(Ordering::SeqCst) || written == 0 {
                written += 1;
                db.write(POOL, move |tx| {
                    tx.invalidate(Invalidation::Doors);
                    insert(tx, written)
                })
                .await
                .unwrap();
                db.read_house(operators::list).await.unwrap();
            }
            written
        }
    });
    let known = database.sql("SELECT max(version) FROM migrations").parse::<i64>().unwrap();
    let newer = next(known);
    let database = tokio::task::spawn_blocking(move || {
        database.sql(&newer);
        database
    })
    .await
    .unwrap();
    // One more node of the old version, over the new schema.
    let late = open(&settings);
    late.write(POOL, |tx| insert(tx, -1)).await.unwrap();
    is_over.store(true, Ordering::SeqCst);
    let written = traffic.await.unwrap();
    assert_eq!(probe::rows(&late).await, std::iter::once(-1).chain(1..=written).collect::<Vec<_>>());
    for db in [older, late] {
        db.close().await;
    }

    // When the old version's columns go, it must not start any more.
    database.sql(&format!("UPDATE serving SET oldest = {}", known + 1));
    let refused = Db::open_postgres(&settings).err().unwrap();
    let expected = OpenError::NewerSchema { database: known + 1, program: known, oldest: known + 1 };
    assert_eq!(refused, expected);
    assert!(refused.to_string().contains("use the newer Doorward"), "{refused}");
}

/// The index of migration 7 waits for whoever has written to its table; nobody else shall wait for the index.
#[tokio::test]
async fn a_migration_behind_a_long_transaction_holds_nobody_up_and_is_made_when_that_ends() {
    let Some((database, settings)) = fresh::postgres() else { return };
    let db = open(&PostgresSettings { statement_timeout: Duration::from_secs(5), ..settings.clone() });
    database.sql("DROP INDEX revocations_by_age");
    database.sql("DELETE FROM migrations WHERE version = 7");
    let (long, connection) = tokio_postgres::connect(&database.url(), NoTls).await.unwrap();
    tokio::spawn(connection);
    long.batch_execute("BEGIN; DELETE FROM revocations").await.unwrap();
    let nodes: Vec<_> = (0..2)
        .map(|_| {
            let settings = settings.clone();
            std::thread::spawn(move || Db::open_postgres(&settings).map(drop))
        })
        .collect();
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%CREATE INDEX%' \
                 AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()";
    while database.sql(waits) == "0" {
        tokio::task::yield_now().await;
    }
    for _ in 0..3 {
        let revoked = db.write(POOL, |tx| {
            tx.invalidate(Invalidation::Doors);
            Ok(())
        });
        assert_eq!(revoked.await, Ok(()));
    }
    long.batch_execute("ROLLBACK").await.unwrap();
    for node in nodes {
        assert_eq!(node.join().unwrap(), Ok(()));
    }
    assert_eq!(database.sql("SELECT count(*) FROM pg_indexes WHERE indexname = 'revocations_by_age'"), "1");
    assert_eq!(database.sql("SELECT count(*) FROM migrations WHERE version = 7"), "1");
    db.close().await;
}
