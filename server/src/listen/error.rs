//! Why listening could not begin, as a sentence for the person at the terminal.

use super::CertificateError;
use std::io;
use std::net::{IpAddr, SocketAddr};
use thiserror::Error;

/// Why listening could not begin.
#[derive(Debug, Error)]
pub enum ListenError {
    /// Somebody else listens there.
    #[error("port {} on {} is taken by another program", .0.port(), .0.ip())]
    Taken(SocketAddr),
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

    pub(super) fn from_bind(address: SocketAddr, source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::AddrInUse {
            Self::Taken(address)
        } else if source.kind() == io::ErrorKind::PermissionDenied {
            Self::Forbidden(address)
        } else if source.kind() == io::ErrorKind::AddrNotAvailable {
            Self::NoSuchAddress(address.ip())
        } else {
            Self::Other { address, source }
        }
    }
}
