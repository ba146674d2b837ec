//! How a PostgreSQL database is opened.

use super::address::Address;
use crate::OpenError;
use doorward_model::Secret;
use std::time::Duration;

/// How a PostgreSQL database is opened.
#[derive(Clone, Debug)]
pub struct PostgresSettings {
    /// `postgresql://user:password@host:5432/database?sslmode=verify-full`; see [`crate::Db::open_postgres`]. It holds a
    /// password, so it is never shown.
    pub url: Secret,
    /// Threads that write, each with a connection; at least one is started. Writes on the same rows still wait for each
    /// other, so many more than the server has cores make nothing faster.
    pub writers: usize,
    /// Threads that read, each with a connection; at least one is started.
    pub readers: usize,
    /// How long the server may work on one statement or wait at one COMMIT for its standby.
    pub statement_timeout: Duration,
    /// How long connecting may take, with everything that belongs to it; several hosts share it.
    pub connect_timeout: Duration,
    /// Whether to serve on a server that has standbys of which none confirms commits. A failover then undoes what was
    /// acknowledged in its last moments: sign-ins, passwords, and revocations, so that what was revoked works again.
    pub allow_async_standby: bool,
    /// How often the revocation log is read where nobody rings.
    pub revocation_poll: Duration,
    /// How long what is remembered is believed after the revocation log was last read; then the database is asked again
    /// for every answer. What one node revoked is refused by every node after this time at the latest.
    pub revocation_bound: Duration,
    /// Whether nodes ring for each other (LISTEN and NOTIFY), so that a revocation is heard at once.
    pub revocation_notify: bool,
}

impl PostgresSettings {
    /// The settings that suit most, for this URL.
    pub fn new(url: Secret) -> Self {
        Self {
            url,
            writers: 4,
            readers: 4,
            statement_timeout: Duration::from_secs(5),
            connect_timeout: Duration::from_secs(5),
            allow_async_standby: false,
            revocation_poll: Duration::from_millis(100),
            revocation_bound: Duration::from_secs(1),
            revocation_notify: true,
        }
    }

    /// Whether the URL can be used, and the files it names are there; connects to nothing.
    pub fn check(&self) -> Result<(), OpenError> {
        Address::read(self.url.expose(), self.connect_timeout).map(|_| ())
    }

    /// Hosts and database, without user and password; nothing when the URL cannot be used.
    pub fn place(&self) -> String {
        Address::read(self.url.expose(), self.connect_timeout)
            .map_or_else(|_| String::new(), |address| address.name)
    }
}
