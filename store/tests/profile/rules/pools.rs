//! A statement reads and writes the pool it is given, and no other.

use super::{Case, Rule};
use crate::profile::{
    parsed::{column, list, name},
    read::Origin::{self, Statement},
    schema::Owner,
};
use serde_json::Value;

pub(super) const RULES: &[Rule] = &[Rule {
    name: "names-its-pool",
    remedy: "add `pool = $1` for each table of a pool, or join it by its pool: it keeps pools apart and the work on one node. \
             What must cross pools is named in EXCEPTIONS",
    breaks: |case| {
        let Ok(tree) = &case.parsed.tree else { return Vec::new() };
        let mut found = Vec::new();
        if case.origin == Origin::Statement {
            walk(case, tree, &mut found);
        }
        found
    },
    examples: &[
        (Statement, "SELECT email FROM people WHERE id = $1"),
        (Statement, "SELECT email FROM people WHERE pool = $1 OR id = $2"),
        (Statement, "UPDATE people SET status = $2 WHERE id = $1"),
        (Statement, "DELETE FROM people WHERE id = $1"),
        (Statement, "INSERT INTO people (id, home) VALUES ($1, $2)"),
        (Statement, "SELECT p.id FROM people p JOIN memberships m ON m.person = p.id WHERE p.pool = $1"),
        (
            Statement,
            "SELECT id FROM people WHERE pool = $1 AND id IN (SELECT person FROM memberships WHERE role = $2)",
        ),
    ],
}];

/// A table as a statement names it.
struct Bound {
    called: String,
    /// `None` for a query in its place.
    table: Option<String>,
}

fn walk(case: &Case<'_>, tree: &Value, found: &mut Vec<String>) {
    if let Some(fields) = tree.as_object() {
        for (key, value) in fields {
            match key.as_str() {
                "Select" => level(
                    case,
                    &relations(value.get("from")),
                    value.get("selection"),
                    value.get("from"),
                    found,
                ),
                "Update" => {
                    let table = value.get("table").map(|it| Value::Array(vec![it.clone()]));
                    level(case, &relations(table.as_ref()), value.get("selection"), table.as_ref(), found);
                }
                "Delete" if value.get("from").is_some() => {
                    let from = value.get("from").and_then(|it| it.as_object()?.values().next());
                    level(case, &relations(from), value.get("selection"), from, found);
                }
                "Insert" => insert(case, value, found),
                _ => {}
            }
            walk(case, value, found);
        }
    }
    list(Some(tree)).iter().for_each(|element| walk(case, element, found));
}

/// One level of a statement: its tables, each of which must be held to a pool by a condition, if need be by way of another
/// that is.
fn level(
    case: &Case<'_>,
    bound: &[Bound],
    selection: Option<&Value>,
    from: Option<&Value>,
    found: &mut Vec<String>,
) {
    let is_pools = |it: &&Bound| {
        it.table.as_ref().is_some_and(|it| case.schema.has(it) && case.schema.owner(it) == Owner::Pool)
    };
    let mut loose: Vec<&Bound> = bound.iter().filter(is_pools).collect();
    let conditions = conditions(selection, from);
    loop {
        let before = loose.len();
        let still: Vec<&Bound> = loose
            .iter()
            .copied()
            .filter(|one| !conditions.iter().any(|it| it.holds(one, &loose, bound.len() == 1)))
            .collect();
        loose = still;
        if loose.len() == before {
            break;
        }
    }
    found.extend(loose.into_iter().filter_map(|it| it.table.as_ref()).map(|it| format!("no pool for {it}")));
}

/// What must hold.
struct Condition<'a> {
    expression: &'a Value,
    /// An outer join's condition says something of the table that it joins, and keeps the other's rows whatever it says.
    only_of: Option<String>,
}

fn conditions<'a>(selection: Option<&'a Value>, from: Option<&'a Value>) -> Vec<Condition<'a>> {
    let mut all = Vec::new();
    split(selection, None, &mut all);
    for join in list(from).iter().flat_map(|it| list(it.get("joins"))) {
        let Some((kind, how)) = join.get("join_operator").and_then(|it| it.as_object()?.iter().next()) else {
            continue;
        };
        let is_inner = matches!(kind.as_str(), "Join" | "Inner");
        let joined = join.get("relation").and_then(called).map(|it| it.called).filter(|_| !is_inner);
        split(how.get("On"), joined, &mut all);
    }
    all
}

fn insert(case: &Case<'_>, insert: &Value, found: &mut Vec<String>) {
    let table = insert.get("table").and_then(|it| name(it.get("TableName")?)).unwrap_or_default();
    let columns = list(insert.get("columns"));
    let has_pool = columns.iter().any(|it| name(it).as_deref() == Some("pool"));
    let is_pools = case.schema.has(&table) && case.schema.owner(&table) != Owner::House;
    // Without columns another rule complains.
    if is_pools && !has_pool && !columns.is_empty() {
        found.push(format!("no pool for a new row of {table}"));
    }
}

fn relations(from: Option<&Value>) -> Vec<Bound> {
    let relations = list(from).iter().flat_map(|it| {
        let joined = list(it.get("joins")).iter().filter_map(|join| join.get("relation"));
        it.get("relation").into_iter().chain(joined)
    });
    relations.filter_map(called).collect()
}

fn called(relation: &Value) -> Option<Bound> {
    let inner = relation.as_object()?.values().next()?;
    let table = inner.get("name").and_then(name);
    let alias = inner.get("alias").and_then(|it| it.get("name")?.get("value")?.as_str()).map(str::to_owned);
    Some(Bound { called: alias.or_else(|| table.clone()).unwrap_or_default(), table })
}

/// Takes a condition apart where all of its parts must hold.
fn split<'a>(condition: Option<&'a Value>, only_of: Option<String>, into: &mut Vec<Condition<'a>>) {
    let Some(expression) = condition else { return };
    if let Some(nested) = expression.get("Nested") {
        return split(Some(nested), only_of, into);
    }
    match expression.get("BinaryOp").filter(|it| it.get("op").is_some_and(|op| op == "And")) {
        Some(both) => {
            split(both.get("left"), only_of.clone(), into);
            split(both.get("right"), only_of, into);
        }
        None => into.push(Condition { expression, only_of }),
    }
}

impl Condition<'_> {
    /// Whether it is `pool = $1`, or `pool = other.pool` and the other is not itself loose.
    fn holds(&self, one: &Bound, loose: &[&Bound], is_only: bool) -> bool {
        let equal = self.expression.get("BinaryOp").filter(|it| it.get("op").is_some_and(|op| op == "Eq"));
        let Some(equal) = equal.filter(|_| self.only_of.as_ref().is_none_or(|it| *it == one.called)) else {
            return false;
        };
        let is_own = |side: &Value| {
            column(side).is_some_and(|(before, name)| {
                name == "pool" && before.map_or(is_only, |before| before == one.called)
            })
        };
        let is_given = |side: &Value| {
            let is_placeholder =
                side.get("Value").and_then(|it| it.get("value")?.get("Placeholder")).is_some();
            let is_held = |before: &String| loose.iter().all(|it| it.called != *before);
            is_placeholder
                || column(side)
                    .is_some_and(|(before, name)| name == "pool" && before.as_ref().is_some_and(is_held))
        };
        let [left, right] = [equal.get("left"), equal.get("right")].map(|it| it.unwrap_or(&Value::Null));
        is_own(left) && is_given(right) || is_own(right) && is_given(left)
    }
}
