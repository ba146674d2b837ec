//! The location database of the configuration, read into memory. A server without it serves all the same: places are an ornament,
//! and the files come from elsewhere, by a timer that may break.

use crate::config::Config;
use doorward_core::{Core, NoPlaceDatabase, PlaceDatabase};
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// What to do about a file that cannot be used.
const HINT: &str = "Name a file like GeoLite2-City.mmdb, or take the key out: then no place is shown";

/// Why there is no location database.
#[derive(Debug, Error)]
pub(crate) enum PlacesError {
    /// The file cannot be read.
    #[error("[places] database: {} cannot be read: {source}. {HINT}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is something else.
    #[error(
        "[places] database: {} is no location database in the MaxMind DB format: {source}. {HINT}",
        path.display()
    )]
    Broken {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: NoPlaceDatabase,
    },
}

/// The database that the configuration names now.
pub(crate) async fn read(config: &Config) -> Result<Option<PlaceDatabase>, PlacesError> {
    let Some(path) = config.places.database.clone() else { return Ok(None) };
    of_file(&path, tokio::fs::read(&path).await).map(Some)
}

/// Whether the file that the configuration names can be used. Blocks.
pub(crate) fn check(config: &Config) -> Result<(), PlacesError> {
    let Some(path) = &config.places.database else { return Ok(()) };
    of_file(path, std::fs::read(path)).map(drop)
}

fn of_file(path: &Path, file: io::Result<Vec<u8>>) -> Result<PlaceDatabase, PlacesError> {
    let path = path.to_owned();
    match file {
        Ok(file) => PlaceDatabase::of(file).map_err(|source| PlacesError::Broken { path, source }),
        Err(source) => Err(PlacesError::Unreadable { path, source }),
    }
}

/// Has the core ask it from now on; nothing is asked where it cannot be used.
pub(crate) async fn open(core: &Core, config: &Config) {
    match read(config).await {
        Ok(database) => core.places().ask(database),
        Err(error) => tracing::error!(%error, "no place is shown"),
    }
}
