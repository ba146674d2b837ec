//! A primary and the synchronous standby that may take its place.

use crate::{Own, USER};

/// Two servers; every commit waits for the second.
pub struct Pair {
    /// Where writes go at first.
    pub primary: Own,
    /// Where every acknowledged one is too.
    pub standby: Own,
}

impl Pair {
    /// Starts both, with these lines of configuration, and waits until the standby confirms commits.
    pub fn start(configuration: &str) -> Self {
        let pair = Self::loose(configuration);
        pair.bind();
        pair
    }

    /// The same, but no commit waits for the standby.
    pub fn loose(configuration: &str) -> Self {
        let primary = Own::start(&format!("wal_level = replica\nmax_wal_senders = 4\n{configuration}"));
        let standby = Own::standby_of(&primary);
        until_one(&primary, "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'");
        Self { primary, standby }
    }

    /// From now on commits wait for the standby.
    pub fn bind(&self) {
        self.primary.set("synchronous_standby_names", "*");
        until_one(&self.primary, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'");
    }

    /// The URL of a database on whichever is the primary.
    pub fn url(&self, database: &str) -> String {
        let (one, other) = (self.primary.socket().display(), self.standby.socket().display());
        format!("postgresql:///{database}?host={one},{other}&user={USER}")
    }

    /// Makes the standby the primary; nobody could confirm what it commits, so it waits for nobody.
    pub fn promote(&self) {
        self.standby.promote();
        self.standby.set("synchronous_standby_names", "");
    }
}

/// Each question is a program that starts, so this is no busy wait.
fn until_one(server: &Own, question: &str) {
    while server.sql("postgres", question) != "1" {}
}
