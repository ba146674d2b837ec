//! Bearer tokens of operators. They cross pools; tokens are kept as keyed hashes only.

use crate::{Error, HouseTx, Json, Row, Statement, Statements, sql};
use doorward_model::{OperatorId, OperatorToken, OperatorTokenId, Timestamp};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, operator, label, scopes, only_pool, expires_at, revoked_at, created_at, last_used_at \
             FROM operator_tokens ",
            $rest
        )
    };
}

const INSERT: Statement = sql(
    "INSERT INTO operator_tokens (id, operator, token_hash, label, scopes, only_pool, expires_at, created_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
);

/// Adds a token.
pub fn insert(tx: &mut HouseTx<'_>, token: &OperatorToken, hash: &[u8; 32]) -> Result<(), Error> {
    tx.execute(
        &INSERT,
        &[
            &token.id,
            &token.operator,
            &hash,
            &token.label,
            &Json::of(&token.scopes)?,
            &token.only_pool,
            &token.expires_at,
            &token.created_at,
        ],
    )?;
    Ok(())
}

const FIND_BY_HASH: Statement = sql(select!("WHERE token_hash = $1"));

/// The token of a hash, whether it is still good or not.
pub fn find_by_hash(tx: &mut HouseTx<'_>, hash: &[u8; 32]) -> Result<Option<OperatorToken>, Error> {
    tx.row(&FIND_BY_HASH, &[hash], read)
}

const FIND: Statement = sql(select!("WHERE id = $1"));

/// One token, whether it is still good or not.
pub fn find(tx: &mut HouseTx<'_>, id: OperatorTokenId) -> Result<Option<OperatorToken>, Error> {
    tx.row(&FIND, &[&id], read)
}

const LIST: Statement = sql(select!("ORDER BY created_at, id"));

/// Every operator's tokens, oldest first, with those that ended.
pub fn list(tx: &mut HouseTx<'_>) -> Result<Vec<OperatorToken>, Error> {
    tx.rows(&LIST, &[], read)
}

const REVOKE: Statement =
    sql("UPDATE operator_tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL");

/// Refuses a token from now on; `false` for one that is unknown or revoked already. Nothing remembers these tokens, so
/// there is nobody to be told.
pub fn revoke(tx: &mut HouseTx<'_>, id: OperatorTokenId, at: Timestamp) -> Result<bool, Error> {
    Ok(tx.execute(&REVOKE, &[&id, &at])? > 0)
}

const REVOKE_OF: Statement =
    sql("UPDATE operator_tokens SET revoked_at = $2 WHERE operator = $1 AND revoked_at IS NULL");

/// Refuses all of an operator's tokens from now on.
pub fn revoke_of(tx: &mut HouseTx<'_>, operator: OperatorId, at: Timestamp) -> Result<(), Error> {
    tx.execute(&REVOKE_OF, &[&operator, &at])?;
    Ok(())
}

const TOUCH: Statement = sql("UPDATE operator_tokens SET last_used_at = $2 WHERE id = $1 \
     AND (last_used_at IS NULL OR last_used_at < $2)");

/// Notes that a token was used; an earlier use that arrives late changes nothing.
pub fn touch(tx: &mut HouseTx<'_>, id: OperatorTokenId, at: Timestamp) -> Result<(), Error> {
    tx.execute(&TOUCH, &[&id, &at])?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<OperatorToken, Error> {
    Ok(OperatorToken {
        id: row.get(0)?,
        operator: row.get(1)?,
        label: row.get(2)?,
        scopes: row.json(3)?,
        only_pool: row.get(4)?,
        expires_at: row.get(5)?,
        revoked_at: row.get(6)?,
        created_at: row.get(7)?,
        last_used_at: row.get(8)?,
    })
}
