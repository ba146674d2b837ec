//! Address prefixes: which addresses count as one place.

use ipnet::IpNet;
use std::net::IpAddr;

/// One /24 (IPv4) or /48 (IPv6): the unit in which a caller is recognised and limited, because a household or an
/// attacker with one line holds at least that much of IPv6.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct AddressPrefix(IpNet);

impl AddressPrefix {
    /// The prefix an address lies in; IPv4 inside IPv6 counts as IPv4.
    pub fn of(address: IpAddr) -> Self {
        let address = address.to_canonical();
        let bits = if address.is_ipv4() { 24 } else { 48 };
        Self(IpNet::new_assert(address, bits).trunc())
    }
}

impl std::fmt::Display for AddressPrefix {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
