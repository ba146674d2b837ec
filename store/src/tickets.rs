//! Tickets: one-time codes, by the keyed hash of the code. The claim is the write itself (P4).

use crate::{Error, HouseTx, Row, Statement, Statements, Tx, lookup, sql};
use doorward_model::{Email, PersonId, PoolId, Purpose, Ticket, TicketId, Timestamp};

macro_rules! columns {
    () => {
        "pool, id, purpose, person, tenant, door, generation, created_at, expires_at"
    };
}

const INSERT: Statement = sql(concat!(
    "INSERT INTO tickets (",
    columns!(),
    ", code_hash, epoch) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
));

/// Issues a code.
pub fn insert(tx: &mut Tx<'_>, ticket: &Ticket, code_hash: &[u8; 32], epoch: i64) -> Result<(), Error> {
    lookup::tickets::insert(tx, code_hash, ticket.id)?;
    tx.execute(
        &INSERT,
        &[
            &tx.pool(),
            &ticket.id,
            &ticket.purpose.as_str(),
            &ticket.person,
            &ticket.tenant,
            &ticket.door,
            &ticket.generation,
            &ticket.created_at,
            &ticket.expires_at,
            code_hash,
            &epoch,
        ],
    )?;
    Ok(())
}

const SET_EMAIL: Statement = sql("UPDATE tickets SET email = $3 WHERE pool = $1 AND id = $2");

/// Says which address a code changes its person's address to.
pub fn set_email(tx: &mut Tx<'_>, id: TicketId, email: &Email) -> Result<(), Error> {
    tx.execute(&SET_EMAIL, &[&tx.pool(), &id, &email.as_written()])?;
    Ok(())
}

const FIND_EMAIL: Statement = sql("SELECT email FROM tickets WHERE pool = $1 AND id = $2");

/// Which address a code changes its person's address to; `None` for every other code.
pub fn find_email(tx: &mut Tx<'_>, id: TicketId) -> Result<Option<Email>, Error> {
    let found =
        tx.row(&FIND_EMAIL, &[&tx.pool(), &id], |row| row.parsed_option(0, |text| Email::parse(text).ok()))?;
    Ok(found.flatten())
}

const FIND_OPEN: Statement = sql(concat!(
    "SELECT ",
    columns!(),
    " FROM tickets WHERE pool = $1 AND id = $2 AND used_at IS NULL AND expires_at > $3 AND epoch = $4"
));

/// One code that was not used and has not expired.
pub fn find_open(tx: &mut Tx<'_>, id: TicketId, now: Timestamp, epoch: i64) -> Result<Option<Ticket>, Error> {
    tx.row(&FIND_OPEN, &[&tx.pool(), &id, &now, &epoch], read)
}

const FIND: Statement = sql(concat!("SELECT ", columns!(), " FROM tickets WHERE pool = $1 AND id = $2"));

/// One code, whatever became of it, as long as it is kept.
pub fn find(tx: &mut Tx<'_>, id: TicketId) -> Result<Option<Ticket>, Error> {
    tx.row(&FIND, &[&tx.pool(), &id], read)
}

const LIST_OPEN: Statement = sql(concat!(
    "SELECT ",
    columns!(),
    " FROM tickets WHERE pool = $1 AND person = $2 AND purpose = $3 AND used_at IS NULL AND expires_at > $4 \
     AND epoch = $5 ORDER BY created_at DESC, id DESC"
));

/// A person's open codes of one purpose, newest first.
pub fn list_open(
    tx: &mut Tx<'_>,
    person: PersonId,
    purpose: Purpose,
    now: Timestamp,
    epoch: i64,
) -> Result<Vec<Ticket>, Error> {
    tx.rows(&LIST_OPEN, &[&tx.pool(), &person, &purpose.as_str(), &now, &epoch], read)
}

const CLAIM: Statement = sql(
    "UPDATE tickets SET used_at = $3 WHERE pool = $1 AND id = $2 AND used_at IS NULL AND expires_at > $3",
);

/// Uses a code up; `true` for exactly one caller.
pub fn claim(tx: &mut Tx<'_>, id: TicketId, now: Timestamp) -> Result<bool, Error> {
    Ok(tx.execute(&CLAIM, &[&tx.pool(), &id, &now])? == 1)
}

const VOID: Statement = sql(
    "UPDATE tickets SET used_at = $4 WHERE pool = $1 AND person = $2 AND purpose = $3 AND used_at IS NULL",
);

/// Makes a person's open codes of one purpose worthless: a newer one was issued (P11).
pub fn void(tx: &mut Tx<'_>, person: PersonId, purpose: Purpose, now: Timestamp) -> Result<(), Error> {
    tx.execute(&VOID, &[&tx.pool(), &person, &purpose.as_str(), &now])?;
    Ok(())
}

const EXPIRED: Statement =
    sql("SELECT pool, id, code_hash FROM tickets WHERE expires_at < $1 ORDER BY expires_at LIMIT $2");
const DELETE: Statement = sql("DELETE FROM tickets WHERE pool = $1 AND id = $2");

/// Forgets up to `limit` codes that expired before `before`; `true` if there may be more.
pub fn sweep(tx: &mut HouseTx<'_>, before: Timestamp, limit: i64) -> Result<bool, Error> {
    let expired: Vec<(PoolId, TicketId, [u8; 32])> =
        tx.rows(&EXPIRED, &[&before, &limit], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    for (pool, id, code_hash) in &expired {
        tx.in_pool(*pool, |tx| {
            lookup::tickets::delete(tx, code_hash)?;
            tx.execute(&DELETE, &[pool, id])
        })?;
    }
    Ok(i64::try_from(expired.len()).is_ok_and(|swept| swept >= limit))
}

fn read(row: &Row<'_>) -> Result<Ticket, Error> {
    Ok(Ticket {
        pool: row.get(0)?,
        id: row.get(1)?,
        purpose: row.parsed(2, Purpose::parse)?,
        person: row.get(3)?,
        tenant: row.get(4)?,
        door: row.get(5)?,
        generation: row.get(6)?,
        created_at: row.get(7)?,
        expires_at: row.get(8)?,
    })
}
