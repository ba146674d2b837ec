//! What an operator can do about an error, in half a sentence that goes behind what PostgreSQL or the system said.

use rustls::{CertificateError, Error as TlsError};
use std::{
    error::Error as StdError,
    io::{Error as IoError, ErrorKind},
};
use tokio_postgres::error::SqlState;

/// What nobody answered to.
pub(super) const NO_ANSWER: &str = "check host, port and firewalls";

/// Where standbys are named and confirm nothing.
pub(super) const ALONE: &str = "no standby confirms what the database commits, so it may have been replaced by one; if the \
     standby is gone for good, take it out of synchronous_standby_names";

/// Where only a standby was found.
pub(super) const STANDBY: &str = "name the primary's host in the URL too";

/// By the server's code; most errors are no operator's to mend.
pub(super) fn of_server(code: &SqlState) -> Option<&'static str> {
    let known = [
        (&SqlState::INVALID_PASSWORD, "check user and password in the URL"),
        (
            &SqlState::INVALID_AUTHORIZATION_SPECIFICATION,
            "check user and sslmode in the URL, and pg_hba.conf on the server",
        ),
        (&SqlState::INVALID_CATALOG_NAME, "create the database first, owned by the URL's user"),
        (
            &SqlState::INSUFFICIENT_PRIVILEGE,
            "make the URL's user the owner of the database (ALTER DATABASE … OWNER TO …)",
        ),
        (
            &SqlState::TOO_MANY_CONNECTIONS,
            "raise max_connections on the server, or lower writers and readers of the nodes",
        ),
        (&SqlState::CANNOT_CONNECT_NOW, "try again in a moment"),
    ];
    known.into_iter().find(|(known, _)| *known == code).map(|(_, remedy)| remedy)
}

/// By what kept the driver from asking, or from hearing the answer.
pub(super) fn of_driver(error: &tokio_postgres::Error) -> Option<&'static str> {
    let cause = error.source()?;
    if let Some(error) = cause.downcast_ref::<IoError>() {
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<TlsError>());
        return inner.map_or_else(|| of_system(error), of_tls);
    }
    // The driver has no types for these.
    let known = [
        ("password missing", "write the password into the URL"),
        (
            "server does not support TLS",
            "turn it on there (ssl = on), or write sslmode=disable where nobody else can listen",
        ),
    ];
    let said = cause.to_string();
    known.into_iter().find(|(known, _)| *known == said).map(|(_, remedy)| remedy)
}

fn of_system(error: &IoError) -> Option<&'static str> {
    let known = [
        (ErrorKind::ConnectionRefused, "is the server running, and does it listen there?"),
        (ErrorKind::NotFound, "is the server running, and is its socket in this directory?"),
        (ErrorKind::TimedOut, NO_ANSWER),
        (ErrorKind::HostUnreachable, NO_ANSWER),
        (ErrorKind::NetworkUnreachable, NO_ANSWER),
    ];
    let remedy = known.into_iter().find(|(kind, _)| *kind == error.kind()).map(|(_, remedy)| remedy);
    // What the resolver says has no kind and no number of its own.
    let is_lookup = || error.to_string().starts_with("failed to lookup address");
    remedy.or_else(|| is_lookup().then_some("check the host in the URL"))
}

fn of_tls(error: &TlsError) -> Option<&'static str> {
    let TlsError::InvalidCertificate(reason) = error else { return None };
    if *reason == CertificateError::UnknownIssuer {
        return Some("name the file with its issuer's certificate as sslrootcert in the URL");
    }
    let is_misnamed =
        matches!(reason, CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. });
    is_misnamed.then_some("write the host in the URL as the certificate has it")
}
