//! Applications: their keys, which are found over all pools, and the origins they may be called from.

use super::{ODD, OTHER, POOL, assert_breaks, at, id};
use crate::fresh::listen;
use doorward_model::{AppId, Application, ApplicationId, PoolId, TenantId, Timestamp};
use doorward_store::{Db, Error, Invalidation, Tx, applications, applications::StoredApplication, lookup};

fn application(n: u8) -> Application {
    Application {
        id: ApplicationId::new(id(n.into())),
        pool: POOL,
        tenant: TenantId::new(id(1)),
        name: ODD.to_owned(),
        app_id: AppId::parse(&format!("app-{n}")).unwrap(),
        has_key: false,
        trusted_server: false,
        origins: Vec::new(),
        disabled: false,
        version: 1,
        created_at: at(10),
        last_used_at: None,
    }
}

async fn insert(
    db: &Db,
    pool: PoolId,
    application: &Application,
    key: Option<[u8; 32]>,
) -> Result<(), Error> {
    let application = application.clone();
    db.write(pool, move |tx| applications::insert(tx, &application, key.as_ref())).await
}

async fn find(db: &Db, pool: PoolId, n: u8) -> Option<StoredApplication> {
    db.read(pool, move |tx| applications::find(tx, application(n).id)).await.unwrap()
}

/// Which of three keys lead to an application.
async fn leading(db: &Db) -> [bool; 3] {
    db.read_house(|tx| {
        let mut leads = |key| Ok(lookup::application_keys::find(tx, &[key; 32])?.is_some());
        Ok([leads(1)?, leads(2)?, leads(3)?])
    })
    .await
    .unwrap()
}

async fn rotate(db: &Db, key: Option<u8>, previous_until: Option<Timestamp>) -> StoredApplication {
    let stored = find(db, POOL, 3).await.unwrap();
    let key = key.map(|key| [key; 32]);
    db.write(POOL, move |tx| applications::rotate_key(tx, &stored, key.as_ref(), previous_until))
        .await
        .unwrap();
    find(db, POOL, 3).await.unwrap()
}

async fn origins_like(db: &Db, origin: &'static str) -> Vec<Vec<String>> {
    db.read_house(move |tx| applications::list_origins_like(tx, origin)).await.unwrap()
}

suite! {
    async fn an_application_comes_back_as_it_was_in_its_own_pool_only(db) {
        let full = Application {
            has_key: true,
            trusted_server: true,
            origins: vec!["https://app.example".to_owned(), ODD.to_owned()],
            disabled: true,
            created_at: at(5),
            ..application(4)
        };
        insert(&db, POOL, &application(3), None).await.unwrap();
        insert(&db, POOL, &full, Some([7; 32])).await.unwrap();
        let bare = StoredApplication { application: application(3), key_hash: None, previous: None };
        let full = StoredApplication { application: full, key_hash: Some([7; 32]), previous: None };
        assert_eq!(find(&db, POOL, 3).await, Some(bare.clone()));
        assert_eq!(find(&db, POOL, 4).await, Some(full.clone()));
        assert_eq!(find(&db, OTHER, 3).await, None);
        assert_eq!(db.read(POOL, applications::list).await, Ok(vec![full, bare]));
        assert_eq!(db.read(OTHER, applications::list).await, Ok(Vec::new()));
    }

    async fn ids_and_keys_are_unique_over_all_pools(db) {
        insert(&db, POOL, &application(3), Some([1; 32])).await.unwrap();
        let same_id = Application { app_id: application(3).app_id, ..application(4) };
        assert_breaks(insert(&db, OTHER, &same_id, None).await, "lookup_app_ids.app_id");
        let same_key = insert(&db, OTHER, &application(4), Some([1; 32])).await;
        assert_breaks(same_key, "lookup_application_keys.key_hash");
        assert_eq!(find(&db, OTHER, 4).await, None);
    }

    async fn an_update_writes_what_may_change(db) {
        insert(&db, POOL, &application(3), None).await.unwrap();
        let heard = listen(&db);
        let changed = Application {
            name: "changed".to_owned(),
            trusted_server: true,
            origins: vec![ODD.to_owned()],
            disabled: true,
            ..application(3)
        };
        for pool in [OTHER, POOL] {
            assert_eq!(find(&db, POOL, 3).await.unwrap().application, application(3));
            let written = Application { created_at: at(99), tenant: TenantId::new(id(9)), ..changed.clone() };
            db.write(pool, move |tx| applications::update(tx, &written)).await.unwrap();
        }
        let changed = Application { version: 2, ..changed };
        assert_eq!(find(&db, POOL, 3).await.unwrap().application, changed);
        let told = Invalidation::Application { pool: POOL, application: changed.id };
        assert_eq!(heard.lock().unwrap().last(), Some(&told));
    }

    async fn a_rotated_key_leads_here_beside_the_one_before_until_that_goes(db) {
        insert(&db, POOL, &application(3), Some([1; 32])).await.unwrap();
        let heard = listen(&db);
        let second = rotate(&db, Some(2), Some(at(50))).await;
        assert_eq!((second.key_hash, second.previous), (Some([2; 32]), Some(([1; 32], at(50)))));
        assert_eq!(leading(&db).await, [true, true, false]);
        let third = rotate(&db, Some(3), Some(at(60))).await;
        assert_eq!(third.previous, Some(([2; 32], at(60))));
        assert_eq!(leading(&db).await, [false, true, true]);
        let none = rotate(&db, None, None).await;
        assert_eq!((none.key_hash, none.previous, none.application.has_key), (None, None, false));
        assert_eq!(leading(&db).await, [false; 3]);
        let told = Invalidation::Application { pool: POOL, application: application(3).id };
        assert_eq!(*heard.lock().unwrap(), [told; 3]);
    }

    async fn the_key_before_may_end_before_its_time(db) {
        insert(&db, POOL, &application(3), Some([1; 32])).await.unwrap();
        let rotated = rotate(&db, Some(2), Some(at(50))).await;
        db.write(POOL, move |tx| applications::end_previous(tx, &rotated)).await.unwrap();
        let ended = find(&db, POOL, 3).await.unwrap();
        assert_eq!((ended.key_hash, ended.previous, ended.application.version), (Some([2; 32]), None, 3));
        assert_eq!(leading(&db).await, [false, true, false]);
    }

    async fn a_tenants_applications_are_listed_by_id_a_page_at_a_time(db) {
        let elsewhere = Application { tenant: TenantId::new(id(2)), ..application(4) };
        for it in [&application(5), &elsewhere, &application(3), &application(6)] {
            insert(&db, POOL, it, None).await.unwrap();
        }
        let page = async |pool, after, rows| {
            let after = ApplicationId::new(id(after));
            let list = move |tx: &mut Tx<'_>| applications::list_after(tx, TenantId::new(id(1)), after, rows);
            let listed = db.read(pool, list).await.unwrap();
            listed.into_iter().map(|stored| stored.application).collect::<Vec<_>>()
        };
        assert_eq!(page(POOL, 0, 2).await, [application(3), application(5)]);
        assert_eq!(page(POOL, 5, 2).await, [application(6)]);
        assert_eq!(page(OTHER, 0, 2).await, []);
    }

    async fn a_first_key_has_none_before_it(db) {
        insert(&db, POOL, &application(3), None).await.unwrap();
        let first = rotate(&db, Some(1), Some(at(50))).await;
        assert_eq!((first.key_hash, first.previous), (Some([1; 32]), None));
        assert_eq!(leading(&db).await, [true, false, false]);
    }

    async fn a_call_is_noted_unless_a_recent_one_is(db) {
        insert(&db, POOL, &application(3), None).await.unwrap();
        for (pool, called, before, noted) in [
            (OTHER, 20, 10, None), (POOL, 20, 10, Some(20)), (POOL, 25, 15, Some(20)), (POOL, 30, 20, Some(30)),
        ] {
            db.write(pool, move |tx| applications::touch(tx, application(3).id, at(called), at(before)))
                .await
                .unwrap();
            assert_eq!(find(&db, POOL, 3).await.unwrap().application.last_used_at, noted.map(at));
        }
    }

    async fn origins_are_searched_literally_in_all_pools_but_not_in_disabled_applications(db) {
        let with = |n, origin: &str| Application { origins: vec![origin.to_owned()], ..application(n) };
        insert(&db, POOL, &with(3, "https://a_b%c!d'e.example"), None).await.unwrap();
        insert(&db, OTHER, &with(4, "https://axb.example"), None).await.unwrap();
        let disabled = Application { disabled: true, ..with(5, "https://gone.example") };
        insert(&db, POOL, &disabled, None).await.unwrap();

        assert_eq!(origins_like(&db, "https://axb.example").await, [["https://axb.example"]]);
        assert_eq!(origins_like(&db, "https://a_b%c!d'e.example").await, [["https://a_b%c!d'e.example"]]);
        for nobody in ["https://a_b.example", "%", "https://a%", "axb.example", "https://gone.example", "!", "'"] {
            assert_eq!(origins_like(&db, nobody).await, Vec::<Vec<String>>::new(), "{nobody}");
        }
    }
}
