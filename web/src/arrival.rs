//! What is known of a request before anybody looks at its path.

use crate::{Connection, TrustedProxies, asked_language, limits, request_host};
use doorward_core::Caller;
use http::{HeaderMap, header, request};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Who is there, for which host, and how the request came. House handlers find it among the request's extensions.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The client; its `door` is filled when the host leads to one.
    pub caller: Caller,
    /// The host asked for: lower case, no port. `None` if it cannot be told.
    pub host: Option<String>,
    /// Whether the client came over TLS, here or at a trusted proxy.
    pub secure: bool,
    /// The other end of the socket.
    pub peer: IpAddr,
}

impl Arrival {
    pub(crate) fn of(parts: &request::Parts, proxies: &TrustedProxies, request_id: String) -> Self {
        let connection = parts.extensions.get().copied().unwrap_or(UNKNOWN_CONNECTION);
        let peer = connection.peer.ip().to_canonical();
        let caller = Caller {
            address: proxies.client_address(connection, &parts.headers),
            agent: user_agent(&parts.headers),
            request_id,
            door: None,
            language: asked_language(&parts.headers),
        };
        Self {
            caller,
            host: request_host(&parts.uri, &parts.headers, proxies.trusts(peer)).ok(),
            secure: proxies.is_secure(connection, &parts.headers),
            peer,
        }
    }
}

/// A listener that says nothing is the least trusted one: neither local nor TLS.
const UNKNOWN_CONNECTION: Connection =
    Connection { peer: SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0), tls: false };

/// The client's own description, cut to a sane length.
pub fn user_agent(headers: &HeaderMap) -> Option<String> {
    let text = String::from_utf8_lossy(headers.get(header::USER_AGENT)?.as_bytes());
    Some(text.chars().filter(|c| !c.is_control()).take(limits::AGENT_CHARS).collect())
}
