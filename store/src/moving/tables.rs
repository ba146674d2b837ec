//! What is moved: every table the migrations make, but for those of [`STAYS`].

use super::texts::Texts;
use crate::{Error, Kind, engine};

/// Tables that are not moved, and why.
pub const STAYS: &[(&str, &str)] = &[
    ("migrations", "the history of this schema, which the other database has made for itself"),
    ("moves", "it says which end of a move this database is"),
    ("serving", "it says which programs serve over this schema, as its own migrations left it"),
    ("marks", "it is written so that commits wait for a standby of this server's"),
    ("leases", "they are of nodes that do not run any more"),
    (
        "key_windows",
        "what it counts is over in seconds, or in an hour at most, and nodes that are alone keep it in memory",
    ),
];

/// A table, as far as moving its rows goes.
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns: name and kind, in the order in which a row's cells stand.
    pub columns: Vec<(String, Kind)>,
    /// Which columns are the primary key, in the key's order.
    pub key: Vec<usize>,
    /// Which column says the pool; `None` where rows belong to the installation.
    pub pool: Option<usize>,
    pub(super) texts: Texts,
}

/// Every table that is moved, in the order in which migrations make them. Errors: [`Error::Fault`] where the schema has
/// what this cannot move.
pub fn tables() -> Result<Vec<Table>, Error> {
    let mut found: Vec<(String, Vec<engine::Column>)> = Vec::new();
    for column in engine::columns()? {
        match found.last_mut() {
            Some((table, columns)) if *table == column.table => columns.push(column),
            Some(_) | None => found.push((column.table.clone(), vec![column])),
        }
    }
    found.retain(|(table, _)| STAYS.iter().all(|(stays, _)| stays != table));
    found.into_iter().map(|(name, columns)| table(name, &columns)).collect()
}

fn table(name: String, columns: &[engine::Column]) -> Result<Table, Error> {
    let mut key: Vec<(i64, usize)> =
        columns.iter().enumerate().filter(|(_, it)| it.in_key > 0).map(|(at, it)| (it.in_key, at)).collect();
    key.sort_unstable();
    let key: Vec<usize> = key.into_iter().map(|(_, at)| at).collect();
    if key.is_empty() {
        return Err(Error::Fault(format!("the table {name} has no key to read it by")));
    }
    let pool = columns.iter().position(|column| column.name == "pool");
    let columns: Vec<(String, Kind)> = columns.iter().map(|it| (it.name.clone(), it.kind)).collect();
    let texts = Texts::of(&name, &columns, &key);
    Ok(Table { name, columns, key, pool, texts })
}
