//! What only a server can do: turn transactions away, die, become a standby, stand behind a pooler.

mod doubt;
mod faults;
mod meetings;
mod nodes;
mod opening;
mod pooled;
mod reaching;
mod standby;
mod tls;
mod unknown;
mod upgrading;

use crate::fresh::few;
use doorward_store::{Db, PostgresSettings};
use doorward_testkit_postgres::{Own, Pair, is_skipped};
use std::time::Duration;

/// A server of a test's own, if PostgreSQL is not left out.
fn own(configuration: &str) -> Option<Own> {
    (!is_skipped()).then(|| Own::start(configuration))
}

/// The same with a standby.
fn pair(start: fn(&str) -> Pair) -> Option<Pair> {
    (!is_skipped()).then(|| start(""))
}

/// Settings for it that lose no time.
fn hasty(server: &Own) -> PostgresSettings {
    PostgresSettings { connect_timeout: Duration::from_secs(2), ..few(&server.url("postgres")) }
}

fn open(settings: &PostgresSettings) -> Db {
    Db::open_postgres(settings).unwrap()
}
