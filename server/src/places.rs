//! The location database of the configuration, read into memory.

use crate::cli::Failure;
use crate::config::Config;
use doorward_core::{Core, NoPlaceDatabase, PlaceDatabase};
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// What to do about a file that cannot be used.
const HINT: &str = "Name a file like GeoLite2-City.mmdb, or take the key out: then no place is shown.";

/// Why there is no location database.
#[derive(Debug, Error)]
pub(crate) enum PlacesError {
    /// The file cannot be read.
    #[error("[places] database: {} cannot be read: {source}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is something else.
    #[error("[places] database: {} is no location database in the MaxMind DB format: {source}", path.display())]
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
    match tokio::fs::read(&path).await {
        Ok(file) => PlaceDatabase::of(file).map(Some).map_err(|source| PlacesError::Broken { path, source }),
        Err(source) => Err(PlacesError::Unreadable { path, source }),
    }
}

/// Has the core ask it from now on.
pub(crate) async fn open(core: &Core, config: &Config) -> Result<(), Failure> {
    let database = read(config).await;
    core.places().ask(database.map_err(|error| Failure::new(format!("{error}.")).hint(HINT))?);
    Ok(())
}
