//! Verifying: every row of both sides is read again, and compared by count and hash for each table and pool.

use super::{BATCH, Difference, End, Error, Move, Phase, Progress, Tables};
use doorward_crypto::Digest;
use doorward_model::{PoolId, TenantId};
use doorward_store::moving::{self as store, Cell, Record, Table};
use doorward_store::tenants;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uuid::Uuid;

/// A table of one pool that is the same on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The table.
    pub table: String,
    /// Whose rows: a tenant, by its slug, or the installation.
    pub whose: String,
    /// What was found, on either side.
    pub side: Side,
}

/// What one side has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    /// How many rows.
    pub rows: u64,
    /// The SHA-256 of all of them, in the order of their key.
    pub hash: [u8; 32],
}

/// The pool of rows, by its bytes; `None` for the installation's own.
type Owner = Option<[u8; 16]>;

/// What one side has of a table.
type Sides = BTreeMap<Owner, Side>;

pub(super) async fn verify(
    it: &Move,
    tables: &Tables,
    total: u64,
    progress: &mut impl FnMut(Progress),
) -> Result<Vec<Verified>, Error> {
    let (mut verified, mut differences) = (Vec::new(), Vec::new());
    let mut before = 0;
    for table in tables {
        let mut tell = |rows, is_table_done| {
            let (table, done) = (table.name.clone(), before + rows);
            progress(Progress { phase: Phase::Verify, table, done, total, is_table_done });
        };
        // One side tells of progress: both have the same number of rows, or it will be said.
        let (left, arrived) =
            tokio::join!(sides(&it.from, table, |rows| tell(rows, false)), sides(&it.to, table, |_| {}));
        let (left, arrived) = (left?, arrived?);
        let rows: u64 = left.values().map(|side| side.rows).sum();
        tell(rows, true);
        before += rows;
        let owners: BTreeSet<&Owner> = left.keys().chain(arrived.keys()).collect();
        for owner in owners {
            let (table, whose) = (table.name.clone(), whose(&it.from, *owner).await?);
            match (left.get(owner), arrived.get(owner)) {
                (Some(one), Some(other)) if one == other => {
                    verified.push(Verified { table, whose, side: *one });
                }
                (one, other) => {
                    let rows = |side: Option<&Side>| side.map_or(0, |side| side.rows);
                    differences.push(Difference { table, whose, rows: (rows(one), rows(other)) });
                }
            }
        }
    }
    if differences.is_empty() { Ok(verified) } else { Err(Error::Differs { differences }) }
}

/// Reads a table through.
async fn sides(end: &End, table: &Arc<Table>, mut tell: impl FnMut(u64)) -> Result<Sides, Error> {
    let mut found: BTreeMap<Owner, (u64, Digest)> = BTreeMap::new();
    let (mut rows, mut after) = (0, None::<Vec<Cell>>);
    loop {
        let (read, key) = (Arc::clone(table), after);
        let batch = end.db.read_house(move |tx| store::read(tx, &read, key.as_deref(), BATCH)).await;
        let batch = end.told(&table.name, batch)?;
        let Some(last) = batch.last() else { break };
        after = Some(super::copy::key_of(table, last));
        for record in &batch {
            let (count, digest) = found.entry(owner(table, record)).or_default();
            *count += 1;
            add(digest, record);
        }
        rows += u64::try_from(batch.len()).unwrap_or(u64::MAX);
        tell(rows);
    }
    Ok(found
        .into_iter()
        .map(|(owner, (rows, digest))| (owner, Side { rows, hash: digest.finish() }))
        .collect())
}

/// The pool of a row; events of the installation itself stand under the nil one.
fn owner(table: &Table, record: &Record) -> Owner {
    let Some(Cell::Bytes(pool)) = table.pool.and_then(|at| record.get(at)) else { return None };
    <[u8; 16]>::try_from(pool.as_slice()).ok().filter(|pool| *pool != [0; 16])
}

/// A row as bytes that no other row has: each cell by its kind, and what has no fixed length with its length before it.
fn add(digest: &mut Digest, record: &Record) {
    for cell in record {
        match cell {
            Cell::Null(_) => digest.update(b"n"),
            Cell::Int(number) => {
                digest.update(b"i");
                digest.update(&number.to_be_bytes());
            }
            Cell::Text(text) => sized(digest, b"t", text.as_bytes()),
            Cell::Bytes(bytes) => sized(digest, b"b", bytes),
        }
    }
}

fn sized(digest: &mut Digest, kind: &[u8], bytes: &[u8]) {
    digest.update(kind);
    digest.update(&u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
    digest.update(bytes);
}

/// Who an owner is, for an operator.
async fn whose(from: &End, owner: Owner) -> Result<String, Error> {
    let Some(pool) = owner else { return Ok("the installation".to_owned()) };
    let root = TenantId::new(Uuid::from_bytes(pool));
    let tenant = from.db.read(PoolId::of_root(root), move |tx| tenants::find(tx, root)).await;
    let tenant = from.told("tenants", tenant)?;
    Ok(tenant.map_or_else(|| root.to_string(), |tenant| tenant.slug.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorward_store::Kind;

    fn hash(record: &[Cell]) -> [u8; 32] {
        let mut digest = Digest::default();
        add(&mut digest, &record.to_vec());
        digest.finish()
    }

    #[test]
    fn rows_that_differ_in_anything_have_other_hashes() {
        let text = |text: &str| Cell::Text(text.to_owned());
        let rows = [
            vec![text("ab"), text("c")],
            vec![text("a"), text("bc")],
            vec![text("abc")],
            vec![Cell::Bytes(b"abc".to_vec())],
            vec![text("")],
            vec![Cell::Null(Kind::Text)],
            vec![Cell::Int(0)],
            vec![Cell::Int(256)],
            vec![],
        ];
        let hashes: BTreeSet<[u8; 32]> = rows.iter().map(|row| hash(row)).collect();
        assert_eq!(hashes.len(), rows.len());
    }
}
