//! Behind PgBouncer in transaction mode: every transaction may get another session.

use super::own;
use crate::engine::probe::{self, POOL};
use crate::fresh::few;
use crate::nouns::{at, id};
use doorward_model::PoolId;
use doorward_store::{Db, PostgresSettings, Statements, numbers, sql, tallies};
use doorward_testkit_postgres::{PgBouncer, is_skipped};

#[tokio::test]
async fn transactions_do_not_care_which_session_they_get() {
    if is_skipped() {
        return;
    }
    let server = own("").unwrap();
    let bouncer = PgBouncer::start(server.socket(), 2);
    let settings = PostgresSettings { writers: 6, readers: 4, ..few(&bouncer.url("postgres")) };
    let db = Db::open_postgres(&settings).unwrap();
    probe::create(&db).await;
    let jobs: Vec<_> = (0..120_u8)
        .map(|n| {
            let db = db.clone();
            tokio::spawn(async move {
                let pool = PoolId::new(id((n % 3).into()));
                db.write(pool, move |tx| {
                    tallies::count(tx, &[n; 32], at(1), at(100))?;
                    numbers::take(tx, numbers::Numbered::People(pool), 1)
                })
                .await?;
                db.read(pool, |tx| tx.row(&sql("SELECT $1, $2"), &[&"a", &1_i64], |row| row.get::<String>(0)))
                    .await
            })
        })
        .collect();
    for job in jobs {
        assert_eq!(job.await.unwrap(), Ok(Some("a".to_owned())));
    }
    // What a transaction set is gone with it.
    let left = db.read(POOL, |tx| {
        tx.row(&sql("SELECT count(*) FROM pg_prepared_statements"), &[], |row| row.get::<i64>(0))
    });
    assert_eq!(left.await, Ok(Some(0)));
    let sessions = server
        .sql("postgres", "SELECT count(*) <= 3 FROM pg_stat_activity WHERE backend_type = 'client backend'");
    assert_eq!(sessions, "t");
    db.close().await;
}
