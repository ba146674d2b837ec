//! What a query answers, and in which order.

use super::{Case, Rule, found_if};
use crate::profile::{
    parsed::{all, column, list, name},
    read::Origin::{Migration, Statement},
};
use serde_json::Value;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "limit-needs-order",
        remedy: "say with ORDER BY which rows they are: without it each engine picks others",
        breaks: |case| {
            let Ok(tree) = &case.parsed.tree else { return Vec::new() };
            let cuts = objects(tree)
                .into_iter()
                .any(|it| it.get("limit_clause").is_some() && it.get("order_by").is_none());
            let picks = all(tree, "distinct").iter().any(|it| it.get("On").is_some());
            let mut found = found_if(cuts, "LIMIT without ORDER BY");
            found.extend(found_if(picks, "DISTINCT ON"));
            found
        },
        examples: &[
            (Statement, "SELECT id FROM tickets WHERE pool = $1 LIMIT 1"),
            (Statement, "DELETE FROM epochs WHERE shard IN (SELECT shard FROM epochs LIMIT 1)"),
            (Statement, "SELECT DISTINCT ON (name) code FROM regions ORDER BY name"),
        ],
    },
    Rule {
        name: "order-of-nulls",
        remedy: "order by columns that are NOT NULL, or say NULLS FIRST or LAST: PostgreSQL has them last, SQLite and \
                 CockroachDB first",
        breaks: |case| {
            let Ok(tree) = &case.parsed.tree else { return Vec::new() };
            objects(tree).into_iter().flat_map(|query| loose(case, query)).collect()
        },
        examples: &[(Statement, "SELECT id FROM people WHERE pool = $1 ORDER BY last_name")],
    },
    Rule {
        name: "named-columns",
        remedy: "name the columns: while two versions serve, a table has columns that one of them does not know",
        breaks: |case| {
            let Ok(tree) = &case.parsed.tree else { return Vec::new() };
            let inserts = tree.get("Insert").is_some_and(|it| it.get("columns").is_none());
            let outermost = tree.get("Query").map(|it| all_selected(it.get("body"))).unwrap_or_default();
            let returned = all(tree, "returning").into_iter().flat_map(|it| list(Some(it)));
            let stars = outermost
                .into_iter()
                .chain(returned)
                .any(|it| it.get("Wildcard").is_some() || it.get("QualifiedWildcard").is_some());
            let mut found = found_if(inserts, "INSERT without columns");
            found.extend(found_if(stars, "all columns there are"));
            found
        },
        examples: &[
            (Statement, "SELECT * FROM regions ORDER BY code"),
            (Statement, "SELECT r.* FROM regions r"),
            (Statement, "INSERT INTO epochs VALUES ($1, $2)"),
            (Statement, "DELETE FROM epochs WHERE shard = $1 RETURNING *"),
        ],
    },
    Rule {
        name: "upserts",
        remedy: "write INSERT … ON CONFLICT (columns) DO …, which all of them have; CockroachDB has no MERGE, SQLite no named \
                 constraint, and without columns each engine takes another conflict",
        breaks: |case| {
            let conflicts = case.parsed.all("OnConflict").into_iter();
            let loose = conflicts
                .filter(|it| it.get("conflict_target").and_then(|it| it.get("Columns")).is_none())
                .count()
                > 0;
            let other = case.parsed.begins("MERGE|REPLACE") || case.parsed.begins("INSERT OR");
            found_if(loose || other, "another way to write over a row")
        },
        examples: &[
            (Migration, "MERGE INTO epochs e USING regions r ON e.shard = 1 WHEN MATCHED THEN DELETE"),
            (Statement, "INSERT INTO epochs (shard, value) VALUES ($1, $2) ON CONFLICT DO NOTHING"),
            (
                Statement,
                "INSERT INTO epochs (shard, value) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT epochs_pkey DO NOTHING",
            ),
        ],
    },
];

/// Every object of a tree.
fn objects(tree: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    let mut waiting = vec![tree];
    while let Some(value) = waiting.pop() {
        if let Some(fields) = value.as_object() {
            found.push(value);
            waiting.extend(fields.values());
        }
        waiting.extend(list(Some(value)));
    }
    found
}

/// What a query orders by although it may be NULL.
fn loose(case: &Case<'_>, query: &Value) -> Vec<String> {
    let expressions = query.get("order_by").and_then(|it| it.get("kind")?.get("Expressions"));
    let from = query.get("body").and_then(|it| it.get("Select")?.get("from"));
    let mut found = Vec::new();
    for ordered in list(expressions) {
        let is_said = ordered.get("options").is_some_and(|it| it.get("nulls_first").is_some());
        let Some((before, column)) = ordered.get("expr").and_then(column).filter(|_| !is_said) else {
            continue;
        };
        let tables = tables(from, before.as_deref());
        if case.schema.is_nullable(tables.iter().map(String::as_str), &column) {
            found.push(format!("ORDER BY {column}"));
        }
    }
    found
}

/// The tables a query reads, or those behind one name in it.
fn tables(from: Option<&Value>, behind: Option<&str>) -> Vec<String> {
    let relations = list(from).iter().flat_map(|it| {
        let joined = list(it.get("joins")).iter().filter_map(|join| join.get("relation"));
        it.get("relation").into_iter().chain(joined)
    });
    let is_meant = |relation: &&Value| {
        let inner = relation.as_object().and_then(|it| it.values().next());
        let alias = inner.and_then(|it| it.get("alias")?.get("name")?.get("value")?.as_str());
        let own = inner.and_then(|it| name(it.get("name")?));
        behind.is_none_or(|behind| alias.or(own.as_deref()) == Some(behind))
    };
    let inner = relations.filter(is_meant).flat_map(|relation| all(relation, "Table"));
    inner.filter_map(|it| name(it.get("name")?)).collect()
}

/// What the outermost selects of a query answer, on both sides of a UNION.
fn all_selected(body: Option<&Value>) -> Vec<&Value> {
    let select = body.and_then(|it| it.get("Select")).and_then(|it| it.get("projection"));
    let sides = body.and_then(|it| it.get("SetOperation"));
    let mut selected: Vec<&Value> = list(select).iter().collect();
    for side in ["left", "right"] {
        selected.extend(sides.map(|it| all_selected(it.get(side))).unwrap_or_default());
    }
    selected
}
