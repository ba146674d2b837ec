//! Migrations: the schema's history, append-only and part of the program.
//!
//! Each is applied once, in a transaction of its own together with the row that remembers it. A database that
//! knows more than this program, or something else under the same version, is refused untouched. How is each engine's
//! own affair.

pub(crate) mod postgres;
mod sqlite;

pub(crate) use sqlite::{Error, check, sqlite};

use crate::OpenError;

/// One step of the schema. Never changed once released: the next step corrects it.
struct Migration {
    version: i64,
    name: &'static str,
    text: &'static str,
}

const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "first", text: include_str!("../../migrations/0001_first.sql") },
    Migration { version: 2, name: "mail_quota", text: include_str!("../../migrations/0002_mail_quota.sql") },
    Migration { version: 3, name: "ends", text: include_str!("../../migrations/0003_ends.sql") },
    Migration { version: 4, name: "speaking", text: include_str!("../../migrations/0004_speaking.sql") },
    Migration { version: 5, name: "names", text: include_str!("../../migrations/0005_names.sql") },
    Migration { version: 6, name: "tallies", text: include_str!("../../migrations/0006_tallies.sql") },
    Migration {
        version: 7,
        name: "revocations_by_age",
        text: include_str!("../../migrations/0007_revocations_by_age.sql"),
    },
    Migration {
        version: 8,
        name: "application_tokens",
        text: include_str!("../../migrations/0008_application_tokens.sql"),
    },
    Migration { version: 9, name: "cells", text: include_str!("../../migrations/0009_cells.sql") },
];

/// The table that remembers.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS migrations (
    version {int} NOT NULL PRIMARY KEY,
    name {text} NOT NULL,
    checksum {int} NOT NULL
){clustered}";

/// A migration that a database has: its version and its checksum.
type Done = (i64, i64);

/// Refuses a database that knows more than this program, or something else.
fn judge(done: &[Done]) -> Result<(), OpenError> {
    let program = MIGRATIONS.iter().map(|known| known.version).max().unwrap_or(0);
    if let Some(database) = done.iter().map(|(version, _)| *version).max().filter(|it| *it > program) {
        return Err(OpenError::NewerSchema { database, program });
    }
    MIGRATIONS.iter().find(|known| known.differs_from(done)).map_or(Ok(()), |changed| Err(changed.refused()))
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
    fn versions_count_upwards_and_no_token_is_left_over() {
        for (migration, version) in MIGRATIONS.iter().zip(1..) {
            assert_eq!(migration.version, version);
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
