//! Sweeping what no index finds by its end: a piece in each round, and in the end all of it.

use doorward_core::sweep::{self, Walks};
use doorward_model::{Mail, MailId, MailKind, PoolId, Timestamp};
use doorward_store::attempts::{self, Attempts};
use doorward_store::{Key, mails};
use doorward_testkit::House;
use std::time::Duration;
use uuid::Uuid;

/// More than two stretches of a thousand rows.
const ROWS: u32 = 2_500;
/// Every so manieth counter still counts failures.
const COUNTS: usize = 5;
const MONTH: Duration = Duration::from_secs(31 * 24 * 60 * 60);

fn subject(number: u32) -> [u8; 32] {
    let mut subject = [7; 32];
    subject[..4].copy_from_slice(&number.to_be_bytes());
    subject
}

/// Fills the tables of a pool with rows of `at`.
async fn fill(house: &House, pool: PoolId, at: Timestamp) {
    let filled = house.core.db().write(pool, move |tx| {
        for number in 0..ROWS {
            let failures = i64::from((number as usize).is_multiple_of(COUNTS));
            let counter = Attempts { failures, changed_at: at, ..Attempts::default() };
            attempts::put(tx, &subject(number), counter)?;
            attempts::put_place(tx, &subject(number), at)?;
            let id = MailId::new(Uuid::from_u128(u128::from(number) + 1));
            let (sealed, kind) = (Vec::new(), MailKind::NewSignIn);
            let mail = Mail { id, pool: Some(pool), kind, sealed, attempts: 0, created_at: at };
            mails::insert_dropped(tx, &mail)?;
        }
        Ok(())
    });
    filled.await.unwrap();
}

/// How many counters, places and mails there are of a pool.
async fn left(house: &House, pool: PoolId) -> [usize; 3] {
    // Seen from the end of time everything is over.
    let end = Timestamp::from_micros(i64::MAX);
    let read = house.core.db().read_house(move |tx| {
        let limit = i64::from(ROWS) * 2;
        let counters = attempts::look_through(tx, None, (end, end), limit)?.over;
        let places = attempts::look_through_places(tx, None, end, limit)?.over;
        let mails = mails::look_through(tx, None, end, limit)?.over;
        Ok([of(&counters, pool), of(&places, pool), of(&mails, pool)])
    });
    read.await.unwrap()
}

fn of<K>(keys: &[Key<K>], pool: PoolId) -> usize {
    keys.iter().filter(|(of, _)| *of == pool).count()
}

#[tokio::test]
async fn a_round_looks_through_a_piece_of_each_table_and_the_next_goes_on_behind_it() {
    let house = House::start().await;
    let pool = house.pool("harbour").await.pool();
    fill(&house, pool, house.core.now()).await;
    let mut walks = Walks::of(1);
    house.clock.advance(MONTH * 4);
    for rows in [1_500, 500, 0] {
        sweep::sweep(&house.core, &mut walks).await.unwrap();
        assert_eq!(left(&house, pool).await[1..], [rows, rows]);
    }
    assert_eq!(left(&house, pool).await[0], ROWS as usize / COUNTS, "failures are counted on");
    // What ended behind the walk is found when it begins again.
    fill(&house, pool, house.core.now().minus(MONTH * 13)).await;
    for _ in 0..3 {
        sweep::sweep(&house.core, &mut walks).await.unwrap();
    }
    assert_eq!(left(&house, pool).await, [0, 0, 0]);
}

#[tokio::test]
async fn a_round_of_the_server_sweeps_more_than_one_piece_whole() {
    let house = House::start().await;
    let pool = house.pool("harbour").await.pool();
    fill(&house, pool, house.core.now()).await;
    house.clock.advance(MONTH * 13);
    sweep::sweep(&house.core, &mut Walks::default()).await.unwrap();
    assert_eq!(left(&house, pool).await, [0, 0, 0]);
}
