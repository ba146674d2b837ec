//! Migrations: the schema's history, append-only and part of the program.
//!
//! Each is applied once, in a transaction of its own together with the row that remembers it. A database that
//! holds something else under the same version is refused untouched, and so is one that knows more than this program,
//! unless it is a server's and says that this program may still serve (`Migration.oldest`). How is each engine's own affair.

pub(crate) mod postgres;
mod sqlite;

pub(crate) use sqlite::{Error, check, sqlite};

use crate::OpenError;

/// One step of the schema. Never changed once released: the next step corrects it.
///
/// While nodes are upgraded one by one, older ones go on serving over the newer schema. So a step first adds what the
/// new version needs and leaves alone what the old one uses (expand); a later one, released when nobody runs the old
/// version any more, takes that away (contract), and says so by a newer `oldest`.
struct Migration {
    version: i64,
    name: &'static str,
    /// The oldest version of the program that still serves once this is applied.
    oldest: i64,
    text: &'static str,
}

/// From this version on the database says who may serve (table `serving`). Programs before it refuse whatever is newer.
const SERVING_SINCE: i64 = 10;

const MIGRATIONS: &[Migration] = &[
    step(1, "first", 1, include_str!("../../migrations/0001_first.sql")),
    step(2, "mail_quota", 2, include_str!("../../migrations/0002_mail_quota.sql")),
    step(3, "ends", 3, include_str!("../../migrations/0003_ends.sql")),
    step(4, "speaking", 4, include_str!("../../migrations/0004_speaking.sql")),
    step(5, "names", 5, include_str!("../../migrations/0005_names.sql")),
    step(6, "tallies", 6, include_str!("../../migrations/0006_tallies.sql")),
    step(7, "revocations_by_age", 7, include_str!("../../migrations/0007_revocations_by_age.sql")),
    step(8, "application_tokens", 8, include_str!("../../migrations/0008_application_tokens.sql")),
    step(9, "nodes", 9, include_str!("../../migrations/0009_nodes.sql")),
    step(10, "marks", 10, include_str!("../../migrations/0010_marks.sql")),
    step(11, "moves", 11, include_str!("../../migrations/0011_moves.sql")),
    step(12, "cells", 12, include_str!("../../migrations/0012_cells.sql")),
    // An older program would restore a backup and let operators' tokens be, so none serves over this.
    step(13, "management", 13, include_str!("../../migrations/0013_management.sql")),
    step(14, "browser", 13, include_str!("../../migrations/0014_browser.sql")),
    step(15, "evidence", 13, include_str!("../../migrations/0015_evidence.sql")),
    // An older program would change people without the words they are found by.
    step(16, "search", 16, include_str!("../../migrations/0016_search.sql")),
    step(17, "versions", 16, include_str!("../../migrations/0017_versions.sql")),
    step(18, "email_changes", 16, include_str!("../../migrations/0018_email_changes.sql")),
    step(19, "logos", 16, include_str!("../../migrations/0019_logos.sql")),
    // An older program sets passwords without their kind; who reads it looks at the password itself as well.
    step(20, "uses", 16, include_str!("../../migrations/0020_uses.sql")),
    step(21, "mails", 16, include_str!("../../migrations/0021_mails.sql")),
    // An older program cannot read a mail of the kind digest, and would send none of those that wait beside one.
    step(22, "digests", 22, include_str!("../../migrations/0022_digests.sql")),
    step(23, "works", 22, include_str!("../../migrations/0023_works.sql")),
    step(24, "used_by_person", 22, include_str!("../../migrations/0024_used_by_person.sql")),
    step(25, "versions_of_doors", 22, include_str!("../../migrations/0025_versions_of_doors.sql")),
];

const fn step(version: i64, name: &'static str, oldest: i64, text: &'static str) -> Migration {
    Migration { version, name, oldest, text }
}

/// The table that remembers.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS migrations (
    version {int} NOT NULL PRIMARY KEY,
    name {text} NOT NULL,
    checksum {int} NOT NULL
){clustered}";

/// A migration that a database has: its version and its checksum.
type Done = (i64, i64);

/// Refuses a database that was built otherwise.
fn judge(done: &[Done]) -> Result<(), OpenError> {
    MIGRATIONS.iter().find(|known| known.differs_from(done)).map_or(Ok(()), |changed| Err(changed.refused()))
}

/// The newest version this program knows.
pub(crate) fn program() -> i64 {
    MIGRATIONS.iter().map(|known| known.version).max().unwrap_or(0)
}

/// A database's version, if this program does not know it.
fn newer(done: &[Done]) -> Option<i64> {
    done.iter().map(|(version, _)| *version).max().filter(|database| *database > program())
}

/// Refuses a newer database unless it says that this program may serve over it. `oldest` is what it says.
fn admit(database: i64, oldest: Option<i64>) -> Result<(), OpenError> {
    let program = program();
    if oldest.is_some_and(|oldest| oldest <= program) {
        tracing::info!(database, program, "a newer Doorward migrated the database; this one still serves");
        return Ok(());
    }
    Err(OpenError::NewerSchema { database, program, oldest: oldest.unwrap_or(database) })
}

/// What a database does not have yet, in order.
fn missing(done: &[Done]) -> impl Iterator<Item = &'static Migration> {
    MIGRATIONS.iter().filter(|migration| done.iter().all(|(version, _)| *version != migration.version))
}

impl Migration {
    fn differs_from(&self, done: &[(i64, i64)]) -> bool {
        done.iter().any(|(version, checksum)| *version == self.version && *checksum != self.checksum())
    }

    fn refused(&self) -> OpenError {
        OpenError::ChangedMigration { version: self.version, name: self.name.to_owned() }
    }

    /// FNV-1a of the text, over 64 bits: it notices an edit; it need not withstand a forger.
    fn checksum(&self) -> i64 {
        let hash = self.text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        hash.cast_signed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Ddl;

    #[test]
    fn no_program_that_cannot_read_digests_serves_beside_one_that_mails_them() {
        let (digests, newest) = (MIGRATIONS.iter().find(|it| it.name == "digests"), MIGRATIONS.last());
        let oldest = newest.zip(digests).map(|(newest, digests)| newest.oldest >= digests.version);
        assert_eq!(oldest, Some(true));
    }

    #[test]
    fn versions_count_upwards_and_no_token_is_left_over() {
        for (migration, version) in MIGRATIONS.iter().zip(1..) {
            assert_eq!(migration.version, version);
            assert!(migration.oldest <= version, "{} lets nobody serve", migration.name);
            for engine in [Ddl::Sqlite, Ddl::Postgres] {
                let statements: String = engine
                    .render(migration.text)
                    .lines()
                    .filter(|line| !line.trim_start().starts_with("--"))
                    .collect();
                assert!(!statements.contains('{'), "{} for {engine:?}", migration.name);
            }
        }
    }
}
