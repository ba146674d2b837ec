//! The one row about the database itself.

use super::{ODD, at, id};
use crate::fresh::listen;
use doorward_store::{Db, Invalidation, installation, installation::Installation};

fn row(n: u128) -> Installation {
    Installation { id: id(n), made_by: ODD.to_owned(), epoch: 5, created_at: at(10) }
}

async fn epoch(db: &Db) -> i64 {
    db.read_house(installation::find).await.unwrap().unwrap().epoch
}

suite! {
    async fn the_first_row_stays(db) {
        assert_eq!(db.read_house(installation::find).await, Ok(None));
        for n in [1, 2] {
            db.write_house(move |tx| installation::insert(tx, &row(n))).await.unwrap();
        }
        assert_eq!(db.read_house(installation::find).await, Ok(Some(row(1))));
    }

    async fn an_epoch_advances_and_never_goes_back(db) {
        db.write_house(|tx| installation::insert(tx, &row(1))).await.unwrap();
        let heard = listen(&db);
        for (to, now) in [(7, 7), (6, 7), (7, 7), (8, 8)] {
            db.write_house(move |tx| installation::advance_epoch(tx, to)).await.unwrap();
            assert_eq!(epoch(&db).await, now);
        }
        assert_eq!(heard.lock().unwrap().first(), Some(&Invalidation::Everything));
    }
}
