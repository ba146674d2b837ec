//! A primary with a synchronous standby: what was acknowledged outlives the primary, and nobody reads from a follower.

use super::own;
use crate::engine::probe::{self, POOL, insert};
use crate::fresh::few;
use doorward_store::{Db, Error, PostgresSettings};
use doorward_testkit_postgres::{Own, Stop, USER};
use std::time::{Duration, Instant};

/// How long after the promotion writes may still be refused (P22).
const BACK: Duration = Duration::from_secs(10);

fn either(one: &Own, other: &Own) -> PostgresSettings {
    let (one, other) = (one.socket().display(), other.socket().display());
    let url = format!("postgresql:///postgres?host={one},{other}&user={USER}");
    PostgresSettings { connect_timeout: Duration::from_secs(2), ..few(&url) }
}

#[tokio::test]
async fn no_acknowledged_write_is_lost_when_the_standby_takes_over() {
    let Some(primary) = own("wal_level = replica\nmax_wal_senders = 4") else { return };
    let standby = Own::standby_of(&primary);
    let alone = Db::open_postgres(&few(&standby.url("postgres"))).err().unwrap().to_string();
    assert!(alone.contains("standby"), "{alone}");

    // The standby stands first in the URL, and is passed over all the same.
    let db = Db::open_postgres(&either(&standby, &primary)).unwrap();
    probe::create(&db).await;
    primary.sql("postgres", "ALTER SYSTEM SET synchronous_standby_names = '*'");
    primary.sql("postgres", "SELECT pg_reload_conf()");
    while primary.sql("postgres", "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") != "1"
    {
    }
    let mut acknowledged = Vec::new();
    for n in 0..50 {
        if n == 40 {
            primary.stop(Stop::Immediate);
        }
        match db.write(POOL, move |tx| insert(tx, n)).await {
            Ok(()) => acknowledged.push(n),
            Err(Error::Unavailable { .. } | Error::ReadOnly) => {}
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(acknowledged, (0..40).collect::<Vec<_>>());

    standby.promote();
    let promoted = Instant::now();
    // It has no standby of its own yet, so nobody could confirm what it commits.
    standby.sql("postgres", "ALTER SYSTEM SET synchronous_standby_names = ''");
    standby.sql("postgres", "SELECT pg_reload_conf()");
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
