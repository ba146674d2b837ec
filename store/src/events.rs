//! Events: what happened, append-only.

use crate::{Error, Row, Statement, Statements, Tx, sql};
use doorward_model::{Event, EventId, EventKind, PersonId, PoolId, TenantId, Timestamp};

const INSERT: Statement = sql(
    "INSERT INTO events (pool, id, tenant, kind, person, actor, session, door, application, address, detail, at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
);

/// The pool under which events of the installation itself are kept.
pub const HOUSE: PoolId = PoolId::new(uuid::Uuid::nil());

/// Appends an event, in the transaction of what it tells of.
pub fn insert(tx: &mut impl Statements, event: &Event) -> Result<(), Error> {
    tx.execute(
        &INSERT,
        &[
            &event.pool.unwrap_or(HOUSE),
            &event.id,
            &event.tenant,
            &event.kind.as_str(),
            &event.person,
            &event.actor,
            &event.session,
            &event.door,
            &event.application,
            &event.address.map(|address| address.to_string()),
            &event.detail,
            &event.at,
        ],
    )?;
    Ok(())
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT pool, id, tenant, kind, person, actor, session, door, application, address, detail, at FROM events \
             WHERE pool = $1 AND ",
            $rest
        )
    };
}

const FIND: Statement = sql(select!("id = $2"));

/// One event.
pub fn find(tx: &mut Tx<'_>, id: EventId) -> Result<Option<Event>, Error> {
    tx.row(&FIND, &[&tx.pool(), &id], read)
}

const LIST_BY_PERSON: Statement = sql(select!("person = $2 ORDER BY at DESC, id DESC LIMIT $3"));

/// What happened to a person, newest first.
pub fn list_by_person(tx: &mut Tx<'_>, person: PersonId, limit: i64) -> Result<Vec<Event>, Error> {
    tx.rows(&LIST_BY_PERSON, &[&tx.pool(), &person, &limit], read)
}

const LIST_AT: Statement = sql(select!("person = $2 AND at = $3 ORDER BY id LIMIT $4"));

/// What happened to a person at one moment.
pub fn list_at(tx: &mut Tx<'_>, person: PersonId, at: Timestamp, limit: i64) -> Result<Vec<Event>, Error> {
    tx.rows(&LIST_AT, &[&tx.pool(), &person, &at, &limit], read)
}

const LIST_OF_PERSON_BEFORE: Statement =
    sql(select!("person = $2 AND (at, id) < ($3, $4) AND at >= $5 ORDER BY at DESC, id DESC LIMIT $6"));

/// What happened to a person before a place in the list and not before `since`, newest first.
pub fn list_of_person_before(
    tx: &mut Tx<'_>,
    person: PersonId,
    (at, id): (Timestamp, EventId),
    since: Timestamp,
    limit: i64,
) -> Result<Vec<Event>, Error> {
    tx.rows(&LIST_OF_PERSON_BEFORE, &[&tx.pool(), &person, &at, &id, &since, &limit], read)
}

/// A stretch of ids, which are ordered by time.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// All are smaller than this one.
    pub before: EventId,
    /// And none is smaller than this one.
    pub since: EventId,
}

const LIST_BEFORE: Statement = sql(select!("id < $2 AND id >= $3 ORDER BY id DESC LIMIT $4"));

/// What happened in the pool, newest first. By the primary key: no index is kept for it.
pub fn list_before(tx: &mut Tx<'_>, stretch: Stretch, limit: i64) -> Result<Vec<Event>, Error> {
    let Stretch { before, since } = stretch;
    tx.rows(&LIST_BEFORE, &[&tx.pool(), &before, &since, &limit], read)
}

const LIST_AT_TENANT_BEFORE: Statement =
    sql(select!("tenant = $2 AND id < $3 AND id >= $4 ORDER BY id DESC LIMIT $5"));

/// What happened at one tenant itself, newest first.
pub fn list_at_tenant_before(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    stretch: Stretch,
    limit: i64,
) -> Result<Vec<Event>, Error> {
    let Stretch { before, since } = stretch;
    tx.rows(&LIST_AT_TENANT_BEFORE, &[&tx.pool(), &tenant, &before, &since, &limit], read)
}

fn read(row: &Row<'_>) -> Result<Event, Error> {
    Ok(Event {
        pool: Some(row.get::<PoolId>(0)?).filter(|pool| *pool != HOUSE),
        id: row.get(1)?,
        tenant: row.get(2)?,
        kind: row.parsed(3, EventKind::parse)?,
        person: row.get(4)?,
        actor: row.get(5)?,
        session: row.get(6)?,
        door: row.get(7)?,
        application: row.get(8)?,
        address: row.parsed_option(9, |text| text.parse().ok())?,
        detail: row.get(10)?,
        at: row.get(11)?,
    })
}
