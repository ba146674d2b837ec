//! Hosts that do not answer, and a database that is away: nobody pays for them twice.

use super::{hasty, nodes::SOON, open, own};
use crate::engine::probe::POOL;
use doorward_model::Secret;
use doorward_store::{Error, PostgresSettings};
use doorward_testkit_postgres::{Mute, Stop, USER, Wire};
use std::time::Duration;

#[tokio::test]
async fn a_host_that_never_answers_costs_the_first_connection_only() {
    let Some(server) = own("") else { return };
    let mute = Mute::new();
    let url = format!(
        "postgresql:///postgres?host={},{}&user={USER}",
        mute.socket().display(),
        server.socket().display()
    );
    let settings = PostgresSettings {
        url: Secret::new(url),
        writers: 4,
        readers: 4,
        connect_timeout: Duration::from_secs(4),
        ..hasty(&server)
    };
    let db = open(&settings);
    let all: Vec<_> = (0..40)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                db.read(POOL, |_tx| Ok(())).await.unwrap();
                db.write(POOL, |_tx| Ok(())).await.unwrap();
            })
        })
        .collect();
    for one in all {
        one.await.unwrap();
    }
    db.close().await;
    assert_eq!(mute.callers(), 1);
}

#[tokio::test]
async fn while_the_database_is_away_one_thread_asks_for_all() {
    let Some(server) = own("") else { return };
    let db = open(&PostgresSettings { writers: 8, readers: 8, ..hasty(&server) });
    server.stop(Stop::Immediate);
    while db.read(POOL, |_tx| Ok(())).await.is_ok() {}
    let failed = |db: &doorward_store::Db| db.stats().connections.unwrap().failed;
    let before = failed(&db);
    let all: Vec<_> = (0..80)
        .map(|n| {
            let db = db.clone();
            tokio::spawn(async move {
                if n % 2 == 0 {
                    db.read(POOL, |_tx| Ok(())).await.is_err()
                } else {
                    db.write(POOL, |_tx| Ok(())).await.is_err()
                }
            })
        })
        .collect();
    for one in all {
        assert!(one.await.unwrap());
    }
    // Whoever asked before a try failed has its answer; a slow machine may ask some of them later.
    let tries = failed(&db) - before;
    assert!((1..8).contains(&tries), "{tries}");
    server.again();
    assert_eq!(db.write(POOL, |_tx| Ok(())).await, Ok(()));
    db.close().await;
}

/// One that falls silent keeps its connections open; each of them would else have to find out by itself.
#[tokio::test]
async fn who_finds_out_that_the_server_fell_silent_tells_everybody_who_waits_for_it() {
    const NEVER: Duration = Duration::from_secs(24 * 60 * 60);
    let Some(server) = own("") else { return };
    let wire = Wire::to(server.socket());
    let settings = PostgresSettings {
        url: Secret::new(wire.url("postgres")),
        writers: 2,
        readers: 2,
        statement_timeout: NEVER,
        revocation_poll: SOON,
        revocation_bound: Duration::from_secs(1),
        connect_timeout: Duration::from_secs(1),
        ..hasty(&server)
    };
    let db = open(&settings);
    wire.silence();
    let (read, written) = tokio::join!(db.read(POOL, |_tx| Ok(())), db.write(POOL, |_tx| Ok(())));
    assert!(matches!(read, Err(Error::Unavailable { .. })), "{read:?}");
    assert!(matches!(written, Err(Error::Unavailable { .. })), "{written:?}");
    wire.speak();
    while db.write(POOL, |_tx| Ok(())).await.is_err() {}
    db.close().await;
}
