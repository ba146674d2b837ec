//! Memberships: people's places in tenants.

use crate::people::{self, PERSON_COLUMNS, person_columns};
use crate::{
    Error, Invalidation, Part, Row, Statement, Statements, ToValue, Tx, password_schemes, people_words, sql,
};
use doorward_model::{Kind, Membership, MembershipId, Person, PersonId, PersonStatus, Role, TenantId};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, person, tenant, kind, role, standing, created_at, version FROM memberships ",
            $rest
        )
    };
}

const INSERT: Statement =
    sql("INSERT INTO memberships (pool, id, person, tenant, kind, role, standing, created_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");

/// Adds a place; one a person already has in that kind is [`Error::Constraint`].
pub fn insert(tx: &mut Tx<'_>, membership: &Membership) -> Result<(), Error> {
    tx.invalidate(Invalidation::Person { pool: tx.pool(), person: membership.person });
    tx.execute(
        &INSERT,
        &[
            &tx.pool(),
            &membership.id,
            &membership.person,
            &membership.tenant,
            &membership.kind.as_str(),
            &membership.role.as_str(),
            &membership.standing,
            &membership.created_at,
        ],
    )?;
    // Under the root everybody is found already.
    if membership.tenant == tx.pool().root() {
        return Ok(());
    }
    let words = people_words::of(tx, membership.person)?;
    people_words::add(tx, membership.tenant, membership.person, &words)?;
    password_schemes::add(tx, membership.tenant, membership.person)
}

const UPDATE: Statement =
    sql("UPDATE memberships SET role = $3, standing = $4, version = version + 1 WHERE pool = $1 AND id = $2");

/// Writes role and standing.
pub fn update(tx: &mut Tx<'_>, membership: &Membership) -> Result<(), Error> {
    tx.invalidate(Invalidation::Person { pool: tx.pool(), person: membership.person });
    tx.execute(&UPDATE, &[&tx.pool(), &membership.id, &membership.role.as_str(), &membership.standing])?;
    Ok(())
}

const DELETE: Statement = sql("DELETE FROM memberships WHERE pool = $1 AND id = $2 RETURNING person, tenant");

/// Takes a place away; `false` if there was none.
pub fn delete(tx: &mut Tx<'_>, id: MembershipId) -> Result<bool, Error> {
    let place =
        tx.row(&DELETE, &[&tx.pool(), &id], |row| Ok((row.get::<PersonId>(0)?, row.get::<TenantId>(1)?)))?;
    let Some((person, tenant)) = place else { return Ok(false) };
    tx.invalidate(Invalidation::Person { pool: tx.pool(), person });
    let is_still_there = list_by_person(tx, person)?.iter().any(|place| place.tenant == tenant);
    if tenant != tx.pool().root() && !is_still_there {
        let words = people_words::of(tx, person)?;
        people_words::remove(tx, tenant, person, &words)?;
        password_schemes::remove(tx, tenant, person)?;
    }
    Ok(true)
}

const LIST_BY_PERSON: Statement = sql(select!("WHERE pool = $1 AND person = $2 ORDER BY created_at, id"));

/// A person's places, oldest first.
pub fn list_by_person(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Membership>, Error> {
    tx.rows(&LIST_BY_PERSON, &[&tx.pool(), &person], read)
}

const LIST_AFTER: Statement = sql(concat!(
    "SELECT ",
    person_columns!(),
    ", m.id, m.person, m.tenant, m.kind, m.role, m.standing, m.created_at, m.version FROM memberships m \
     JOIN people p ON p.pool = m.pool AND p.id = m.person \
     WHERE m.pool = $1 AND m.tenant = $2 AND (m.person, m.kind) > ($3, $4) AND p.status <> $5 \
     ORDER BY m.person, m.kind LIMIT $6"
));

/// Places of living people in a tenant itself behind this person's place of this kind (of none at the empty word), by
/// person and kind, at most `limit`.
pub fn list_after(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    (person, kind): (PersonId, &str),
    limit: i64,
) -> Result<Vec<(Membership, Person)>, Error> {
    let deleted = PersonStatus::Deleted.as_str();
    tx.rows(&LIST_AFTER, &[&tx.pool(), &tenant, &person, &kind, &deleted, &limit], |row| {
        Ok((read_from(row, PLACE)?, people::read(row)?))
    })
}

macro_rules! living {
    () => {
        "FROM memberships m JOIN people p ON p.pool = m.pool AND p.id = m.person \
         WHERE m.pool = $1 AND m.tenant = $2 AND m.kind = $3 AND p.status <> $4"
    };
}

const LIST_PEOPLE: Statement = sql(concat!(
    "SELECT ",
    person_columns!(),
    ", m.id, m.person, m.tenant, m.kind, m.role, m.standing, m.created_at, m.version ",
    living!(),
    " ORDER BY m.created_at, m.id LIMIT $5 OFFSET $6"
));
/// Where a place's columns begin, behind a person's.
const PLACE: usize = PERSON_COLUMNS;

/// A part of a tenant's living people of one kind with their places, oldest place first.
pub fn list_people(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    kind: Kind,
    part: Part,
) -> Result<Vec<(Membership, Person)>, Error> {
    let (kind, deleted) = (kind.as_str(), PersonStatus::Deleted.as_str());
    tx.rows(&LIST_PEOPLE, &[&tx.pool(), &tenant, &kind, &deleted, &part.rows, &part.start], |row| {
        Ok((read_from(row, PLACE)?, people::read(row)?))
    })
}

const COUNT_PEOPLE: Statement = sql(concat!("SELECT COUNT(*) ", living!()));

/// How many living people of one kind a tenant has.
pub fn count_people(tx: &mut Tx<'_>, tenant: TenantId, kind: Kind) -> Result<i64, Error> {
    let (kind, deleted) = (kind.as_str(), PersonStatus::Deleted.as_str());
    let counted = tx.row(&COUNT_PEOPLE, &[&tx.pool(), &tenant, &kind, &deleted], |row| row.get(0))?;
    Ok(counted.unwrap_or(0))
}

/// In the order of the index by tenant: SQLite then reads that tenant's places, and not the whole pool's.
const IS_HELD_BY_ANOTHER: Statement =
    sql("SELECT 1 FROM memberships m JOIN people p ON p.pool = m.pool AND p.id = m.person \
     WHERE m.pool = $1 AND m.tenant = $2 AND m.role IN ($3, $4) AND m.person <> $5 AND p.status = $6 \
     AND p.password_hash IS NOT NULL ORDER BY m.kind, m.created_at, m.id LIMIT 1");

/// Whether somebody else than `person`, who is active and has a password, has one of these roles in a tenant itself.
pub fn is_held_by_another(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    roles: [Role; 2],
    person: PersonId,
) -> Result<bool, Error> {
    let [one, other] = roles.map(Role::as_str);
    let active = PersonStatus::Active.as_str();
    let parameters: [&dyn ToValue; 6] = [&tx.pool(), &tenant, &one, &other, &person, &active];
    Ok(tx.row(&IS_HELD_BY_ANOTHER, &parameters, |_row| Ok(()))?.is_some())
}

fn read(row: &Row<'_>) -> Result<Membership, Error> {
    read_from(row, 0)
}

fn read_from(row: &Row<'_>, first: usize) -> Result<Membership, Error> {
    Ok(Membership {
        id: row.get(first)?,
        person: row.get(first + 1)?,
        tenant: row.get(first + 2)?,
        kind: row.parsed(first + 3, Kind::parse)?,
        role: row.parsed(first + 4, Role::parse)?,
        standing: row.get(first + 5)?,
        created_at: row.get(first + 6)?,
        version: row.get(first + 7)?,
    })
}
