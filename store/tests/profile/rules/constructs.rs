//! The last rule: what no other rule knows is refused, so that nothing new comes in without a look at the other engines.

use super::{Rule, found_if};
use crate::profile::read::Origin::Statement;
use serde_json::Value;
use std::collections::BTreeSet;

/// Fields whose content is ours: names and values.
const OURS: &[&str] = &["value", "Number", "Placeholder", "SingleQuotedString"];

pub(super) const RULE: Rule = Rule {
    name: "known-constructs",
    remedy: "look up whether CockroachDB, YugabyteDB and SQLite have it with the same meaning; if so, add it to KNOWN in \
             rules/constructs.rs, and else write the statement without it",
    breaks: |case| match &case.parsed.tree {
        Ok(tree) => {
            let mut used = BTreeSet::new();
            gather(tree, &mut used);
            let unknown: Vec<_> = used.into_iter().filter(|it| !KNOWN.contains(&it.as_str())).collect();
            found_if(!unknown.is_empty(), &unknown.join(", "))
        }
        Err(error) => vec![format!("it cannot be read ({error})")],
    },
    examples: &[
        (Statement, "SELECT COUNT(*) OVER (ORDER BY code) FROM regions"),
        (Statement, "WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n FROM r"),
        (Statement, "SELECT code FROM regions TABLESAMPLE SYSTEM (10)"),
        (Statement, "SELECT COUNT(*) FROM regions GROUP BY GROUPING SETS ((code), ())"),
    ],
};

/// Fields, variants and words of the tree.
fn gather(tree: &Value, used: &mut BTreeSet<String>) {
    if let Some(fields) = tree.as_object() {
        for (key, value) in fields {
            used.insert(key.clone());
            if !OURS.contains(&key.as_str()) || value.is_object() {
                gather(value, used);
            }
        }
    } else if let Some(word) = tree.as_str() {
        used.insert(word.to_owned());
    }
    if let Some(elements) = tree.as_array() {
        elements.iter().for_each(|element| gather(element, used));
    }
}

/// What the parser calls the parts of the statements there are.
const KNOWN: &[&str] = &[
    // --- statements
    "Query",
    "Select",
    "Insert",
    "Values",
    "Update",
    "Delete",
    "CreateTable",
    "CreateIndex",
    "AlterTable",
    "AddColumn",
    "StartTransaction",
    "NOTIFY",
    "LISTEN",
    "channel",
    "Commit",
    "Rollback",
    "Set",
    // --- their parts
    "body",
    "flavor",
    "Standard",
    "projection",
    "UnnamedExpr",
    "ObjectName",
    "QualifiedWildcard",
    "Wildcard",
    "from",
    "WithFromKeyword",
    "relation",
    "Table",
    "TableName",
    "Derived",
    "Subquery",
    "subquery",
    "alias",
    "joins",
    "join_operator",
    "Join",
    "Left",
    "On",
    "on",
    "selection",
    "group_by",
    "Expressions",
    "order_by",
    "sort",
    "Asc",
    "Desc",
    "limit_clause",
    "LimitOffset",
    "limit",
    "offset",
    "rows",
    "returning",
    "into",
    "source",
    "content",
    "target",
    "ColumnName",
    "assignments",
    "OnConflict",
    "conflict_target",
    "Columns",
    "action",
    "DoNothing",
    "DoUpdate",
    // --- conditions and values
    "BinaryOp",
    "op",
    "left",
    "right",
    "And",
    "Or",
    "Eq",
    "NotEq",
    "Lt",
    "LtEq",
    "Gt",
    "GtEq",
    "Plus",
    "Minus",
    "In",
    "List",
    "Tuple",
    "Like",
    "pattern",
    "escape_char",
    "IsNull",
    "IsNotNull",
    "Nested",
    "Case",
    "conditions",
    "condition",
    "result",
    "else_result",
    "Function",
    "parameters",
    "args",
    "Unnamed",
    "Identifier",
    "CompoundIdentifier",
    "Value",
    "Placeholder",
    "Number",
    "SingleQuotedString",
    "None",
    // --- tables
    "columns",
    "column",
    "column_def",
    "column_keyword",
    "data_type",
    "Bytea",
    "BigInt",
    "Text",
    "Collation",
    "quote_style",
    "\"",
    "option",
    "options",
    "NotNull",
    "Default",
    "Check",
    "PrimaryKey",
    "Unique",
    "unique",
    "constraints",
    "operations",
    "if_not_exists",
    "table_name",
    "table_options",
    "hive_distribution",
    "NONE",
    "sqlite_table_options",
    "index_type_display",
    "nulls_distinct",
    // --- transactions and settings
    "begin",
    "modes",
    "IsolationLevel",
    "Serializable",
    "RepeatableRead",
    "ReadCommitted",
    "AccessMode",
    "ReadOnly",
    "SingleAssignment",
    "scope",
    "Local",
    "variable",
    "values",
    // --- of several
    "expr",
    "kind",
    "name",
    "table",
    "value",
];
