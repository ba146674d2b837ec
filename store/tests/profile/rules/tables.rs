//! Tables and how they change.

use super::{Case, Rule, found_if};
use crate::profile::{
    parsed::{Parsed, list, name},
    read::Origin::{self, Migration, Statement},
    schema::{self, Column},
};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "column-types",
        remedy: "use {id}, {bytes}, {int} and {text} of store/src/ddl.rs: times and truth are integers, JSON is text, and \
                 text is compared as bytes",
        breaks: |case| schema::columns(case.parsed).iter().filter_map(unlisted_type).collect(),
        examples: &[
            (Migration, "ALTER TABLE people ADD COLUMN born TIMESTAMPTZ"),
            (Migration, "ALTER TABLE people ADD COLUMN tags BIGINT[]"),
            (Migration, "ALTER TABLE people ADD COLUMN nick TEXT"),
            (Migration, "ALTER TABLE people ADD COLUMN extras JSONB"),
            (Migration, "ALTER TABLE people ADD COLUMN span INT8RANGE"),
        ],
    },
    Rule {
        name: "custom-types",
        remedy: "keep the word as text and check it in the program: a type's values cannot be changed while two versions serve",
        breaks: |case| {
            found_if(case.parsed.begins("CREATE|ALTER|DROP TYPE|DOMAIN|COLLATION"), "a type of our own")
        },
        examples: &[
            (Migration, "CREATE TYPE mood AS ENUM ('good')"),
            (Migration, "CREATE TYPE span AS RANGE (subtype = bigint)"),
            (Migration, "CREATE DOMAIN percent AS bigint"),
        ],
    },
    Rule {
        name: "deferred-constraints",
        remedy: "put statements in an order in which each keeps the constraint: CockroachDB defers none",
        breaks: |case| {
            let words = ["DEFERRABLE", "DEFERRED"];
            let defers =
                words.iter().any(|it| case.parsed.has_word(it)) || case.parsed.begins("SET CONSTRAINTS");
            found_if(defers, "a constraint checked late")
        },
        examples: &[
            (Statement, "SET CONSTRAINTS ALL DEFERRED"),
            (
                Migration,
                "CREATE TABLE x (pool BYTEA NOT NULL, id BYTEA NOT NULL, PRIMARY KEY (pool, id) DEFERRABLE INITIALLY DEFERRED)",
            ),
        ],
    },
    Rule {
        name: "schema-in-migrations",
        remedy: "write a migration: it runs once, under a lease",
        breaks: |case| {
            let changes = case.origin == Origin::Statement && case.parsed.begins("CREATE|ALTER|DROP");
            found_if(changes, "a change of the schema")
        },
        examples: &[(Statement, "DROP TABLE people")],
    },
    Rule {
        name: "expand-first",
        remedy: "add what the new version needs, and leave the rest where it is: the version before still serves. A new column \
                 is nullable or has a constant default; take away only what two versions did not use, as a named exception",
        breaks: contracts,
        examples: &[
            (Migration, "ALTER TABLE people DROP COLUMN extra"),
            (Migration, "ALTER TABLE people RENAME COLUMN extra TO more"),
            (Migration, "ALTER TABLE people ALTER COLUMN extra SET NOT NULL"),
            (Migration, "ALTER TABLE people ADD COLUMN age BIGINT NOT NULL"),
            (Migration, "DROP TABLE people"),
        ],
    },
    Rule {
        name: "schema-or-rows",
        remedy: "make two migrations: CockroachDB does not see a column in the transaction that adds it",
        breaks: |case| {
            let changes = ["Update", "Insert", "Delete"].iter().any(|kind| case.parsed.part(kind).is_some());
            let table = |it: &Parsed| name(it.part("AlterTable")?.get("name")?);
            let altered = case.beside.iter().filter_map(table);
            let mut touched = altered.filter(|table| case.parsed.has_word(&table.to_ascii_uppercase()));
            found_if(changes && touched.next().is_some(), "rows of a table that the same migration alters")
        },
        examples: &[(Migration, "ALTER TABLE people ADD COLUMN age BIGINT; UPDATE people SET age = 0")],
    },
];

fn unlisted_type(column: &Column<'_>) -> Option<String> {
    let kind = column.data_type;
    let is_text = kind == "Text" && column.option("Collation").and_then(name).as_deref() == Some("c");
    let is_listed = kind == "Bytea" || kind.get("BigInt").is_some() || is_text;
    // Sequences have a rule of their own.
    (!is_listed && !column.is_serial()).then(|| format!("the type of {}.{}", column.table, column.name))
}

fn contracts(case: &Case<'_>) -> Vec<String> {
    if case.origin != Origin::Migration {
        return Vec::new();
    }
    let takes_away = case.parsed.begins("DROP TABLE|INDEX") || case.parsed.begins("ALTER INDEX");
    let operations = case.parsed.part("AlterTable").map_or(&[][..], |it| list(it.get("operations")));
    let others =
        operations.iter().any(|it| it.get("AddColumn").is_none()) && !case.parsed.has_word("TRIGGER");
    let mut found = found_if(takes_away || others, "something taken away or made stricter");
    let added = schema::columns(case.parsed).into_iter();
    let demanding = added.filter(|it| case.parsed.part("AlterTable").is_some() && !it.suits_older_versions());
    found.extend(demanding.map(|it| format!("{} that older versions would have to fill", it.name)));
    found
}
