//! Hash of a one-time code → ticket.

use crate::{Error, Statement, Statements, Tx, sql};
use doorward_model::{PoolId, TicketId};

const INSERT: Statement = sql("INSERT INTO lookup_tickets (code_hash, pool, ticket) VALUES ($1, $2, $3)");

/// Adds the way to one row of this pool; a taken one is [`Error::Constraint`].
pub fn insert(tx: &mut Tx<'_>, code_hash: &[u8; 32], id: TicketId) -> Result<(), Error> {
    tx.execute(&INSERT, &[&code_hash, &tx.pool(), &id])?;
    Ok(())
}

const FIND: Statement = sql("SELECT pool, ticket FROM lookup_tickets WHERE code_hash = $1");

/// Where it leads.
pub fn find(tx: &mut impl Statements, code_hash: &[u8; 32]) -> Result<Option<(PoolId, TicketId)>, Error> {
    tx.row(&FIND, &[&code_hash], |row| Ok((row.get(0)?, row.get(1)?)))
}

const DELETE: Statement = sql("DELETE FROM lookup_tickets WHERE code_hash = $1 AND pool = $2");

/// Closes the way.
pub fn delete(tx: &mut Tx<'_>, code_hash: &[u8; 32]) -> Result<(), Error> {
    tx.execute(&DELETE, &[&code_hash, &tx.pool()])?;
    Ok(())
}
