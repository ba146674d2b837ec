//! Jobs of one group do not feel each other's failures.

use super::probe::{self, Held, POOL, insert, queue};
use doorward_store::{Error, Statements, sql};

suite! {
    async fn a_failed_job_undoes_its_own_work_only(db) {
        probe::create(&db).await;
        let held = Held::writer(&db).await;
        let first = queue(&db, |tx| insert(tx, 1)).await;
        let second = queue(&db, |tx| {
            insert(tx, 2)?;
            insert(tx, 1)
        }).await;
        let third = queue(&db, |tx| insert(tx, 3)).await;
        held.let_go().await;
        assert_eq!(first.await.unwrap(), Ok(()));
        assert_eq!(second.await.unwrap(), Err(Error::Constraint { name: "probe.n".to_owned() }));
        assert_eq!(third.await.unwrap(), Ok(()));
        assert_eq!(probe::rows(&db).await, [1, 3]);
    }

    async fn a_panic_is_an_error_of_its_own_job(db) {
        probe::create(&db).await;
        let held = Held::writer(&db).await;
        let first = queue(&db, |tx| insert(tx, 1)).await;
        let second = queue(&db, |tx| -> Result<(), Error> {
            insert(tx, 2)?;
            panic!("on purpose")
        }).await;
        held.let_go().await;
        assert_eq!(first.await.unwrap(), Ok(()));
        let fault = Error::Fault("a transaction panicked: on purpose".to_owned());
        assert_eq!(second.await.unwrap(), Err(fault));
        assert!(db.read(POOL, |_tx| -> Result<(), Error> { panic!("on purpose") }).await.is_err());
        db.write(POOL, |tx| insert(tx, 3)).await.unwrap();
        assert_eq!(probe::rows(&db).await, [1, 3]);
    }

    async fn a_read_sees_one_moment_and_cannot_write(db) {
        probe::create(&db).await;
        assert_eq!(db.read(POOL, |tx| insert(tx, 1)).await, Err(Error::ReadOnly));
        assert!(probe::rows(&db).await.is_empty());
    }

    async fn a_transaction_cannot_be_ended_from_within_unnoticed(db) {
        probe::create(&db).await;
        let ended = db.write(POOL, |tx| {
            insert(tx, 1)?;
            tx.execute(&sql("ROLLBACK"), &[])?;
            insert(tx, 2)
        }).await;
        assert!(ended.is_err());
        assert!(probe::rows(&db).await.is_empty());
    }
}

/// How a server becomes read-only is in `postgres/faults.rs`.
mod read_only {
    use super::*;

    on_sqlite! {
        async fn a_read_only_database_refuses_writes_and_answers_reads(db) {
            probe::create(&db).await;
            db.write(POOL, |tx| insert(tx, 1)).await.unwrap();
            db.write(POOL, |tx| tx.execute(&sql("PRAGMA query_only = 1"), &[])).await.unwrap();
            for n in 2..5 {
                assert_eq!(db.write(POOL, move |tx| insert(tx, n)).await, Err(Error::ReadOnly));
            }
            assert_eq!(probe::rows(&db).await, [1]);
        }
    }
}
