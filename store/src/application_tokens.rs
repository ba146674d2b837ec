//! Bearer tokens of applications. Tokens are kept as keyed hashes only.

use crate::{Error, Invalidation, Json, Row, Statement, Statements, Tx, lookup, sql};
use doorward_model::{ApplicationId, ApplicationToken, ApplicationTokenId, Audience, Timestamp};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT pool, id, application, label, scopes, audience, expires_at, revoked_at, created_at, last_used_at \
             FROM application_tokens ",
            $rest
        )
    };
}

const INSERT: Statement = sql(
    "INSERT INTO application_tokens (pool, id, application, token_hash, label, scopes, audience, expires_at, revoked_at, \
     created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
);

/// Adds a token, with the way by which it is found.
pub fn insert(tx: &mut Tx<'_>, token: &ApplicationToken, hash: &[u8; 32]) -> Result<(), Error> {
    lookup::application_tokens::insert(tx, hash, token.id)?;
    tx.execute(
        &INSERT,
        &[
            &tx.pool(),
            &token.id,
            &token.application,
            &hash,
            &token.label,
            &Json::of(&token.scopes)?,
            &token.audience.as_str(),
            &token.expires_at,
            &token.revoked_at,
            &token.created_at,
        ],
    )?;
    Ok(())
}

const FIND: Statement = sql(select!("WHERE pool = $1 AND id = $2"));

/// One token, whether it is still good or not.
pub fn find(tx: &mut Tx<'_>, id: ApplicationTokenId) -> Result<Option<ApplicationToken>, Error> {
    tx.row(&FIND, &[&tx.pool(), &id], read)
}

const LIST: Statement = sql(select!("WHERE pool = $1 AND application = $2 ORDER BY created_at, id"));

/// An application's tokens, oldest first, with those that ended.
pub fn list_by_application(
    tx: &mut Tx<'_>,
    application: ApplicationId,
) -> Result<Vec<ApplicationToken>, Error> {
    tx.rows(&LIST, &[&tx.pool(), &application], read)
}

const REVOKE: Statement =
    sql("UPDATE application_tokens SET revoked_at = $3 WHERE pool = $1 AND id = $2 AND revoked_at IS NULL");

/// Refuses a token from now on; `false` for one that is unknown or revoked already.
pub fn revoke(tx: &mut Tx<'_>, id: ApplicationTokenId, at: Timestamp) -> Result<bool, Error> {
    tx.invalidate(Invalidation::Token { pool: tx.pool(), token: id });
    Ok(tx.execute(&REVOKE, &[&tx.pool(), &id, &at])? > 0)
}

const HASH: Statement = sql("SELECT token_hash FROM application_tokens WHERE pool = $1 AND id = $2");
const DELETE: Statement = sql("DELETE FROM application_tokens WHERE pool = $1 AND id = $2");

/// Forgets a token altogether.
pub fn delete(tx: &mut Tx<'_>, id: ApplicationTokenId) -> Result<(), Error> {
    if let Some(hash) = tx.row(&HASH, &[&tx.pool(), &id], |row| row.get::<[u8; 32]>(0))? {
        lookup::application_tokens::delete(tx, &hash)?;
        tx.invalidate(Invalidation::Token { pool: tx.pool(), token: id });
        tx.execute(&DELETE, &[&tx.pool(), &id])?;
    }
    Ok(())
}

const TOUCH: Statement = sql("UPDATE application_tokens SET last_used_at = $3 WHERE pool = $1 AND id = $2 \
     AND (last_used_at IS NULL OR last_used_at < $3)");

/// Notes that a token was used; an earlier use that arrives late changes nothing.
pub fn touch(tx: &mut Tx<'_>, id: ApplicationTokenId, at: Timestamp) -> Result<(), Error> {
    tx.execute(&TOUCH, &[&tx.pool(), &id, &at])?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<ApplicationToken, Error> {
    Ok(ApplicationToken {
        pool: row.get(0)?,
        id: row.get(1)?,
        application: row.get(2)?,
        label: row.get(3)?,
        scopes: row.json(4)?,
        audience: row.parsed(5, Audience::parse)?,
        expires_at: row.get(6)?,
        revoked_at: row.get(7)?,
        created_at: row.get(8)?,
        last_used_at: row.get(9)?,
    })
}
