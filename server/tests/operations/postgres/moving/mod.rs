//! `doorward move`, there and back, between a file and a server: as processes over real databases.

mod killed;
mod refused;
mod there_and_back;
mod undone;

use super::sections;
use crate::operations::{CONFIGURATION, HOUSE, Site, text};
use crate::process::Doorward;
use doorward_testkit_postgres::{Database, Shared, is_skipped};
use std::process::Output;

/// A file with an installation in it, and an empty database on a server.
struct Pair {
    site: Site,
    database: Database,
}

/// Whoever is on this machine may ask who is calling.
const ASKERS: &str = "[verify]\naskers = [\"127.0.0.0/8\"]\nroutes = [\"doors\"]\n";

/// The file, as an argument.
const FILE: &str = "sqlite:doorward-data/doorward.db";

/// Another file.
const BACK: &str = "sqlite:doorward-data/back.db";

impl Pair {
    /// After `init` and `apply`, on the file; `None` where PostgreSQL is left out.
    fn new() -> Option<Self> {
        if is_skipped() {
            return None;
        }
        let site = Site::bare_with(ASKERS);
        site.done(&["init"]);
        site.apply(HOUSE);
        let database = Shared::server().empty_database();
        site.write("url", &format!("{}\n", database.url()));
        Some(Self { site, database })
    }

    /// From the file to the server, with more arguments.
    fn there<'a>(more: &[&'a str]) -> Vec<&'a str> {
        [&["move", "--from", FILE, "--to-url-file", "url"], more].concat()
    }

    /// From the server to another file.
    fn back<'a>(more: &[&'a str]) -> Vec<&'a str> {
        [&["move", "--from-url-file", "url", "--to", BACK], more].concat()
    }

    /// Has the configuration name the server from here on.
    fn use_server(&mut self) {
        self.use_store(&sections(&self.database.url()));
    }

    /// Has it name a file from here on.
    fn use_file(&mut self, name: &str) {
        self.use_store(&format!("{ASKERS}[store.sqlite]\npath = \"doorward-data/{name}\"\n"));
    }

    fn use_store(&mut self, more: &str) {
        self.site.configuration = format!("{CONFIGURATION}{more}");
        self.site.write("doorward.toml", &self.site.configuration);
    }

    fn serve(&self) -> Doorward {
        self.site.serve()
    }

    /// What a move complained that must fail, and what it had told before.
    fn fails(&self, arguments: &[&str]) -> String {
        let Output { status, stdout, stderr } = self.site.run(arguments);
        assert!(!status.success(), "{arguments:?}: {}", text(&stdout));
        text(&stderr)
    }

    /// Makes the tables on the server, with nothing in them.
    fn migrate(&mut self) {
        self.use_server();
        self.site.done(&["tenant", "list"]);
        self.database.sql("DELETE FROM installation");
        self.use_file("doorward.db");
    }

    /// Adds rows to a table that nothing else writes here; `counted` numbers them in the order of their key.
    fn fill_file(&self, rows: u32) {
        let file = rusqlite::Connection::open(self.site.database()).unwrap();
        file.execute(
            "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1) \
             INSERT INTO tallies SELECT unhex(printf('%032x', n)), x'', n, 9000000000000000 FROM n",
            [rows],
        )
        .unwrap();
    }

    fn fill_server(&self, rows: u32) {
        self.database.sql(&format!(
            "INSERT INTO tallies SELECT decode(lpad(to_hex(n), 32, '0'), 'hex'), '', n, 9000000000000000 \
             FROM generate_series(1, {rows}) n"
        ));
    }

    /// Has the server do something with each row that is added to a table and meets a condition.
    fn at_insert(&self, table: &str, condition: &str, what: &str) {
        self.database.sql(&format!(
            "CREATE FUNCTION disturb() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {what}; RETURN NEW; END $$"
        ));
        self.database.sql(&format!(
            "CREATE TRIGGER disturb BEFORE INSERT ON {table} FOR EACH ROW WHEN ({condition}) \
             EXECUTE FUNCTION disturb()"
        ));
    }

    fn calm(&self, table: &str) {
        self.database.sql(&format!("DROP TRIGGER disturb ON {table}"));
        self.database.sql("DROP FUNCTION disturb()");
    }
}
