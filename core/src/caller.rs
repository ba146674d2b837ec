//! Who is at the other end of a connection, as far as it is known before anyone signs in.

use doorward_model::{DoorId, Language};
use std::net::{IpAddr, Ipv4Addr};

/// The other end of a connection. Every operation takes it first, for throttling and for the audit trail.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The peer's address, or the rightmost untrusted hop of a configured proxy (P14).
    pub address: IpAddr,
    /// The client's own description, cut to a sane length.
    pub agent: Option<String>,
    /// Names the request in logs and answers.
    pub request_id: String,
    /// The door they knocked at; `None` on Doorward's own surface.
    pub door: Option<DoorId>,
    /// What they ask to read; `None` for programs, which ask for nothing.
    pub language: Option<Language>,
}

impl Caller {
    /// The command line, jobs and tests: this machine itself.
    pub fn local(request_id: impl Into<String>) -> Self {
        Self {
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            agent: None,
            request_id: request_id.into(),
            door: None,
            language: None,
        }
    }
}
