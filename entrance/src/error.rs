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
