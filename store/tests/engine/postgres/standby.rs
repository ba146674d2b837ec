//! A primary with a standby: what was acknowledged outlives the primary, nobody reads from a follower, and nobody trusts a
//! primary that was replaced.

use super::{
    nodes::{SOON, node, until},
    pair,
};
use crate::engine::probe::{self, POOL, insert};
use crate::fresh::few;
use doorward_store::{Db, Error, PostgresSettings};
use doorward_testkit_postgres::{Own, Pair, Stop};
use std::time::{Duration, Instant};

/// How long after the promotion writes may still be refused (P22).
const BACK: Duration = Duration::from_secs(10);

fn either(pair: &Pair) -> PostgresSettings {
    PostgresSettings { connect_timeout: Duration::from_secs(4), ..few(&pair.url("postgres")) }
}

#[tokio::test]
async fn no_acknowledged_write_is_lost_when_the_standby_takes_over() {
    let Some(pair) = pair(Pair::start) else { return };
    let alone = Db::open_postgres(&few(&pair.standby.url("postgres"))).err().unwrap().to_string();
    assert!(alone.contains("standby"), "{alone}");

    let db = Db::open_postgres(&either(&pair)).unwrap();
    probe::create(&db).await;
    let mut acknowledged = Vec::new();
    for n in 0..50 {
        if n == 40 {
            pair.primary.stop(Stop::Immediate);
        }
        match db.write(POOL, move |tx| insert(tx, n)).await {
            Ok(()) => acknowledged.push(n),
            Err(Error::Unavailable { .. } | Error::ReadOnly) => {}
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(acknowledged, (0..40).collect::<Vec<_>>());

    pair.standby.promote();
    let promoted = Instant::now();
    // It has no standby of its own yet, so nobody could confirm what it commits.
    pair.standby.set("synchronous_standby_names", "");
    let mut n = 100;
    while db.write(POOL, move |tx| insert(tx, n)).await.is_err() {
        assert!(promoted.elapsed() < BACK, "writes do not come back");
        n += 1;
    }
    let rows = probe::rows(&db).await;
    assert!(acknowledged.iter().all(|n| rows.contains(n)), "{rows:?}");
    assert!(rows.contains(&n));
    db.close().await;
}

/// A failover would revive what was revoked in the last moments, so somebody must have said that this is accepted.
#[tokio::test]
async fn a_server_whose_standbys_confirm_nothing_is_not_served_on_unless_somebody_says_so() {
    let Some(pair) = pair(Pair::loose) else { return };
    let refused = Db::open_postgres(&either(&pair)).err().unwrap().to_string();
    assert!(refused.contains("synchronous_standby_names"), "{refused}");
    assert!(refused.contains("allow_async_standby") && refused.contains("revoked"), "{refused}");
    let allowed = PostgresSettings { allow_async_standby: true, ..either(&pair) };
    Db::open_postgres(&allowed).unwrap().close().await;
    pair.bind();
    Db::open_postgres(&either(&pair)).unwrap().close().await;
}

/// Settings of a node that finds out soon.
fn quick(settings: PostgresSettings) -> PostgresSettings {
    let bound = Duration::from_secs(1);
    PostgresSettings {
        revocation_poll: SOON,
        revocation_bound: bound,
        statement_timeout: bound,
        connect_timeout: Duration::from_secs(4),
        ..settings
    }
}

async fn reads(db: &Db) -> bool {
    match db.read(POOL, |_tx| Ok(())).await {
        Ok(()) => true,
        Err(Error::Unavailable { .. }) => false,
        Err(other) => panic!("{other}"),
    }
}

/// The primary answers whoever reads, but it may have been replaced by the standby that no longer follows it.
#[tokio::test]
async fn a_primary_whose_standby_confirms_nothing_any_more_is_not_believed() {
    let Some(pair) = pair(Pair::start) else { return };
    let (db, _told) = node(&quick(either(&pair)));
    until(|| db.hearing().is_current());
    assert!(reads(&db).await);
    pair.standby.freeze();
    while reads(&db).await {}
    assert!(!db.hearing().is_current());
    let looks = db.hearing().stats().unwrap().looks;
    until(|| db.hearing().stats().unwrap().looks > looks);
    let refused = db.read(POOL, |_tx| Ok(())).await.unwrap_err().to_string();
    assert!(refused.contains("synchronous_standby_names"), "{refused}");
    // An operator who gives the standby up says so there.
    pair.primary.set("synchronous_standby_names", "");
    while !reads(&db).await {}
    pair.primary.set("synchronous_standby_names", "*");
    while reads(&db).await {}
    pair.standby.thaw();
    while !reads(&db).await {}
    until(|| db.hearing().is_current());
    db.close().await;
}

/// Nobody shut the old primary off, and it is all this node can reach.
#[tokio::test]
async fn a_primary_that_was_replaced_and_lives_on_is_not_read_from() {
    let Some(pair) = pair(Pair::start) else { return };
    let only = |server: &Own| quick(few(&server.url("postgres")));
    let (there, _told) = node(&only(&pair.primary));
    probe::create(&there).await;
    there.write(POOL, |tx| insert(tx, 1)).await.unwrap();
    pair.promote();
    let (here, _told) = node(&only(&pair.standby));
    assert_eq!(probe::rows(&here).await, [1]);
    while reads(&there).await {}
    here.write(POOL, |tx| insert(tx, 2)).await.unwrap();
    assert!(!reads(&there).await);
    let written = there.write(POOL, |tx| insert(tx, 3)).await;
    assert!(matches!(written, Err(Error::Unavailable { .. })), "{written:?}");
    assert_eq!(probe::rows(&here).await, [1, 2]);
    there.close().await;
    here.close().await;
}

#[tokio::test]
async fn who_can_reach_the_new_primary_goes_there_though_the_old_one_lives_on() {
    let Some(pair) = pair(Pair::start) else { return };
    let (db, _told) = node(&quick(either(&pair)));
    probe::create(&db).await;
    pair.promote();
    let promoted = Instant::now();
    while db.write(POOL, |tx| insert(tx, 1)).await.is_err() {
        assert!(promoted.elapsed() < BACK, "writes do not come back");
    }
    let (new, _told) = node(&quick(few(&pair.standby.url("postgres"))));
    assert_eq!(probe::rows(&new).await, [1]);
    new.write(POOL, |tx| insert(tx, 2)).await.unwrap();
    // Not from a connection that was left over.
    for _ in 0..20 {
        assert_eq!(probe::rows(&db).await, [1, 2]);
    }
    new.close().await;
    db.close().await;
}
