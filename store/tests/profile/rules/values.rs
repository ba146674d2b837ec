//! Values and what is computed of them.

use super::{Rule, found_if, found_in};
use crate::profile::{
    parsed::name,
    read::Origin::{Engine, Migration, Statement},
    schema,
};

/// They hand out numbers or chance.
const MAKERS: &[&str] = &[
    "nextval",
    "currval",
    "lastval",
    "setval",
    "gen_random_uuid",
    "gen_random_bytes",
    "uuid_generate_v1",
    "uuid_generate_v4",
    "uuidv4",
    "uuidv7",
    "random",
    "unique_rowid",
    "randomblob",
];

/// They read a server's clock.
const CLOCKS: &[&str] = &[
    "now",
    "current_timestamp",
    "current_date",
    "current_time",
    "localtime",
    "localtimestamp",
    "clock_timestamp",
    "statement_timestamp",
    "transaction_timestamp",
    "timeofday",
    "datetime",
    "julianday",
    "strftime",
    "unixepoch",
];

/// They make or read arrays.
const OF_ARRAYS: &[&str] =
    &["unnest", "array_agg", "array_append", "array_cat", "array_length", "array_position", "cardinality"];

/// They mean the same on SQLite, PostgreSQL, CockroachDB and YugabyteDB.
const SHARED: &[&str] = &["count", "min", "lower", "coalesce"];

/// Named by other rules.
const ELSEWHERE: &[&str] = &["pg_notify", "set_config", "pg_backend_pid", "pg_my_temp_schema"];

/// Operators of the shared kind, as the parser names them.
const OPERATORS: &[&str] =
    &["Eq", "NotEq", "Lt", "LtEq", "Gt", "GtEq", "Plus", "Minus", "And", "Or", "Not", "StringConcat"];

/// Operators that have a kind of their own in the tree.
const OTHER_OPERATORS: &[&str] =
    &["ILike", "SimilarTo", "RLike", "JsonAccess", "AtTimeZone", "Overlaps", "CompoundFieldAccess"];

/// The order of bytes, which has a capital name.
const BYTES: &str = "\"C\"";

/// Columns that the server adds.
const SYSTEM_COLUMNS: &[&str] =
    &["CTID", "XMIN", "XMAX", "CMIN", "CMAX", "TABLEOID", "OID", "ROWID", "_ROWID_"];

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "ids",
        remedy: "hand ids, numbers and chance in: the program makes them, so that a transaction which runs again recognises \
                 itself, and no node waits for a sequence",
        breaks: |case| {
            let mut found = found_in(case.parsed.functions(), MAKERS);
            let makes = case.parsed.begins("CREATE|ALTER|DROP TEMP|TEMPORARY* SEQUENCE")
                || !case.parsed.all("Generated").is_empty()
                || schema::columns(case.parsed).iter().any(schema::Column::is_serial);
            found.extend(found_if(makes, "a sequence"));
            found
        },
        examples: &[
            (Migration, "CREATE SEQUENCE s"),
            (
                Migration,
                "CREATE TABLE x (pool BYTEA NOT NULL, id BIGSERIAL NOT NULL, PRIMARY KEY (pool, id))",
            ),
            (
                Migration,
                "CREATE TABLE x (pool BYTEA NOT NULL, id BIGINT GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (pool, id))",
            ),
            (Migration, "ALTER TABLE people ADD COLUMN token BYTEA DEFAULT gen_random_uuid()"),
            (Statement, "INSERT INTO epochs (shard, value) VALUES ($1, nextval('s'))"),
        ],
    },
    Rule {
        name: "clock",
        remedy: "hand the time in as microseconds: there is one clock, the core's, and servers have others",
        breaks: |case| found_in(case.parsed.functions(), CLOCKS),
        examples: &[
            (Statement, "UPDATE epochs SET value = $2 WHERE shard = $1 AND now() IS NOT NULL"),
            (Statement, "SELECT CURRENT_TIMESTAMP"),
            (Statement, "SELECT clock_timestamp()"),
        ],
    },
    Rule {
        name: "casts",
        remedy: "hand in a value of the right type: values carry their types, and in SQLite `$1::text` would be a name",
        breaks: |case| {
            let kinds = ["Cast", "TypedString", "Convert"].into_iter();
            let found = kinds.filter(|kind| !case.parsed.all(kind).is_empty());
            let mut found: Vec<String> = found.map(str::to_owned).collect();
            found.extend(found_if(
                case.parsed.all("Interval").iter().any(|it| it.get("value").is_some()),
                "an interval",
            ));
            found
        },
        examples: &[
            (Statement, "SELECT value FROM epochs WHERE shard = $1::bigint"),
            (Statement, "SELECT CAST(value AS text) FROM epochs WHERE shard = $1"),
            (Statement, "SELECT DATE '2020-01-01'"),
            (Statement, "SELECT INTERVAL '1 day'"),
        ],
    },
    Rule {
        name: "arrays",
        remedy: "keep rows of a table of their own, or JSON as text that the program reads; SQLite has no arrays",
        breaks: |case| {
            let mut found = found_in(case.parsed.functions(), OF_ARRAYS);
            let makes = case.parsed.all("Array").iter().any(|it| it.get("elem").is_some());
            let asks = ["AnyOp", "AllOp", "Subscript"].iter().any(|kind| !case.parsed.all(kind).is_empty());
            found.extend(found_if(makes || asks, "an array"));
            found
        },
        examples: &[
            (Statement, "SELECT value FROM epochs WHERE shard = ANY($1)"),
            (Statement, "SELECT ARRAY[1, 2]"),
            (Statement, "SELECT unnest($1)"),
        ],
    },
    Rule {
        name: "functions",
        remedy: "compute it in Rust, or add a function that every engine has with the same meaning to SHARED",
        breaks: |case| {
            let others = [MAKERS, CLOCKS, OF_ARRAYS, SHARED, ELSEWHERE];
            let is_other = |it: &String| {
                !others.iter().any(|list| list.contains(&it.as_str()))
                    && !it.starts_with("pg_advisory")
                    && !it.starts_with("pg_try_advisory")
            };
            case.parsed.functions().into_iter().filter(is_other).collect()
        },
        examples: &[
            (Statement, "SELECT regexp_replace(code, $1, $2) FROM regions"),
            (Engine, "SELECT version()"),
        ],
    },
    Rule {
        name: "operators",
        remedy: "use =, <>, <, <=, >, >=, +, -, ||, AND, OR, NOT, IN, LIKE and IS NULL; search what the program folded instead \
                 of ILIKE, and read JSON in the program",
        breaks: |case| {
            let kinds = ["BinaryOp", "UnaryOp"].into_iter().flat_map(|kind| case.parsed.all(kind));
            let used = kinds.filter_map(|it| it.get("op"));
            let used = used.map(|op| op.as_str().map_or_else(|| op.to_string(), str::to_owned));
            let mut found: Vec<String> = used.filter(|op| !OPERATORS.contains(&op.as_str())).collect();
            let kinds = OTHER_OPERATORS.iter().filter(|kind| !case.parsed.all(kind).is_empty());
            found.extend(kinds.map(|kind| (*kind).to_owned()));
            found
        },
        examples: &[
            (Statement, "SELECT code FROM regions WHERE name ILIKE $1"),
            (Statement, "SELECT code FROM regions WHERE name ~ $1"),
            (Statement, "SELECT hosts ->> 'a' FROM regions"),
        ],
    },
    Rule {
        name: "plain-names",
        remedy: "write names in lower case and without quotes: PostgreSQL keeps the case of a quoted name, SQLite does not",
        breaks: |case| {
            let quoted = case.parsed.words.iter().filter(|word| word.starts_with('"') && *word != BYTES);
            quoted.cloned().collect()
        },
        examples: &[(Statement, "SELECT \"code\" FROM regions")],
    },
    Rule {
        name: "system-columns",
        remedy: "name the row by its key: where a row lies is the engine's affair",
        breaks: |case| {
            SYSTEM_COLUMNS.iter().filter(|it| case.parsed.has_word(it)).map(|it| (*it).to_owned()).collect()
        },
        examples: &[(Statement, "SELECT ctid FROM epochs WHERE shard = $1")],
    },
    Rule {
        name: "system-catalogs",
        remedy: "ask nothing of the server's own tables, which differ; tables of ours have no schema before their name",
        breaks: |case| {
            let tables = case.parsed.all("Table").into_iter().filter_map(|it| name(it.get("name")?));
            let is_system =
                |it: &String| ["pg_", "sqlite_", "crdb_"].iter().any(|start| it.starts_with(start));
            tables.filter(|it| it.contains('.') || is_system(it)).collect()
        },
        examples: &[
            (Statement, "SELECT relname FROM pg_class"),
            (Statement, "SELECT table_name FROM information_schema.tables"),
        ],
    },
];
