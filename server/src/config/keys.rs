//! `[keys]`: where the server's own keys are.

use super::reader::Reader;
use doorward_model::Secret;
use std::path::{Path, PathBuf};

/// Where the server's own keys are.
#[derive(Clone, Debug)]
pub struct Keys {
    /// The key file that `doorward init` makes.
    pub file: PathBuf,
    /// The key file's contents; goes before `file`.
    pub text: Option<Secret>,
}

impl Keys {
    pub(super) fn read(reader: &mut Reader<'_>, data_dir: &Path) -> Self {
        let mut section = reader.section(
            "keys",
            "The keys that protect stored tokens and sealed data. Without them the database cannot be used: keep a copy.",
        );
        Self {
            file: section.value(
                "file",
                data_dir.join("doorward.keys"),
                "The key file that `doorward init` makes; doorward.keys in data_dir unless set.",
            ),
            text: section.secret(
                "text",
                "The contents of a key file, for secret stores that hand them over as a variable. Goes before `file`.",
            ),
        }
    }
}
