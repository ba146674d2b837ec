//! Why listening could not begin, as a sentence for the person at the terminal.

use crate::CertificateError;
use std::io;
use std::net::{IpAddr, SocketAddr};
use thiserror::Error;

/// Why listening could not begin.
#[derive(Debug, Error)]
pub enum ListenError {
    /// Somebody else listens there.
    #[error("port {} on {} is taken by another program", .0.port(), .0.ip())]
    Taken(SocketAddr),
    /// Two of our own addresses are in each other's way.
    #[error("{} and {} cannot both be listened on", .0, .1)]
    Overlap(SocketAddr, SocketAddr),
    /// The operating system keeps the port for others.
    #[error("this user may not listen on port {}", .0.port())]
    Forbidden(SocketAddr),
    /// No interface has the address.
    #[error("this machine has no address {0}")]
    NoSuchAddress(IpAddr),
    /// The certificate cannot be used.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// Anything else.
    #[error("{address} cannot be listened on: {source}")]
    Other {
        /// Where.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
}

impl ListenError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Taken(_) => Some("stop that program, or choose another port in listen.addresses."),
            Self::Overlap(..) => Some(
                "name one of them in listen.addresses: [::] takes IPv4 in, and 0.0.0.0 every IPv4 address.",
            ),
            Self::Forbidden(_) => Some(
                "choose a port above 1023 in listen.addresses, or grant the program CAP_NET_BIND_SERVICE.",
            ),
            Self::NoSuchAddress(_) => {
                Some("listen.addresses names addresses of this machine; 0.0.0.0 stands for all of them.")
            }
            Self::Certificate(_) => {
                Some("listen.tls names the certificate with its chain and its private key, in PEM.")
            }
            Self::Other { .. } => None,
        }
    }

    /// `earlier` is an address of our own that may be the same place.
    pub(crate) fn from_bind(address: SocketAddr, earlier: Option<SocketAddr>, source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::AddrInUse {
            earlier.map_or(Self::Taken(address), |earlier| Self::Overlap(earlier, address))
        } else if source.kind() == io::ErrorKind::PermissionDenied {
            Self::Forbidden(address)
        } else if source.kind() == io::ErrorKind::AddrNotAvailable {
            Self::NoSuchAddress(address.ip())
        } else {
            Self::Other { address, source }
        }
    }
}
