//! Access keys: every field, one name for all pools, and what a new generation keeps.

use super::{ODD, OTHER, POOL, assert_breaks, at, id};
use crate::fresh::listen;
use doorward_model::{AccessKey, AccessKeyId, AccessKeyName, PersonId, PoolId, RateLimit, TenantId};
use doorward_store::{Db, Error, Invalidation, Tx, access_keys, access_keys::StoredAccessKey, restored};
use std::time::Duration;

fn stored(n: u8) -> StoredAccessKey {
    StoredAccessKey {
        key: AccessKey {
            id: AccessKeyId::new(id(n.into())),
            pool: POOL,
            person: PersonId::new(id(100)),
            tenant: TenantId::new(id(1)),
            name: AccessKeyName::from_bytes([n; 16]),
            label: ODD.to_owned(),
            rate: None,
            disabled: false,
            expires_at: None,
            previous_until: None,
            version: 1,
            created_at: at(10),
            last_used_at: None,
        },
        secret_hash: [n; 32],
        previous_hash: None,
        generation: 1,
    }
}

/// The same key with everything that may change changed.
fn changed(n: u8) -> StoredAccessKey {
    let mut stored = stored(n);
    stored.key.label = "changed".to_owned();
    stored.key.rate = Some(RateLimit { calls: u32::MAX, window: Duration::from_micros(1_500) });
    stored.key.disabled = true;
    stored.key.expires_at = Some(at(50));
    stored.key.previous_until = Some(at(40));
    StoredAccessKey { secret_hash: [0xee; 32], previous_hash: Some([n; 32]), generation: 4, ..stored }
}

fn of_version(version: i64, mut stored: StoredAccessKey) -> StoredAccessKey {
    stored.key.version = version;
    stored
}

async fn insert(db: &Db, pool: PoolId, stored: &StoredAccessKey) -> Result<(), Error> {
    let stored = stored.clone();
    db.write(pool, move |tx| access_keys::insert(tx, &stored)).await
}

async fn find(db: &Db, pool: PoolId, n: u8) -> Option<StoredAccessKey> {
    db.read(pool, move |tx| access_keys::find(tx, stored(n).key.id)).await.unwrap()
}

suite! {
    async fn a_key_comes_back_as_it_was_in_its_own_pool_only(db) {
        let mut limited = stored(4);
        limited.key.rate = Some(RateLimit { calls: 0, window: Duration::from_secs(5) });
        limited.key.expires_at = Some(at(50));
        for stored in [&stored(3), &limited] {
            insert(&db, POOL, stored).await.unwrap();
        }
        assert_eq!(find(&db, POOL, 3).await, Some(stored(3)));
        assert_eq!(find(&db, POOL, 4).await, Some(limited));
        assert_eq!(find(&db, OTHER, 3).await, None);
    }

    async fn a_name_is_unique_over_all_pools(db) {
        insert(&db, POOL, &stored(3)).await.unwrap();
        let mut same_name = stored(4);
        same_name.key.name = stored(3).key.name;
        assert_breaks(insert(&db, OTHER, &same_name).await, "lookup_access_keys.name");
        assert_eq!(find(&db, OTHER, 4).await, None);
    }

    async fn keys_are_listed_oldest_first(db) {
        let mut newest = stored(3);
        newest.key.created_at = at(20);
        let mut of_another = stored(5);
        of_another.key.person = PersonId::new(id(101));
        for stored in [&newest, &of_another, &stored(4)] {
            insert(&db, POOL, stored).await.unwrap();
        }
        let all = db.read(POOL, access_keys::list).await.unwrap();
        assert_eq!(all, [stored(4), of_another, newest.clone()]);
        let of_person = |pool| db.read(pool, |tx| access_keys::list_by_person(tx, stored(3).key.person));
        assert_eq!(of_person(POOL).await.unwrap(), [stored(4), newest]);
        assert_eq!(of_person(OTHER).await.unwrap(), []);
        assert_eq!(db.read(OTHER, access_keys::list).await.unwrap(), []);
    }

    async fn an_update_writes_everything_that_may_change(db) {
        insert(&db, POOL, &stored(3)).await.unwrap();
        let heard = listen(&db);
        db.write(OTHER, |tx| access_keys::update(tx, &changed(3))).await.unwrap();
        assert_eq!(find(&db, POOL, 3).await, Some(stored(3)));
        db.write(POOL, |tx| access_keys::update(tx, &changed(3))).await.unwrap();
        assert_eq!(find(&db, POOL, 3).await, Some(of_version(2, changed(3))));
        let told = Invalidation::Key { pool: POOL, key: stored(3).key.id };
        assert_eq!(heard.lock().unwrap().last(), Some(&told));
        db.write(POOL, |tx| access_keys::update(tx, &stored(3))).await.unwrap();
        assert_eq!(find(&db, POOL, 3).await, Some(of_version(3, stored(3))));
    }

    async fn a_tenants_keys_are_listed_by_id_a_page_at_a_time(db) {
        let mut elsewhere = stored(4);
        elsewhere.key.tenant = TenantId::new(id(2));
        for stored in [&stored(5), &elsewhere, &stored(3), &stored(6)] {
            insert(&db, POOL, stored).await.unwrap();
        }
        let page = async |pool, after, rows| {
            let list = move |tx: &mut Tx<'_>| {
                access_keys::list_after(tx, TenantId::new(id(1)), AccessKeyId::new(id(after)), rows)
            };
            db.read(pool, list).await.unwrap()
        };
        assert_eq!(page(POOL, 0, 2).await, [stored(3), stored(5)]);
        assert_eq!(page(POOL, 5, 2).await, [stored(6)]);
        assert_eq!(page(OTHER, 0, 2).await, []);
    }

    async fn only_good_keys_of_the_person_are_carried_over(db) {
        let stale = StoredAccessKey { generation: 0, ..stored(4) };
        let mut of_another = stored(5);
        of_another.key.person = PersonId::new(id(101));
        for stored in [&stored(3), &stale, &of_another] {
            insert(&db, POOL, stored).await.unwrap();
        }
        for pool in [OTHER, POOL] {
            assert_eq!(find(&db, POOL, 3).await.unwrap().generation, 1);
            db.write(pool, |tx| access_keys::keep(tx, stored(3).key.person, 1, 2)).await.unwrap();
        }
        let generations: Vec<_> =
            db.read(POOL, access_keys::list).await.unwrap().iter().map(|key| key.generation).collect();
        assert_eq!(generations, [2, 0, 1]);
    }

    async fn the_last_use_never_goes_back(db) {
        insert(&db, POOL, &stored(3)).await.unwrap();
        for (pool, used, noted) in [
            (OTHER, 20, None), (POOL, 20, Some(20)), (POOL, 15, Some(20)), (POOL, 25, Some(25)),
        ] {
            db.write(pool, move |tx| access_keys::touch(tx, stored(3).key.id, at(used))).await.unwrap();
            assert_eq!(find(&db, POOL, 3).await.unwrap().key.last_used_at, noted.map(at));
        }
    }

    async fn after_a_restore_keys_of_all_pools_are_shut_a_piece_at_a_time(db) {
        for (pool, n) in [(POOL, 3), (OTHER, 4), (POOL, 5)] {
            insert(&db, pool, &stored(n)).await.unwrap();
        }
        for rows in [2, 1, 0] {
            assert_eq!(db.write_house(|tx| restored::shut_keys(tx, 2)).await, Ok(rows));
        }
        let shut = find(&db, POOL, 3).await.unwrap().key;
        assert!(shut.disabled && shut.version > stored(3).key.version, "who read it before is told");
        assert!(find(&db, OTHER, 4).await.unwrap().key.disabled);
    }
}
