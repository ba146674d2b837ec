//! Who used a thing, under each tenant whose administrator may see it: on how many days, first and last.

use crate::people::{self, PERSON_COLUMNS, person_columns};
use crate::uses::Of;
use crate::{Error, Statement, Statements, Tx, sql};
use doorward_model::{Day, Person, PersonId, PersonStatus, Timestamp};

/// Somebody who used a thing.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    /// Who.
    pub person: Person,
    /// On how many days.
    pub days: i64,
    /// When first, as far as it is known.
    pub first_at: Timestamp,
    /// When last.
    pub last_at: Timestamp,
}

const NOTE: Statement =
    sql("INSERT INTO used_by (pool, scope, kind, subject, person, days, first_at, last_at) \
     VALUES ($1, $2, $3, $4, $5, 1, $6, $6) ON CONFLICT (pool, scope, kind, subject, person) DO UPDATE SET \
     days = used_by.days + CASE WHEN used_by.last_at < $7 THEN 1 ELSE 0 END, \
     last_at = CASE WHEN used_by.last_at < $6 THEN $6 ELSE used_by.last_at END");

/// Notes that somebody used a thing. The caller has added to the uses of that day in the same transaction.
pub fn note(tx: &mut Tx<'_>, of: Of<'_>, person: PersonId, at: Timestamp) -> Result<(), Error> {
    let Of { scope, kind, subject } = of;
    let begun = Day::of(at).begins();
    tx.execute(&NOTE, &[&tx.pool(), &scope, &kind.as_str(), &subject, &person, &at, &begun])?;
    Ok(())
}

const LIST: Statement = sql(concat!(
    "SELECT ",
    person_columns!(),
    ", u.days, u.first_at, u.last_at FROM used_by u JOIN people p ON p.pool = u.pool AND p.id = u.person \
     WHERE u.pool = $1 AND u.scope = $2 AND u.kind = $3 AND u.subject = $4 AND u.last_at >= $5 \
     AND (u.last_at, u.person) < ($6, $7) AND p.status <> $8 ORDER BY u.last_at DESC, u.person DESC LIMIT $9"
));
/// Where the days stand, behind a person's columns.
const DAYS: usize = PERSON_COLUMNS;

/// Living people who used a thing since a moment, before a place in the list, the latest first.
pub fn list_before(
    tx: &mut Tx<'_>,
    of: Of<'_>,
    since: Timestamp,
    (before, person): (Timestamp, PersonId),
    limit: i64,
) -> Result<Vec<User>, Error> {
    let Of { scope, kind, subject } = of;
    let deleted = PersonStatus::Deleted.as_str();
    tx.rows(
        &LIST,
        &[&tx.pool(), &scope, &kind.as_str(), &subject, &since, &before, &person, &deleted, &limit],
        |row| {
            Ok(User {
                person: people::read(row)?,
                days: row.get(DAYS)?,
                first_at: row.get(DAYS + 1)?,
                last_at: row.get(DAYS + 2)?,
            })
        },
    )
}

const COUNT: Statement = sql(
    "SELECT COUNT(*) FROM (SELECT u.person FROM used_by u JOIN people p ON p.pool = u.pool AND p.id = u.person \
     WHERE u.pool = $1 AND u.scope = $2 AND u.kind = $3 AND u.subject = $4 AND u.last_at >= $5 AND p.status <> $6 \
     ORDER BY u.last_at DESC, u.person DESC LIMIT $7) counted",
);

/// How many living people used a thing since a moment, counted up to `limit`.
pub fn count(tx: &mut Tx<'_>, of: Of<'_>, since: Timestamp, limit: i64) -> Result<i64, Error> {
    let Of { scope, kind, subject } = of;
    let deleted = PersonStatus::Deleted.as_str();
    let counted =
        tx.row(&COUNT, &[&tx.pool(), &scope, &kind.as_str(), &subject, &since, &deleted, &limit], |row| {
            row.get(0)
        })?;
    Ok(counted.unwrap_or(0))
}

const FORGET_PERSON: Statement = sql("DELETE FROM used_by WHERE pool = $1 AND person = $2");

/// Forgets what somebody used: they are deleted. A row for each thing and tenant, so hundreds at worst.
pub(crate) fn forget_person(tx: &mut Tx<'_>, person: PersonId) -> Result<(), Error> {
    tx.execute(&FORGET_PERSON, &[&tx.pool(), &person])?;
    Ok(())
}

const FORGET: Statement =
    sql("DELETE FROM used_by WHERE pool = $1 AND scope = $2 AND kind = $3 AND subject = $4 \
     AND last_at < $5 AND person IN (SELECT person FROM used_by WHERE pool = $1 AND scope = $2 AND kind = $3 \
     AND subject = $4 AND last_at < $5 ORDER BY last_at, person LIMIT $6)");

/// Forgets up to `limit` people who were last seen before a moment; `true` if there may be more.
pub(crate) fn forget(tx: &mut Tx<'_>, of: Of<'_>, before: Timestamp, limit: i64) -> Result<bool, Error> {
    let Of { scope, kind, subject } = of;
    let gone = tx.execute(&FORGET, &[&tx.pool(), &scope, &kind.as_str(), &subject, &before, &limit])?;
    Ok(i64::try_from(gone).is_ok_and(|gone| gone >= limit))
}
