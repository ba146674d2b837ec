//! What this cell has: one row for each name, numbered in the order of commits.
//!
//! The number comes from the head's row, which stays locked until the commit, so whoever reads on after the last number
//! they saw misses nothing.

use super::{Name, elsewhere};
use crate::{Error, HouseTx, Row, Statement, Statements, Tx, access_keys, sql, tenants};
use doorward_model::{AccessKeyName, CompanyNumber, PoolId, RegionCode, Tenant};
use std::collections::HashMap;

const BEGIN: Statement = sql("INSERT INTO directory_head (one, cell, number, filled) VALUES (1, $1, 0, 0) \
     ON CONFLICT (one) DO NOTHING");

/// Makes this database a cell's, once; from then on its names are kept here. Returns whose it is, which is another's if it
/// was begun under another name.
pub fn begin(tx: &mut HouseTx<'_>, cell: &RegionCode) -> Result<RegionCode, Error> {
    tx.execute(&BEGIN, &[&cell.as_str()])?;
    self::cell(tx)?.ok_or_else(|| Error::Fault("the directory was not begun".to_owned()))
}

const CELL: Statement = sql("SELECT cell FROM directory_head WHERE one = 1");

/// Whose database this is; `None` while it is no cell's.
pub fn cell(tx: &mut impl Statements) -> Result<Option<RegionCode>, Error> {
    tx.row(&CELL, &[], |row| row.parsed(0, RegionCode::parse))
}

const HEAD: Statement = sql("SELECT number, filled FROM directory_head WHERE one = 1");

/// The last number, and whether the names from before the beginning are all here.
pub fn head(tx: &mut HouseTx<'_>) -> Result<Option<(i64, bool)>, Error> {
    tx.row(&HEAD, &[], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// What became of a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Its number in the log.
    pub number: i64,
    /// The name.
    pub name: Name,
    /// Whether the cell has it.
    pub held: bool,
}

const SINCE: Statement = sql("SELECT number, kind, name, held FROM directory_own \
     WHERE number > $1 ORDER BY number LIMIT $2");

/// What changed after a number, in the order of commits.
pub fn since(tx: &mut HouseTx<'_>, number: i64, limit: i64) -> Result<Vec<Entry>, Error> {
    tx.rows(&SINCE, &[&number, &limit], |row| {
        Ok(Entry { number: row.get(0)?, name: read_name(row, 1, 2)?, held: row.get(3)? })
    })
}

pub(super) fn read_name(row: &Row<'_>, kind: usize, name: usize) -> Result<Name, Error> {
    let (kind, text) = (row.get::<String>(kind)?, row.get::<String>(name)?);
    Name::parse(&kind, &text).ok_or_else(|| row.broken(name))
}

/// What is broken by a name that another cell has.
pub const HELD_ELSEWHERE: &str = "directory_elsewhere.name";

/// The names of a new tenant or key. A name that another cell has is [`Error::Constraint`] of [`HELD_ELSEWHERE`].
pub(crate) fn claim(tx: &mut Tx<'_>, names: &[Name]) -> Result<(), Error> {
    if !is_home(tx)? {
        return Ok(());
    }
    for name in names {
        if elsewhere::holder(tx, name)?.is_some() {
            return Err(Error::Constraint { name: HELD_ELSEWHERE.to_owned() });
        }
        put(tx, name, true)?;
    }
    Ok(())
}

/// After a pool's region changed: claims all names of the pool, or gives them up.
pub(crate) fn settle(tx: &mut Tx<'_>) -> Result<(), Error> {
    if cell(tx)?.is_none() {
        return Ok(());
    }
    let names = names_of_pool(tx)?;
    if is_home(tx)? {
        return claim(tx, &names);
    }
    for name in &names {
        if is_held(tx, name)? {
            put(tx, name, false)?;
            elsewhere::promote(tx, name)?;
        }
    }
    Ok(())
}

/// Every name of the pool, whichever cell has it.
pub fn names_of_pool(tx: &mut Tx<'_>) -> Result<Vec<Name>, Error> {
    let root = tx.pool().root();
    let mut names: Vec<Name> = tenants::list_subtree(tx, root)?.iter().flat_map(of_tenant).collect();
    names.extend(access_keys::list(tx)?.iter().map(|stored| Name::access_key(&stored.key.name)));
    Ok(names)
}

/// What a tenant is called in the directory.
pub fn of_tenant(tenant: &Tenant) -> [Name; 2] {
    [Name::slug(&tenant.slug), Name::company(tenant.number)]
}

/// Whether this database is a cell's, and the pool's home: a pool that names no region is at home where it lies.
fn is_home(tx: &mut Tx<'_>) -> Result<bool, Error> {
    let Some(cell) = cell(tx)? else { return Ok(false) };
    let root = tx.pool().root();
    let region = tenants::find(tx, root)?.and_then(|root| root.region);
    Ok(region.is_none_or(|region| region == cell))
}

const IS_HELD: Statement = sql("SELECT held FROM directory_own WHERE kind = $1 AND name = $2");

/// Whether this cell has the name.
pub(super) fn is_held(tx: &mut impl Statements, name: &Name) -> Result<bool, Error> {
    let held = tx.row(&IS_HELD, &[&name.kind().as_str(), &name.text()], |row| row.get(0))?;
    Ok(held.unwrap_or(false))
}

const NEXT: Statement = sql("UPDATE directory_head SET number = number + 1 WHERE one = 1 RETURNING number");
const PUT: Statement = sql("INSERT INTO directory_own (kind, name, number, held) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (kind, name) DO UPDATE SET number = $3, held = $4");

fn put(tx: &mut impl Statements, name: &Name, held: bool) -> Result<(), Error> {
    if is_held(tx, name)? == held {
        return Ok(());
    }
    let number: Option<i64> = tx.row(&NEXT, &[], |row| row.get(0))?;
    let number = number.ok_or_else(|| Error::Fault("the directory has no head".to_owned()))?;
    tx.execute(&PUT, &[&name.kind().as_str(), &name.text(), &number, &held])?;
    Ok(())
}

/// How far the names from before the beginning were looked through.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Filled {
    /// Go on after this one.
    After(Before),
    /// All are here.
    Whole,
}

/// The last name that was looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Before {
    /// No key after this one yet; the tenants are done.
    Key(String),
    /// No tenant after this number yet.
    Company(i64),
}

const COMPANIES: Statement =
    sql("SELECT number, pool, tenant FROM lookup_companies WHERE number > $1 ORDER BY number LIMIT $2");
const KEYS: Statement =
    sql("SELECT name, pool FROM lookup_access_keys WHERE name > $1 ORDER BY name LIMIT $2");
const FILLED: Statement = sql("UPDATE directory_head SET filled = 1 WHERE one = 1");

/// Looks through some more names that are older than the directory, `None` first. What is here already stays as it is, so any
/// of it may be done twice.
pub fn fill(tx: &mut HouseTx<'_>, from: Option<&Before>, limit: i64) -> Result<Filled, Error> {
    let (names, next) = look(tx, from, limit)?;
    announce(tx, &names)?;
    if next.is_none() {
        tx.execute(&FILLED, &[])?;
    }
    Ok(next.map_or(Filled::Whole, Filled::After))
}

/// Names of this database with their pools, and the last one that was looked at, if there may be more.
type Looked = (Vec<(PoolId, Name)>, Option<Before>);

/// Which of the next names, `None` first, live here and are not in the directory: a program that knew no cells made them,
/// while or after the directory was filled. And where to go on; `None` at the end.
pub fn list_unannounced(tx: &mut HouseTx<'_>, from: Option<&Before>, limit: i64) -> Result<Looked, Error> {
    let (names, next) = look(tx, from, limit)?;
    let mut homes = HashMap::new();
    let mut missing = Vec::new();
    for (pool, name) in names {
        if !is_held(tx, &name)? && is_home_of(tx, &mut homes, pool)? {
            missing.push((pool, name));
        }
    }
    Ok((missing, next))
}

/// Takes names that live here into the directory; those that are there already stay as they are.
pub fn announce(tx: &mut HouseTx<'_>, names: &[(PoolId, Name)]) -> Result<(), Error> {
    let mut homes = HashMap::new();
    for (pool, name) in names {
        if is_home_of(tx, &mut homes, *pool)? {
            // What lives here is this cell's, whatever others said meanwhile: it is served here.
            elsewhere::displace(tx, name)?;
            put(tx, name, true)?;
        }
    }
    Ok(())
}

fn look(tx: &mut HouseTx<'_>, from: Option<&Before>, limit: i64) -> Result<Looked, Error> {
    match from {
        None | Some(Before::Company(_)) => {
            let after = if let Some(Before::Company(number)) = from { *number } else { 0 };
            let rows = tx.rows(&COMPANIES, &[&after, &limit], |row| {
                let number = CompanyNumber::new(row.get(0)?).map_err(|_| row.broken(0))?;
                Ok((number, row.get::<PoolId>(1)?, row.get(2)?))
            })?;
            let mut names = Vec::new();
            for (_, pool, tenant) in &rows {
                let found = tx.in_pool(*pool, |tx| tenants::find(tx, *tenant))?;
                names.extend(found.iter().flat_map(of_tenant).map(|name| (*pool, name)));
            }
            let last = rows.last().map(|(number, _, _)| Before::Company(number.get()));
            Ok((names, Some(last.unwrap_or_else(|| Before::Key(String::new())))))
        }
        Some(Before::Key(after)) => {
            let rows = tx.rows(&KEYS, &[&after.as_str(), &limit], |row| {
                Ok((row.parsed(0, AccessKeyName::parse)?, row.get::<PoolId>(1)?))
            })?;
            let last = rows.last().map(|(last, _)| Before::Key(last.as_str().to_owned()));
            Ok((rows.iter().map(|(key, pool)| (*pool, Name::access_key(key))).collect(), last))
        }
    }
}

fn is_home_of(tx: &mut HouseTx<'_>, homes: &mut HashMap<PoolId, bool>, pool: PoolId) -> Result<bool, Error> {
    if let Some(known) = homes.get(&pool) {
        return Ok(*known);
    }
    let is_home = tx.in_pool(pool, is_home)?;
    homes.insert(pool, is_home);
    Ok(is_home)
}
