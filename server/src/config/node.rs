//! `[node]`: this installation.

use super::reader::Reader;
use doorward_model::RegionCode;
use std::path::PathBuf;

/// This installation.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where everything lives that has no path of its own.
    pub data_dir: PathBuf,
    /// Which region this node serves.
    pub region: Option<RegionCode>,
}

impl Node {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let mut section = reader.section("node", "This installation.");
        Self {
            data_dir: section.value(
                "data_dir",
                PathBuf::from("doorward-data"),
                "Where the database, the key file and the admin socket live, unless they have a path of their own. \
                 Relative paths start in the working directory.",
            ),
            region: section.optional(
                "region",
                "\"eu1\"",
                "The region this node serves. Needed only where several regions exist.",
            ),
        }
    }
}
