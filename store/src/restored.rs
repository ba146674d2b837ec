//! What a backup that the server's own tools put back must not let in again.
//!
//! There is no replaced database to compare with here, so whatever could have been revoked since is shut, a piece at a
//! time: a server bounds how long one statement may work. The embedded engine has `engine/sqlite/restore`, which
//! compares. The reasons for each rule stand in docs/decisions/restore.md.

use crate::{Error, HouseTx, Statement, Statements, sql};
use doorward_model::Timestamp;

const SHUT_KEYS: Statement =
    sql("UPDATE access_keys SET disabled = 1, version = version + 1 WHERE (pool, id) IN \
     (SELECT pool, id FROM access_keys WHERE disabled = 0 ORDER BY pool, id LIMIT $1)");

/// Disables up to `limit` access keys, whosever they are; says how many.
pub fn shut_keys(tx: &mut HouseTx<'_>, limit: i64) -> Result<u64, Error> {
    tx.execute(&SHUT_KEYS, &[&limit])
}

const SHUT_APPLICATIONS: Statement =
    sql("UPDATE applications SET disabled = 1, version = version + 1 WHERE (pool, id) IN \
     (SELECT pool, id FROM applications WHERE disabled = 0 ORDER BY pool, id LIMIT $1)");

/// Disables up to `limit` applications; says how many.
pub fn shut_applications(tx: &mut HouseTx<'_>, limit: i64) -> Result<u64, Error> {
    tx.execute(&SHUT_APPLICATIONS, &[&limit])
}

const SHUT_TOKENS: Statement = sql("UPDATE application_tokens SET revoked_at = $2 WHERE (pool, id) IN \
     (SELECT pool, id FROM application_tokens WHERE revoked_at IS NULL ORDER BY pool, id LIMIT $1)");

/// Revokes up to `limit` bearer tokens; says how many.
pub fn shut_tokens(tx: &mut HouseTx<'_>, now: Timestamp, limit: i64) -> Result<u64, Error> {
    tx.execute(&SHUT_TOKENS, &[&limit, &now])
}

const SHUT_OPERATOR_TOKENS: Statement = sql("UPDATE operator_tokens SET revoked_at = $2 WHERE id IN \
     (SELECT id FROM operator_tokens WHERE revoked_at IS NULL ORDER BY id LIMIT $1)");

/// Revokes up to `limit` bearer tokens of operators; says how many.
pub fn shut_operator_tokens(tx: &mut HouseTx<'_>, now: Timestamp, limit: i64) -> Result<u64, Error> {
    tx.execute(&SHUT_OPERATOR_TOKENS, &[&limit, &now])
}

const GIVE_UP_MAILS: Statement = sql(
    "UPDATE mails SET state = 'failed', settled_at = $2, sealed = $3, lease = NULL, last_error = $4 \
     WHERE state = 'queued' AND (pool, id) IN (SELECT pool, id FROM mails WHERE state = 'queued' ORDER BY pool, id LIMIT $1)",
);

/// Gives up to `limit` waiting mails up: their codes are dead, and most had been sent. Says how many.
pub fn give_up_mails(tx: &mut HouseTx<'_>, now: Timestamp, limit: i64) -> Result<u64, Error> {
    let erased: &[u8] = &[];
    tx.execute(&GIVE_UP_MAILS, &[&limit, &now, &erased, &"a backup was restored"])
}
