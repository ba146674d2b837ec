//! A PgBouncer in transaction mode before a server.

use crate::{
    USER,
    home::give,
    programs::{as_owner, find},
};
use std::{path::Path, process::Child, time::Duration};
use tempfile::TempDir;

/// A pooler that is gone with its test.
pub struct PgBouncer {
    process: Child,
    directory: TempDir,
}

impl PgBouncer {
    /// Starts one before the server whose socket is in this directory, with as many server connections at most.
    pub fn start(server: &Path, connections: usize) -> Self {
        let directory =
            tempfile::Builder::new().prefix("doorward-pgbouncer-").tempdir().expect("a directory");
        give(directory.path());
        let own = directory.path().display();
        let text = format!(
            "[databases]\n* = host={} user={USER}\n[pgbouncer]\npool_mode = transaction\nunix_socket_dir = {own}\n\
             listen_addr =\nlisten_port = 5432\nauth_type = any\nadmin_users = {USER}\ndefault_pool_size = {connections}\n\
             logfile = {own}/log\n",
            server.display()
        );
        let file = directory.path().join("pgbouncer.ini");
        std::fs::write(&file, text).expect("a configuration");
        give(&file);
        let program = find("pgbouncer").expect("pgbouncer is missing: ./test installs it");
        let process = as_owner(&program).arg("-q").arg(&file).spawn().expect("pgbouncer starts");
        let bouncer = Self { process, directory };
        let socket = bouncer.directory.path().join(".s.PGSQL.5432");
        for _ in 0..500 {
            if socket.exists() {
                return bouncer;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let log = std::fs::read_to_string(bouncer.directory.path().join("log")).unwrap_or_default();
        panic!("PgBouncer does not answer: {log}");
    }

    /// The URL of a database through it.
    pub fn url(&self, database: &str) -> String {
        format!("postgresql:///{database}?host={}&user={USER}", self.directory.path().display())
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        let ended = self.process.kill().and_then(|()| self.process.wait());
        assert!(ended.is_ok() || std::thread::panicking(), "PgBouncer does not end: {ended:?}");
    }
}
