//! A full disk takes the shared transaction down; what fits is kept, what does not is told so.

use super::probe::{self, Held, POOL, insert, queue};
use doorward_store::{Db, Error, Statement, Statements, sql};

const NO_MORE_PAGES: Statement = sql("PRAGMA max_page_count = 1");
const LET_IT_GROW: Statement = sql("PRAGMA max_page_count = 100000");
const FILL: Statement = sql("INSERT INTO probe (n, note) VALUES ($1, hex(zeroblob(200000)))");

/// An allowance below the database's size means "as large as it is".
async fn allow_no_more_pages(db: &Db) {
    db.write(POOL, |tx| tx.row(&NO_MORE_PAGES, &[], |row| row.get::<i64>(0))).await.unwrap();
}

// A server has its own disk, and no page limit to stand in for a full one.
on_sqlite! {
    async fn jobs_that_fit_are_run_again_and_kept(db) {
        probe::create(&db).await;
        allow_no_more_pages(&db).await;
        let held = Held::writer(&db).await;
        let small = queue(&db, |tx| insert(tx, 1)).await;
        let large = queue(&db, |tx| tx.execute(&FILL, &[&2_i64])).await;
        let also_small = queue(&db, |tx| insert(tx, 3)).await;
        held.let_go().await;
        assert_eq!(small.await.unwrap(), Ok(()));
        assert_eq!(large.await.unwrap(), Err(Error::Full));
        assert_eq!(also_small.await.unwrap(), Ok(()));
        assert_eq!(probe::rows(&db).await, [1, 3]);
        assert!(db.stats().reruns >= 1);
    }

    async fn a_closure_that_ignores_the_error_keeps_nothing(db) {
        probe::create(&db).await;
        allow_no_more_pages(&db).await;
        let ignored = db.write(POOL, |tx| {
            insert(tx, 1)?;
            let full = tx.execute(&FILL, &[&2_i64]);
            assert_eq!(full, Err(Error::Full));
            drop(insert(tx, 3));
            Ok(())
        }).await;
        assert!(ignored.is_err());
        assert!(probe::rows(&db).await.is_empty());
    }

    async fn it_recovers_when_there_is_room_again(db) {
        probe::create(&db).await;
        allow_no_more_pages(&db).await;
        assert_eq!(db.write(POOL, |tx| tx.execute(&FILL, &[&1_i64])).await, Err(Error::Full));
        db.write(POOL, |tx| tx.row(&LET_IT_GROW, &[], |row| row.get::<i64>(0))).await.unwrap();
        assert_eq!(db.write(POOL, |tx| tx.execute(&FILL, &[&1_i64])).await, Ok(1));
    }
}
