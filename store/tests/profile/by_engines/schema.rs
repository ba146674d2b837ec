//! What the migrations leave in a PostgreSQL database: tables with plain columns and indices, and nothing else.

use crate::fresh;

/// What must not be there, and how to look for it.
const NOTHING_OF: &[(&str, &str)] = &[
    (
        "a sequence, view, foreign or partitioned table",
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind NOT IN ('r', 'i', 't')",
    ),
    (
        "a table of rows that are lost in a crash",
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relpersistence <> 'p'",
    ),
    ("a trigger", "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"),
    ("an event trigger", "SELECT evtname FROM pg_event_trigger"),
    ("a routine", "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"),
    ("a rule", "SELECT rulename FROM pg_rules WHERE schemaname = 'public'"),
    ("a policy", "SELECT policyname FROM pg_policies"),
    (
        "a type of our own",
        "SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype NOT IN ('c', 'b')",
    ),
    ("an extension", "SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'"),
    (
        "another type, or text that is not compared as bytes",
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' \
         AND (data_type NOT IN ('bytea', 'bigint', 'text') OR data_type = 'text' AND collation_name IS DISTINCT FROM 'C')",
    ),
    (
        "a default that is computed",
        "SELECT adrelid::regclass FROM pg_attrdef WHERE pg_get_expr(adbin, adrelid) LIKE '%(%'",
    ),
    ("a constraint checked late", "SELECT conname FROM pg_constraint WHERE condeferrable"),
    (
        "an index that is partial, of expressions, or no B-tree",
        "SELECT indexrelid::regclass FROM pg_index JOIN pg_class c ON c.oid = indexrelid JOIN pg_am a ON a.oid = c.relam \
         WHERE indrelid::regclass::text !~ '^pg_' AND c.relnamespace = 'public'::regnamespace \
         AND (indpred IS NOT NULL OR indexprs IS NOT NULL OR amname <> 'btree')",
    ),
    (
        "a table without a primary key",
        "SELECT relname FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' \
         AND NOT EXISTS (SELECT 1 FROM pg_index WHERE indrelid = c.oid AND indisprimary)",
    ),
];

#[tokio::test]
async fn the_migrations_leave_plain_tables_and_indices_and_nothing_else() {
    let Some((database, _settings)) = fresh::postgres() else { return };
    let tables = database
        .sql("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'");
    assert!(tables.parse::<usize>().unwrap() > 1, "the database was not migrated");
    for (what, question) in NOTHING_OF {
        assert_eq!(database.sql(question), "", "the schema has {what}");
    }
}
