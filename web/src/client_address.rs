//! Where a request comes from (P14): the peer, unless a configured proxy says otherwise.

use crate::{Connection, limits};
use http::HeaderMap;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};

/// The networks whose peers may say whom they speak for. Empty by default: nobody.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies {
    /// The networks. IPv4 addresses inside IPv6 count as IPv4.
    pub networks: Vec<IpNet>,
}

impl TrustedProxies {
    /// Whether an address belongs to a trusted proxy.
    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks.iter().any(|network| network.contains(&address))
    }

    /// The client's address: the rightmost hop of `X-Forwarded-For` that is no trusted proxy, where the peer is one.
    /// A header that cannot be read whole is no evidence: the peer itself then.
    pub fn client_address(&self, connection: Connection, headers: &HeaderMap) -> IpAddr {
        let peer = connection.peer.ip().to_canonical();
        self.evident_address(connection, headers).unwrap_or(peer)
    }

    /// The same; `None` where a trusted peer sends a header that cannot be read whole.
    pub fn evident_address(&self, connection: Connection, headers: &HeaderMap) -> Option<IpAddr> {
        let peer = connection.peer.ip().to_canonical();
        if !self.trusts(peer) {
            return Some(peer);
        }
        let hops = forwarded_hops(headers)?;
        Some(hops.iter().rev().find(|hop| !self.trusts(**hop)).or(hops.first()).copied().unwrap_or(peer))
    }

    /// Whether the client came over TLS: it ends here, or a trusted proxy says exactly `https`.
    pub fn is_secure(&self, connection: Connection, headers: &HeaderMap) -> bool {
        if connection.tls {
            return true;
        }
        let mut protos = headers.get_all("x-forwarded-proto").iter();
        let is_https = protos.next().is_some_and(|proto| proto.as_bytes().eq_ignore_ascii_case(b"https"));
        self.trusts(connection.peer.ip()) && is_https && protos.next().is_none()
    }
}

/// Every hop from left to right, over all headers of the name; `None` if one is no address.
fn forwarded_hops(headers: &HeaderMap) -> Option<Vec<IpAddr>> {
    let mut hops = Vec::new();
    for header in headers.get_all("x-forwarded-for") {
        for hop in header.to_str().ok()?.split(',') {
            if hops.len() == limits::FORWARDED_HOPS {
                return None;
            }
            hops.push(parse_hop(hop.trim())?);
        }
    }
    Some(hops)
}

/// An address; some proxies add the port, and then write IPv6 in brackets.
fn parse_hop(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let address =
        bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|with_port| with_port.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}
