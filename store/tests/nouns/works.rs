//! Long work: written by whoever read it last, taken by turns, forgotten in pieces; with its parts and the lines it could not
//! do.

use super::{ODD, OTHER, POOL, at, id};
use doorward_model::{PoolId, TenantId, Work, WorkId, WorkKind, WorkState};
use doorward_store::{Db, work_parts, work_refusals, works};

const TENANT: TenantId = TenantId::new(id(7));

fn work(n: u128, pool: PoolId) -> Work {
    Work {
        id: WorkId::new(id(n)),
        pool,
        tenant: TENANT,
        kind: WorkKind::ImportPeople,
        state: WorkState::Running,
        wish: ODD.to_owned(),
        maker: "{}".to_owned(),
        actor: ODD.to_owned(),
        address: Some("2001:db8::7".parse().unwrap()),
        epoch: 3,
        made_at: at(1),
        due_at: at(2),
        step: 0,
        place: Some(vec![0, 255]),
        done: 0,
        refused: 1,
        total: Some(9),
        bytes: 4,
        reason: None,
        finished_at: None,
        erase_at: at(100),
        is_erased: false,
    }
}

async fn insert(db: &Db, work: Work) {
    db.write(work.pool, move |tx| works::insert(tx, &work)).await.unwrap();
}

async fn find(db: &Db, n: u128) -> Option<Work> {
    db.read(POOL, move |tx| works::find(tx, WorkId::new(id(n)))).await.unwrap()
}

suite! {
    async fn a_work_is_read_as_it_was_written_in_its_pool_alone(db) {
        insert(&db, work(3, POOL)).await;
        assert_eq!(find(&db, 3).await, Some(work(3, POOL)));
        assert_eq!(db.read(OTHER, |tx| works::find(tx, WorkId::new(id(3)))).await, Ok(None));
        let bare = Work {
            kind: WorkKind::ExportEvents, address: None, place: None, total: None, finished_at: Some(at(5)),
            reason: Some(ODD.to_owned()), is_erased: true, ..work(4, POOL)
        };
        insert(&db, bare.clone()).await;
        assert_eq!(find(&db, 4).await, Some(bare));
    }

    async fn who_read_an_older_state_writes_nothing(db) {
        insert(&db, work(3, POOL)).await;
        let next = Work { done: 5, state: WorkState::Done, reason: Some(ODD.to_owned()), ..work(3, POOL) };
        let write = |it: Work| db.write(POOL, move |tx| works::update(tx, &it));
        assert_eq!(write(next.clone()).await, Ok(true));
        assert_eq!(find(&db, 3).await, Some(Work { step: 1, ..next.clone() }));
        assert_eq!(write(Work { done: 7, ..next.clone() }).await, Ok(false));
        assert_eq!(find(&db, 3).await, Some(Work { step: 1, ..next }));
    }

    async fn on_whose_behalf_and_how_is_rewritten_by_who_read_it_last(db) {
        insert(&db, Work { state: WorkState::Checked, ..work(3, POOL) }).await;
        let started = Work {
            maker: "{1}".to_owned(), actor: "another".to_owned(), address: None, wish: "{}".to_owned(), ..work(3, POOL)
        };
        let rewrite = |it: Work| db.write(POOL, move |tx| works::rewrite(tx, &it));
        assert_eq!(rewrite(started.clone()).await, Ok(true));
        assert_eq!(rewrite(Work { actor: "late".to_owned(), ..started.clone() }).await, Ok(false));
        assert_eq!(find(&db, 3).await, Some(Work { step: 1, ..started }));
    }

    async fn those_of_one_maker_that_run_are_found_in_every_pool(db) {
        let one = |n, pool| Work { maker: ODD.to_owned(), ..work(n, pool) };
        insert(&db, one(3, POOL)).await;
        insert(&db, Work { state: WorkState::Done, ..one(4, POOL) }).await;
        insert(&db, one(5, OTHER)).await;
        insert(&db, work(6, POOL)).await;
        let found = db.read_house(|tx| works::list_running_of(tx, ODD)).await;
        assert_eq!(found, Ok(vec![one(3, POOL), one(5, OTHER)]));
    }

    async fn running_works_of_all_pools_take_turns(db) {
        insert(&db, Work { due_at: at(5), ..work(3, POOL) }).await;
        insert(&db, Work { due_at: at(4), ..work(4, OTHER) }).await;
        insert(&db, Work { due_at: at(1), state: WorkState::Done, ..work(5, POOL) }).await;
        let due = |second| db.read_house(move |tx| works::find_due(tx, at(second)));
        assert_eq!(due(3).await, Ok(None));
        assert_eq!(due(9).await.unwrap().map(|it| it.pool), Some(OTHER));
        let later = Work { due_at: at(6), ..work(4, OTHER) };
        db.write(OTHER, move |tx| works::update(tx, &later)).await.unwrap();
        assert_eq!(due(9).await.unwrap().map(|it| it.pool), Some(POOL));
    }

    async fn they_are_listed_newest_first_and_counted(db) {
        for n in 3..6 { insert(&db, work(n, POOL)).await; }
        insert(&db, Work { tenant: TenantId::new(id(8)), is_erased: true, ..work(6, POOL) }).await;
        insert(&db, work(7, OTHER)).await;
        let ids = |found: Vec<Work>| found.iter().map(|it| it.id.uuid().as_u128()).collect::<Vec<_>>();
        let before = |n| db.read(POOL, move |tx| works::list_before(tx, TENANT, WorkId::new(id(n)), 2));
        assert_eq!(ids(before(99).await.unwrap()), [5, 4]);
        assert_eq!(ids(before(4).await.unwrap()), [3]);
        let all = db.read_house(|tx| works::list_all_before(tx, WorkId::new(id(99)), 3)).await;
        assert_eq!(ids(all.unwrap()), [7, 6, 5]);
        assert_eq!(db.read(POOL, |tx| works::count_at(tx, TENANT, WorkState::Running)).await, Ok(3));
        assert_eq!(db.read(POOL, |tx| works::count_at(tx, TENANT, WorkState::Done)).await, Ok(0));
        insert(&db, Work { tenant: TenantId::new(id(8)), ..work(8, POOL) }).await;
        let kept = |tenant, second| db.read(POOL, move |tx| works::count_kept(tx, tenant, at(second)));
        assert_eq!((kept(None, 99).await, kept(Some(TENANT), 99).await), (Ok(4), Ok(3)));
        assert_eq!(kept(None, 100).await, Ok(0), "nobody may ask for them any more");
    }

    async fn those_that_are_over_are_found_and_forgotten(db) {
        insert(&db, Work { erase_at: at(10), ..work(3, POOL) }).await;
        insert(&db, Work { erase_at: at(11), ..work(4, OTHER) }).await;
        let over = |second| db.read_house(move |tx| works::list_over(tx, at(second), 9));
        assert_eq!(over(9).await, Ok(Vec::new()));
        assert_eq!(over(11).await, Ok(vec![(POOL, WorkId::new(id(3))), (OTHER, WorkId::new(id(4)))]));
        db.write(OTHER, |tx| works::delete(tx, WorkId::new(id(3)))).await.unwrap();
        assert!(find(&db, 3).await.is_some(), "another pool's");
        db.write(POOL, |tx| works::delete(tx, WorkId::new(id(3)))).await.unwrap();
        assert_eq!(find(&db, 3).await, None);
    }

    async fn parts_are_read_in_order_replaced_and_erased_in_pieces(db) {
        let (one, other) = (WorkId::new(id(3)), WorkId::new(id(4)));
        for (work, number) in [(one, 0), (one, 500), (one, 1_000), (other, 0)] {
            db.write(POOL, move |tx| work_parts::put(tx, work, number, &[7])).await.unwrap();
        }
        db.write(POOL, move |tx| work_parts::put(tx, one, 500, &[0, 255])).await.unwrap();
        let from = |number| db.read(POOL, move |tx| work_parts::find_from(tx, one, number));
        assert_eq!(from(0).await, Ok(Some((0, vec![7], Some(500)))));
        assert_eq!(from(1).await, Ok(Some((500, vec![0, 255], Some(1_000)))));
        assert_eq!(from(1_000).await, Ok(Some((1_000, vec![7], None))));
        assert_eq!(from(1_001).await, Ok(None));
        db.write(POOL, move |tx| work_parts::delete(tx, one, 0)).await.unwrap();
        let erase = || db.write(POOL, move |tx| work_parts::erase(tx, one, 1));
        assert_eq!([erase().await, erase().await, erase().await], [Ok(true), Ok(true), Ok(false)]);
        assert!(db.read(POOL, move |tx| work_parts::find_from(tx, other, 0)).await.unwrap().is_some());
    }

    async fn refused_lines_are_read_behind_one_and_erased_in_pieces(db) {
        let work = WorkId::new(id(3));
        for line in [2, 9, 4] {
            db.write(POOL, move |tx| work_refusals::put(tx, work, line, &[7])).await.unwrap();
        }
        let after = |line| db.read(POOL, move |tx| work_refusals::list_after(tx, work, line, 2));
        assert_eq!(after(0).await, Ok(vec![(2, vec![7]), (4, vec![7])]));
        assert_eq!(after(4).await, Ok(vec![(9, vec![7])]));
        let erase = || db.write(POOL, move |tx| work_refusals::erase(tx, work, 2));
        assert_eq!([erase().await, erase().await], [Ok(true), Ok(false)]);
        assert_eq!(after(0).await, Ok(Vec::new()));
    }
}
