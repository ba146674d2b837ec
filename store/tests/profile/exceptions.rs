//! Every exception to the profile, by name and with its reason. A test refuses one that nothing needs any more.

/// What one place may do although a rule forbids it.
pub(super) struct Exception {
    pub(super) rule: &'static str,
    pub(super) file: &'static str,
    /// The constant, index, table or function.
    pub(super) name: &'static str,
    /// Why.
    pub(super) reason: &'static str,
}

const fn may(rule: &'static str, file: &'static str, name: &'static str, reason: &'static str) -> Exception {
    Exception { rule, file, name, reason }
}

const FIRST: &str = "store/migrations/0001_first.sql";
const RESTORED: &str = "store/src/restored.rs";
const RESTORES: &str =
    "after a restore nothing is served yet, and whatever could have been revoked since is shut in all pools";
const MOVED: &str = "a move takes every row of every pool, in the order of keys, while nothing is served";
const SWEEPS: &str =
    "a sweep finds what is over in all pools by its end; it deletes in small pieces, and nobody waits for it";
const LOOKS_THROUGH: &str =
    "a sweep looks through all pools in the order of keys; it reads in small pieces, and nobody waits for it";

pub(super) const EXCEPTIONS: &[Exception] = &[
    // --- indices that do not begin with the pool
    may(
        "pool-first",
        FIRST,
        "mails_due",
        "the outbox is worked through over all pools, in the order in which mails are due",
    ),
    may("pool-first", "store/migrations/0003_ends.sql", "sessions_by_end", SWEEPS),
    may("pool-first", "store/migrations/0003_ends.sql", "tickets_by_end", SWEEPS),
    may("pool-first", "store/migrations/0006_tallies.sql", "tallies_by_end", SWEEPS),
    may("pool-first", "store/migrations/0009_nodes.sql", "key_windows_by_end", SWEEPS),
    may("pool-first", "store/migrations/0013_management.sql", "once_by_end", SWEEPS),
    may(
        "pool-first",
        "store/migrations/0021_mails.sql",
        "digests_due",
        "digests are worked through over all pools, in the order in which they are due",
    ),
    may("pool-first", "store/migrations/0020_uses.sql", "uses_by_day", SWEEPS),
    may("pool-first", "store/migrations/0023_works.sql", "works_by_end", SWEEPS),
    may(
        "pool-first",
        "store/migrations/0023_works.sql",
        "works_by_due",
        "works of all pools take turns, in the order in which they are due",
    ),
    may(
        "pool-first",
        "store/migrations/0023_works.sql",
        "works_by_id",
        "operators see the works of all pools, newest first",
    ),
    // --- statements that cross pools
    may(
        "names-its-pool",
        "store/src/digests.rs",
        "LIST_DUE",
        "digests are worked through over all pools; it reads ids only, and each is told in its own pool",
    ),
    may(
        "names-its-pool",
        "store/src/applications.rs",
        "LIST_ORIGINS",
        "a browser's preflight says no pool; it reads lists of origins only",
    ),
    may("names-its-pool", "store/src/attempts.rs", "LOOK_THROUGH", LOOKS_THROUGH),
    may("names-its-pool", "store/src/attempts.rs", "LOOK_THROUGH_PLACES", LOOKS_THROUGH),
    may("names-its-pool", "store/src/key_windows.rs", "SWEEP", SWEEPS),
    may("names-its-pool", "store/src/mails.rs", "CLAIM", "the outbox is worked through over all pools"),
    may(
        "names-its-pool",
        "store/src/mails.rs",
        "COUNT_DUE",
        "digests wait while the outbox is behind, over all pools",
    ),
    may("names-its-pool", "store/src/mails.rs", "WAITING", "a figure for the operator, over all pools"),
    may("names-its-pool", "store/src/mails.rs", "LOOK_THROUGH", LOOKS_THROUGH),
    may("names-its-pool", "store/src/once.rs", "SWEEP", SWEEPS),
    may(
        "names-its-pool",
        "store/src/fills.rs",
        "NEXT",
        "filling in passes over all pools in the order of keys; it reads in small pieces, and nobody waits for it",
    ),
    may("names-its-pool", MOVES, "first", MOVED),
    may("names-its-pool", MOVES, "next", MOVED),
    may("names-its-pool", MOVES, "last", MOVED),
    may("names-its-pool", MOVES, "count", MOVED),
    may("names-its-pool", MOVES, "clear", MOVED),
    may("names-its-pool", RESTORED, "SHUT_KEYS", RESTORES),
    may("names-its-pool", RESTORED, "SHUT_APPLICATIONS", RESTORES),
    may("names-its-pool", RESTORED, "SHUT_TOKENS", RESTORES),
    may("names-its-pool", RESTORED, "GIVE_UP_MAILS", RESTORES),
    may("names-its-pool", "store/src/sessions.rs", "COUNT", "a figure for the operator, over all pools"),
    may(
        "names-its-pool",
        "store/src/sessions.rs",
        "COUNT_UP_TO",
        "a figure for the operator, over all pools",
    ),
    may("names-its-pool", "store/src/sessions.rs", "EXPIRED", SWEEPS),
    may("names-its-pool", "store/src/tallies.rs", "SWEEP", SWEEPS),
    may("names-its-pool", "store/src/tenants.rs", "LIST_ROOTS", "it lists the pools themselves"),
    may("names-its-pool", "store/src/tickets.rs", "EXPIRED", SWEEPS),
    may("names-its-pool", "store/src/uses.rs", "DUE", SWEEPS),
    may(
        "names-its-pool",
        "store/src/uses.rs",
        "FIRST_DAY",
        "since when anything is counted is the same for all pools; it reads one row",
    ),
    may("names-its-pool", "store/src/works.rs", "LIST_ALL_BEFORE", "a list for operators, over all pools"),
    may("names-its-pool", "store/src/works.rs", "FIND_DUE", "works of all pools take turns"),
    may(
        "names-its-pool",
        "store/src/works.rs",
        "LIST_RUNNING_OF",
        "an operator's new password ends what they began, in whichever pool",
    ),
    may("names-its-pool", "store/src/works.rs", "LIST_OVER", SWEEPS),
    // --- order
    may("order-of-nulls", "store/src/rosters.rs", "BY_EMAIL[0]", NO_NULL_EMAIL),
    may("order-of-nulls", "store/src/rosters.rs", "BY_EMAIL[1]", NO_NULL_EMAIL),
    // --- migrations
    may(
        "schema-or-rows",
        "store/migrations/0005_names.sql",
        "people",
        "released as it is; PostgreSQL and SQLite do it, CockroachDB would need the columns in a migration before. A new \
         database has no rows yet",
    ),
    may(
        "row-locks",
        MIGRATES,
        "step",
        "the lease: whoever changes the schema holds row 0, and nodes that start meanwhile wait for it",
    ),
    // --- what the engine asks the server about itself
    may(
        "system-catalogs",
        MIGRATES,
        "is_ours",
        "whether a database is empty, ours or somebody else's, asked once when it is opened",
    ),
    may("functions", MIGRATES, "is_ours", "the schema that tables are made in"),
    may(
        "functions",
        LINK,
        "look",
        "a standby, an old server or another encoding is refused when a connection is opened",
    ),
    may(
        "functions",
        BEGIN,
        "begin",
        "a server that became a standby is left at once, and whether commits wait for one is known before each",
    ),
    may(
        "session-state",
        BEGIN,
        "begin",
        "which session a transaction has tells a pooler, through which nobody must listen; it is kept nowhere",
    ),
    may(
        "functions",
        STANDBYS,
        "are_loose",
        "whether commits wait for any of the server's standbys, asked when it is opened and now and then",
    ),
    may(
        "functions",
        STANDBYS,
        "confirm",
        "whether a server names standbys, and is ours, so that they must confirm a mark before it is opened",
    ),
    may("system-catalogs", STANDBYS, "are_loose", "where a server tells of its standbys"),
    may(
        "functions",
        COMMIT,
        "confirmed",
        "a transaction that wrote nothing writes a mark where standbys are named, so that its commit waits for them",
    ),
    may("system-catalogs", OTHERS, "others", ONLY_ASKED_BEFORE_A_MOVE),
    may("functions", OTHERS, "others", ONLY_ASKED_BEFORE_A_MOVE),
];

const ONLY_ASKED_BEFORE_A_MOVE: &str =
    "who else is connected, asked before a move: nodes are seen by nothing else";

const NO_NULL_EMAIL: &str = "only of the deleted is email_key NULL, and a roster has none of them";
const LINK: &str = "store/src/engine/postgres/link/mod.rs";
const BEGIN: &str = "store/src/engine/postgres/link/begin.rs";
const STANDBYS: &str = "store/src/engine/postgres/standbys.rs";
const COMMIT: &str = "store/src/engine/postgres/link/commit.rs";
const BELL: &str = "store/src/engine/postgres/link/bell.rs";
const SESSION: &str = "store/src/engine/postgres/session.rs";
const OTHERS: &str = "store/src/engine/postgres/others.rs";
const MOVES: &str = "store/src/moving/texts.rs";
const MIGRATES: &str = "store/src/migrate/postgres.rs";

/// Tables that belong to no pool.
pub(super) const HOUSE: &[(&str, &str)] = &[
    ("leases", "background work is one node's for all pools"),
    ("installation", "one row about the database"),
    ("operators", "they run Doorward itself"),
    ("operator_tokens", "they are of those who run Doorward itself"),
    ("operator_sessions", "they are of those who run Doorward itself"),
    ("operator_links", "whoever opens one becomes one of those who run Doorward itself"),
    ("regions", "pools live in them"),
    ("doors", "a host says which door, and the door which pool"),
    ("numbers", "its scope is the pool, or nil for what is counted over all of them"),
    ("epochs", "one row for each of 256 shards, which many pools share"),
    ("revocations", "a log in the order of commits, read by every node for all pools"),
    ("migrations", "the schema's history"),
    ("marks", "what connections write so that a commit waits for the standby"),
    ("serving", "one row about the schema"),
    ("moves", "one row about the database"),
    ("directory_head", "one row about the cell whose database this is"),
    ("directory_own", "names of all pools in the order of commits, read by other cells"),
    ("directory_elsewhere", "names of pools that are not here"),
    ("directory_conflicts", "claims to names, by cells"),
    ("directory_peers", "one row for each other cell"),
    ("cell_nonces", "requests of other cells"),
    ("fills", "how far work for all pools has come"),
];

/// Statements with a text for each engine. Keep these few: each is a chance that the engines answer differently.
pub(super) const PER_ENGINE: &[(&str, &str)] = &[];

/// Channels that may be listened to, for what would also be heard by polling, only later. Correctness never hangs on one.
pub(super) const ACCELERATORS: &[&str] = &["doorward_revocations"];

/// What the engine sends of its own, by file and function.
pub(super) const ENGINE_TEXTS: &[(&str, &str)] = &[
    (LINK, "look"),
    (BEGIN, "begin"),
    (COMMIT, "confirmed"),
    (BELL, "ring"),
    (BELL, "listen"),
    (LINK, "roll_back"),
    (STANDBYS, "are_loose"),
    (STANDBYS, "confirm"),
    (OTHERS, "others"),
    ("store/src/migrate/mod.rs", "TABLE"),
    (MIGRATES, "LEASE"),
    (MIGRATES, "is_ours"),
    (MIGRATES, "make"),
    (MIGRATES, "applied"),
    (MIGRATES, "known"),
    (MIGRATES, "step"),
    (MIGRATES, "apply_on_postgres"),
];

/// Where the engine hands a text to its driver, by file and function. The texts are those above, migrations, and statements.
pub(super) const SENDERS: &[(&str, &str)] = &[
    ("store/src/engine/mod.rs", "execute"), // passes a Statement on
    (SESSION, "row"),
    (SESSION, "rows"),
    (SESSION, "execute"),
    (SESSION, "query"),
    (SESSION, "run"),
    (LINK, "look"),
    (BEGIN, "begin"),
    (COMMIT, "confirmed"),
    (LINK, "roll_back"),
    (LINK, "batch"),
    (LINK, "batch_patiently"),
    (LINK, "ask"),
    (BELL, "ring"),
    (BELL, "listen"),
    (STANDBYS, "are_loose"),
    (STANDBYS, "confirm"),
    (OTHERS, "others"),
    (MIGRATES, "is_ours"),
    (MIGRATES, "make"),
    (MIGRATES, "applied"),
    (MIGRATES, "known"),
    (MIGRATES, "step"),
    (MIGRATES, "apply_on_postgres"),
];

/// Functions that make statements of the schema, by file. What they make for every table there is read as if it stood there.
pub(super) const GENERATED: &[(&str, &str)] = &[
    (MOVES, "clear"),
    (MOVES, "count"),
    (MOVES, "first"),
    (MOVES, "insert"),
    (MOVES, "last"),
    (MOVES, "next"),
];

/// Their file.
pub(super) const GENERATED_IN: &str = MOVES;

/// The one function that hands those texts to `made_of_schema`.
pub(super) const HANDS_OVER_GENERATED: (&str, &str) = (MOVES, "of");

/// Settings that the engine may make for the length of a transaction; a pooler keeps nothing longer.
pub(super) const SETTINGS: &[&str] = &[
    "statement_timeout",
    "lock_timeout",
    "idle_in_transaction_session_timeout",
    "client_min_messages",
    "synchronous_commit",
];

/// What stands where an engine's text is filled in at run time, in an example: function, hole, filling. Other holes are
/// numbers.
pub(super) const FILLED_IN: &[(&str, &str, &str)] = &[
    ("begin", "begin", "BEGIN"),
    ("begin", "durability", "on"),
    ("make", "", "SELECT 1"),
    ("make", "LEASE", "SELECT 1"),
];

/// Files that speak to SQLite only.
pub(super) const NOT_TO_POSTGRES: &[&str] = &["store/src/engine/sqlite/", "store/src/migrate/sqlite.rs"];

/// Files of the engine, which may hold texts of its own and connections.
pub(super) const ENGINE: &[&str] = &["store/src/engine/", "store/src/migrate/"];

/// Files of other crates that make statements. They belong to tests.
pub(super) const BEYOND_THE_STORE: &[&str] = &["testkit/src/house.rs"];

/// Where `sql` and `per_engine` are made.
pub(super) const DEFINES_SQL: &str = "store/src/statement.rs";

/// What begins like SQL and is not sent: file, constant or function, how the text begins.
pub(super) const NEVER_SENT: &[(&str, &str, &str)] = &[
    ("store/src/engine/postgres/text.rs", "NOT_IN_A_TRANSACTION", ""), // words that are refused
    (COMMIT, "confirmed", "COMMIT was not answered"),                  // for the log
];
