//! Whose stored password is of which kind: a row under the root of the pool, and under every other tenant they have a place in.
//! Kept by [`crate::people`] and [`crate::memberships`]; who was here before is filled in by [`fill`]. A program of before set
//! passwords without it, so whoever reads it is told the password's kind of now as well.

use crate::people::{self, PERSON_COLUMNS, person_columns};
use crate::{Error, HouseTx, Statement, Statements, Tx, fills, people_words, sql};
use doorward_model::{HashScheme, Person, PersonId, PersonStatus, TenantId};

const INSERT: Statement =
    sql("INSERT INTO password_schemes (pool, scope, scheme, person) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (pool, scope, scheme, person) DO NOTHING");
const DELETE: Statement =
    sql("DELETE FROM password_schemes WHERE pool = $1 AND scope = $2 AND scheme = $3 AND person = $4");

/// After somebody's password was set, or they were deleted or brought back: what they had, and what they have.
pub(crate) fn change(
    tx: &mut Tx<'_>,
    person: PersonId,
    before: Option<&HashScheme>,
    after: Option<&HashScheme>,
) -> Result<(), Error> {
    let gone = before.filter(|before| Some(*before) != after);
    for scope in people_words::scopes(tx, person)? {
        if let Some(gone) = gone {
            tx.execute(&DELETE, &[&tx.pool(), &scope, &gone.as_str(), &person])?;
        }
        // Also where it stays the same: a program of before may not have written it.
        if let Some(after) = after {
            tx.execute(&INSERT, &[&tx.pool(), &scope, &after.as_str(), &person])?;
        }
    }
    Ok(())
}

/// What a living person has now.
fn of(tx: &mut Tx<'_>, person: PersonId) -> Result<Option<HashScheme>, Error> {
    let lives = people::find(tx, person)?.is_some_and(|it| it.status != PersonStatus::Deleted);
    let stored = if lives { people::find_password(tx, person)? } else { None };
    Ok(stored.map(|stored| HashScheme::of(stored.expose())))
}

/// After somebody was given a place in a tenant that is not the root.
pub(crate) fn add(tx: &mut Tx<'_>, scope: TenantId, person: PersonId) -> Result<(), Error> {
    let Some(scheme) = of(tx, person)? else { return Ok(()) };
    tx.execute(&INSERT, &[&tx.pool(), &scope, &scheme.as_str(), &person])?;
    Ok(())
}

/// After somebody's last place in a tenant that is not the root was taken away.
pub(crate) fn remove(tx: &mut Tx<'_>, scope: TenantId, person: PersonId) -> Result<(), Error> {
    let Some(scheme) = of(tx, person)? else { return Ok(()) };
    tx.execute(&DELETE, &[&tx.pool(), &scope, &scheme.as_str(), &person])?;
    Ok(())
}

const NEXT_SCHEME: Statement = sql("SELECT scheme FROM password_schemes \
     WHERE pool = $1 AND scope = $2 AND scheme > $3 ORDER BY scheme LIMIT 1");
/// More kinds than any platform has had; a column full of something else shall not keep a page busy.
const MOST_SCHEMES: usize = 64;

/// The kinds that anybody under a tenant has. One look-up each, however many people have it.
pub fn list(tx: &mut Tx<'_>, scope: TenantId) -> Result<Vec<HashScheme>, Error> {
    let mut found: Vec<HashScheme> = Vec::new();
    while found.len() < MOST_SCHEMES {
        let after = found.last().map_or("", HashScheme::as_str);
        let next = tx.row(&NEXT_SCHEME, &[&tx.pool(), &scope, &after], |row| row.get::<String>(0))?;
        let Some(next) = next else { break };
        found.push(HashScheme::named(&next));
    }
    Ok(found)
}

const LIST_PEOPLE: Statement = sql(concat!(
    "SELECT ",
    person_columns!(),
    ", p.password_hash FROM password_schemes s JOIN people p ON p.pool = s.pool AND p.id = s.person \
     WHERE s.pool = $1 AND s.scope = $2 AND s.scheme = $3 AND s.person > $4 ORDER BY s.person LIMIT $5"
));
/// Where the password stands, behind a person's columns.
const PASSWORD: usize = PERSON_COLUMNS;

/// People under a tenant whose password was of a kind, behind an id, by id, at most `limit`; and whether they are alive and it
/// still is.
pub fn list_people(
    tx: &mut Tx<'_>,
    scope: TenantId,
    scheme: &HashScheme,
    after: PersonId,
    limit: i64,
) -> Result<Vec<(Person, bool)>, Error> {
    tx.rows(&LIST_PEOPLE, &[&tx.pool(), &scope, &scheme.as_str(), &after, &limit], |row| {
        let person = people::read(row)?;
        let stored: Option<String> = row.get(PASSWORD)?;
        let is_current = stored.is_some_and(|stored| HashScheme::of(&stored) == *scheme);
        Ok((person.clone(), is_current && person.status != PersonStatus::Deleted))
    })
}

const LIST_IDS: Statement = sql("SELECT person FROM password_schemes \
     WHERE pool = $1 AND scope = $2 AND scheme = $3 ORDER BY person LIMIT $4");

/// Up to `limit` ids of people under a tenant whose password is of a kind: for counting them.
pub fn list_ids(
    tx: &mut Tx<'_>,
    scope: TenantId,
    scheme: &HashScheme,
    limit: i64,
) -> Result<Vec<PersonId>, Error> {
    tx.rows(&LIST_IDS, &[&tx.pool(), &scope, &scheme.as_str(), &limit], |row| row.get(0))
}

const WORK: &str = "password_schemes";

/// Whether everybody who was here before is filled in.
pub fn is_filled(tx: &mut HouseTx<'_>) -> Result<bool, Error> {
    fills::is_done(tx, WORK)
}

/// Fills in the next `people`; `true` if there may be more.
pub fn fill(tx: &mut HouseTx<'_>, people: i64) -> Result<bool, Error> {
    fills::go_on(tx, WORK, people, |tx, person| {
        let scheme = of(tx, person)?;
        change(tx, person, None, scheme.as_ref())
    })
}
