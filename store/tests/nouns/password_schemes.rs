//! Kinds of passwords: kept with passwords, people and places, and filled in for those of before.

use super::people::{self, person};
use super::{OTHER, POOL, at, id};
use doorward_model::{
    HashScheme, Kind, Membership, MembershipId, Person, PersonId, PersonStatus, Role, Secret, TenantId,
};
use doorward_store::{Db, Statements as _, memberships, password_schemes, sql};
use uuid::Uuid;

const ROOT: TenantId = TenantId::new(id(1));
const BELOW: TenantId = TenantId::new(id(2));
const OLD: &str = "$2b$10$AgICAgICAgICAgICAgICAuAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM";
const NEW: &str = "$argon2id$v=19$m=19456,t=2,p=1$AgICAgICAgICAgICAgICAg$AwMDAwMDAwMDAwMDAwMDAw";

async fn set(db: &Db, n: u32, hash: &'static str) {
    let hash = Secret::new(hash);
    let set = move |tx: &mut doorward_store::Tx<'_>| {
        doorward_store::people::set_password(tx, person(n).id, &hash, at(20))
    };
    db.write(POOL, set).await.unwrap();
}

async fn status(db: &Db, n: u32, status: PersonStatus) {
    let changed = Person { status, ..person(n) };
    db.write(POOL, move |tx| doorward_store::people::update(tx, &changed)).await.unwrap();
}

/// Who has a password of which kind under a tenant.
async fn found(db: &Db, scope: TenantId) -> Vec<(String, Vec<i64>)> {
    let read = move |tx: &mut doorward_store::Tx<'_>| {
        let mut found = Vec::new();
        for scheme in password_schemes::list(tx, scope)? {
            let first = PersonId::new(Uuid::nil());
            let people = password_schemes::list_people(tx, scope, &scheme, first, 100)?;
            let ids = password_schemes::list_ids(tx, scope, &scheme, 100)?;
            assert_eq!(ids.len(), people.len());
            let have = people.iter().filter(|(_, has)| *has).map(|(person, _)| person.number.get()).collect();
            found.push((scheme.to_string(), have));
        }
        Ok(found)
    };
    db.read(POOL, read).await.unwrap()
}

fn kinds(expected: &[(&str, &[i64])]) -> Vec<(String, Vec<i64>)> {
    expected.iter().map(|(scheme, who)| ((*scheme).to_owned(), who.to_vec())).collect()
}

const BCRYPT: &str = "2b$10";
const ARGON: &str = "argon2id$v=19$m=19456,t=2,p=1";

suite! {
    async fn a_password_is_known_by_its_kind_under_the_root_and_where_its_person_has_a_place(db) {
        for n in [3, 4] {
            people::insert(&db, &person(n)).await.unwrap();
        }
        assert_eq!(found(&db, ROOT).await, []);
        set(&db, 3, OLD).await;
        let place = Membership {
            id: MembershipId::new(id(300)),
            person: person(3).id,
            tenant: BELOW,
            kind: Kind::User,
            role: Role::User,
            standing: None,
            version: 1,
            created_at: at(10),
        };
        let given = place.clone();
        db.write(POOL, move |tx| memberships::insert(tx, &given)).await.unwrap();
        set(&db, 4, NEW).await;
        assert_eq!(found(&db, ROOT).await, kinds(&[(BCRYPT, &[3]), (ARGON, &[4])]));
        assert_eq!(found(&db, BELOW).await, kinds(&[(BCRYPT, &[3])]));
        let (old, new) = (Secret::new(OLD), Secret::new(NEW));
        let rehash = move |tx: &mut doorward_store::Tx<'_>| {
            doorward_store::people::rehash(tx, person(3).id, &old, &new)
        };
        db.write(POOL, rehash.clone()).await.unwrap();
        for scope in [ROOT, BELOW] {
            assert!(found(&db, scope).await.iter().all(|(kind, _)| kind == ARGON));
        }
        // Nothing is said of a password that changed meanwhile.
        db.write(POOL, rehash).await.unwrap();
        assert_eq!(found(&db, ROOT).await, kinds(&[(ARGON, &[3, 4])]));
        db.write(POOL, move |tx| memberships::delete(tx, place.id)).await.unwrap();
        assert_eq!(found(&db, BELOW).await, []);
        assert_eq!(db.read(OTHER, |tx| password_schemes::list(tx, ROOT)).await, Ok(vec![]));
    }

    async fn the_deleted_have_none_until_they_are_back(db) {
        people::insert(&db, &person(3)).await.unwrap();
        set(&db, 3, OLD).await;
        status(&db, 3, PersonStatus::Deleted).await;
        assert_eq!(found(&db, ROOT).await, []);
        status(&db, 3, PersonStatus::Inactive).await;
        assert_eq!(found(&db, ROOT).await, kinds(&[(BCRYPT, &[3])]));
    }

    async fn a_row_that_an_older_program_left_behind_is_told_apart(db) {
        people::insert(&db, &person(3)).await.unwrap();
        set(&db, 3, OLD).await;
        const OTHERWISE: doorward_store::Statement = sql("UPDATE people SET password_hash = $1");
        db.write_house(|tx| tx.execute(&OTHERWISE, &[&NEW])).await.unwrap();
        assert_eq!(found(&db, ROOT).await, kinds(&[(BCRYPT, &[])]));
    }

    async fn who_was_here_before_is_filled_in_piece_by_piece(db) {
        for n in [3, 4, 5, 6] {
            people::insert(&db, &person(n)).await.unwrap();
        }
        for n in [3, 4, 5] {
            set(&db, n, OLD).await;
        }
        const FORGET: doorward_store::Statement = sql("DELETE FROM password_schemes");
        db.write_house(|tx| tx.execute(&FORGET, &[])).await.unwrap();
        assert_eq!(db.read_house(password_schemes::is_filled).await, Ok(false));
        while db.write_house_bulk(|tx| password_schemes::fill(tx, 3)).await.unwrap() {}
        assert_eq!(db.read_house(password_schemes::is_filled).await, Ok(true));
        assert_eq!(found(&db, ROOT).await, kinds(&[(BCRYPT, &[3, 4, 5])]));
        let id = HashScheme::of(OLD);
        let two = db.read(POOL, move |tx| password_schemes::list_ids(tx, ROOT, &id, 2)).await.unwrap();
        assert_eq!(two.len(), 2);
    }
}
