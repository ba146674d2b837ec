//! Words by which people are found: written with people and places, and filled in for those of before.

use super::people::{self, person};
use super::{OTHER, POOL, at, id};
use doorward_model::{
    Kind, Membership, MembershipId, Person, PersonId, PersonStatus, PoolId, Profile, Role, TenantId,
};
use doorward_store::people_words::{self, Place};
use doorward_store::{Db, Statements as _, memberships, sql};

const ROOT: TenantId = TenantId::new(id(1));
const BELOW: TenantId = TenantId::new(id(2));

fn named(n: u32, first: &str, last: &str) -> Person {
    let profile = Profile {
        first_name: Some(first.to_owned()),
        last_name: Some(last.to_owned()),
        ..Profile::default()
    };
    Person { profile, ..person(n) }
}

fn place(n: u32, tenant: TenantId, kind: Kind) -> Membership {
    Membership {
        id: MembershipId::new(id(u128::from(n) * 100
            + tenant.uuid().as_u128() * 10
            + u128::from(kind == Kind::Contact))),
        person: person(n).id,
        tenant,
        kind,
        role: Role::User,
        standing: None,
        version: 1,
        created_at: at(10),
    }
}

async fn give(db: &Db, place: Membership) {
    db.write(POOL, move |tx| memberships::insert(tx, &place)).await.unwrap();
}

async fn change(db: &Db, person: Person) {
    db.write(POOL, move |tx| doorward_store::people::update(tx, &person)).await.unwrap();
}

/// Words and whose they are, in order.
async fn found(db: &Db, pool: PoolId, scope: TenantId, prefix: &'static str) -> Vec<(String, u128)> {
    let find = move |tx: &mut doorward_store::Tx<'_>| {
        people_words::find(tx, scope, prefix, &Place::before(prefix), 100)
    };
    let rows = db.read(pool, find).await.unwrap();
    assert!(rows.iter().all(|(place, person)| place.person == person.id));
    rows.into_iter().map(|(place, _)| (place.word, place.person.uuid().as_u128())).collect()
}

fn words(expected: &[(&str, u128)]) -> Vec<(String, u128)> {
    expected.iter().map(|(word, who)| ((*word).to_owned(), *who)).collect()
}

suite! {
    async fn everybody_has_words_under_the_root_and_under_other_tenants_with_a_place_of_theirs(db) {
        people::insert(&db, &named(3, "Zoë", "Anne-Marie")).await.unwrap();
        give(&db, place(3, ROOT, Kind::User)).await;
        give(&db, place(3, BELOW, Kind::User)).await;
        give(&db, place(3, BELOW, Kind::Contact)).await;
        let all = words(&[
            ("anne", 3), ("anne-marie", 3), ("marie", 3), ("person3@example.com", 3), ("zoë", 3),
        ]);
        assert_eq!(found(&db, POOL, ROOT, "").await, all);
        assert_eq!(found(&db, POOL, BELOW, "").await, all);
        assert_eq!(found(&db, OTHER, ROOT, "").await, []);
        assert_eq!(found(&db, POOL, ROOT, "ann").await, words(&[("anne", 3), ("anne-marie", 3)]));
        // One of two places there is not the last.
        for (kind, left) in [(Kind::Contact, 5), (Kind::User, 0)] {
            db.write(POOL, move |tx| memberships::delete(tx, place(3, BELOW, kind).id)).await.unwrap();
            assert_eq!(found(&db, POOL, BELOW, "").await.len(), left);
        }
        db.write(POOL, |tx| memberships::delete(tx, place(3, ROOT, Kind::User).id)).await.unwrap();
        assert_eq!(found(&db, POOL, ROOT, "").await, all);
    }

    async fn words_follow_the_person_and_the_deleted_have_none(db) {
        people::insert(&db, &named(3, "Ada", "Byron")).await.unwrap();
        give(&db, place(3, BELOW, Kind::User)).await;
        change(&db, named(3, "Ada", "Lovelace")).await;
        let now = words(&[("ada", 3), ("lovelace", 3), ("person3@example.com", 3)]);
        for scope in [ROOT, BELOW] {
            assert_eq!(found(&db, POOL, scope, "").await, now);
        }
        change(&db, Person { status: PersonStatus::Deleted, ..named(3, "Ada", "Lovelace") }).await;
        for scope in [ROOT, BELOW] {
            assert_eq!(found(&db, POOL, scope, "").await, []);
        }
    }

    async fn who_was_written_without_words_has_all_of_them_after_the_next_change(db) {
        people::insert(&db, &named(3, "Ada", "Byron")).await.unwrap();
        const FORGET: doorward_store::Statement = sql("DELETE FROM people_words");
        db.write_house(|tx| tx.execute(&FORGET, &[])).await.unwrap();
        change(&db, named(3, "Ada", "Lovelace")).await;
        let now = words(&[("ada", 3), ("lovelace", 3), ("person3@example.com", 3)]);
        assert_eq!(found(&db, POOL, ROOT, "").await, now);
    }

    async fn a_search_goes_on_behind_a_word_of_a_person(db) {
        for n in [3, 4, 5] {
            people::insert(&db, &named(n, "Ada", "")).await.unwrap();
        }
        let after = Place { word: "ada".to_owned(), person: PersonId::new(id(4)) };
        let find = move |tx: &mut doorward_store::Tx<'_>| people_words::find(tx, ROOT, "ad", &after, 100);
        let rest = db.read(POOL, find).await.unwrap();
        assert_eq!(rest.iter().map(|(_, person)| person.number.get()).collect::<Vec<_>>(), [5]);
        let two = db.read(POOL, |tx| people_words::find(tx, ROOT, "ad", &Place::before("ad"), 2)).await;
        assert_eq!(two.unwrap().len(), 2);
        // Nothing in a word is a pattern.
        assert_eq!(found(&db, POOL, ROOT, "a%").await, []);
        assert_eq!(found(&db, POOL, ROOT, "_da").await, []);
    }

    async fn who_was_here_before_is_filled_in_piece_by_piece(db) {
        for n in [3, 4, 5] {
            people::insert(&db, &named(n, "Ada", "")).await.unwrap();
        }
        give(&db, place(4, BELOW, Kind::User)).await;
        people::insert(&db, &Person { pool: OTHER, ..named(6, "Ada", "") }).await.unwrap();
        const FORGET: doorward_store::Statement = sql("DELETE FROM people_words");
        db.write_house(|tx| tx.execute(&FORGET, &[])).await.unwrap();
        assert_eq!(db.read_house(people_words::is_filled).await, Ok(false));
        let mut pieces = 0;
        while db.write_house_bulk(|tx| people_words::fill(tx, 3)).await.unwrap() {
            pieces += 1;
            assert_eq!(db.read_house(people_words::is_filled).await, Ok(false));
        }
        assert_eq!(pieces, 1);
        assert_eq!(db.read_house(people_words::is_filled).await, Ok(true));
        assert_eq!(found(&db, POOL, ROOT, "ada").await, words(&[("ada", 3), ("ada", 4), ("ada", 5)]));
        assert_eq!(found(&db, POOL, BELOW, "ada").await, words(&[("ada", 4)]));
        assert_eq!(found(&db, OTHER, OTHER.root(), "ada").await, words(&[("ada", 6)]));
        assert_eq!(db.write_house_bulk(|tx| people_words::fill(tx, 3)).await, Ok(false));
    }
}
