//! The revocation log counts upwards, in the order of its commits.

use super::{OTHER, POOL, at, id};
use doorward_model::{
    AccessKeyId, ApplicationId, ApplicationTokenId, PersonId, PoolId, SessionId, TenantId, Timestamp,
};
use doorward_store::{Db, Statement, Statements, revocations, revocations::Revoked, sql};
use uuid::Uuid;

const LOG: Statement =
    sql("SELECT value, kind, subject, at FROM revocations WHERE pool = $1 ORDER BY shard, value");

async fn log(db: &Db, pool: PoolId) -> Vec<(i64, String, Uuid, Timestamp)> {
    db.read(pool, |tx| {
        let pool = tx.pool();
        tx.rows(&LOG, &[&pool], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
    })
    .await
    .unwrap()
}

suite! {
    async fn whatever_ends_is_appended_in_order(db) {
        for revoked in [
            Revoked::Session(SessionId::new(id(11))),
            Revoked::Key(AccessKeyId::new(id(12))),
            Revoked::Person(PersonId::new(id(13))),
            Revoked::Tenant(TenantId::new(id(14))),
            Revoked::Application(ApplicationId::new(id(15))),
            Revoked::Token(ApplicationTokenId::new(id(16))),
        ] {
            db.write(POOL, move |tx| revocations::insert(tx, revoked, at(10))).await.unwrap();
        }
        let expected = [
            (1, "session", 11),
            (2, "key", 12),
            (3, "person", 13),
            (4, "tenant", 14),
            (5, "application", 15),
            (6, "token", 16),
        ]
        .map(|(value, kind, subject)| (value, kind.to_owned(), id(subject), at(10)));
        assert_eq!(log(&db, POOL).await, expected);
        assert_eq!(log(&db, OTHER).await, []);
    }

    async fn what_is_old_is_trimmed_in_pieces_in_all_pools_and_the_count_goes_on(db) {
        for (pool, second) in [(POOL, 10), (OTHER, 10), (POOL, 11), (POOL, 12)] {
            let revoked = Revoked::Person(PersonId::new(id(13)));
            db.write(pool, move |tx| revocations::insert(tx, revoked, at(second))).await.unwrap();
        }
        for may_be_more in [true, true, true, false] {
            assert_eq!(db.write_house_bulk(|tx| revocations::trim(tx, at(12), 1)).await, Ok(may_be_more));
        }
        assert_eq!(log(&db, OTHER).await, []);
        let revoked = Revoked::Person(PersonId::new(id(13)));
        db.write(POOL, move |tx| revocations::insert(tx, revoked, at(13))).await.unwrap();
        let left: Vec<_> = log(&db, POOL).await.into_iter().map(|(value, _, _, at)| (value, at)).collect();
        assert_eq!(left, [(3, at(12)), (4, at(13))]);
    }

    async fn pools_of_one_shard_share_its_count(db) {
        let same_shard = PoolId::new(id(1 + 256));
        let revoked = Revoked::Person(PersonId::new(id(13)));
        for pool in [POOL, same_shard, OTHER, POOL] {
            db.write(pool, move |tx| revocations::insert(tx, revoked, at(10))).await.unwrap();
        }
        let mut counts = Vec::new();
        for pool in [POOL, same_shard, OTHER] {
            counts.push(log(&db, pool).await.iter().map(|(value, ..)| *value).collect::<Vec<_>>());
        }
        assert_eq!(counts, [vec![1, 3], vec![2], vec![1]]);
    }
}
