//! A data directory that a test fills through the core, before or after the real binary serves it.

use doorward_core::{Clock, Core, Parts, Settings};
use doorward_crypto::password::{HashQueue, HashQueueSettings, Params};
use doorward_crypto::{Keyring, Random};
use doorward_store::{Db, SqliteSettings};
use doorward_testkit::House;
use std::path::Path;
use tempfile::TempDir;

/// An installation on disk, opened in this process until it is closed.
pub(crate) struct Installation {
    /// Makes tenants, people and doors.
    pub(crate) house: House,
    folder: TempDir,
}

impl Installation {
    /// A new one, as this command would make it.
    pub(crate) async fn new(made_by: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now = Clock::system().now().micros();
        Keyring::create(&folder.path().join("doorward.keys"), now, &Random::os()).unwrap();
        Self { house: open(folder.path(), made_by).await, folder }
    }

    /// Where it is.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Lets go of the database, so that a server may have it.
    pub(crate) async fn close(&self) {
        self.house.core.db().close().await;
    }

    /// A configuration to serve it with, on a free port.
    pub(crate) fn configuration(&self, more: &str) -> String {
        let folder = self.folder().display();
        format!("[node]\ndata_dir = \"{folder}\"\n[listen]\naddresses = [\"127.0.0.1:0\"]\n{more}")
    }
}

/// Opens the database of a data directory in this process, with cheap hashing and the machine's clock.
pub(crate) async fn open(data: &Path, made_by: &'static str) -> House {
    let clock = Clock::system();
    let parts = Parts {
        db: Db::open(&SqliteSettings { path: data.join("doorward.db"), readers: 1 }).unwrap(),
        hashes: HashQueue::start(cheap_hashing()).unwrap(),
        keys: Keyring::load(&data.join("doorward.keys")).unwrap(),
        clock: clock.clone(),
        settings: Settings {
            public_url: "http://127.0.0.1:8080".parse().unwrap(),
            region: None,
            verify_memory: doorward_core::VERIFY_MEMORY,
        },
    };
    let core = Core::start(parts, made_by).await.unwrap();
    House::around(core, clock)
}

fn cheap_hashing() -> HashQueueSettings {
    HashQueueSettings::sized(1, 0, Params::cheap())
}
