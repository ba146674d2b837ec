//! Leases: one holder at a time, until it ends.

use super::at;
use doorward_store::{Db, leases};
use uuid::Uuid;

async fn claim(db: &Db, work: &'static str, holder: u128, now: i64) -> bool {
    let holder = Uuid::from_u128(holder);
    db.write_house(move |tx| leases::claim(tx, work, holder, at(now), at(now + 10))).await.unwrap()
}

suite! {
    async fn one_holder_has_a_lease_until_it_ends(db) {
        assert!(claim(&db, "sweep", 1, 100).await);
        assert!(!claim(&db, "sweep", 2, 109).await);
        assert!(claim(&db, "digest", 2, 109).await, "other work is free");
        assert!(claim(&db, "sweep", 2, 110).await, "it ended");
        assert!(!claim(&db, "sweep", 1, 119).await);
    }

    async fn the_holder_prolongs_it(db) {
        for now in [100, 109, 118] {
            assert!(claim(&db, "sweep", 1, now).await);
            assert!(!claim(&db, "sweep", 2, now).await);
        }
    }

    async fn a_lease_of_a_clock_that_ran_ahead_binds_nobody(db) {
        assert!(claim(&db, "sweep", 1, 1_000_000).await);
        assert!(claim(&db, "sweep", 2, 100).await);
    }
}
