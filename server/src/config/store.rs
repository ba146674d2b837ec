//! `[store]`: the database.

use super::reader::Reader;
use std::path::{Path, PathBuf};

/// The database.
#[derive(Clone, Debug)]
pub struct Store {
    /// The embedded engine.
    pub sqlite: Sqlite,
}

/// The embedded database.
#[derive(Clone, Debug)]
pub struct Sqlite {
    /// The file.
    pub path: PathBuf,
    /// Threads that read beside the one that writes.
    pub readers: usize,
}

impl Store {
    pub(super) fn read(reader: &mut Reader<'_>, data_dir: &Path) -> Self {
        let mut section = reader.section("store.sqlite", "The embedded database.");
        let path = section.value(
            "path",
            data_dir.join("doorward.db"),
            "The database file; doorward.db in data_dir unless set. It must lie on a local disk.",
        );
        // Each reader holds a page cache of its own, so the bound keeps the idle memory small.
        let readers = section.within("readers", 2, 1..=64, "Threads that read. One per core is plenty.");
        Self { sqlite: Sqlite { path, readers } }
    }
}
