//! Tallies: counted per pool, within a span, and forgotten when it is over.

use super::{OTHER, POOL, at};
use doorward_model::PoolId;
use doorward_store::{Db, tallies, tallies::Tally};

/// Counts at `now`, in spans of ten seconds.
async fn count(db: &Db, pool: PoolId, n: u8, now: i64) -> Tally {
    db.write(pool, move |tx| tallies::count(tx, &[n; 32], at(now), at(now + 10))).await.unwrap()
}

fn tally(count: i64, ends_at: i64) -> Tally {
    Tally { count, ends_at: at(ends_at) }
}

suite! {
    async fn a_span_begins_with_the_first_time_and_the_next_one_after_its_end(db) {
        assert_eq!(count(&db, POOL, 1, 10).await, tally(1, 20));
        assert_eq!(count(&db, POOL, 1, 19).await, tally(2, 20));
        assert_eq!(count(&db, POOL, 1, 20).await, tally(1, 30));
        assert_eq!(count(&db, POOL, 2, 20).await, tally(1, 30));
        assert_eq!(count(&db, OTHER, 1, 20).await, tally(1, 30));
    }

    async fn a_span_begun_by_a_clock_that_ran_ahead_is_over(db) {
        assert_eq!(count(&db, POOL, 1, 1_000_000).await, tally(1, 1_000_010));
        assert_eq!(count(&db, POOL, 1, 10).await, tally(1, 20));
        assert_eq!(count(&db, POOL, 1, 11).await, tally(2, 20));
    }

    async fn what_is_over_is_swept_in_pieces_in_all_pools(db) {
        for (pool, n, now) in [(POOL, 1, 10), (OTHER, 2, 10), (POOL, 3, 11)] {
            count(&db, pool, n, now).await;
        }
        for may_be_more in [true, true, false] {
            assert_eq!(db.write_house_bulk(|tx| tallies::sweep(tx, at(21), 1)).await, Ok(may_be_more));
        }
        // What was kept is counted on; what was swept begins anew, although its span would still run at 15.
        assert_eq!(count(&db, POOL, 3, 20).await, tally(2, 21));
        assert_eq!(count(&db, POOL, 1, 15).await, tally(1, 25));
    }
}
