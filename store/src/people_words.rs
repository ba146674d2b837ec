//! Words by which people are found: a row for each word of a living person under the root of their pool, and under every
//! other tenant they have a place in. Kept by [`crate::people`] and [`crate::memberships`]; who was here before is filled in
//! by [`fill`]. docs/decisions/people-search.md says why.

use crate::people::{self, PERSON_COLUMNS, person_columns};
use crate::{Error, HouseTx, Statement, Statements, Tx, fills, memberships, sql};
use doorward_model::{Person, PersonId, TenantId, search_words};
use std::collections::BTreeSet;
use uuid::Uuid;

const INSERT: Statement =
    sql("INSERT INTO people_words (pool, scope, word, person) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (pool, scope, word, person) DO NOTHING");
const DELETE: Statement =
    sql("DELETE FROM people_words WHERE pool = $1 AND scope = $2 AND word = $3 AND person = $4");

/// What somebody is found by as they are written now.
pub(crate) fn of(tx: &mut Tx<'_>, person: PersonId) -> Result<BTreeSet<String>, Error> {
    Ok(people::find(tx, person)?.as_ref().map(search_words).unwrap_or_default())
}

/// Puts words under one tenant.
pub(crate) fn add(
    tx: &mut Tx<'_>,
    scope: TenantId,
    person: PersonId,
    words: &BTreeSet<String>,
) -> Result<(), Error> {
    for word in words {
        tx.execute(&INSERT, &[&tx.pool(), &scope, word, &person])?;
    }
    Ok(())
}

/// Takes them away again.
pub(crate) fn remove(
    tx: &mut Tx<'_>,
    scope: TenantId,
    person: PersonId,
    words: &BTreeSet<String>,
) -> Result<(), Error> {
    for word in words {
        tx.execute(&DELETE, &[&tx.pool(), &scope, word, &person])?;
    }
    Ok(())
}

/// After somebody was changed: what differs, wherever they have a place. `before` is what [`of`] said before the change.
pub(crate) fn change(tx: &mut Tx<'_>, person: &Person, before: &BTreeSet<String>) -> Result<(), Error> {
    let after = search_words(person);
    if *before == after {
        return Ok(());
    }
    let gone: BTreeSet<String> = before.difference(&after).cloned().collect();
    for scope in scopes(tx, person.id)? {
        remove(tx, scope, person.id, &gone)?;
        // All of them: what an older program wrote meanwhile may have none.
        add(tx, scope, person.id, &after)?;
    }
    Ok(())
}

/// The root of the pool, and the tenants somebody has a place in.
pub(crate) fn scopes(tx: &mut Tx<'_>, person: PersonId) -> Result<BTreeSet<TenantId>, Error> {
    let places = memberships::list_by_person(tx, person)?;
    Ok(places.iter().map(|place| place.tenant).chain([tx.pool().root()]).collect())
}

/// Where a search goes on: behind this word of this person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The word.
    pub word: String,
    /// Whose.
    pub person: PersonId,
}

impl Place {
    /// Before every word that begins with `prefix`.
    pub fn before(prefix: &str) -> Self {
        Self { word: prefix.to_owned(), person: PersonId::new(Uuid::nil()) }
    }

    /// For a cursor.
    pub fn bytes(&self) -> Vec<u8> {
        [self.person.as_bytes().as_slice(), self.word.as_bytes()].concat()
    }

    /// Of a cursor.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let (person, word) = bytes.split_at_checked(16)?;
        let word = std::str::from_utf8(word).ok()?.to_owned();
        Some(Self { word, person: PersonId::new(Uuid::from_slice(person).ok()?) })
    }
}

const FIND: Statement = sql(concat!(
    "SELECT ",
    person_columns!(),
    ", w.word FROM people_words w JOIN people p ON p.pool = w.pool AND p.id = w.person \
     WHERE w.pool = $1 AND w.scope = $2 AND (w.word, w.person) > ($3, $4) AND w.word < $5 \
     ORDER BY w.word, w.person LIMIT $6"
));
/// Where the word stands, behind a person's columns.
const WORD: usize = PERSON_COLUMNS;

/// Greater than every text that begins with what stands before it.
const LAST: char = '\u{10FFFF}';

/// Up to `rows` words at one tenant that begin with `prefix` and stand behind `after`, each with its person, in the order of
/// words. A person has a row for each such word; the caller takes one of them, and checks it against the person.
pub fn find(
    tx: &mut Tx<'_>,
    scope: TenantId,
    prefix: &str,
    after: &Place,
    rows: i64,
) -> Result<Vec<(Place, Person)>, Error> {
    let end = format!("{prefix}{LAST}");
    tx.rows(&FIND, &[&tx.pool(), &scope, &after.word, &after.person, &end, &rows], |row| {
        let person = people::read(row)?;
        Ok((Place { word: row.get(WORD)?, person: person.id }, person))
    })
}

const WORK: &str = "people_words";

/// Whether everybody who was here before is filled in, so that a search finds all there are.
pub fn is_filled(tx: &mut HouseTx<'_>) -> Result<bool, Error> {
    fills::is_done(tx, WORK)
}

/// Fills in the next `people`; `true` if there may be more.
pub fn fill(tx: &mut HouseTx<'_>, people: i64) -> Result<bool, Error> {
    fills::go_on(tx, WORK, people, |tx, person| {
        let words = of(tx, person)?;
        scopes(tx, person)?.into_iter().try_for_each(|scope| add(tx, scope, person, &words))
    })
}
