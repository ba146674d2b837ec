//! Doors: where a dialect is mounted.

use crate::{DoorId, HostPattern, PoolId, RegionCode, TenantId};
use url::Url;

/// Where a dialect is mounted. One host, one door.
#[derive(Clone, Debug, PartialEq)]
pub struct Door {
    /// The id.
    pub id: DoorId,
    /// What people read, unique.
    pub name: String,
    /// Which hosts lead here.
    pub host: HostPattern,
    /// The public base URL that printed URLs are built from; its host may hold `{slug}`.
    pub base_url: String,
    /// What is spoken here.
    pub dialect: Dialect,
    /// The one tenant behind it, where the host names none.
    pub tenant: Option<(PoolId, TenantId)>,
    /// The rest.
    pub settings: DoorSettings,
    /// Grows with every change.
    pub version: i64,
}

impl Door {
    /// The public base URL for a tenant's slug, without a trailing slash.
    pub fn base_url(&self, slug: Option<&str>) -> String {
        self.base_url.replace("{slug}", slug.unwrap_or_default()).trim_end_matches('/').to_owned()
    }

    /// The origin (`scheme://host[:port]`) of [`Door::base_url`]; `None` if the URL is broken.
    pub fn origin(&self, slug: Option<&str>) -> Option<String> {
        let url = Url::parse(&self.base_url(slug)).ok()?;
        Some(url.origin().ascii_serialization())
    }
}

/// Whether a text can be a door's base URL: `http` or `https` and a host, which may hold `{slug}`; no user, query or fragment.
pub fn is_base_url(text: &str) -> bool {
    let Ok(url) = Url::parse(&text.replace("{slug}", "slug")) else { return false };
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    // The parser drops tabs and line ends; what is printed is the text itself.
    let is_plain = !text.chars().any(|c| c.is_control() || c.is_whitespace());
    let names_nobody = url.username().is_empty() && url.password().is_none();
    is_web && is_plain && names_nobody && url.query().is_none() && url.fragment().is_none()
}

/// What a door may be told; each dialect reads its own.
#[derive(Clone, Debug, PartialEq)]
pub struct DoorSettings {
    /// RubiCRM: whether the API key is required (a door bound to one tenant may say no).
    pub require_api_key: bool,
    /// LeadSquared: which region's host this is.
    pub region: Option<RegionCode>,
    /// The cookie's name (SalesSeek: `salesseek`).
    pub cookie_name: Option<String>,
    /// Origins that may call from a browser, beside the tenants' and applications' own.
    pub origins: Vec<String>,
}

impl Default for DoorSettings {
    fn default() -> Self {
        Self { require_api_key: true, region: None, cookie_name: None, origins: Vec::new() }
    }
}

/// The login contracts Doorward speaks.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Dialect {
    /// Cookie session per tenant sub-domain.
    Salesseek,
    /// App-Id, App-Key, Auth-Token, HAL.
    Bookingbug,
    /// E-mail and Base64 password, validation, consent.
    Rubicrm,
    /// Access key and secret key, region discovery, rate limit.
    Leadsquared,
}

impl Dialect {
    /// Every dialect.
    pub const ALL: [Self; 4] = [Self::Salesseek, Self::Bookingbug, Self::Rubicrm, Self::Leadsquared];

    /// The stored and printed word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Salesseek => "salesseek",
            Self::Bookingbug => "bookingbug",
            Self::Rubicrm => "rubicrm",
            Self::Leadsquared => "leadsquared",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.as_str() == word)
    }
}
