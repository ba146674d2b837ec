//! Verifying: every row of both sides is read again, and compared by count and hash for each table and pool.

use super::{BATCH, Difference, End, Error, Move, Phase, Progress, Tables};
use doorward_crypto::Digest;
use doorward_store::moving::{self as store, Cell, Record, Table};
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
    let names = Names::read(&it.from, tables).await?;
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
            let (table, whose) = (table.name.clone(), names.of(*owner));
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

/// Counts and hashes a table, by pool.
async fn sides(end: &End, table: &Arc<Table>, mut tell: impl FnMut(u64)) -> Result<Sides, Error> {
    let mut found: BTreeMap<Owner, (u64, Digest)> = BTreeMap::new();
    let mut rows = 0;
    walk(end, table, |record| {
        let (count, digest) = found.entry(owner(table, record)).or_default();
        *count += 1;
        add(digest, record);
        rows += 1;
        if rows % BATCH.unsigned_abs() == 0 {
            tell(rows);
        }
    })
    .await?;
    Ok(found
        .into_iter()
        .map(|(owner, (rows, digest))| (owner, Side { rows, hash: digest.finish() }))
        .collect())
}

/// Reads a table through, in the order of its key.
async fn walk(end: &End, table: &Arc<Table>, mut each: impl FnMut(&Record)) -> Result<(), Error> {
    let mut after = None::<Vec<Cell>>;
    loop {
        let (read, key) = (Arc::clone(table), after);
        let batch = end.db.read_house(move |tx| store::read(tx, &read, key.as_deref(), BATCH)).await;
        let batch = end.told(&table.name, batch)?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = Some(super::copy::key_of(table, last));
        batch.iter().for_each(&mut each);
    }
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

/// What operators call owners: the slugs of all pools' roots, in one walk through the table of tenants.
struct Names(BTreeMap<[u8; 16], String>);

impl Names {
    async fn read(end: &End, tables: &Tables) -> Result<Self, Error> {
        let mut names = BTreeMap::new();
        let Some(table) = tables.iter().find(|table| table.name == "tenants") else { return Ok(Self(names)) };
        let column = |name: &str| table.columns.iter().position(|(column, _)| column == name);
        let (id, slug) = (column("id"), column("slug"));
        walk(end, table, |record| {
            let cell = |at: Option<usize>| at.and_then(|at| record.get(at));
            let is_root = cell(id).is_some() && cell(id) == cell(table.pool);
            if let (true, Some(pool), Some(Cell::Text(slug))) = (is_root, owner(table, record), cell(slug)) {
                names.insert(pool, slug.clone());
            }
        })
        .await?;
        Ok(Self(names))
    }

    fn of(&self, owner: Owner) -> String {
        let Some(pool) = owner else { return "the installation".to_owned() };
        self.0.get(&pool).cloned().unwrap_or_else(|| Uuid::from_bytes(pool).to_string())
    }
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
