//! Tenants: the nodes of a pool's tree.

use crate::columns::{read_policy, write_policy};
use crate::{Error, Invalidation, Json, Part, Row, Statement, Statements, Tx, directory, lookup, sql, uses};
use doorward_model::{CompanyNumber, PoolId, RegionCode, Slug, Tenant, TenantId, TenantStatus, Timestamp};

/// No real organisation is deeper; a cycle, which nothing writes, would be cut here instead of looping.
pub const MAX_DEPTH: usize = 32;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT pool, id, parent, slug, number, display_name, status, region, policy, profile, \
             auth_generation, version, created_at, modified_at FROM tenants ",
            $rest
        )
    };
}

const INSERT: Statement = sql(
    "INSERT INTO tenants (pool, id, parent, slug, number, display_name, status, region, policy, profile, \
     auth_generation, version, created_at, modified_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
);

/// Adds a node, with the slug and number by which it is found. Both are unique over all pools, and over all cells as far
/// as they are known.
pub fn insert(tx: &mut Tx<'_>, tenant: &Tenant) -> Result<(), Error> {
    lookup::slugs::insert(tx, &tenant.slug, tenant.id)?;
    lookup::companies::insert(tx, tenant.number, tenant.id)?;
    tx.execute(
        &INSERT,
        &[
            &tx.pool(),
            &tenant.id,
            &tenant.parent,
            &tenant.slug.as_str(),
            &tenant.number.get(),
            &tenant.display_name,
            &tenant.status.as_str(),
            &tenant.region.as_ref().map(RegionCode::as_str),
            &write_policy(&tenant.policy)?,
            &Json::of(&tenant.profile)?,
            &tenant.auth_generation,
            &tenant.version,
            &tenant.created_at,
            &tenant.modified_at,
        ],
    )?;
    directory::claim(tx, &directory::of_tenant(tenant))
}

const FIND: Statement = sql(select!("WHERE pool = $1 AND id = $2"));

/// One node, deleted ones included.
pub fn find(tx: &mut Tx<'_>, id: TenantId) -> Result<Option<Tenant>, Error> {
    tx.row(&FIND, &[&tx.pool(), &id], read)
}

/// The node and its ancestors, root first; empty when there is no such node.
pub fn branch(tx: &mut Tx<'_>, id: TenantId) -> Result<Vec<Tenant>, Error> {
    let mut branch = Vec::new();
    let mut next = Some(id);
    while let Some(tenant) = next.map(|id| find(tx, id)).transpose()?.flatten() {
        next = tenant.parent.filter(|_| branch.len() < MAX_DEPTH);
        branch.push(tenant);
    }
    branch.reverse();
    Ok(branch)
}

const LIST_CHILDREN: Statement = sql(select!("WHERE pool = $1 AND parent = $2 ORDER BY number"));

/// The direct children by number, deleted ones included.
pub fn list_children(tx: &mut Tx<'_>, parent: TenantId) -> Result<Vec<Tenant>, Error> {
    tx.rows(&LIST_CHILDREN, &[&tx.pool(), &parent], read)
}

const LIST_EXISTING_CHILDREN: Statement =
    sql(select!("WHERE pool = $1 AND parent = $2 AND status <> $3 ORDER BY number LIMIT $4 OFFSET $5"));

/// A part of the direct children by number, without deleted ones.
pub fn list_existing_children(tx: &mut Tx<'_>, parent: TenantId, part: Part) -> Result<Vec<Tenant>, Error> {
    let deleted = TenantStatus::Deleted.as_str();
    tx.rows(&LIST_EXISTING_CHILDREN, &[&tx.pool(), &parent, &deleted, &part.rows, &part.start], read)
}

const LIST_CHILDREN_AFTER: Statement =
    sql(select!("WHERE pool = $1 AND parent = $2 AND status <> $3 AND number > $4 ORDER BY number LIMIT $5"));

/// The direct children behind a number, by number, without deleted ones.
pub fn list_children_after(
    tx: &mut Tx<'_>,
    parent: TenantId,
    after: i64,
    limit: i64,
) -> Result<Vec<Tenant>, Error> {
    let deleted = TenantStatus::Deleted.as_str();
    tx.rows(&LIST_CHILDREN_AFTER, &[&tx.pool(), &parent, &deleted, &after, &limit], read)
}

const COUNT_CHILDREN: Statement =
    sql("SELECT COUNT(*) FROM tenants WHERE pool = $1 AND parent = $2 AND status <> $3");

/// How many direct children there are, without deleted ones.
pub fn count_existing_children(tx: &mut Tx<'_>, parent: TenantId) -> Result<i64, Error> {
    let deleted = TenantStatus::Deleted.as_str();
    let counted = tx.row(&COUNT_CHILDREN, &[&tx.pool(), &parent, &deleted], |row| row.get(0))?;
    Ok(counted.unwrap_or(0))
}

/// The node and everything below it, parents before children.
pub fn list_subtree(tx: &mut Tx<'_>, top: TenantId) -> Result<Vec<Tenant>, Error> {
    let mut subtree: Vec<Tenant> = find(tx, top)?.into_iter().collect();
    let mut visited = 0;
    while let Some(parent) = subtree.get(visited).map(|tenant| tenant.id) {
        subtree.extend(list_children(tx, parent)?);
        visited += 1;
    }
    Ok(subtree)
}

const CHILD_IDS: Statement =
    sql("SELECT id FROM tenants WHERE pool = $1 AND parent = $2 ORDER BY id LIMIT $3");

/// The ids of at most `limit` direct children, deleted ones included.
pub fn list_child_ids(tx: &mut Tx<'_>, parent: TenantId, limit: i64) -> Result<Vec<TenantId>, Error> {
    tx.rows(&CHILD_IDS, &[&tx.pool(), &parent, &limit], |row| row.get(0))
}

const LIST_ROOTS: Statement = sql("SELECT id FROM tenants WHERE parent IS NULL ORDER BY number");

/// The root of every pool, by number.
pub fn list_roots(tx: &mut impl Statements) -> Result<Vec<TenantId>, Error> {
    tx.rows(&LIST_ROOTS, &[], |row| row.get(0))
}

const UPDATE: Statement = sql(
    "UPDATE tenants SET parent = $3, display_name = $4, status = $5, region = $6, policy = $7, profile = $8, \
     version = version + 1, modified_at = $9, slug = $10 WHERE pool = $1 AND id = $2",
);

/// Writes everything that may change but the generation, which [`advance_generation`] alone moves. A pool whose region
/// changes claims its names in the directory of cells, or gives them up; one that another cell has is
/// [`Error::Constraint`]. What a tenant that moves comes below notes that, for [`uses`].
pub fn update(tx: &mut Tx<'_>, tenant: &Tenant) -> Result<(), Error> {
    let known = find(tx, tenant.id)?;
    let moves_home = match (tenant.parent, directory::cell(tx)?) {
        (None, Some(_)) => known.as_ref().is_some_and(|known| known.region != tenant.region),
        (Some(_), _) | (None, None) => false,
    };
    let is_moved = known.is_some_and(|known| known.parent != tenant.parent);
    let before = if is_moved { branch(tx, tenant.id)? } else { Vec::new() };
    tx.execute(
        &UPDATE,
        &[
            &tx.pool(),
            &tenant.id,
            &tenant.parent,
            &tenant.display_name,
            &tenant.status.as_str(),
            &tenant.region.as_ref().map(RegionCode::as_str),
            &write_policy(&tenant.policy)?,
            &Json::of(&tenant.profile)?,
            &tenant.modified_at,
            &tenant.slug.as_str(),
        ],
    )?;
    tx.invalidate(Invalidation::Tenant { pool: tx.pool(), tenant: tenant.id });
    let after = if is_moved { branch(tx, tenant.id)? } else { Vec::new() };
    for node in after.iter().filter(|node| !before.iter().any(|was| was.id == node.id)) {
        uses::note_move(tx, node.id, tenant.modified_at)?;
    }
    if moves_home { directory::settle(tx) } else { Ok(()) }
}

const ADVANCE: Statement =
    sql("UPDATE tenants SET auth_generation = auth_generation + 1 WHERE pool = $1 AND id = $2");

/// Ends every session opened in this node and below it. Returns the nodes touched.
pub fn advance_generation(tx: &mut Tx<'_>, top: TenantId) -> Result<Vec<TenantId>, Error> {
    let ids: Vec<TenantId> = list_subtree(tx, top)?.iter().map(|tenant| tenant.id).collect();
    for id in &ids {
        tx.execute(&ADVANCE, &[&tx.pool(), id])?;
        tx.invalidate(Invalidation::Tenant { pool: tx.pool(), tenant: *id });
    }
    Ok(ids)
}

fn read(row: &Row<'_>) -> Result<Tenant, Error> {
    Ok(Tenant {
        pool: row.get::<PoolId>(0)?,
        id: row.get(1)?,
        parent: row.get(2)?,
        slug: row.parsed(3, |text| Slug::parse(text).ok())?,
        number: CompanyNumber::new(row.get(4)?).map_err(|_| row.broken(4))?,
        display_name: row.get(5)?,
        status: row.parsed(6, TenantStatus::parse)?,
        region: row.parsed_option(7, RegionCode::parse)?,
        policy: row.parsed(8, read_policy)?,
        profile: row.json(9)?,
        auth_generation: row.get(10)?,
        version: row.get(11)?,
        created_at: row.get::<Timestamp>(12)?,
        modified_at: row.get(13)?,
    })
}
