//! People: one per e-mail in a pool.

use crate::columns::{read_notifications, write_notifications};
use crate::{
    Error, Invalidation, Json, Row, Statement, Statements, Tx, digests, password_schemes, people_words, sql,
    used_by,
};
use doorward_model::{
    Email, HashScheme, Language, Person, PersonId, PersonNumber, PersonStatus, Profile, Secret, Timestamp,
    Verified, folded, search_words,
};

/// What [`read`] reads, of `people p`.
macro_rules! person_columns {
    () => {
        "p.pool, p.id, p.home, p.number, p.email, p.first_name, p.last_name, p.known_as, p.extra, p.status, \
         p.verified, p.password_reset_required, p.notifications, p.auth_generation, p.version, p.created_at, \
         p.modified_at, p.feed_generation, p.language"
    };
}
pub(crate) use person_columns;

/// How many they are: where what follows them stands.
pub(crate) const PERSON_COLUMNS: usize = 19;

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT ", person_columns!(), " FROM people p ", $rest)
    };
}

const INSERT: Statement = sql(
    "INSERT INTO people (pool, id, home, number, email, email_key, first_name, last_name, known_as, extra, status, \
     verified, password_reset_required, notifications, feed_generation, auth_generation, version, created_at, modified_at, \
     name_key, known_as_key, language) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1, $15, $16, $17, $18, $19, $20, $21)",
);

/// Adds a person without a password. An e-mail the pool already knows is [`Error::Constraint`].
pub fn insert(tx: &mut Tx<'_>, person: &Person) -> Result<(), Error> {
    tx.execute(
        &INSERT,
        &[
            &tx.pool(),
            &person.id,
            &person.home,
            &person.number.get(),
            &person.email.as_written(),
            &person.email.canonical(),
            &person.profile.first_name,
            &person.profile.last_name,
            &person.profile.known_as,
            &Json::of(&person.profile.extra)?,
            &person.status.as_str(),
            &person.verified.as_str(),
            &person.password_reset_required,
            &write_notifications(person.notifications)?,
            &person.auth_generation,
            &person.version,
            &person.created_at,
            &person.modified_at,
            &name_key(&person.profile),
            &known_as_key(&person.profile),
            &person.language.map(Language::as_str),
        ],
    )?;
    if person.notifications.wants_digest() {
        digests::follow(tx, person)?;
    }
    let root = tx.pool().root();
    people_words::add(tx, root, person.id, &search_words(person))
}

const FIND: Statement = sql(select!("WHERE p.pool = $1 AND p.id = $2"));

/// One person, deleted ones included.
pub fn find(tx: &mut Tx<'_>, id: PersonId) -> Result<Option<Person>, Error> {
    tx.row(&FIND, &[&tx.pool(), &id], read)
}

const FIND_BY_EMAIL: Statement = sql(select!("WHERE p.pool = $1 AND p.email_key = $2"));

/// The living person of an e-mail.
pub fn find_by_email(tx: &mut Tx<'_>, email: &Email) -> Result<Option<Person>, Error> {
    tx.row(&FIND_BY_EMAIL, &[&tx.pool(), &email.canonical()], read)
}

/// What an attempt to sign in needs of somebody before their password is hashed.
#[derive(Clone, Debug)]
pub struct Account {
    /// Who.
    pub person: PersonId,
    /// Their `auth_generation`.
    pub generation: i64,
    /// The PHC string of their password, if one was set.
    pub password: Option<Secret>,
}

const FIND_ACCOUNT: Statement =
    sql("SELECT id, auth_generation, password_hash FROM people WHERE pool = $1 AND email_key = $2");

/// The same in short, for signing in.
pub fn find_account(tx: &mut Tx<'_>, email: &Email) -> Result<Option<Account>, Error> {
    tx.row(&FIND_ACCOUNT, &[&tx.pool(), &email.canonical()], |row| {
        let password = row.get::<Option<String>>(2)?.map(Secret::new);
        Ok(Account { person: row.get(0)?, generation: row.get(1)?, password })
    })
}

const FIND_BY_NUMBER: Statement = sql(select!("WHERE p.pool = $1 AND p.number = $2"));

/// One person by the number clients see, deleted ones included.
pub fn find_by_number(tx: &mut Tx<'_>, number: PersonNumber) -> Result<Option<Person>, Error> {
    tx.row(&FIND_BY_NUMBER, &[&tx.pool(), &number.get()], read)
}

const UPDATE: Statement = sql(
    "UPDATE people SET email = $3, email_key = $4, first_name = $5, last_name = $6, known_as = $7, extra = $8, \
     status = $9, verified = $10, password_reset_required = $11, notifications = $12, modified_at = $13, \
     name_key = $14, known_as_key = $15, language = $16, version = version + 1 WHERE pool = $1 AND id = $2",
);

/// Writes everything that may change but password and generation. A deleted person gives the e-mail free.
pub fn update(tx: &mut Tx<'_>, person: &Person) -> Result<(), Error> {
    let before = find(tx, person.id)?;
    let email_key = (person.status != PersonStatus::Deleted).then(|| person.email.canonical());
    tx.execute(
        &UPDATE,
        &[
            &tx.pool(),
            &person.id,
            &person.email.as_written(),
            &email_key,
            &person.profile.first_name,
            &person.profile.last_name,
            &person.profile.known_as,
            &Json::of(&person.profile.extra)?,
            &person.status.as_str(),
            &person.verified.as_str(),
            &person.password_reset_required,
            &write_notifications(person.notifications)?,
            &person.modified_at,
            &name_key(&person.profile),
            &known_as_key(&person.profile),
            &person.language.map(Language::as_str),
        ],
    )?;
    digests::follow(tx, person)?;
    tx.invalidate(Invalidation::Person { pool: tx.pool(), person: person.id });
    if before.as_ref().is_some_and(|before| before.status != person.status) {
        let password = find_password(tx, person.id)?;
        let scheme = password.map(|stored| HashScheme::of(stored.expose()));
        if person.status == PersonStatus::Deleted {
            password_schemes::change(tx, person.id, scheme.as_ref(), None)?;
            used_by::forget_person(tx, person.id)?;
        } else {
            password_schemes::change(tx, person.id, None, scheme.as_ref())?;
        }
    }
    let words = before.as_ref().map(search_words).unwrap_or_default();
    people_words::change(tx, person, &words)
}

/// What names are searched and ordered by.
fn name_key(profile: &Profile) -> String {
    folded(&profile.full_name())
}

fn known_as_key(profile: &Profile) -> String {
    folded(profile.known_as.as_deref().unwrap_or_default())
}

const ADVANCE: Statement =
    sql("UPDATE people SET auth_generation = auth_generation + 1, version = version + 1 \
     WHERE pool = $1 AND id = $2 RETURNING auth_generation");

/// Ends every session, key and open code of a person; returns the new generation, `None` for nobody.
pub fn advance_generation(tx: &mut Tx<'_>, id: PersonId) -> Result<Option<i64>, Error> {
    tx.invalidate(Invalidation::Person { pool: tx.pool(), person: id });
    tx.row(&ADVANCE, &[&tx.pool(), &id], |row| row.get(0))
}

const FIND_PASSWORD: Statement = sql("SELECT password_hash FROM people WHERE pool = $1 AND id = $2");

/// The PHC string of a person's password, if one was set.
pub fn find_password(tx: &mut Tx<'_>, id: PersonId) -> Result<Option<Secret>, Error> {
    let hash = tx.row(&FIND_PASSWORD, &[&tx.pool(), &id], |row| row.get::<Option<String>>(0))?;
    Ok(hash.flatten().map(Secret::new))
}

const SET_PASSWORD: Statement = sql(
    "UPDATE people SET password_hash = $3, password_changed_at = $4, password_reset_required = 0, modified_at = $4, \
     version = version + 1 WHERE pool = $1 AND id = $2",
);

/// Sets a new password's PHC string; nothing is required of its owner any more.
pub fn set_password(tx: &mut Tx<'_>, id: PersonId, hash: &Secret, at: Timestamp) -> Result<(), Error> {
    let before = find_password(tx, id)?.map(|stored| HashScheme::of(stored.expose()));
    tx.execute(&SET_PASSWORD, &[&tx.pool(), &id, &hash.expose(), &at])?;
    password_schemes::change(tx, id, before.as_ref(), Some(&HashScheme::of(hash.expose())))
}

const REHASH: Statement =
    sql("UPDATE people SET password_hash = $4 WHERE pool = $1 AND id = $2 AND password_hash = $3");

/// Replaces the hash of an unchanged password by a stronger one; does nothing if the password changed meanwhile.
pub fn rehash(tx: &mut Tx<'_>, id: PersonId, old: &Secret, new: &Secret) -> Result<(), Error> {
    if tx.execute(&REHASH, &[&tx.pool(), &id, &old.expose(), &new.expose()])? == 0 {
        return Ok(());
    }
    let [old, new] = [old, new].map(|hash| HashScheme::of(hash.expose()));
    password_schemes::change(tx, id, Some(&old), Some(&new))
}

const ROTATE_FEED: Statement =
    sql("UPDATE people SET feed_generation = feed_generation + 1 WHERE pool = $1 AND id = $2");

/// Makes the address of a person's calendar feed a new one.
pub fn rotate_feed(tx: &mut Tx<'_>, id: PersonId) -> Result<(), Error> {
    tx.execute(&ROTATE_FEED, &[&tx.pool(), &id])?;
    Ok(())
}

const LEARN_LANGUAGE: Statement =
    sql("UPDATE people SET language = $3 WHERE pool = $1 AND id = $2 AND language IS NULL");

/// Notes what somebody reads, unless it is known. It counts as no change: nobody asked for one.
pub fn learn_language(tx: &mut Tx<'_>, id: PersonId, language: Language) -> Result<(), Error> {
    tx.execute(&LEARN_LANGUAGE, &[&tx.pool(), &id, &language.as_str()])?;
    tx.invalidate(Invalidation::Person { pool: tx.pool(), person: id });
    Ok(())
}

pub(crate) fn read(row: &Row<'_>) -> Result<Person, Error> {
    Ok(Person {
        pool: row.get(0)?,
        id: row.get(1)?,
        home: row.get(2)?,
        number: PersonNumber::new(row.get(3)?).map_err(|_| row.broken(3))?,
        email: row.parsed(4, |text| Email::parse(text).ok())?,
        profile: Profile {
            first_name: row.get(5)?,
            last_name: row.get(6)?,
            known_as: row.get(7)?,
            extra: row.json(8)?,
        },
        status: row.parsed(9, PersonStatus::parse)?,
        verified: row.parsed(10, Verified::parse)?,
        password_reset_required: row.get(11)?,
        notifications: row.parsed(12, read_notifications)?,
        auth_generation: row.get(13)?,
        version: row.get(14)?,
        created_at: row.get(15)?,
        modified_at: row.get(16)?,
        feed_generation: row.get(17)?,
        language: row.parsed_option(18, Language::parse)?,
    })
}
