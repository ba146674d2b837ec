//! One server for all tests of a run.

use crate::{
    home::{Home, somewhere},
    programs::owner,
    watch,
};
use std::{
    fs::File,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

/// How often in a row the watch must find nobody: tests of a run follow each other faster than that.
const IDLE: u32 = 5;

/// The server, while this process uses it.
pub struct Shared {
    home: Home,
    _using: File,
}

/// Whether tests on PostgreSQL are left out, because somebody said so; `./test` never does.
#[expect(clippy::disallowed_methods, reason = "a switch for whoever runs the tests by hand")]
pub fn is_skipped() -> bool {
    std::env::var("DOORWARD_SKIP_POSTGRES").is_ok_and(|it| it == "1")
}

impl Shared {
    /// The server of this run, started if it is not there.
    pub fn server() -> &'static Self {
        static SERVER: OnceLock<Shared> = OnceLock::new();
        SERVER.get_or_init(Self::join)
    }

    fn join() -> Self {
        // One per checkout, so that two do not feel each other.
        let key = hash(&env!("CARGO_MANIFEST_DIR")) & 0xffff_ffff;
        let name = format!("doorward-postgres-{}-{key:x}", owner().uid);
        let home = Home::at(somewhere().join(name));
        let gate = home.lock("gate");
        gate.lock().expect("the gate");
        if !home.is_up() {
            home.fill();
            home.configure("autovacuum = off\nwal_level = minimal\nmax_wal_senders = 0");
            home.start();
            watch::start(&home, IDLE);
        }
        let using = home.lock("users");
        using.lock_shared().expect("the list of users");
        drop(gate);
        Self { home, _using: using }
    }

    /// A new database, copied from a template that `make` fills the first time, given its URL. The template is the test
    /// program's own.
    pub fn database(&'static self, make: impl FnOnce(&str)) -> Database {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let template = format!("template_{:x}", program());
        let gate = self.home.lock("gate");
        gate.lock().expect("the gate");
        let known = format!("SELECT count(*) FROM pg_database WHERE datname = '{template}'");
        if self.home.sql("postgres", &known) == "0" {
            let making = format!("{template}_making");
            self.home.sql("postgres", &format!("DROP DATABASE IF EXISTS {making}"));
            self.home.sql("postgres", &format!("CREATE DATABASE {making}"));
            make(&self.home.url(&making));
            self.home.sql("postgres", &format!("ALTER DATABASE {making} RENAME TO {template}"));
        }
        drop(gate);
        let name = format!("test_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        self.home.sql("postgres", &format!("DROP DATABASE IF EXISTS {name}"));
        self.home.sql("postgres", &format!("CREATE DATABASE {name} TEMPLATE {template}"));
        Database { server: self, name }
    }

    /// A new, empty database.
    pub fn empty_database(&'static self) -> Database {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("empty_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        self.home.sql("postgres", &format!("DROP DATABASE IF EXISTS {name}"));
        self.home.sql("postgres", &format!("CREATE DATABASE {name}"));
        Database { server: self, name }
    }

    /// The URL of a database.
    pub fn url(&self, database: &str) -> String {
        self.home.url(database)
    }

    /// Runs statements; the rows of the last, `|` between columns.
    pub fn sql(&self, database: &str, text: &str) -> String {
        self.home.sql(database, text)
    }
}

/// A database of one test; it goes when this does.
pub struct Database {
    server: &'static Shared,
    name: String,
}

impl Database {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its URL.
    pub fn url(&self) -> String {
        self.server.url(&self.name)
    }

    /// Runs statements in it; the rows of the last, `|` between columns.
    pub fn sql(&self, text: &str) -> String {
        self.server.sql(&self.name, text)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // A failed test's database may be looked at until the server ends.
        if !std::thread::panicking() {
            self.server.sql("postgres", &format!("DROP DATABASE {} WITH (FORCE)", self.name));
        }
    }
}

/// Tells builds apart: another build may bring another schema.
fn program() -> u64 {
    let path = std::env::current_exe().expect("this program");
    let changed = std::fs::metadata(&path).and_then(|about| about.modified()).expect("this program's age");
    hash(&(path, changed))
}

fn hash(what: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}
