//! One-time codes: used once, by one caller, while they are open.

use super::{OTHER, POOL, assert_breaks, at, id};
use doorward_model::{DoorId, Email, PersonId, PoolId, Purpose, TenantId, Ticket, TicketId};
use doorward_store::{Db, Error, lookup, tickets};

const WHO: PersonId = PersonId::new(id(100));
const EPOCH: i64 = 4;

fn ticket(n: u8) -> Ticket {
    Ticket {
        id: TicketId::new(id(n.into())),
        pool: POOL,
        purpose: Purpose::Reset,
        person: WHO,
        tenant: TenantId::new(id(1)),
        door: None,
        generation: 7,
        created_at: at(10),
        expires_at: at(50),
    }
}

async fn insert(db: &Db, pool: PoolId, n: u8, ticket: &Ticket) -> Result<(), Error> {
    let ticket = ticket.clone();
    db.write(pool, move |tx| tickets::insert(tx, &ticket, &[n; 32], EPOCH)).await
}

async fn open(db: &Db, pool: PoolId, n: u8, now: i64) -> Option<Ticket> {
    db.read(pool, move |tx| tickets::find_open(tx, ticket(n).id, at(now), EPOCH)).await.unwrap()
}

async fn list(db: &Db, pool: PoolId, purpose: Purpose, now: i64) -> Vec<Ticket> {
    db.read(pool, move |tx| tickets::list_open(tx, WHO, purpose, at(now), EPOCH)).await.unwrap()
}

async fn claim(db: &Db, pool: PoolId, n: u8, now: i64) -> bool {
    db.write(pool, move |tx| tickets::claim(tx, ticket(n).id, at(now))).await.unwrap()
}

suite! {
    async fn a_code_may_name_the_address_it_changes_to(db) {
        insert(&db, POOL, 3, &ticket(3)).await.unwrap();
        let named = |pool| db.read(pool, |tx| tickets::find_email(tx, ticket(3).id));
        assert_eq!(named(POOL).await, Ok(None));
        let email = Email::parse("Ada@elsewhere.example").unwrap();
        let set = email.clone();
        db.write(OTHER, move |tx| tickets::set_email(tx, ticket(3).id, &set)).await.unwrap();
        assert_eq!(named(POOL).await, Ok(None), "another pool's code is not there");
        let set = email.clone();
        db.write(POOL, move |tx| tickets::set_email(tx, ticket(3).id, &set)).await.unwrap();
        assert_eq!(named(POOL).await, Ok(Some(email)));
        assert_eq!(named(OTHER).await, Ok(None));
    }

    async fn a_code_is_open_in_its_own_pool_and_epoch_until_it_expires(db) {
        let full = Ticket { door: Some(DoorId::new(id(8))), purpose: Purpose::SelfValidation, ..ticket(4) };
        insert(&db, POOL, 3, &ticket(3)).await.unwrap();
        insert(&db, POOL, 4, &full).await.unwrap();
        assert_eq!(open(&db, POOL, 3, 49).await, Some(ticket(3)));
        assert_eq!(open(&db, POOL, 4, 49).await, Some(full));
        assert_eq!(open(&db, POOL, 3, 50).await, None);
        assert_eq!(open(&db, OTHER, 3, 49).await, None);
        let later = db.read(POOL, |tx| tickets::find_open(tx, ticket(3).id, at(49), EPOCH + 1)).await;
        assert_eq!(later, Ok(None));
        assert_breaks(insert(&db, OTHER, 3, &ticket(5)).await, "lookup_tickets.code_hash");
    }

    async fn a_code_that_is_used_or_expired_still_says_where_it_was_for(db) {
        insert(&db, POOL, 3, &ticket(3)).await.unwrap();
        assert!(claim(&db, POOL, 3, 20).await);
        assert_eq!(open(&db, POOL, 3, 20).await, None);
        let found = |pool| db.read(pool, |tx| tickets::find(tx, ticket(3).id));
        assert_eq!(found(POOL).await, Ok(Some(ticket(3))));
        assert_eq!(found(OTHER).await, Ok(None), "another pool's code is not there");
    }

    async fn open_codes_of_one_purpose_are_listed_newest_first(db) {
        let newest = Ticket { created_at: at(11), ..ticket(3) };
        let other = Ticket { purpose: Purpose::Invitation, ..ticket(6) };
        let others = Ticket { person: PersonId::new(id(101)), ..ticket(7) };
        for (n, ticket) in [(3, &newest), (4, &ticket(4)), (5, &ticket(5)), (6, &other), (7, &others)] {
            insert(&db, POOL, n, ticket).await.unwrap();
        }
        assert_eq!(list(&db, POOL, Purpose::Reset, 20).await, [newest, ticket(5), ticket(4)]);
        assert_eq!(list(&db, POOL, Purpose::Invitation, 20).await, [other]);
        assert_eq!(list(&db, OTHER, Purpose::Reset, 20).await, []);
        assert_eq!(list(&db, POOL, Purpose::Reset, 50).await, []);
        let later = db.read(POOL, |tx| tickets::list_open(tx, WHO, Purpose::Reset, at(20), EPOCH + 1)).await;
        assert_eq!(later, Ok(Vec::new()));
    }

    async fn exactly_one_of_many_callers_uses_a_code_up(db) {
        insert(&db, POOL, 3, &ticket(3)).await.unwrap();
        assert!(!claim(&db, OTHER, 3, 20).await);
        assert!(!claim(&db, POOL, 3, 50).await);
        let callers: Vec<_> = (0..8)
            .map(|_| {
                let db = db.clone();
                tokio::spawn(async move { claim(&db, POOL, 3, 20).await })
            })
            .collect();
        let mut winners = 0;
        for caller in callers {
            winners += u32::from(caller.await.unwrap());
        }
        assert_eq!(winners, 1);
        assert_eq!(open(&db, POOL, 3, 20).await, None);
        assert_eq!(list(&db, POOL, Purpose::Reset, 20).await, []);
    }

    async fn void_codes_are_worthless(db) {
        let other = Ticket { purpose: Purpose::Invitation, ..ticket(4) };
        insert(&db, POOL, 3, &ticket(3)).await.unwrap();
        insert(&db, POOL, 4, &other).await.unwrap();
        for pool in [OTHER, POOL] {
            assert_eq!(open(&db, POOL, 3, 20).await, Some(ticket(3)));
            db.write(pool, |tx| tickets::void(tx, WHO, Purpose::Reset, at(20))).await.unwrap();
        }
        assert!(!claim(&db, POOL, 3, 20).await);
        assert!(claim(&db, POOL, 4, 20).await);
    }

    async fn expired_codes_are_swept_in_pieces_in_all_pools(db) {
        insert(&db, POOL, 3, &ticket(3)).await.unwrap();
        insert(&db, OTHER, 4, &ticket(4)).await.unwrap();
        insert(&db, POOL, 5, &Ticket { expires_at: at(51), ..ticket(5) }).await.unwrap();
        for may_be_more in [true, true, false] {
            assert_eq!(db.write_house_bulk(|tx| tickets::sweep(tx, at(51), 1)).await, Ok(may_be_more));
        }
        let left = db.read_house(|tx| Ok([
            lookup::tickets::find(tx, &[3; 32])?,
            lookup::tickets::find(tx, &[4; 32])?,
            lookup::tickets::find(tx, &[5; 32])?,
        ])).await.unwrap();
        assert_eq!(left, [None, None, Some((POOL, ticket(5).id))]);
        assert_eq!((open(&db, POOL, 3, 0).await, open(&db, POOL, 5, 0).await.is_some()), (None, true));
    }
}
