//! TLS: the negotiated protocol, a new certificate while running, and certificates that cannot be used.

use crate::served::{Served, limits, serve, serve_doors, until_closed};
use doorward_entrance::{Certificate, CertificateFiles};
use doorward_model::{Dialect, Kind, Policy, Role};
use doorward_salesseek::Salesseek;
use doorward_testkit::{House, PASSWORD};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/// A folder with a certificate for `localhost`.
struct Files {
    folder: TempDir,
    tls: CertificateFiles,
}

impl Files {
    fn new() -> (Self, CertificateDer<'static>) {
        let folder = tempfile::tempdir().unwrap();
        let tls = CertificateFiles {
            certificate: folder.path().join("chain.pem"),
            key: folder.path().join("key.pem"),
        };
        let files = Self { folder, tls };
        let certificate = files.renew();
        (files, certificate)
    }

    /// Writes a new certificate and key over the old.
    fn renew(&self) -> CertificateDer<'static> {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        std::fs::write(&self.tls.certificate, made.cert.pem()).unwrap();
        std::fs::write(&self.tls.key, made.signing_key.serialize_pem()).unwrap();
        made.cert.der().clone()
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// A handshake that trusts exactly one certificate.
async fn handshake(
    served: &Served,
    trusted: &CertificateDer<'static>,
    protocols: &[&[u8]],
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, served.connect().await).await
}

async fn is_served_with(served: &Served, trusted: &CertificateDer<'static>) -> bool {
    handshake(served, trusted, &[b"http/1.1"]).await.is_ok()
}

#[tokio::test]
async fn requests_are_served_over_tls() {
    let (files, certificate) = Files::new();
    let served = serve(limits(), Some(&Certificate::load(&files.tls).unwrap())).await;
    let mut stream = handshake(&served, &certificate, &[b"http/1.1"]).await.unwrap();
    stream.write_all(REQUEST).await.unwrap();
    let answer = until_closed(&mut stream).await;
    assert!(answer.ends_with("HTTP/1.1 tls=true loopback=true"), "{answer}");
}

/// Dialects, SalesSeek: "`Secure` on https (`SameSite=None; Secure` where the tenant lists browser origins)".
#[tokio::test]
async fn a_session_cookie_is_secure_and_crosses_sites_only_where_its_tenant_lists_origins() {
    let house = House::start().await;
    house.door(Dialect::Salesseek, "{slug}.localhost", None).await;
    let origins = vec!["https://mail.open.example".to_owned()];
    for (slug, origins) in [("plain", None), ("open", Some(origins))] {
        let tenant = house.tenant(slug, None, None, Policy { origins, ..Policy::default() }).await;
        house.person(&tenant, &format!("ada@{slug}.example"), Kind::User, Role::User).await;
    }
    let (files, certificate) = Files::new();
    let served = serve_doors::<Salesseek>(&house, &Certificate::load(&files.tls).unwrap()).await;
    for (slug, attributes) in [
        ("plain", "Path=/; HttpOnly; SameSite=Lax; Secure"),
        ("open", "Path=/; HttpOnly; SameSite=None; Secure"),
    ] {
        let body = format!("email_address=ada@{slug}.example&password={PASSWORD}");
        let request = format!(
            "POST /api/login HTTP/1.1\r\nHost: {slug}.localhost\r\nConnection: close\r\nContent-Type: \
             application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = handshake(&served, &certificate, &[b"http/1.1"]).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let answer = until_closed(&mut stream).await;
        let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: salesseek=")).unwrap();
        assert_eq!(cookie.split_once("; ").unwrap().1, attributes, "{slug}");
    }
}

#[tokio::test]
async fn http_2_is_preferred_when_the_client_offers_it() {
    let (files, certificate) = Files::new();
    let served = serve(limits(), Some(&Certificate::load(&files.tls).unwrap())).await;
    let stream = handshake(&served, &certificate, &[b"http/1.1", b"h2"]).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
}

#[tokio::test]
async fn a_new_certificate_is_used_after_a_reload_and_a_bad_one_never() {
    let (files, old) = Files::new();
    let certificate = Certificate::load(&files.tls).unwrap();
    let served = serve(limits(), Some(&certificate)).await;
    assert!(is_served_with(&served, &old).await);

    let new = files.renew();
    certificate.reload().unwrap();
    assert!(is_served_with(&served, &new).await);
    assert!(!is_served_with(&served, &old).await);

    std::fs::write(&files.tls.certificate, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        .unwrap();
    let error = certificate.reload().unwrap_err().to_string();
    assert!(error.contains("chain.pem"), "{error}");
    assert!(is_served_with(&served, &new).await);
}

#[test]
fn files_that_make_no_certificate_are_named() {
    let (files, _) = Files::new();
    let (other, _) = Files::new();
    let certificate = |certificate: &Path, key: &Path| {
        let tls = CertificateFiles { certificate: certificate.to_owned(), key: key.to_owned() };
        Certificate::load(&tls).unwrap_err().to_string()
    };
    let (chain, key) = (&files.tls.certificate, &files.tls.key);
    assert!(certificate(&files.path().join("none.pem"), key).contains("none.pem cannot be read"));
    assert!(certificate(key, key).contains("key.pem holds no certificate in PEM"));
    assert!(certificate(chain, chain).contains("chain.pem holds no private key in PEM"));
    assert!(certificate(chain, &other.tls.key).contains("do not work together"));
}
