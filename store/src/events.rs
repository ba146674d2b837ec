//! Events: what happened, append-only.

use crate::{Error, Row, Statement, Statements, Tx, sql};
use doorward_model::{Event, EventKind, PersonId, PoolId};

const INSERT: Statement = sql(
    "INSERT INTO events (pool, id, tenant, kind, person, actor, session, door, application, address, detail, at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
);

/// The pool under which events of the installation itself are kept.
const HOUSE: PoolId = PoolId::new(uuid::Uuid::nil());

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

const LIST_BY_PERSON: Statement = sql(
    "SELECT pool, id, tenant, kind, person, actor, session, door, application, address, detail, at FROM events \
     WHERE pool = $1 AND person = $2 ORDER BY at DESC, id DESC LIMIT $3",
);

/// What happened to a person, newest first.
pub fn list_by_person(tx: &mut Tx<'_>, person: PersonId, limit: i64) -> Result<Vec<Event>, Error> {
    tx.rows(&LIST_BY_PERSON, &[&tx.pool(), &person, &limit], read)
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
