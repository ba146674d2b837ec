//! Regions: homes for pools.

use crate::RegionId;

/// A home for pools, with the hosts of the services there (LeadSquared's directory).
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// The id.
    pub id: RegionId,
    /// The short code.
    pub code: RegionCode,
    /// What people read.
    pub name: String,
    /// Service name → host or URL, by LeadSquared's own names (`api`, `app`, `ReportsURL` …), in printing order.
    pub hosts: Vec<(String, String)>,
    /// Grows with every change.
    pub version: i64,
}

impl Region {
    /// The host of a service.
    pub fn host(&self, service: &str) -> Option<&str> {
        self.hosts.iter().find(|(known, _)| known == service).map(|(_, host)| host.as_str())
    }
}

/// A region's code: 2 to 16 of `a-z 0-9 -`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct RegionCode(String);

impl RegionCode {
    /// Reads a code.
    pub fn parse(text: &str) -> Option<Self> {
        let is_code = (2..=16).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        is_code.then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
