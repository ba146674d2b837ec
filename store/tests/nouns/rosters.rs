//! Rosters: who is in one, in which order, and which part of it is read.

use super::people::{self, person};
use super::{ODD, OTHER, POOL, at, id};
use doorward_model::{
    Email, Kind, Membership, MembershipId, Person, PersonId, PersonStatus, PoolId, Profile, Role, TenantId,
    folded,
};
use doorward_store::rosters::{self, Order, Sought};
use doorward_store::{Db, Part, memberships};

const HERE: TenantId = TenantId::new(id(1));
const ALL: Part = Part { start: 0, rows: 100 };
const EVERYBODY: &[Kind] = &[Kind::Administrator, Kind::Member, Kind::Contact, Kind::User];

/// A person of these names, made in the order of their numbers.
async fn named(db: &Db, n: u32, first: &str, last: &str) -> Person {
    let profile = Profile {
        first_name: Some(first.to_owned()),
        last_name: Some(last.to_owned()),
        ..Profile::default()
    };
    let person = Person { profile, created_at: at(n.into()), ..person(n) };
    people::insert(db, &person).await.unwrap();
    place(db, n, &person, Kind::User, Role::User).await;
    person
}

async fn place(db: &Db, n: u32, person: &Person, kind: Kind, role: Role) {
    let place = Membership {
        id: MembershipId::new(id(n.into())),
        person: person.id,
        tenant: HERE,
        kind,
        role,
        standing: None,
        version: 1,
        created_at: at(10),
    };
    db.write(person.pool, move |tx| memberships::insert(tx, &place)).await.unwrap();
}

/// The people's numbers and roles, and how many there are in all.
async fn roster(
    db: &Db,
    pool: PoolId,
    text: &str,
    order: (Order, bool),
    part: Part,
) -> (Vec<(i64, Role)>, i64) {
    let text = folded(text);
    let (people, total) = db
        .read(pool, move |tx| {
            let sought = Sought { tenant: HERE, kinds: EVERYBODY, text: &text };
            Ok((rosters::list(tx, sought, order, part)?, rosters::count(tx, sought)?))
        })
        .await
        .unwrap();
    (people.into_iter().map(|(person, role)| (person.number.get(), role)).collect(), total)
}

async fn numbers(db: &Db, text: &str, order: (Order, bool), part: Part) -> Vec<i64> {
    roster(db, POOL, text, order, part).await.0.into_iter().map(|(number, _)| number).collect()
}

suite! {
    async fn every_order_runs_both_ways_and_folds_every_letter(db) {
        for (n, first) in [(3, "émile"), (4, "Zoe"), (5, "Émile"), (6, "adam"), (7, "ZOE"), (8, "Ömer")] {
            named(&db, n, first, "").await;
        }
        let emails = [(3, "C"), (4, "b"), (5, "É"), (6, "a"), (7, "D"), (8, "ä")];
        for (n, local) in emails {
            let mut changed = db.read(POOL, move |tx| doorward_store::people::find(tx, person(n).id)).await.unwrap().unwrap();
            changed.email = Email::parse(&format!("{local}@example.com")).unwrap();
            changed.modified_at = at(100 - i64::from(n));
            db.write(POOL, move |tx| doorward_store::people::update(tx, &changed)).await.unwrap();
        }
        for (order, expected) in [
            (Order::Created, [3, 4, 5, 6, 7, 8]),
            (Order::Modified, [8, 7, 6, 5, 4, 3]),
            (Order::Name, [6, 4, 7, 3, 5, 8]),
            (Order::Email, [6, 4, 3, 7, 8, 5]),
        ] {
            assert_eq!(numbers(&db, "", (order, false), ALL).await, expected, "{order:?}");
            let mut backwards = expected;
            backwards.reverse();
            assert_eq!(numbers(&db, "", (order, true), ALL).await, backwards, "{order:?} backwards");
        }
    }

    async fn a_part_is_cut_from_the_whole_and_told_how_much_that_is(db) {
        for n in 3..8 {
            named(&db, n, "Ada", "Example").await;
        }
        let by_name = (Order::Name, false);
        for (start, rows, expected) in [
            (0, 2, vec![3, 4]), (2, 2, vec![5, 6]), (4, 2, vec![7]), (5, 2, vec![]), (i64::MAX, i64::MAX, vec![]),
            (1, i64::MAX, vec![4, 5, 6, 7]), (0, 0, vec![]),
        ] {
            let part = Part { start, rows };
            let (people, total) = roster(&db, POOL, "", by_name, part).await;
            let numbers: Vec<i64> = people.into_iter().map(|(number, _)| number).collect();
            assert_eq!((numbers, total), (expected, 5), "{part:?}");
        }
    }

    async fn a_person_of_several_places_is_one_with_the_strongest_role(db) {
        let ada = named(&db, 3, "Ada", "Example").await;
        place(&db, 20, &ada, Kind::Administrator, Role::Admin).await;
        place(&db, 21, &ada, Kind::Contact, Role::Callcentre).await;
        named(&db, 4, "Bob", "Example").await;
        let first = Part { start: 0, rows: 1 };
        assert_eq!(roster(&db, POOL, "", (Order::Name, false), first).await, (vec![(3, Role::Admin)], 2));
        assert_eq!(roster(&db, OTHER, "", (Order::Name, false), ALL).await, (Vec::new(), 0));
        let members = db.read(POOL, |tx| {
            let sought = Sought { tenant: HERE, kinds: &[Kind::Member], text: "" };
            Ok((rosters::list(tx, sought, (Order::Name, false), ALL)?.len(), rosters::count(tx, sought)?))
        });
        assert_eq!(members.await, Ok((0, 0)));
        let elsewhere = db.read(POOL, |tx| {
            let sought = Sought { tenant: TenantId::new(id(2)), kinds: EVERYBODY, text: "" };
            rosters::count(tx, sought)
        });
        assert_eq!(elsewhere.await, Ok(0));
    }

    async fn a_text_is_found_in_names_and_e_mails_in_any_case_and_means_itself(db) {
        let mut ada = named(&db, 3, ODD, "Émile").await;
        ada.profile.known_as = Some("Ace!".to_owned());
        let written = ada.clone();
        db.write(POOL, move |tx| doorward_store::people::update(tx, &written)).await.unwrap();
        named(&db, 4, "Bob", "Cole").await;
        let gone = Person { status: PersonStatus::Deleted, ..named(&db, 5, "Ace", "Gone").await };
        db.write(POOL, move |tx| doorward_store::people::update(tx, &gone)).await.unwrap();
        for (text, expected) in [
            ("ZOË", vec![3]), ("%_", vec![3]), ("\\", vec![3]), ("ACE!", vec![3]), ("--", vec![3]), ("éMILE", vec![3]),
            ("e\u{301}mile", vec![3]), ("b c", vec![4]), ("PERSON4@", vec![4]), ("", vec![3, 4]), ("example", vec![3, 4]),
            ("b_b", vec![]), ("b%c", vec![]), ("!", vec![3]), ("gone", vec![]),
        ] {
            assert_eq!(numbers(&db, text, (Order::Name, false), ALL).await.len(), expected.len(), "{text}");
            let mut found = numbers(&db, text, (Order::Created, false), ALL).await;
            found.sort_unstable();
            assert_eq!(found, expected, "{text}");
        }
        assert_eq!(roster(&db, POOL, &"x".repeat(100_000), (Order::Name, false), ALL).await, (Vec::new(), 0));
    }

    async fn a_roster_goes_on_behind_an_id_with_each_person_once(db) {
        for n in [3, 4, 5, 6] {
            let known = named(&db, n, "Ada", "").await;
            place(&db, n + 100, &known, Kind::Administrator, Role::Admin).await;
        }
        let gone = Person { status: PersonStatus::Deleted, ..person(5) };
        db.write(POOL, move |tx| doorward_store::people::update(tx, &gone)).await.unwrap();
        let db = &db;
        let after = async |n: u128, limit| {
            let listed = db.read(POOL, move |tx| rosters::list_after(tx, HERE, PersonId::new(id(n)), limit)).await.unwrap();
            listed.into_iter().map(|(person, role)| (person.number.get(), role)).collect::<Vec<_>>()
        };
        assert_eq!(after(0, 2).await, [(3, Role::Admin), (4, Role::Admin)]);
        assert_eq!(after(3, 9).await, [(4, Role::Admin), (6, Role::Admin)]);
        assert_eq!(after(6, 9).await, []);
        let elsewhere = db.read(OTHER, |tx| rosters::list_after(tx, HERE, PersonId::new(id(0)), 9)).await;
        assert_eq!(elsewhere, Ok(Vec::new()));
    }
}
