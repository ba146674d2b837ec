//! `[listen]`: addresses, TLS, and which proxies are believed (P14).

use super::reader::Reader;
use doorward_entrance::CertificateFiles;
use ipnet::IpNet;
use std::net::{Ipv4Addr, SocketAddr};

/// The default port, reached from this machine only (P24).
const DEFAULT_ADDRESS: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// Where Doorward listens.
#[derive(Clone, Debug)]
pub struct Listen {
    /// At least one.
    pub addresses: Vec<SocketAddr>,
    /// The networks of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed. Empty: none.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether clients beyond loopback may send passwords unencrypted.
    pub allow_plain_http: bool,
    /// TLS on every address, if set.
    pub tls: Option<CertificateFiles>,
}

impl Listen {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let mut section = reader.section("listen", "Where Doorward listens.");
        let addresses = section.checked(
            "addresses",
            vec![DEFAULT_ADDRESS],
            |list| if list.is_empty() { Err("expected at least one address".to_owned()) } else { Ok(()) },
            "Addresses with ports. \"0.0.0.0:443\" is every IPv4 address of this machine, \"[::]:443\" IPv6 as well.",
        );
        let trusted_proxies = section.value(
            "trusted_proxies",
            Vec::new(),
            "Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed. Nobody is, unless named here.",
        );
        let allow_plain_http = section.value(
            "allow_plain_http",
            false,
            "Whether clients may send passwords over plain HTTP. This machine itself always may; behind a trusted \
             proxy that ends TLS this is not needed.",
        );
        let tls = certificate_files(reader);
        let listen = Self { addresses, trusted_proxies, allow_plain_http, tls };
        if listen.refuses_everybody() {
            reader.section("listen", "").refuse(
                "addresses",
                "plain HTTP beyond this machine would refuse every client: \
                 set [listen.tls], or trusted_proxies, or allow_plain_http = true",
            );
        }
        listen
    }

    fn refuses_everybody(&self) -> bool {
        let is_encrypted = self.tls.is_some() || !self.trusted_proxies.is_empty();
        let is_local = self.addresses.iter().any(|address| address.ip().to_canonical().is_loopback());
        !(is_encrypted || is_local || self.allow_plain_http)
    }
}

fn certificate_files(reader: &mut Reader<'_>) -> Option<CertificateFiles> {
    let mut section = reader.section("listen.tls", "TLS on every address. SIGHUP reads the two files again.");
    let certificate = section.optional(
        "certificate",
        "\"/etc/doorward/tls/fullchain.pem\"",
        "The certificate and its chain, PEM.",
    );
    let key = section.optional("key", "\"/etc/doorward/tls/privkey.pem\"", "Its private key, PEM.");
    match (section.lacks("certificate"), section.lacks("key")) {
        (false, true) => section.refuse("key", "is missing: a certificate needs its private key"),
        (true, false) => section.refuse("certificate", "is missing: a private key needs its certificate"),
        (true, true) | (false, false) => {}
    }
    Some(CertificateFiles { certificate: certificate?, key: key? })
}
