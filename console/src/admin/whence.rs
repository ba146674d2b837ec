//! Where a request came from, as tables show it.

use doorward_core::Core;
use doorward_model::Language;
use std::net::IpAddr;

/// An address, with the place it is near where one is known.
pub(super) fn whence(core: &Core, address: Option<IpAddr>) -> String {
    let Some(address) = address else { return String::new() };
    match core.places().near(address, Language::En) {
        Some(place) => format!("{address}, near {place}"),
        None => address.to_string(),
    }
}
