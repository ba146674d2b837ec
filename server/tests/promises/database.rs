//! The database file as somebody sees it who holds only the file.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Every row of every table, as text, sorted.
pub(crate) type Dump = BTreeMap<String, Vec<String>>;

/// Reads all tables but these.
pub(crate) fn dump(data: &Path, except: &[&str]) -> Dump {
    let connection = open(data);
    let tables = column(&connection, "SELECT name FROM sqlite_master WHERE type = 'table'");
    let wanted = tables.into_iter().filter(|table| !except.contains(&table.as_str()));
    wanted.map(|table| (table.clone(), rows(&connection, &table))).collect()
}

/// One number.
pub(crate) fn count(data: &Path, statement: &str) -> i64 {
    open(data).query_row(statement, [], |row| row.get(0)).unwrap()
}

/// The bytes of the database and of its log.
pub(crate) fn bytes(data: &Path) -> Vec<u8> {
    let file = |name: &str| fs::read(data.join(name)).unwrap_or_default();
    let main = file("doorward.db");
    assert!(!main.is_empty(), "there is a database");
    [main, file("doorward.db-wal")].concat()
}

fn open(data: &Path) -> Connection {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    Connection::open_with_flags(data.join("doorward.db"), flags).unwrap()
}

fn rows(connection: &Connection, table: &str) -> Vec<String> {
    let mut statement = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
    let columns = statement.column_count();
    let mut found = statement.query([]).unwrap();
    let mut all = Vec::new();
    while let Some(row) = found.next().unwrap() {
        let cell = |index| match row.get_ref(index).unwrap() {
            ValueRef::Null => "null".to_owned(),
            ValueRef::Integer(number) => number.to_string(),
            ValueRef::Real(number) => number.to_string(),
            ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
            ValueRef::Blob(bytes) => doorward_crypto::hex(bytes),
        };
        all.push((0..columns).map(cell).collect::<Vec<_>>().join("|"));
    }
    all.sort();
    all
}

fn column(connection: &Connection, statement: &str) -> Vec<String> {
    let mut statement = connection.prepare(statement).unwrap();
    let found = statement.query_map([], |row| row.get(0)).unwrap();
    found.map(Result::unwrap).collect()
}
