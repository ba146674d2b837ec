//! Regions and the directory of service hosts in each. They cross pools.

use crate::{Error, HouseTx, Json, Row, Statement, Statements, sql};
use doorward_model::{Region, RegionCode};

const PUT: Statement = sql("INSERT INTO regions (id, code, name, hosts) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (code) DO UPDATE SET name = $3, hosts = $4, version = regions.version + 1");

/// Makes a region, or replaces the one of the same code, whose version grows.
pub fn put(tx: &mut HouseTx<'_>, region: &Region) -> Result<(), Error> {
    let hosts = Json::of(&region.hosts)?;
    tx.execute(&PUT, &[&region.id, &region.code.as_str(), &region.name, &hosts])?;
    Ok(())
}

const LIST: Statement = sql("SELECT id, code, name, hosts, version FROM regions ORDER BY code");

/// Every region, by code.
pub fn list(tx: &mut HouseTx<'_>) -> Result<Vec<Region>, Error> {
    tx.rows(&LIST, &[], read)
}

const FIND: Statement = sql("SELECT id, code, name, hosts, version FROM regions WHERE code = $1");

/// One region.
pub fn find(tx: &mut HouseTx<'_>, code: &RegionCode) -> Result<Option<Region>, Error> {
    tx.row(&FIND, &[&code.as_str()], read)
}

fn read(row: &Row<'_>) -> Result<Region, Error> {
    Ok(Region {
        id: row.get(0)?,
        code: row.parsed(1, RegionCode::parse)?,
        name: row.get(2)?,
        hosts: row.json(3)?,
        version: row.get(4)?,
    })
}
