//! Doors: where dialects are mounted. They cross pools.

use crate::columns::{read_settings, write_settings};
use crate::{Error, HouseTx, Invalidation, Row, Statement, Statements, sql};
use doorward_model::{Dialect, Door, DoorId, HostPattern};

const PUT: Statement = sql("INSERT INTO doors (id, name, host, base_url, dialect, pool, tenant, settings) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (name) DO UPDATE SET \
     host = $3, base_url = $4, dialect = $5, pool = $6, tenant = $7, settings = $8, \
     version = doors.version + 1");

/// Makes a door, or replaces the one of the same name, whose version grows. A host that another door has is
/// [`Error::Constraint`].
pub fn put(tx: &mut HouseTx<'_>, door: &Door) -> Result<(), Error> {
    write(tx, &PUT, door)
}

const LIST: Statement =
    sql("SELECT id, name, host, base_url, dialect, pool, tenant, settings, version FROM doors ORDER BY name");

/// Every door, by name.
pub fn list(tx: &mut HouseTx<'_>) -> Result<Vec<Door>, Error> {
    tx.rows(&LIST, &[], read)
}

const FIND: Statement =
    sql("SELECT id, name, host, base_url, dialect, pool, tenant, settings, version FROM doors WHERE id = $1");

/// One door.
pub fn find(tx: &mut HouseTx<'_>, id: DoorId) -> Result<Option<Door>, Error> {
    tx.row(&FIND, &[&id], read)
}

const INSERT: Statement =
    sql("INSERT INTO doors (id, name, host, base_url, dialect, pool, tenant, settings) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");

/// Makes a door. A name or a host that another one has is [`Error::Constraint`].
pub fn insert(tx: &mut HouseTx<'_>, door: &Door) -> Result<(), Error> {
    write(tx, &INSERT, door)
}

const UPDATE: Statement =
    sql("UPDATE doors SET name = $2, host = $3, base_url = $4, dialect = $5, pool = $6, \
     tenant = $7, settings = $8, version = version + 1 WHERE id = $1");

/// Changes the door of this id, whose version grows. A name or a host that another one has is [`Error::Constraint`].
pub fn update(tx: &mut HouseTx<'_>, door: &Door) -> Result<(), Error> {
    write(tx, &UPDATE, door)
}

fn write(tx: &mut HouseTx<'_>, statement: &Statement, door: &Door) -> Result<(), Error> {
    tx.invalidate(Invalidation::Doors);
    tx.execute(
        statement,
        &[
            &door.id,
            &door.name,
            &door.host.to_string(),
            &door.base_url,
            &door.dialect.as_str(),
            &door.tenant.map(|(pool, _)| pool),
            &door.tenant.map(|(_, tenant)| tenant),
            &write_settings(&door.settings)?,
        ],
    )?;
    Ok(())
}

const DELETE: Statement = sql("DELETE FROM doors WHERE name = $1");

/// Removes a door; `false` if there was none of this name.
pub fn delete(tx: &mut HouseTx<'_>, name: &str) -> Result<bool, Error> {
    tx.invalidate(Invalidation::Doors);
    Ok(tx.execute(&DELETE, &[&name])? > 0)
}

fn read(row: &Row<'_>) -> Result<Door, Error> {
    Ok(Door {
        id: row.get(0)?,
        name: row.get(1)?,
        host: row.parsed(2, |text| HostPattern::parse(text).ok())?,
        base_url: row.get(3)?,
        dialect: row.parsed(4, Dialect::parse)?,
        tenant: row.get::<Option<_>>(5)?.zip(row.get::<Option<_>>(6)?),
        settings: row.parsed(7, read_settings)?,
        version: row.get(8)?,
    })
}
