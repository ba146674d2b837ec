//! The demo's passwords, keys and tokens: made at the first start, kept in `demo.json` and nowhere else.

use crate::cli::Failure;
use doorward_crypto::{Random, hex};

/// A password that is easy to paste and passes every policy: four groups of random hex.
pub(super) fn password() -> Result<String, Failure> {
    let text = hex(&random::<10>()?);
    let groups: Vec<&str> =
        text.as_bytes().chunks(5).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    Ok(groups.join("-"))
}

/// An application's public id.
pub(super) fn app_id() -> Result<String, Failure> {
    Ok(hex(&random::<4>()?))
}

fn random<const N: usize>() -> Result<[u8; N], Failure> {
    Random::os().bytes().map_err(|error| Failure::new(format!("{error}.")))
}
