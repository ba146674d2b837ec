//! The schema as the migrations make it, for rules that must know which table belongs to a pool.

use crate::profile::{
    exceptions::HOUSE,
    parsed::{Parsed, all, list, name},
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Tables, with their columns and whether each may be NULL.
#[derive(Default)]
pub(super) struct Schema {
    tables: BTreeMap<String, BTreeMap<String, bool>>,
}

/// Whose rows a table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// Those of one pool after another.
    Pool,
    /// The way to a pool.
    Lookup,
    /// The installation's.
    House,
}

/// A column in a definition.
pub(super) struct Column<'a> {
    pub(super) table: String,
    pub(super) name: String,
    pub(super) data_type: &'a Value,
    options: &'a [Value],
}

/// A key or an index.
pub(super) struct Key {
    /// The index, or the table whose key it is.
    pub(super) name: String,
    pub(super) table: String,
    /// `None` for an expression.
    pub(super) columns: Vec<Option<String>>,
}

impl Schema {
    pub(super) fn of(statements: &[Parsed]) -> Self {
        let mut schema = Self::default();
        for column in statements.iter().flat_map(columns) {
            let nullable = !column.is_required();
            schema.tables.entry(column.table).or_default().insert(column.name, nullable);
        }
        schema
    }

    pub(super) fn owner(&self, table: &str) -> Owner {
        if HOUSE.iter().any(|(house, _)| *house == table) {
            Owner::House
        } else if table.starts_with("lookup_") {
            Owner::Lookup
        } else {
            Owner::Pool
        }
    }

    pub(super) fn has(&self, table: &str) -> bool {
        self.tables.contains_key(table)
    }

    /// Whether a column of one of these tables may be NULL.
    pub(super) fn is_nullable<'a>(&self, mut tables: impl Iterator<Item = &'a str>, column: &str) -> bool {
        tables.any(|table| self.tables.get(table).and_then(|it| it.get(column)).copied().unwrap_or(false))
    }
}

impl Column<'_> {
    fn is_required(&self) -> bool {
        self.has("NotNull") || self.has("PrimaryKey")
    }

    pub(super) fn has(&self, option: &str) -> bool {
        self.option(option).is_some()
            || self.options.iter().any(|it| it.get("option").and_then(Value::as_str) == Some(option))
    }

    pub(super) fn option(&self, option: &str) -> Option<&Value> {
        self.options.iter().find_map(|it| it.get("option")?.get(option))
    }

    /// `SERIAL` and its kin.
    pub(super) fn is_serial(&self) -> bool {
        self.data_type.to_string().to_ascii_lowercase().contains("serial")
    }

    /// An older version's rows have a value for it, and so have those it goes on writing.
    pub(super) fn suits_older_versions(&self) -> bool {
        !self.is_required() || self.option("Default").is_some()
    }
}

/// The columns that a statement defines.
pub(super) fn columns(parsed: &Parsed) -> Vec<Column<'_>> {
    let Ok(tree) = &parsed.tree else { return Vec::new() };
    let created = tree.get("CreateTable").map(|it| (it, list(it.get("columns")).iter().collect()));
    let altered = tree.get("AlterTable").map(|it| (it, all(it, "column_def")));
    let (statement, definitions): (_, Vec<&Value>) = match created.or(altered) {
        Some(found) => found,
        None => return Vec::new(),
    };
    let table = statement.get("name").and_then(name).unwrap_or_default();
    let column = |it| column(&table, it);
    definitions.into_iter().filter_map(column).collect()
}

fn column<'a>(table: &str, definition: &'a Value) -> Option<Column<'a>> {
    Some(Column {
        table: table.to_owned(),
        name: definition.get("name")?.get("value")?.as_str()?.to_ascii_lowercase(),
        data_type: definition.get("data_type")?,
        options: list(definition.get("options")),
    })
}

/// The keys and indices that a statement makes.
pub(super) fn keys(parsed: &Parsed) -> Vec<Key> {
    let mut keys: Vec<Key> = columns(parsed)
        .into_iter()
        .filter(|column| column.has("Unique") || column.has("PrimaryKey"))
        .map(|column| Key {
            name: parsed.name.clone(),
            table: column.table,
            columns: vec![Some(column.name)],
        })
        .collect();
    let Ok(tree) = &parsed.tree else { return keys };
    if let Some(index) = tree.get("CreateIndex") {
        let named = |key| index.get(key).and_then(name).unwrap_or_default();
        keys.push(Key { name: named("name"), table: named("table_name"), columns: indexed(index) });
    }
    let table = ["CreateTable", "AlterTable"].iter().find_map(|it| name(tree.get(it)?.get("name")?));
    for kind in ["PrimaryKey", "Unique"] {
        let constraints = all(tree, kind).into_iter().filter(|it| it.get("columns").is_some());
        keys.extend(constraints.map(|it| Key {
            name: parsed.name.clone(),
            table: table.clone().unwrap_or_default(),
            columns: indexed(it),
        }));
    }
    keys
}

fn indexed(key: &Value) -> Vec<Option<String>> {
    let expressions =
        list(key.get("columns")).iter().map(|it| it.get("column").and_then(|it| it.get("expr")));
    expressions.map(|it| crate::profile::parsed::column(it?).map(|(_, column)| column)).collect()
}
