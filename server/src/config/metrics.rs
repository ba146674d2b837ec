//! `[metrics]`: figures for Prometheus.

use super::reader::Reader;
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Figures for Prometheus.
#[derive(Clone, Debug)]
pub struct Metrics {
    /// Whether `/metrics` answers at all.
    pub enabled: bool,
    /// Who may ask.
    pub allow: Vec<IpNet>,
}

impl Metrics {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let mut section = reader.section("metrics", "Figures for Prometheus at /metrics of the house hosts.");
        let loopback = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)].map(IpNet::from);
        Self {
            enabled: section.value("enabled", true, "Whether /metrics answers at all."),
            allow: section.value(
                "allow",
                loopback.to_vec(),
                "Networks that may ask; this machine alone unless set.",
            ),
        }
    }
}
