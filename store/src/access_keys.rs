//! Access keys. Secrets are kept as keyed hashes only.

use crate::{Error, Invalidation, Row, Statement, Statements, Tx, directory, lookup, sql};
use doorward_model::{AccessKey, AccessKeyId, AccessKeyName, PersonId, RateLimit, TenantId, Timestamp};
use std::time::Duration;

/// A key pair with the hashes its secret is checked against.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredAccessKey {
    /// The key.
    pub key: AccessKey,
    /// Hash of the current secret.
    pub secret_hash: [u8; 32],
    /// Hash of the secret before; good until `key.previous_until`.
    pub previous_hash: Option<[u8; 32]>,
    /// The person's `auth_generation` under which the key is good.
    pub generation: i64,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT pool, id, person, tenant, name, label, secret_hash, previous_hash, previous_until, rate_calls, \
             rate_window, disabled, expires_at, generation, created_at, last_used_at, version FROM access_keys ",
            $rest
        )
    };
}

const INSERT: Statement = sql(
    "INSERT INTO access_keys (pool, id, person, tenant, name, label, secret_hash, rate_calls, rate_window, disabled, \
     expires_at, generation, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
);

/// Adds a key, with the way by which it is found.
pub fn insert(tx: &mut Tx<'_>, stored: &StoredAccessKey) -> Result<(), Error> {
    let key = &stored.key;
    lookup::access_keys::insert(tx, &key.name, key.id)?;
    tx.execute(
        &INSERT,
        &[
            &tx.pool(),
            &key.id,
            &key.person,
            &key.tenant,
            &key.name.as_str(),
            &key.label,
            &stored.secret_hash,
            &key.rate.map(|rate| i64::from(rate.calls)),
            &key.rate.map(window_micros),
            &key.disabled,
            &key.expires_at,
            &stored.generation,
            &key.created_at,
        ],
    )?;
    directory::claim(tx, &[directory::Name::access_key(&key.name)])
}

const FIND: Statement = sql(select!("WHERE pool = $1 AND id = $2"));

/// One key, whether it is still good or not.
pub fn find(tx: &mut Tx<'_>, id: AccessKeyId) -> Result<Option<StoredAccessKey>, Error> {
    tx.row(&FIND, &[&tx.pool(), &id], read)
}

const LIST: Statement = sql(select!("WHERE pool = $1 ORDER BY created_at, id"));

/// The pool's keys, oldest first.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<StoredAccessKey>, Error> {
    tx.rows(&LIST, &[&tx.pool()], read)
}

const LIST_BY_PERSON: Statement = sql(select!("WHERE pool = $1 AND person = $2 ORDER BY created_at, id"));

/// A person's keys, oldest first.
pub fn list_by_person(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<StoredAccessKey>, Error> {
    tx.rows(&LIST_BY_PERSON, &[&tx.pool(), &person], read)
}

const LIST_AFTER: Statement =
    sql(select!("WHERE pool = $1 AND tenant = $2 AND id > $3 ORDER BY id LIMIT $4"));

/// Keys of this tenant itself behind an id, by id, at most `limit`.
pub fn list_after(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    after: AccessKeyId,
    limit: i64,
) -> Result<Vec<StoredAccessKey>, Error> {
    tx.rows(&LIST_AFTER, &[&tx.pool(), &tenant, &after, &limit], read)
}

const LIST_POOL_AFTER: Statement = sql(select!("WHERE pool = $1 AND id > $2 ORDER BY id LIMIT $3"));

/// The pool's keys behind an id, by id, at most `limit`.
pub fn list_pool_after(
    tx: &mut Tx<'_>,
    after: AccessKeyId,
    limit: i64,
) -> Result<Vec<StoredAccessKey>, Error> {
    tx.rows(&LIST_POOL_AFTER, &[&tx.pool(), &after, &limit], read)
}

const UPDATE: Statement = sql(
    "UPDATE access_keys SET label = $3, rate_calls = $4, rate_window = $5, disabled = $6, expires_at = $7, \
     secret_hash = $8, previous_hash = $9, previous_until = $10, generation = $11, version = version + 1 \
     WHERE pool = $1 AND id = $2",
);

/// Writes everything that may change but the last use.
pub fn update(tx: &mut Tx<'_>, stored: &StoredAccessKey) -> Result<(), Error> {
    let key = &stored.key;
    tx.invalidate(Invalidation::Key { pool: tx.pool(), key: key.id });
    tx.execute(
        &UPDATE,
        &[
            &tx.pool(),
            &key.id,
            &key.label,
            &key.rate.map(|rate| i64::from(rate.calls)),
            &key.rate.map(window_micros),
            &key.disabled,
            &key.expires_at,
            &stored.secret_hash,
            &stored.previous_hash,
            &key.previous_until,
            &stored.generation,
        ],
    )?;
    Ok(())
}

const KEEP: Statement =
    sql("UPDATE access_keys SET generation = $4 WHERE pool = $1 AND person = $2 AND generation = $3");

/// Carries a person's good keys over to a new generation: a changed password ends sessions, not integrations.
pub fn keep(tx: &mut Tx<'_>, person: PersonId, old: i64, new: i64) -> Result<(), Error> {
    tx.execute(&KEEP, &[&tx.pool(), &person, &old, &new])?;
    Ok(())
}

const TOUCH: Statement = sql("UPDATE access_keys SET last_used_at = $3 WHERE pool = $1 AND id = $2 \
     AND (last_used_at IS NULL OR last_used_at < $3)");

/// Notes that a key was used; an earlier use that arrives late changes nothing.
pub fn touch(tx: &mut Tx<'_>, id: AccessKeyId, at: Timestamp) -> Result<(), Error> {
    tx.execute(&TOUCH, &[&tx.pool(), &id, &at])?;
    Ok(())
}

fn window_micros(rate: RateLimit) -> i64 {
    i64::try_from(rate.window.as_micros()).unwrap_or(i64::MAX)
}

fn read(row: &Row<'_>) -> Result<StoredAccessKey, Error> {
    let rate = match row.get::<Option<i64>>(9)?.zip(row.get::<Option<i64>>(10)?) {
        Some((calls, micros)) => Some(RateLimit {
            calls: u32::try_from(calls).map_err(|_| row.broken(9))?,
            window: Duration::from_micros(u64::try_from(micros).map_err(|_| row.broken(10))?),
        }),
        None => None,
    };
    Ok(StoredAccessKey {
        key: AccessKey {
            pool: row.get(0)?,
            id: row.get(1)?,
            person: row.get(2)?,
            tenant: row.get(3)?,
            name: row.parsed(4, AccessKeyName::parse)?,
            label: row.get(5)?,
            rate,
            disabled: row.get(11)?,
            expires_at: row.get(12)?,
            previous_until: row.get(8)?,
            version: row.get(16)?,
            created_at: row.get(14)?,
            last_used_at: row.get(15)?,
        },
        secret_hash: row.get(6)?,
        previous_hash: row.get(7)?,
        generation: row.get(13)?,
    })
}
