//! `[admin]`: how the command line reaches a running server.

use super::reader::Reader;
use std::path::{Path, PathBuf};

/// How the command line reaches a running server.
#[derive(Clone, Debug)]
pub struct Admin {
    /// A Unix socket that only the server's own user may open.
    pub socket: PathBuf,
}

impl Admin {
    pub(super) fn read(reader: &mut Reader<'_>, data_dir: &Path) -> Self {
        let mut section = reader.section("admin", "How the command line reaches a running server.");
        Self {
            socket: section.value(
                "socket",
                data_dir.join("admin.sock"),
                "The Unix socket, open to the server's own user only; admin.sock in data_dir unless set.",
            ),
        }
    }
}
