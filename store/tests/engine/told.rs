//! Caches are told after the commit and before the caller, and never of what did not happen.

use super::probe::{self, Held, POOL, insert, queue};
use crate::fresh::listen;
use doorward_store::{Error, Invalidation, Statements};
use std::sync::Arc;

suite! {
    async fn caches_hear_before_the_caller_does(db) {
        let heard = listen(&db);
        db.write(POOL, |tx| {
            tx.invalidate(Invalidation::Doors);
            Ok(())
        }).await.unwrap();
        assert_eq!(*heard.lock().unwrap(), [Invalidation::Doors]);
    }

    async fn nothing_is_said_of_a_transaction_that_was_undone(db) {
        let heard = listen(&db);
        let undone = db.write(POOL, |tx| {
            tx.invalidate(Invalidation::Everything);
            Err::<(), _>(Error::Fault("on purpose".to_owned()))
        }).await;
        assert!(undone.is_err());
        assert!(heard.lock().unwrap().is_empty());
    }

    async fn a_caller_that_hangs_up_cannot_skip_it(db) {
        probe::create(&db).await;
        let heard = listen(&db);
        let held = Held::writer(&db).await;
        let gone = queue(&db, |tx| {
            tx.invalidate(Invalidation::Doors);
            insert(tx, 1)
        }).await;
        gone.abort();
        assert!(gone.await.unwrap_err().is_cancelled());
        held.let_go().await;
        db.write(POOL, |tx| insert(tx, 2)).await.unwrap();
        assert_eq!(*heard.lock().unwrap(), [Invalidation::Doors]);
        assert_eq!(probe::rows(&db).await, [1, 2]);
    }

    async fn nobody_is_told_done_when_the_caches_could_not_be_told(db) {
        db.set_on_commit(Arc::new(|_stale| panic!("on purpose")));
        let answer = db.write(POOL, |tx| {
            tx.invalidate(Invalidation::Everything);
            Ok(())
        }).await;
        assert!(matches!(answer, Err(Error::Fault(_))));
        assert_eq!(db.write(POOL, |_tx| Ok(())).await, Ok(()));
    }
}
