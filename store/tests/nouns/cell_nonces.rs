//! Requests of other cells: taken once each, and forgotten when they are too old anyway.

use super::at;
use doorward_model::{RegionCode, Timestamp};
use doorward_store::{Db, cell_nonces};

async fn take(db: &Db, cell: &str, nonce: &'static str, until: Timestamp) -> bool {
    let cell = RegionCode::parse(cell).unwrap();
    db.write_house(move |tx| cell_nonces::take(tx, &cell, nonce, until)).await.unwrap()
}

suite! {
    async fn a_request_is_taken_once_from_each_cell_until_it_is_too_old(db) {
        assert!(take(&db, "us11", "one", at(10)).await);
        assert!(take(&db, "us11", "two", at(20)).await);
        assert!(take(&db, "in21", "one", at(10)).await);
        assert!(!take(&db, "us11", "one", at(99)).await);
        let swept = db.write_house(|tx| cell_nonces::sweep(tx, at(11), 2)).await;
        assert_eq!(swept, Ok(true), "there may be more");
        assert!(!take(&db, "us11", "two", at(20)).await, "not too old yet");
        assert!(take(&db, "us11", "one", at(10)).await);
    }
}
