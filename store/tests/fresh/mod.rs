//! A database for one test, and the macro that runs a test on every engine.

use doorward_model::Secret;
use doorward_store::{Db, Invalidation, PostgresSettings, SqliteSettings};
use doorward_testkit_postgres::{Database, Shared, is_skipped};
use std::{
    path::PathBuf,
    sync::{Arc, Mutex, OnceLock},
};
use tempfile::TempDir;

/// A database of one test's own, gone when it ends.
pub(crate) struct Fresh {
    pub(crate) db: Db,
    _kept: Kept,
}

/// What goes with the database.
enum Kept {
    Nothing,
    Directory { _directory: TempDir },
    Server { _database: Database },
}

impl Fresh {
    /// SQLite in a file.
    pub(crate) fn in_file() -> Self {
        let (directory, settings) = file();
        Self { db: Db::open(&settings).unwrap(), _kept: Kept::Directory { _directory: directory } }
    }

    /// SQLite in memory.
    pub(crate) fn in_memory() -> Self {
        Self { db: Db::in_memory().unwrap(), _kept: Kept::Nothing }
    }
}

impl Fresh {
    /// PostgreSQL, in a database of its own on the server of this run; `None` where PostgreSQL is left out.
    pub(crate) fn on_postgres() -> Option<Self> {
        let (database, settings) = postgres()?;
        let db = Db::open_postgres(&settings).unwrap();
        Some(Self { db, _kept: Kept::Server { _database: database } })
    }
}

/// A migrated PostgreSQL database that nobody has open.
pub(crate) fn postgres() -> Option<(Database, PostgresSettings)> {
    if is_skipped() {
        return None;
    }
    // A test already runs on a runtime, which must not be blocked by another on its own thread.
    let migrate = |url: &str| {
        let settings = few(url);
        let migrate = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(Db::open_postgres(&settings).unwrap().close());
        };
        std::thread::spawn(migrate).join().unwrap();
    };
    let database = Shared::server().database(migrate);
    let settings = few(&database.url());
    Some((database, settings))
}

/// One writer, so that a test can hold it still; and nobody who reads the revocation log.
pub(crate) fn few(url: &str) -> PostgresSettings {
    let poll = std::time::Duration::from_secs(3_600);
    PostgresSettings {
        writers: 1,
        readers: 2,
        revocation_poll: poll,
        revocation_notify: false,
        ..PostgresSettings::new(Secret::new(url))
    }
}

/// A migrated database file that nobody has open.
pub(crate) fn file() -> (TempDir, SqliteSettings) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("doorward.db");
    std::fs::write(&path, template()).unwrap();
    (directory, SqliteSettings { path, readers: 2 })
}

/// Settings for a file that is not there yet.
pub(crate) fn no_file() -> (TempDir, SqliteSettings) {
    let directory = tempfile::tempdir().unwrap();
    let path: PathBuf = directory.path().join("doorward.db");
    (directory, SqliteSettings { path, readers: 2 })
}

/// Migrating takes longer than copying, so it is done once.
fn template() -> &'static [u8] {
    static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let (_directory, settings) = no_file();
        let path = settings.path.clone();
        let migrate = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(Db::open(&settings).unwrap().close());
        };
        // A test already runs on a runtime, which must not be blocked by another on its own thread.
        std::thread::spawn(migrate).join().unwrap();
        std::fs::read(path).unwrap()
    })
}

/// What caches are told from now on.
pub(crate) fn listen(db: &Db) -> Arc<Mutex<Vec<Invalidation>>> {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ears = Arc::clone(&heard);
    db.set_on_commit(Arc::new(move |stale| ears.lock().unwrap().extend_from_slice(stale)));
    heard
}

/// Runs each test on every engine: `suite! { async fn name(db) { … } }`, once per file.
macro_rules! suite {
    ($($(#[$about:meta])* async fn $name:ident($db:ident) $body:block)+) => {
        on_sqlite! { $($(#[$about])* async fn $name($db) $body)+ }

        mod on_postgres {
            $(#[tokio::test]
            async fn $name() {
                let Some(fresh) = crate::fresh::Fresh::on_postgres() else { return };
                super::$name(fresh.db.clone()).await;
                fresh.db.close().await;
            })+
        }
    };
}

/// Runs each test on SQLite only, in a file and in memory, where there is a reason to.
macro_rules! on_sqlite {
    ($($(#[$about:meta])* async fn $name:ident($db:ident) $body:block)+) => {
        $($(#[$about])* async fn $name($db: doorward_store::Db) $body)+

        mod in_file {
            $(#[tokio::test]
            async fn $name() {
                let fresh = crate::fresh::Fresh::in_file();
                super::$name(fresh.db.clone()).await;
                fresh.db.close().await;
            })+
        }

        mod in_memory {
            $(#[tokio::test]
            async fn $name() {
                let fresh = crate::fresh::Fresh::in_memory();
                super::$name(fresh.db.clone()).await;
                fresh.db.close().await;
            })+
        }
    };
}
