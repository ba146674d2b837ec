//! Keys and indices.

use super::{Case, Rule};
use crate::profile::{
    parsed::{list, name},
    read::Origin::{Migration, Statement},
    schema::{self, Owner},
};
use serde_json::Value;

/// What every engine knows of an index.
const PLAIN: &[&str] = &["name", "table_name", "columns", "unique"];

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "pool-first",
        remedy: "begin the key with pool: a pool's rows then lie together, on a distributed engine on one node. A table that \
                 belongs to no pool is named in HOUSE, the way to a pool is called lookup_*",
        breaks: |case| {
            let mut found = keys(case);
            found.extend(shapes(case));
            found.extend(conflicts(case));
            found
        },
        examples: &[
            (Migration, "CREATE INDEX people_by_status ON people (status, pool)"),
            (Migration, "CREATE UNIQUE INDEX people_by_status ON people (status)"),
            (Migration, "CREATE TABLE x (pool BYTEA NOT NULL, id BYTEA NOT NULL, PRIMARY KEY (id, pool))"),
            (Migration, "CREATE TABLE x (pool BYTEA NOT NULL, id BYTEA NOT NULL PRIMARY KEY)"),
            (Migration, "CREATE TABLE x (pool BYTEA NOT NULL, id BYTEA NOT NULL)"),
            (Migration, "CREATE TABLE lookup_x (hash BYTEA NOT NULL PRIMARY KEY, id BYTEA NOT NULL)"),
            (
                Statement,
                "INSERT INTO known_places (pool, place, seen_at) VALUES ($1, $2, $3) ON CONFLICT (place, pool) DO NOTHING",
            ),
        ],
    },
    Rule {
        name: "plain-indices",
        remedy: "index columns, in their order, of all rows: partial indices, expressions and other methods differ per engine",
        breaks: |case| {
            let Some(index) = case.parsed.part("CreateIndex") else {
                return Vec::new();
            };
            let others = index.as_object().into_iter().flatten().map(|(field, _)| field.clone());
            let mut found: Vec<String> = others.filter(|field| !PLAIN.contains(&field.as_str())).collect();
            for column in list(index.get("columns")) {
                let what = column.get("column").and_then(|it| it.get("expr")).unwrap_or(&Value::Null);
                let how = column.get("column").and_then(|it| it.get("options")).and_then(Value::as_object);
                if what.get("Identifier").is_none() || how.is_some_and(|it| !it.is_empty()) {
                    found.push(format!("{what}"));
                }
            }
            found
        },
        examples: &[
            (Migration, "CREATE INDEX i ON people (pool, lower(email))"),
            (Migration, "CREATE INDEX i ON people (pool, status) WHERE number = 1"),
            (Migration, "CREATE INDEX i ON people USING hash (pool)"),
            (Migration, "CREATE INDEX CONCURRENTLY i ON people (pool, status)"),
            (Migration, "CREATE INDEX i ON people (pool, status DESC)"),
        ],
    },
];

fn keys(case: &Case<'_>) -> Vec<String> {
    let keys = schema::keys(case.parsed).into_iter();
    keys.filter(|key| case.schema.owner(&key.table) == Owner::Pool)
        .filter(|key| !key.columns.first().is_some_and(is_pool))
        .map(|key| format!("a key of {} that begins with another column", key.name))
        .collect()
}

/// A pool's table has a key, and the way to a pool leads to one.
fn shapes(case: &Case<'_>) -> Vec<String> {
    let Some(created) = case.parsed.part("CreateTable") else {
        return Vec::new();
    };
    // One made of a query is no table of ours, and has a rule of its own.
    if created.get("query").is_some() {
        return Vec::new();
    }
    let table = created.get("name").and_then(name).unwrap_or_default();
    let has_pool = schema::columns(case.parsed).iter().any(|column| column.name == "pool");
    let has_key = !schema::keys(case.parsed).is_empty();
    let is_wrong = match case.schema.owner(&table) {
        Owner::House => !has_key,
        Owner::Lookup => !has_key || !has_pool,
        Owner::Pool => !has_key,
    };
    if is_wrong { vec![format!("{table} has no key, or leads to no pool")] } else { Vec::new() }
}

fn conflicts(case: &Case<'_>) -> Vec<String> {
    let Some(insert) = case.parsed.part("Insert") else {
        return Vec::new();
    };
    let table = insert.get("table").and_then(|it| name(it.get("TableName")?)).unwrap_or_default();
    if case.schema.owner(&table) != Owner::Pool {
        return Vec::new();
    }
    let targets =
        case.parsed.all("conflict_target").into_iter().filter_map(|it| it.get("Columns")?.get("columns"));
    let firsts = targets.map(|columns| list(Some(columns)).first().and_then(|it| it.get("value")?.as_str()));
    firsts
        .filter(|first| *first != Some("pool"))
        .map(|first| format!("ON CONFLICT ({}, …)", first.unwrap_or_default()))
        .collect()
}

fn is_pool(column: &Option<String>) -> bool {
    column.as_deref() == Some("pool")
}
