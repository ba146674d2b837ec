//! Applications: programs that may call. Keys are kept as keyed hashes only.

use crate::{Error, HouseTx, Invalidation, Json, Row, Statement, Statements, Tx, lookup, sql};
use doorward_model::{AppId, Application, ApplicationId, TenantId, Timestamp};

/// An application with the hashes its key is checked against.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredApplication {
    /// The application.
    pub application: Application,
    /// Hash of the current key; `None` where it has none.
    pub key_hash: Option<[u8; 32]>,
    /// Hash of the key before, accepted until the given moment.
    pub previous: Option<([u8; 32], Timestamp)>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT pool, id, tenant, name, app_id, key_hash, previous_hash, previous_until, trusted_server, origins, \
             disabled, created_at, last_used_at, version FROM applications ",
            $rest
        )
    };
}

const INSERT: Statement = sql(
    "INSERT INTO applications (pool, id, tenant, name, app_id, key_hash, trusted_server, origins, disabled, created_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
);

/// Adds an application, with the ways by which it is found.
pub fn insert(tx: &mut Tx<'_>, application: &Application, key_hash: Option<&[u8; 32]>) -> Result<(), Error> {
    lookup::app_ids::insert(tx, &application.app_id, application.id)?;
    if let Some(hash) = key_hash {
        lookup::application_keys::insert(tx, hash, application.id)?;
    }
    tx.execute(
        &INSERT,
        &[
            &tx.pool(),
            &application.id,
            &application.tenant,
            &application.name,
            &application.app_id.as_str(),
            &key_hash.copied(),
            &application.trusted_server,
            &Json::of(&application.origins)?,
            &application.disabled,
            &application.created_at,
        ],
    )?;
    Ok(())
}

const FIND: Statement = sql(select!("WHERE pool = $1 AND id = $2"));

/// One application.
pub fn find(tx: &mut Tx<'_>, id: ApplicationId) -> Result<Option<StoredApplication>, Error> {
    tx.row(&FIND, &[&tx.pool(), &id], read_row)
}

const LIST: Statement = sql(select!("WHERE pool = $1 ORDER BY created_at, id"));

/// The pool's applications, oldest first.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<StoredApplication>, Error> {
    tx.rows(&LIST, &[&tx.pool()], read_row)
}

const LIST_AFTER: Statement =
    sql(select!("WHERE pool = $1 AND tenant = $2 AND id > $3 ORDER BY id LIMIT $4"));

/// Applications of this tenant itself behind an id, by id, at most `limit`.
pub fn list_after(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    after: ApplicationId,
    limit: i64,
) -> Result<Vec<StoredApplication>, Error> {
    tx.rows(&LIST_AFTER, &[&tx.pool(), &tenant, &after, &limit], read_row)
}

const LIST_POOL_AFTER: Statement = sql(select!("WHERE pool = $1 AND id > $2 ORDER BY id LIMIT $3"));

/// The pool's applications behind an id, by id, at most `limit`.
pub fn list_pool_after(
    tx: &mut Tx<'_>,
    after: ApplicationId,
    limit: i64,
) -> Result<Vec<StoredApplication>, Error> {
    tx.rows(&LIST_POOL_AFTER, &[&tx.pool(), &after, &limit], read_row)
}

const UPDATE: Statement =
    sql("UPDATE applications SET name = $3, trusted_server = $4, origins = $5, disabled = $6, \
     version = version + 1 WHERE pool = $1 AND id = $2");

/// Writes name, trust, origins and whether it is disabled.
pub fn update(tx: &mut Tx<'_>, application: &Application) -> Result<(), Error> {
    tx.invalidate(Invalidation::Application { pool: tx.pool(), application: application.id });
    tx.execute(
        &UPDATE,
        &[
            &tx.pool(),
            &application.id,
            &application.name,
            &application.trusted_server,
            &Json::of(&application.origins)?,
            &application.disabled,
        ],
    )?;
    Ok(())
}

const ROTATE: Statement =
    sql("UPDATE applications SET key_hash = $3, previous_hash = $4, previous_until = $5, \
     version = version + 1 WHERE pool = $1 AND id = $2");

/// Gives an application a new key, or none; the one before stays good until `previous_until`.
pub fn rotate_key(
    tx: &mut Tx<'_>,
    stored: &StoredApplication,
    key_hash: Option<&[u8; 32]>,
    previous_until: Option<Timestamp>,
) -> Result<(), Error> {
    let id = stored.application.id;
    let kept = previous_until.and(stored.key_hash);
    let gone = [stored.previous.map(|(hash, _)| hash), stored.key_hash.filter(|_| kept.is_none())];
    for hash in gone.into_iter().flatten() {
        lookup::application_keys::delete(tx, &hash)?;
    }
    if let Some(hash) = key_hash {
        lookup::application_keys::insert(tx, hash, id)?;
    }
    tx.invalidate(Invalidation::Application { pool: tx.pool(), application: id });
    let until = previous_until.filter(|_| kept.is_some());
    tx.execute(&ROTATE, &[&tx.pool(), &id, &key_hash.copied(), &kept, &until])?;
    Ok(())
}

/// Ends the key before the current one now, if it is still good.
pub fn end_previous(tx: &mut Tx<'_>, stored: &StoredApplication) -> Result<(), Error> {
    let Some((previous, _)) = &stored.previous else { return Ok(()) };
    let id = stored.application.id;
    lookup::application_keys::delete(tx, previous)?;
    tx.invalidate(Invalidation::Application { pool: tx.pool(), application: id });
    let (none, never) = (None::<[u8; 32]>, None::<Timestamp>);
    tx.execute(&ROTATE, &[&tx.pool(), &id, &stored.key_hash, &none, &never])?;
    Ok(())
}

const TOUCH: Statement = sql("UPDATE applications SET last_used_at = $3 WHERE pool = $1 AND id = $2 \
     AND (last_used_at IS NULL OR last_used_at <= $4)");

/// Notes that an application called, unless a call after `before` is noted already.
pub fn touch(tx: &mut Tx<'_>, id: ApplicationId, at: Timestamp, before: Timestamp) -> Result<(), Error> {
    tx.execute(&TOUCH, &[&tx.pool(), &id, &at, &before])?;
    Ok(())
}

const LIST_ORIGINS: Statement =
    sql("SELECT origins FROM applications WHERE disabled = 0 AND origins LIKE $1 ESCAPE '!'");

/// The origin lists of all pools that may hold this origin; the caller compares exactly.
pub fn list_origins_like(tx: &mut HouseTx<'_>, origin: &str) -> Result<Vec<Vec<String>>, Error> {
    let escaped = origin.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    tx.rows(&LIST_ORIGINS, &[&format!("%\"{escaped}\"%")], |row| row.json(0))
}

fn read_row(row: &Row<'_>) -> Result<StoredApplication, Error> {
    let key_hash: Option<[u8; 32]> = row.get(5)?;
    let previous = row.get::<Option<[u8; 32]>>(6)?.zip(row.get::<Option<Timestamp>>(7)?);
    Ok(StoredApplication {
        application: Application {
            pool: row.get(0)?,
            id: row.get(1)?,
            tenant: row.get(2)?,
            name: row.get(3)?,
            app_id: row.parsed(4, AppId::parse)?,
            has_key: key_hash.is_some(),
            trusted_server: row.get(8)?,
            origins: row.json(9)?,
            disabled: row.get(10)?,
            version: row.get(13)?,
            created_at: row.get(11)?,
            last_used_at: row.get(12)?,
        },
        key_hash,
        previous,
    })
}
