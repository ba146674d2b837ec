//! Numbers go upwards and are handed out once.

use super::{OTHER, POOL};
use doorward_store::Db;
use doorward_store::numbers::{self, Numbered, REACH};

async fn take(db: &Db, numbered: Numbered) -> i64 {
    db.write_house(move |tx| numbers::take(tx, numbered, 100)).await.unwrap()
}

suite! {
    async fn each_kind_and_each_pool_counts_for_itself(db) {
        let here = Numbered::People(POOL);
        assert_eq!([take(&db, here).await, take(&db, here).await], [100, 101]);
        assert_eq!(take(&db, Numbered::People(OTHER)).await, 100);
        assert_eq!(take(&db, Numbered::Companies).await, 100);
        let within = db.write(POOL, move |tx| numbers::take(tx, here, 100)).await;
        assert_eq!(within, Ok(102));
    }

    async fn looking_takes_nothing(db) {
        let peek = || db.read_house(|tx| numbers::peek(tx, Numbered::Companies, 100));
        assert_eq!(peek().await, Ok(100));
        assert_eq!(take(&db, Numbered::Companies).await, 100);
        assert_eq!([peek().await, peek().await], [Ok(101), Ok(101)]);
    }

    async fn a_chosen_number_is_never_handed_out_later(db) {
        for (chosen, next) in [(200, 201), (50, 202), (203, 204), (205, 206)] {
            db.write_house(move |tx| numbers::skip(tx, Numbered::Companies, chosen)).await.unwrap();
            assert_eq!(take(&db, Numbered::Companies).await, next);
        }
    }

    async fn a_choice_skips_what_is_soon_reached_and_never_all_there_is(db) {
        let choices = [(i64::from(i32::MAX), 100), (150, 151), (120, 152), (REACH + 153, 153), (REACH + 153, REACH + 154)];
        for (chosen, next) in choices {
            db.write_house(move |tx| numbers::choose(tx, Numbered::Companies, 100, chosen)).await.unwrap();
            assert_eq!(take(&db, Numbered::Companies).await, next, "{chosen}");
        }
    }

    async fn a_number_of_a_transaction_that_was_undone_is_free_again(db) {
        let undone = db.write_house(|tx| {
            numbers::take(tx, Numbered::Companies, 100)?;
            Err::<(), _>(doorward_store::Error::Fault("on purpose".to_owned()))
        }).await;
        assert!(undone.is_err());
        assert_eq!(take(&db, Numbered::Companies).await, 100);
    }
}
