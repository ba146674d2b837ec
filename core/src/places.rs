//! Where in the world an address is, as a location database of the operator's says. It is looked up when it is shown, and kept
//! nowhere: without a database, and for an address it does not know, there is no place.

use arc_swap::ArcSwapOption;
use doorward_model::Language;
use maxminddb::{MaxMindDbError, PathElement, Reader};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use thiserror::Error;

/// A location database in memory: the MaxMind DB format with `city` and `country`, as GeoLite2 and others have it.
pub struct PlaceDatabase {
    reader: Reader<Vec<u8>>,
    /// Whether it was told of this file that it is broken inside: once is enough, and every page asks it.
    is_told: AtomicBool,
}

/// What is no location database.
#[derive(Debug, Error)]
#[error(transparent)]
pub struct NoPlaceDatabase(#[from] MaxMindDbError);

/// The places of addresses. Another database may take the place of the first while it is asked.
#[derive(Default)]
pub struct Places(ArcSwapOption<PlaceDatabase>);

/// The language that databases have every name in.
const FALLBACK: Language = Language::En;

impl PlaceDatabase {
    /// Of the bytes of a file.
    pub fn of(file: Vec<u8>) -> Result<Self, NoPlaceDatabase> {
        Ok(Self { reader: Reader::from_source(file)?, is_told: AtomicBool::new(false) })
    }

    fn find(&self, address: IpAddr, language: Language) -> Result<Option<String>, MaxMindDbError> {
        if address.is_ipv6() && self.reader.metadata().ip_version == 4 {
            return Ok(None);
        }
        let found = self.reader.lookup(address)?;
        let name = |of: &str| -> Result<Option<&str>, MaxMindDbError> {
            for tag in [language, FALLBACK].map(Language::as_str) {
                let path = [PathElement::Key(of), PathElement::Key("names"), PathElement::Key(tag)];
                if let Some(name) = found.decode_path::<&str>(&path)? {
                    return Ok(Some(name));
                }
            }
            Ok(None)
        };
        Ok(match (name("city")?, name("country")?) {
            (Some(city), Some(country)) => Some(format!("{city}, {country}")),
            (one, other) => one.or(other).map(str::to_owned),
        })
    }
}

impl Places {
    /// Asks this database from now on; none any more without one.
    pub fn ask(&self, database: Option<PlaceDatabase>) {
        self.0.store(database.map(Arc::new));
    }

    /// "Lyon, France", in this language where the database has it. An address of a house of its own has no place.
    pub fn near(&self, address: IpAddr, language: Language) -> Option<String> {
        let address = address.to_canonical();
        let database = self.0.load_full().filter(|_| is_of_the_world(address))?;
        database.find(address, language).unwrap_or_else(|fault| {
            if !database.is_told.swap(true, Ordering::Relaxed) {
                tracing::warn!(%fault, "the location database is broken; some addresses have no place");
            }
            None
        })
    }
}

fn is_of_the_world(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(it) => !(it.is_private() || it.is_loopback() || it.is_link_local() || it.is_unspecified()),
        IpAddr::V6(it) => {
            !(it.is_unique_local() || it.is_loopback() || it.is_unicast_link_local() || it.is_unspecified())
        }
    }
}

impl std::fmt::Debug for PlaceDatabase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PlaceDatabase(…)")
    }
}
