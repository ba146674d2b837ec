//! Two handles over one database: what one makes stale, the other is told.

use super::{hasty, open, own};
use crate::engine::probe::POOL;
use crate::fresh;
use crate::nouns::id;
use doorward_model::SessionId;
use doorward_store::{Db, Invalidation, PostgresSettings, Statement, Statements, sql};
use doorward_testkit_postgres::{PgBouncer, Stop};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Longer than any of it takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
pub(super) const HOUR: Duration = Duration::from_secs(3_600);
pub(super) const SOON: Duration = Duration::from_millis(10);

pub(super) fn session(number: u128) -> Invalidation {
    Invalidation::Session { pool: POOL, session: SessionId::new(id(number)) }
}

/// Another node, and what it is told from now on.
pub(super) fn node(settings: &PostgresSettings) -> (Db, Receiver<Invalidation>) {
    let (tell, told) = channel();
    let db = open(settings);
    db.set_on_commit(std::sync::Arc::new(move |stale| {
        stale.iter().for_each(|stale| tell.send(*stale).unwrap());
    }));
    (db, told)
}

pub(super) async fn end(db: &Db, stale: Invalidation) {
    db.write(POOL, move |tx| {
        tx.invalidate(stale);
        Ok(())
    })
    .await
    .unwrap();
}

/// Waits for one of these; what else is told meanwhile is told for good reasons.
pub(super) fn wait_for(told: &Receiver<Invalidation>, wanted: Invalidation) {
    while told.recv_timeout(PATIENCE).unwrap() != wanted {}
}

pub(super) fn until(mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "it never came to that");
        std::thread::yield_now();
    }
}

#[tokio::test]
async fn a_node_is_told_by_the_bell_and_without_one_at_its_next_look() {
    for (poll, notify) in [(HOUR, true), (SOON, false)] {
        let Some((_database, settings)) = fresh::postgres() else { return };
        let settings = PostgresSettings { revocation_poll: poll, revocation_notify: notify, ..settings };
        let (here, (there, told)) = (open(&settings), node(&settings));
        for number in 0..20 {
            end(&here, session(number)).await;
            wait_for(&told, session(number));
        }
        end(&here, Invalidation::Doors).await;
        wait_for(&told, Invalidation::Doors);
        until(|| there.hearing().stats().unwrap().rows >= 21);
        here.close().await;
        there.close().await;
    }
}

/// It began before a look, and ends after it.
#[tokio::test]
async fn a_commit_that_comes_late_is_not_skipped() {
    let Some((_database, settings)) = fresh::postgres() else { return };
    let settings = PostgresSettings { revocation_poll: SOON, writers: 2, ..settings };
    let (here, (there, told)) = (open(&settings), node(&settings));
    let (begun, begins) = channel();
    let (go_on, goes_on) = channel::<()>();
    let db = here.clone();
    let late = tokio::spawn(async move {
        db.write(POOL, move |tx| {
            tx.invalidate(session(1));
            // What the transaction sees is settled here.
            tx.row(&ONE, &[], |_row| Ok(()))?;
            begun.send(()).unwrap();
            goes_on.recv().unwrap();
            Ok(())
        })
        .await
    });
    tokio::task::spawn_blocking(move || begins.recv().unwrap()).await.unwrap();
    end(&here, session(2)).await;
    let told = tokio::task::spawn_blocking(move || {
        wait_for(&told, session(2));
        told
    })
    .await
    .unwrap();
    go_on.send(()).unwrap();
    late.await.unwrap().unwrap();
    tokio::task::spawn_blocking(move || wait_for(&told, session(1))).await.unwrap();
    here.close().await;
    there.close().await;
}

const ONE: Statement = sql("SELECT 1");

#[tokio::test]
async fn who_finds_the_log_trimmed_forgets_everything() {
    let Some((database, settings)) = fresh::postgres() else { return };
    let settings = PostgresSettings { revocation_poll: HOUR, revocation_notify: true, ..settings };
    let (here, (there, told)) = (open(&settings), node(&settings));
    let quiet = open(&PostgresSettings { revocation_notify: false, ..settings.clone() });
    // Nobody rings, and the row is gone before the next look.
    end(&quiet, session(1)).await;
    database.sql("DELETE FROM revocations");
    end(&here, session(1)).await;
    wait_for(&told, Invalidation::Everything);
    wait_for(&told, Invalidation::Doors);
    for db in [here, there, quiet] {
        db.close().await;
    }
}

/// What a standby does that took over without the last row, where a pooler hides that it did.
#[tokio::test]
async fn who_finds_another_row_in_place_of_the_last_one_forgets_everything() {
    let other = "UPDATE revocations SET kind = 'person'";
    let gone = "DELETE FROM revocations";
    for (change, shares_a_shard) in [(other, None), (gone, None), (other, Some(257)), (gone, Some(257))] {
        let Some((database, settings)) = fresh::postgres() else { return };
        let settings = PostgresSettings { revocation_poll: HOUR, revocation_notify: true, ..settings };
        let (here, (there, told)) = (open(&settings), node(&settings));
        end(&here, session(1)).await;
        wait_for(&told, session(1));
        database.sql(change);
        // A look that finds another row in the same shard, or in another.
        end(&here, session(shares_a_shard.unwrap_or(2))).await;
        wait_for(&told, Invalidation::Everything);
        wait_for(&told, Invalidation::Doors);
        for db in [here, there] {
            db.close().await;
        }
    }
}

/// Once a day old, a row may be trimmed whoever has heard it.
#[tokio::test]
async fn who_finds_the_last_row_trimmed_for_its_age_forgets_nothing() {
    let Some((database, settings)) = fresh::postgres() else { return };
    let settings = PostgresSettings { revocation_poll: HOUR, revocation_notify: true, ..settings };
    let (here, (there, told)) = (open(&settings), node(&settings));
    there.set_log_clock(|| doorward_model::Timestamp::from_micros(2 * 24 * 3_600 * 1_000_000));
    for number in [1, 257] {
        end(&here, session(number)).await;
        wait_for(&told, session(number));
        database.sql("DELETE FROM revocations");
    }
    end(&here, session(2)).await;
    assert_eq!(told.recv_timeout(PATIENCE), Ok(session(2)));
    for db in [here, there] {
        db.close().await;
    }
}

#[tokio::test]
async fn a_node_that_hears_nothing_believes_nothing_and_forgets_everything_when_it_hears_again() {
    let Some(server) = own("") else { return };
    let bound = Duration::from_millis(200);
    let settings = PostgresSettings { revocation_poll: SOON, revocation_bound: bound, ..hasty(&server) };
    let (db, told) = node(&settings);
    until(|| db.hearing().is_current());
    server.stop(Stop::Immediate);
    until(|| !db.hearing().is_current());
    server.again();
    until(|| db.hearing().is_current());
    wait_for(&told, Invalidation::Everything);
    db.close().await;
    assert!(!db.hearing().is_current(), "closed, so nothing is heard any more");
}

#[tokio::test]
async fn through_a_pooler_nobody_listens_and_the_next_look_is_soon() {
    let Some(server) = own("log_statement = 'all'") else { return };
    let pooler = PgBouncer::start(server.socket(), 4);
    let pooled = PostgresSettings { revocation_poll: SOON, revocation_notify: true, ..hasty(&server) };
    let pooled = PostgresSettings { url: doorward_model::Secret::new(pooler.url("postgres")), ..pooled };
    let (here, (there, told)) = (open(&pooled), node(&pooled));
    for number in 0..20 {
        end(&here, session(number)).await;
        wait_for(&told, session(number));
    }
    // It would be a session of the pooler's that listens from now on, for nobody.
    let log = || std::fs::read_to_string(server.socket().join("log")).unwrap();
    assert!(!log().contains("LISTEN doorward"), "{}", log());
    let direct = open(&PostgresSettings { revocation_notify: true, ..hasty(&server) });
    assert!(log().contains("LISTEN doorward"));
    for db in [here, there, direct] {
        db.close().await;
    }
}
