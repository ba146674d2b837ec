//! The statements of a move, made of the schema, so that no later table or column can be forgotten.
//!
//! They are the same for both engines. `tests/profile/` reads what comes out of here for every table
//! (`Table::generated`), as it reads the statements that stand in the sources.

use crate::{Kind, Statement, statement::made_of_schema};

/// Rows of one INSERT: enough that the way to a server is gone seldom, few enough that no engine's bound on values is
/// near (SQLite takes 32,766 of them, PostgreSQL 65,535).
pub(super) const ROWS_OF_INSERT: usize = 50;

/// The statements of one table.
pub(super) struct Texts {
    pub(super) first: Statement,
    pub(super) next: Statement,
    pub(super) last: Statement,
    pub(super) insert_one: Statement,
    pub(super) insert_many: Statement,
    pub(super) count: Statement,
    pub(super) clear: Statement,
}

/// A statement as the profile's test reads it: what made it, and its text.
pub type Generated = (&'static str, &'static str);

impl Texts {
    pub(super) fn of(table: &str, columns: &[(String, Kind)], key: &[usize]) -> Self {
        let key: Vec<&str> =
            key.iter().filter_map(|at| columns.get(*at)).map(|(name, _)| name.as_str()).collect();
        let columns: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        Self {
            first: made_of_schema(first(table, &columns, &key)),
            next: made_of_schema(next(table, &columns, &key)),
            last: made_of_schema(last(table, &key)),
            insert_one: made_of_schema(insert(table, &columns, 1)),
            insert_many: made_of_schema(insert(table, &columns, ROWS_OF_INSERT)),
            count: made_of_schema(count(table)),
            clear: made_of_schema(clear(table)),
        }
    }

    fn generated(&self) -> [Generated; 7] {
        [
            ("first", &self.first),
            ("next", &self.next),
            ("last", &self.last),
            ("insert", &self.insert_one),
            ("insert", &self.insert_many),
            ("count", &self.count),
            ("clear", &self.clear),
        ]
        .map(|(maker, statement)| (maker, statement.postgres()))
    }
}

impl super::Table {
    /// Every statement that is made for this table.
    pub fn generated(&self) -> impl Iterator<Item = Generated> {
        self.texts.generated().into_iter()
    }
}

fn first(table: &str, columns: &[&str], key: &[&str]) -> String {
    format!("SELECT {} FROM {table} ORDER BY {} LIMIT $1", columns.join(", "), key.join(", "))
}

fn next(table: &str, columns: &[&str], key: &[&str]) -> String {
    let (columns, names, limit) = (columns.join(", "), key.join(", "), key.len() + 1);
    let after = placeholders(1, key.len());
    format!("SELECT {columns} FROM {table} WHERE ({names}) > ({after}) ORDER BY {names} LIMIT ${limit}")
}

fn last(table: &str, key: &[&str]) -> String {
    format!("SELECT {} FROM {table} ORDER BY {} DESC LIMIT 1", key.join(", "), key.join(" DESC, "))
}

fn insert(table: &str, columns: &[&str], rows: usize) -> String {
    let row = |number: usize| format!("({})", placeholders(number * columns.len() + 1, columns.len()));
    let rows: Vec<String> = (0..rows).map(row).collect();
    format!("INSERT INTO {table} ({}) VALUES {}", columns.join(", "), rows.join(", "))
}

fn count(table: &str) -> String {
    format!("SELECT count(*) FROM {table}")
}

fn clear(table: &str) -> String {
    format!("DELETE FROM {table}")
}

fn placeholders(from: usize, count: usize) -> String {
    let each: Vec<String> = (from..from + count).map(|number| format!("${number}")).collect();
    each.join(", ")
}
