//! What the configuration says to the operations, as plain values.

use doorward_model::RegionCode;
use url::Url;

/// Enough for the callers of a large company, by the estimate of `verify/memory.rs`.
pub const VERIFY_MEMORY: u64 = 64 << 20;

/// Handed down from `server`, which alone reads the configuration.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Doorward's own surface as people see it; links in mails begin here and nowhere else (P11).
    pub public_url: Url,
    /// The region this node serves.
    pub region: Option<RegionCode>,
    /// Bytes for remembering who is calling; what is forgotten is read again.
    pub verify_memory: u64,
}
