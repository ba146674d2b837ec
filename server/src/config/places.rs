//! `[places]`: where in the world addresses are.

use super::reader::Reader;
use std::path::PathBuf;

/// Where in the world addresses are.
#[derive(Clone, Debug)]
pub struct Places {
    /// The location database; without one no place is shown.
    pub database: Option<PathBuf>,
}

impl Places {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let mut section = reader
            .section("places", "Where addresses are, shown to people beside their sign-ins and in mails.");
        let database = section.optional(
            "database",
            "\"/var/lib/GeoIP/GeoLite2-City.mmdb\"",
            "A file in the MaxMind DB format with cities or countries. It is held in memory; SIGHUP reads it again.",
        );
        Self { database }
    }
}
