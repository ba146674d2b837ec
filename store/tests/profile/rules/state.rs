//! What would live in the server between statements: locks, sessions, transactions, notifications. Behind a pooler the next
//! transaction has another session, and on a distributed engine another server.

use super::{Case, Rule, found_if, found_in};
use crate::profile::{
    exceptions::{ACCELERATORS, SETTINGS},
    read::Origin::{self, Engine, Statement},
};

/// What makes or reads a setting of the session, or the session itself.
const OF_THE_SESSION: &[&str] = &["set_config", "pg_backend_pid", "pg_my_temp_schema"];

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "advisory-locks",
        remedy: "take a lease: a row that is updated conditionally. CockroachDB takes advisory locks without locking",
        breaks: |case| {
            let functions = case.parsed.functions().into_iter();
            functions
                .filter(|it| it.starts_with("pg_advisory") || it.starts_with("pg_try_advisory"))
                .collect()
        },
        examples: &[(Statement, "SELECT pg_advisory_xact_lock(1)")],
    },
    Rule {
        name: "table-locks",
        remedy: "rely on SERIALIZABLE, and let the engine try again; CockroachDB has no LOCK TABLE",
        breaks: |case| found_if(case.parsed.begins("LOCK"), "a table's lock"),
        examples: &[(Statement, "LOCK TABLE people IN EXCLUSIVE MODE")],
    },
    Rule {
        name: "row-locks",
        remedy: "rely on SERIALIZABLE, or claim the row with an UPDATE; SQLite does not know FOR UPDATE",
        breaks: |case| {
            let locks = case.parsed.words.windows(2).any(|pair| {
                matches!(pair, [by, kind] if by == "FOR" && matches!(kind.as_str(), "UPDATE" | "SHARE" | "NO" | "KEY"))
            });
            found_if(locks, "rows locked by reading")
        },
        examples: &[
            (Statement, "SELECT id FROM people WHERE pool = $1 AND id = $2 FOR UPDATE"),
            (Statement, "SELECT id FROM people WHERE pool = $1 AND id = $2 FOR NO KEY UPDATE SKIP LOCKED"),
        ],
    },
    Rule {
        name: "notifications",
        remedy: "poll a table. A channel that only makes polling faster may be named in ACCELERATORS; correctness must \
                 not hang on it, because PgBouncer and CockroachDB have none",
        breaks: |case| {
            let spoken = case.parsed.begins("LISTEN|NOTIFY|UNLISTEN");
            let channel = case.parsed.words.get(1).map(|it| it.to_ascii_lowercase()).unwrap_or_default();
            let is_allowed = case.origin == Engine && ACCELERATORS.contains(&channel.as_str());
            let mut found = found_if(spoken && !is_allowed, "a notification");
            found.extend(found_in(case.parsed.functions(), &["pg_notify"]));
            found
        },
        examples: &[
            (Engine, "LISTEN revoked"),
            (Statement, "NOTIFY revoked, 'x'"),
            (Statement, "SELECT pg_notify('revoked', $1)"),
        ],
    },
    Rule {
        name: "transactions",
        remedy: "leave transactions to the engine, which begins, ends and repeats them; it uses BEGIN, COMMIT and ROLLBACK",
        breaks: |case| found_if(ends_transactions(case), "the transaction it runs in"),
        examples: &[
            (Statement, "COMMIT"),
            (Statement, "SET TRANSACTION ISOLATION LEVEL READ COMMITTED"),
            (Engine, "SAVEPOINT job"),
            (Engine, "PREPARE TRANSACTION 'x'"),
        ],
    },
    Rule {
        name: "session-state",
        remedy: "keep nothing in the session: PgBouncer gives the next transaction another one. The engine may SET LOCAL what \
                 SETTINGS lists",
        breaks: keeps_state,
        examples: &[
            (Engine, "SET statement_timeout = 0"),
            (Engine, "SET LOCAL search_path = x"),
            (Statement, "SET LOCAL statement_timeout = 0"),
            (Engine, "RESET ALL"),
            (Engine, "PREPARE p AS SELECT 1"),
            (Engine, "DECLARE c CURSOR WITH HOLD FOR SELECT 1"),
            (Engine, "CREATE TEMP TABLE t (pool BYTEA NOT NULL PRIMARY KEY)"),
            (Statement, "SELECT set_config('search_path', $1, false)"),
        ],
    },
];

fn ends_transactions(case: &Case<'_>) -> bool {
    let own = case.origin == Origin::Engine
        && case.parsed.begins("BEGIN|COMMIT|ROLLBACK")
        && !case.parsed.has_word("PREPARED");
    let any = case.parsed.begins("BEGIN|START|COMMIT|END|ROLLBACK|ABORT|SAVEPOINT|RELEASE")
        || case.parsed.begins("PREPARE TRANSACTION")
        || is_set_transaction(case);
    any && !own
}

fn is_set_transaction(case: &Case<'_>) -> bool {
    case.parsed.begins("SET LOCAL* TRANSACTION") || case.parsed.begins("SET SESSION CHARACTERISTICS")
}

fn keeps_state(case: &Case<'_>) -> Vec<String> {
    let setting = case.parsed.words.get(2).map(|it| it.to_ascii_lowercase()).unwrap_or_default();
    let is_local = case.origin == Origin::Engine
        && case.parsed.begins("SET LOCAL")
        && SETTINGS.contains(&setting.as_str());
    let is_other = is_set_transaction(case) || case.parsed.begins("SET CONSTRAINTS");
    let sets = case.parsed.begins("SET") && !is_local && !is_other;
    let keeps = case.parsed.begins("RESET|DISCARD|EXECUTE|DEALLOCATE|DECLARE|FETCH|MOVE|CLOSE|LOAD")
        || case.parsed.begins("PREPARE") && !case.parsed.begins("PREPARE TRANSACTION")
        || case.parsed.begins("CREATE LOCAL|GLOBAL* TEMP|TEMPORARY");
    let mut found = found_if(sets || keeps, "something that lives in the session");
    found.extend(found_in(case.parsed.functions(), OF_THE_SESSION));
    found
}
