//! People: one per e-mail in a pool, and a password that two writers cannot confuse.

use super::{ODD, OTHER, POOL, assert_breaks, at, id};
use crate::fresh::listen;
use doorward_model::{
    Email, Language, NotificationSettings, Person, PersonId, PersonNumber, PersonStatus, PoolId, Profile,
    Secret, TenantId, Verified,
};
use doorward_store::{Db, Error, Invalidation, people};

/// Somebody of whom nothing but an e-mail is known.
pub(crate) fn person(n: u32) -> Person {
    Person {
        id: PersonId::new(id(n.into())),
        pool: POOL,
        home: TenantId::new(id(1)),
        number: PersonNumber::new(n.into()).unwrap(),
        email: Email::parse(&format!("Person{n}@example.com")).unwrap(),
        profile: Profile::default(),
        status: PersonStatus::Active,
        verified: Verified::No,
        password_reset_required: false,
        notifications: NotificationSettings::default(),
        language: None,
        feed_generation: 1,
        auth_generation: 1,
        version: 1,
        created_at: at(10),
        modified_at: at(10),
    }
}

/// The same person with everything known of them.
fn known(n: u32) -> Person {
    Person {
        email: Email::parse("Ana.Müller@Example.com").unwrap(),
        profile: Profile {
            first_name: Some(ODD.to_owned()),
            last_name: Some(String::new()),
            known_as: Some("Ana".to_owned()),
            extra: vec![(ODD.to_owned(), ODD.to_owned()), ("a".to_owned(), String::new())],
        },
        status: PersonStatus::Inactive,
        verified: Verified::ByMail,
        password_reset_required: true,
        notifications: NotificationSettings { instant: true, evening: false, morning: true, new_lead: true },
        modified_at: at(20),
        language: Some(Language::De),
        ..person(n)
    }
}

/// Adds a person to the pool they name.
pub(crate) async fn insert(db: &Db, person: &Person) -> Result<(), Error> {
    let person = person.clone();
    db.write(person.pool, move |tx| people::insert(tx, &person)).await
}

async fn update(db: &Db, pool: PoolId, person: &Person) -> Result<(), Error> {
    let person = person.clone();
    db.write(pool, move |tx| people::update(tx, &person)).await
}

async fn find(db: &Db, pool: PoolId, n: u128) -> Option<Person> {
    db.read(pool, move |tx| people::find(tx, PersonId::new(id(n)))).await.unwrap()
}

async fn by_email(db: &Db, pool: PoolId, email: &str) -> Option<PersonId> {
    let email = Email::parse(email).unwrap();
    db.read(pool, move |tx| people::find_by_email(tx, &email)).await.unwrap().map(|person| person.id)
}

async fn password(db: &Db, pool: PoolId, n: u128) -> Option<String> {
    let hash = db.read(pool, move |tx| people::find_password(tx, PersonId::new(id(n)))).await.unwrap();
    hash.map(|hash| hash.expose().to_owned())
}

async fn set_password(db: &Db, pool: PoolId, n: u128, hash: &str) {
    let hash = Secret::new(hash);
    db.write(pool, move |tx| people::set_password(tx, PersonId::new(id(n)), &hash, at(30))).await.unwrap();
}

suite! {
    async fn a_person_is_found_by_id_e_mail_and_number_in_their_own_pool_only(db) {
        let (bare, full) = (person(3), Person { auth_generation: 7, version: 8, ..known(4) });
        for person in [&bare, &full] {
            insert(&db, person).await.unwrap();
        }
        assert_eq!(find(&db, POOL, 3).await, Some(bare));
        assert_eq!(find(&db, POOL, 4).await, Some(full.clone()));
        assert_eq!(by_email(&db, POOL, "ana.MÜLLER@example.com").await, Some(full.id));
        assert_eq!(by_email(&db, POOL, "ana_müller@example.com").await, None);
        let number = full.number;
        let by_number = db.read(POOL, move |tx| people::find_by_number(tx, number)).await.unwrap();
        assert_eq!(by_number, Some(full.clone()));

        assert_eq!(find(&db, OTHER, 4).await, None);
        assert_eq!(by_email(&db, OTHER, "ana.müller@example.com").await, None);
        let elsewhere = db.read(OTHER, move |tx| people::find_by_number(tx, number)).await.unwrap();
        assert_eq!(elsewhere, None);
    }

    async fn a_person_who_names_another_pool_stays_in_the_transactions(db) {
        let stray = Person { pool: OTHER, ..person(3) };
        db.write(POOL, move |tx| people::insert(tx, &stray)).await.unwrap();
        assert_eq!((find(&db, POOL, 3).await, find(&db, OTHER, 3).await), (Some(person(3)), None));
    }

    async fn e_mails_and_numbers_are_unique_in_a_pool_and_free_in_the_next(db) {
        insert(&db, &person(3)).await.unwrap();
        let same_email = Person { email: Email::parse("PERSON3@example.com").unwrap(), ..person(4) };
        assert_breaks(insert(&db, &same_email).await, "people.pool, people.email_key");
        let same_number = Person { number: person(3).number, ..person(4) };
        assert_breaks(insert(&db, &same_number).await, "people.pool, people.number");
        insert(&db, &person(4)).await.unwrap();
        let taken = Person { email: person(3).email, ..person(4) };
        assert_breaks(update(&db, POOL, &taken).await, "people.pool, people.email_key");
        insert(&db, &Person { pool: OTHER, ..person(3) }).await.unwrap();
    }

    async fn an_update_writes_what_may_change_and_moves_the_version(db) {
        insert(&db, &person(3)).await.unwrap();
        let heard = listen(&db);
        let untouchable = Person { auth_generation: 99, version: 99, created_at: at(99), ..known(3) };
        update(&db, POOL, &untouchable).await.unwrap();
        assert_eq!(find(&db, POOL, 3).await, Some(Person { version: 2, ..known(3) }));
        assert_eq!(*heard.lock().unwrap(), [Invalidation::Person { pool: POOL, person: person(3).id }]);
        assert_eq!(by_email(&db, POOL, "person3@example.com").await, None);
        update(&db, OTHER, &person(3)).await.unwrap();
        assert_eq!(find(&db, POOL, 3).await, Some(Person { version: 2, ..known(3) }));
    }

    async fn a_deleted_person_stays_and_gives_the_e_mail_free(db) {
        insert(&db, &person(3)).await.unwrap();
        let deleted = Person { status: PersonStatus::Deleted, ..person(3) };
        update(&db, POOL, &deleted).await.unwrap();
        assert_eq!(by_email(&db, POOL, "person3@example.com").await, None);
        assert_eq!(find(&db, POOL, 3).await, Some(Person { version: 2, ..deleted }));
        insert(&db, &Person { email: person(3).email, ..person(4) }).await.unwrap();
        assert_eq!(by_email(&db, POOL, "person3@example.com").await, Some(person(4).id));
    }

    async fn a_generation_advances_for_one_person_of_one_pool(db) {
        insert(&db, &person(3)).await.unwrap();
        insert(&db, &Person { pool: OTHER, ..person(3) }).await.unwrap();
        let heard = listen(&db);
        let who = person(3).id;
        let advance = |tx: &mut doorward_store::Tx<'_>, who| people::advance_generation(tx, who);
        assert_eq!(db.write(POOL, move |tx| advance(tx, who)).await, Ok(Some(2)));
        assert_eq!(*heard.lock().unwrap(), [Invalidation::Person { pool: POOL, person: who }]);
        let nobody = PersonId::new(id(9));
        assert_eq!(db.write(POOL, move |tx| advance(tx, nobody)).await, Ok(None));
        assert_eq!(find(&db, POOL, 3).await, Some(Person { auth_generation: 2, version: 2, ..person(3) }));
        assert_eq!(find(&db, OTHER, 3).await.unwrap().auth_generation, 1);
    }

    async fn a_password_is_set_for_one_person_of_one_pool_and_fulfils_what_was_required(db) {
        insert(&db, &Person { password_reset_required: true, ..person(3) }).await.unwrap();
        assert_eq!(password(&db, POOL, 3).await, None);
        assert_eq!(password(&db, POOL, 9).await, None);
        set_password(&db, OTHER, 3, "elsewhere").await;
        assert_eq!(password(&db, POOL, 3).await, None);
        set_password(&db, POOL, 3, ODD).await;
        assert_eq!(password(&db, POOL, 3).await.as_deref(), Some(ODD));
        assert_eq!(password(&db, OTHER, 3).await, None);
        assert_eq!(find(&db, POOL, 3).await, Some(Person { version: 2, modified_at: at(30), ..person(3) }));
    }

    async fn a_stronger_hash_never_overwrites_a_newer_password(db) {
        insert(&db, &person(3)).await.unwrap();
        set_password(&db, POOL, 3, "new").await;
        for (pool, old, expected) in [(POOL, "old", "new"), (OTHER, "new", "new"), (POOL, "new", "stronger")] {
            db.write(pool, move |tx| {
                people::rehash(tx, person(3).id, &Secret::new(old), &Secret::new("stronger"))
            }).await.unwrap();
            assert_eq!(password(&db, POOL, 3).await.as_deref(), Some(expected));
        }
    }

    async fn a_feed_gets_a_new_generation_in_one_pool(db) {
        insert(&db, &person(3)).await.unwrap();
        for (pool, generation) in [(OTHER, 1), (POOL, 2), (POOL, 3)] {
            db.write(pool, |tx| people::rotate_feed(tx, person(3).id).map(|_| ())).await.unwrap();
            assert_eq!(find(&db, POOL, 3).await.unwrap().feed_generation, generation);
        }
    }
}
