//! The engine under a house: SQLite in memory, or PostgreSQL where `DOORWARD_TEST_ENGINE=postgres` says so. `./test` runs
//! every whole-door test on both.

use doorward_model::Secret;
use doorward_store::{Db, PostgresSettings};
use doorward_testkit_postgres::{Database, Shared};
use std::time::Duration;

/// A database of one house's own, and what goes with it.
pub(crate) fn database() -> (Db, Option<Database>) {
    if !is_postgres() {
        return (Db::in_memory().expect("a database in memory"), None);
    }
    let database = Shared::server().database(|url| {
        let settings = settings(url);
        // A test already runs on a runtime, which must not be blocked by another on its own thread.
        let migrate = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
            runtime.block_on(Db::open_postgres(&settings).expect("a migrated database").close());
        };
        std::thread::spawn(migrate).join().expect("a template");
    });
    (Db::open_postgres(&settings(&database.url())).expect("a database on the server"), Some(database))
}

/// The same database once more, as another node opens it; `None` where nobody else can.
pub(crate) fn again(database: Option<&Database>) -> Option<Db> {
    database.map(|database| Db::open_postgres(&settings(&database.url())).expect("a database on the server"))
}

/// Whether houses stand on PostgreSQL.
#[expect(clippy::disallowed_methods, reason = "how a second run of the same tests is told apart")]
fn is_postgres() -> bool {
    match std::env::var("DOORWARD_TEST_ENGINE") {
        Err(_) => false,
        Ok(engine) if engine == "postgres" => true,
        Ok(other) => panic!("DOORWARD_TEST_ENGINE may be postgres, and is {other}"),
    }
}

/// Few connections, since many tests run at once. A slow machine must not look like a node that hears nothing.
fn settings(url: &str) -> PostgresSettings {
    let (bound, statement_timeout) = (Duration::from_secs(60), Duration::from_secs(60));
    PostgresSettings {
        writers: 2,
        readers: 1,
        revocation_bound: bound,
        statement_timeout,
        ..PostgresSettings::new(Secret::new(url))
    }
}
