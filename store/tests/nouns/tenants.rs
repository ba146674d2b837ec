//! The tree: round trips, order, depth, and what is unique over all pools.

use super::{ODD, OTHER, POOL, assert_breaks, at, id};
use crate::fresh::listen;
use doorward_model::{
    CallbackRule, CompanyNumber, Language, Policy, PoolId, RateLimit, RegionCode, Slug, Tenant, TenantId,
    TenantStatus,
};
use doorward_store::{Db, Error, Invalidation, Part, tenants};
use std::time::Duration;

fn node(n: u32, parent: Option<u32>) -> Tenant {
    Tenant {
        id: TenantId::new(id(n.into())),
        pool: POOL,
        parent: parent.map(|n| TenantId::new(id(n.into()))),
        slug: Slug::parse(&format!("tenant-{n}")).unwrap(),
        number: CompanyNumber::new(n.into()).unwrap(),
        display_name: ODD.to_owned(),
        status: TenantStatus::Active,
        region: None,
        policy: Policy::default(),
        profile: Vec::new(),
        auth_generation: 1,
        version: 1,
        created_at: at(10),
        modified_at: at(10),
    }
}

/// A policy that says everything.
fn policy() -> Policy {
    Policy {
        password_min_length: Some(12),
        password_max_bytes: Some(105),
        password_words: Some(vec![ODD.to_owned()]),
        session_absolute: Some(Duration::from_secs(1)),
        session_idle: Some(Duration::from_secs(2)),
        reset_lifetime: Some(Duration::from_secs(3)),
        invitation_lifetime: Some(Duration::from_secs(4)),
        callbacks: Some(vec![CallbackRule::parse("https://app.example/reset").unwrap()]),
        origins: Some(Vec::new()),
        key_rate: Some(RateLimit { calls: 25, window: Duration::from_millis(1_500) }),
        allow_login: Some(false),
        address_failures: Some(5),
        address_mails: Some(7),
        sign_ins_per_minute: Some(6),
        mails_per_hour: Some(0),
        sessions_per_person: Some(u32::MAX),
        language: Some(Language::Fr),
    }
}

async fn insert(db: &Db, tenant: &Tenant) -> Result<(), Error> {
    let tenant = tenant.clone();
    db.write(tenant.pool, move |tx| tenants::insert(tx, &tenant)).await
}

async fn find(db: &Db, pool: PoolId, n: u128) -> Option<Tenant> {
    db.read(pool, move |tx| tenants::find(tx, TenantId::new(id(n)))).await.unwrap()
}

/// 1 has the children 4 and 3; 3 has the child 5.
async fn tree(db: &Db) {
    for (n, parent) in [(1, None), (4, Some(1)), (3, Some(1)), (5, Some(3))] {
        insert(db, &node(n, parent)).await.unwrap();
    }
}

fn numbers(tenants: &[Tenant]) -> Vec<i64> {
    tenants.iter().map(|tenant| tenant.number.get()).collect()
}

suite! {
    async fn children_and_roots_go_on_behind_a_number(db) {
        tree(&db).await;
        let children = |after, limit| {
            db.read(POOL, move |tx| tenants::list_children_after(tx, TenantId::new(id(1)), after, limit))
        };
        let all = numbers(&children(0, 9).await.unwrap());
        let [first, second] = *all else { panic!("two children, not {all:?}") };
        assert_eq!(numbers(&children(0, 1).await.unwrap()), [first]);
        assert_eq!(numbers(&children(first, 9).await.unwrap()), [second]);
        let mut gone = find(&db, POOL, 4).await.unwrap();
        gone.status = TenantStatus::Deleted;
        db.write(POOL, move |tx| tenants::update(tx, &gone)).await.unwrap();
        assert_eq!(children(0, 9).await.unwrap().len(), 1);

        let roots = |after| db.read_house(move |tx| doorward_store::lookup::companies::list_roots_after(tx, after, 9));
        let [(number, pool)] = roots(0).await.unwrap()[..] else { panic!("one root") };
        assert_eq!((pool, roots(number).await), (POOL, Ok(Vec::new())));
        let pool_of = |n| db.read_house(move |tx| doorward_store::lookup::slugs::find_pool(tx, TenantId::new(id(n))));
        assert_eq!((pool_of(5).await, pool_of(99).await), (Ok(Some(POOL)), Ok(None)));
    }

    async fn a_node_comes_back_as_it_was_in_its_own_pool_only(db) {
        let bare = node(1, None);
        let full = Tenant {
            region: RegionCode::parse("eu-1"),
            policy: policy(),
            profile: vec![(ODD.to_owned(), ODD.to_owned()), ("a".to_owned(), String::new())],
            status: TenantStatus::Suspended,
            auth_generation: 7,
            ..node(3, Some(1))
        };
        for tenant in [&bare, &full] {
            insert(&db, tenant).await.unwrap();
        }
        assert_eq!(find(&db, POOL, 1).await, Some(bare));
        assert_eq!(find(&db, POOL, 3).await, Some(full));
        assert_eq!(find(&db, OTHER, 3).await, None);
    }

    async fn a_node_that_names_another_pool_stays_in_the_transactions(db) {
        let stray = Tenant { pool: OTHER, ..node(3, None) };
        db.write(POOL, move |tx| tenants::insert(tx, &stray)).await.unwrap();
        assert_eq!((find(&db, POOL, 3).await, find(&db, OTHER, 3).await), (Some(node(3, None)), None));
    }

    async fn slugs_and_numbers_are_unique_over_all_pools(db) {
        insert(&db, &node(1, None)).await.unwrap();
        let same_slug = Tenant { pool: OTHER, slug: node(1, None).slug, ..node(2, None) };
        assert_breaks(insert(&db, &same_slug).await, "lookup_slugs.slug");
        let same_number = Tenant { pool: OTHER, number: node(1, None).number, ..node(2, None) };
        assert_breaks(insert(&db, &same_number).await, "lookup_companies.number");
        assert_eq!(find(&db, OTHER, 2).await, None);
    }

    async fn the_tree_is_read_root_first_and_by_number(db) {
        tree(&db).await;
        let read = db.read(POOL, |tx| Ok([
            tenants::branch(tx, TenantId::new(id(5)))?,
            tenants::branch(tx, TenantId::new(id(9)))?,
            tenants::list_children(tx, POOL.root())?,
            tenants::list_subtree(tx, POOL.root())?,
            tenants::list_subtree(tx, TenantId::new(id(3)))?,
            tenants::list_subtree(tx, TenantId::new(id(9)))?,
        ])).await.unwrap();
        let none = Vec::<i64>::new();
        assert_eq!(read.map(|list| numbers(&list)), [
            vec![1, 3, 5], none.clone(), vec![3, 4], vec![1, 3, 4, 5], vec![3, 5], none,
        ]);
        let elsewhere = db.read(OTHER, |tx| Ok([
            tenants::branch(tx, POOL.root())?,
            tenants::list_children(tx, POOL.root())?,
            tenants::list_subtree(tx, POOL.root())?,
        ])).await.unwrap();
        assert!(elsewhere.iter().all(Vec::is_empty));
    }

    async fn children_that_exist_are_read_in_parts_and_counted(db) {
        tree(&db).await;
        let gone = Tenant { status: TenantStatus::Deleted, ..node(2, Some(1)) };
        let shut = Tenant { status: TenantStatus::Suspended, ..node(6, Some(1)) };
        for child in [&gone, &shut] {
            insert(&db, child).await.unwrap();
        }
        for (pool, start, rows, expected, total) in [
            (POOL, 0, 9, vec![3, 4, 6], 3), (POOL, 0, 2, vec![3, 4], 3), (POOL, 2, 2, vec![6], 3),
            (POOL, i64::MAX, i64::MAX, vec![], 3), (OTHER, 0, 9, vec![], 0),
        ] {
            let (children, counted) = db.read(pool, move |tx| Ok((
                tenants::list_existing_children(tx, POOL.root(), Part { start, rows })?,
                tenants::count_existing_children(tx, POOL.root())?,
            ))).await.unwrap();
            assert_eq!((numbers(&children), counted), (expected, total));
        }
    }

    async fn a_branch_that_bites_its_tail_ends(db) {
        insert(&db, &node(3, Some(3))).await.unwrap();
        let branch = db.read(POOL, |tx| tenants::branch(tx, TenantId::new(id(3)))).await.unwrap();
        assert!(branch.len() <= tenants::MAX_DEPTH + 1);
    }

    async fn roots_are_listed_over_all_pools_by_number(db) {
        tree(&db).await;
        let lower = CompanyNumber::new(2).unwrap();
        let first = Tenant { pool: OTHER, number: lower, ..node(2, None) };
        insert(&db, &Tenant { number: CompanyNumber::new(100).unwrap(), ..first }).await.unwrap();
        let roots = db.read_house(|tx| tenants::list_roots(tx)).await.unwrap();
        assert_eq!(roots, [POOL.root(), OTHER.root()]);
    }

    async fn an_update_writes_what_may_change_and_moves_the_version(db) {
        tree(&db).await;
        let heard = listen(&db);
        let changed = Tenant {
            parent: Some(TenantId::new(id(4))),
            slug: Slug::parse("renamed").unwrap(),
            display_name: "Renamed".to_owned(),
            status: TenantStatus::Deleted,
            region: RegionCode::parse("us-1"),
            policy: policy(),
            profile: vec![("key".to_owned(), ODD.to_owned())],
            modified_at: at(20),
            ..node(5, Some(3))
        };
        let written = Tenant { auth_generation: 99, version: 99, created_at: at(99), ..changed.clone() };
        let elsewhere = written.clone();
        db.write(POOL, move |tx| tenants::update(tx, &written)).await.unwrap();
        assert_eq!(find(&db, POOL, 5).await, Some(Tenant { version: 2, ..changed.clone() }));
        assert_eq!(*heard.lock().unwrap(), [Invalidation::Tenant { pool: POOL, tenant: changed.id }]);

        db.write(OTHER, move |tx| tenants::update(tx, &elsewhere)).await.unwrap();
        assert_eq!(find(&db, POOL, 5).await, Some(Tenant { version: 2, ..changed }));
    }

    async fn a_generation_advances_for_the_node_and_all_below_it(db) {
        tree(&db).await;
        let heard = listen(&db);
        let three = TenantId::new(id(3));
        let touched = db.write(POOL, move |tx| tenants::advance_generation(tx, three)).await.unwrap();
        assert_eq!(touched, [three, TenantId::new(id(5))]);
        let told: Vec<_> =
            touched.iter().map(|tenant| Invalidation::Tenant { pool: POOL, tenant: *tenant }).collect();
        assert_eq!(*heard.lock().unwrap(), told);
        for (n, generation) in [(1, 1), (3, 2), (4, 1), (5, 2)] {
            assert_eq!(find(&db, POOL, n).await.unwrap().auth_generation, generation, "tenant {n}");
        }
        let none = db.write(OTHER, move |tx| tenants::advance_generation(tx, three)).await.unwrap();
        assert_eq!(none, []);
    }
}
