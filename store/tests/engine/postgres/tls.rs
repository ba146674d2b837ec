//! TLS to the server: what `sslmode` promises is kept, and a client certificate stands in for a password.

use crate::fresh::few;
use doorward_store::{Db, OpenError};
use doorward_testkit_postgres::{Own, is_skipped};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use std::{
    fs::Permissions,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// An authority and what it signed, as PEM files.
struct Papers {
    directory: TempDir,
    issuer: Issuer<'static, KeyPair>,
}

impl Papers {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "an authority");
        let key = KeyPair::generate().unwrap();
        let root = params.self_signed(&key).unwrap();
        std::fs::write(directory.path().join("root.pem"), root.pem()).unwrap();
        Self { directory, issuer: Issuer::new(params, key) }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// A certificate for a host or a user, in `name.pem` and `name.key`.
    fn sign(&self, name: &str, hosts: &[&str]) {
        let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
        let mut params = CertificateParams::new(hosts).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let signed = params.signed_by(&key, &self.issuer).unwrap();
        std::fs::write(self.at(&format!("{name}.pem")), signed.pem()).unwrap();
        std::fs::write(self.at(&format!("{name}.key")), key.serialize_pem()).unwrap();
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::copy(from, to).unwrap();
    std::fs::set_permissions(to, Permissions::from_mode(0o600)).unwrap();
}

/// A server with a certificate for `localhost` only.
fn server(papers: &Papers) -> Own {
    papers.sign("server", &["localhost"]);
    let configuration = "ssl = on\nssl_ca_file = 'root.pem'";
    Own::on_tcp(configuration, |data| {
        copy(&papers.at("server.pem"), &data.join("server.crt"));
        copy(&papers.at("server.key"), &data.join("server.key"));
        copy(&papers.at("root.pem"), &data.join("root.pem"));
        let rules = "local all all trust\nhostssl all doorward 127.0.0.1/32 trust\nhostssl all badge 127.0.0.1/32 cert\n";
        std::fs::write(data.join("pg_hba.conf"), rules).unwrap();
    })
}

#[tokio::test]
async fn each_mode_checks_what_it_promises() {
    if is_skipped() {
        return;
    }
    let (papers, others) = (Papers::new(), Papers::new());
    let server = server(&papers);
    let (right, wrong) = (papers.at("root.pem"), others.at("root.pem"));
    let connect = |host: &str, mode: &str, root: Option<&Path>| {
        let root = root.map_or(String::new(), |file| format!("&sslrootcert={}", file.display()));
        let url = format!("postgresql://doorward@{host}:{}/postgres?{mode}{root}", server.port());
        Db::open_postgres(&few(&url)).map(drop).map_err(|error| error.to_string())
    };
    assert_eq!(connect("localhost", "", Some(&right)), Ok(()));
    assert_eq!(connect("localhost", "sslmode=verify-full", Some(&right)), Ok(()));
    assert_eq!(connect("127.0.0.1", "sslmode=verify-ca", Some(&right)), Ok(()));
    assert_eq!(connect("127.0.0.1", "sslmode=require", None), Ok(()));
    for (host, mode, root) in [
        ("127.0.0.1", "", Some(&*right)),
        ("localhost", "", Some(&wrong)),
        ("localhost", "", None),
        ("localhost", "sslmode=verify-ca", Some(&wrong)),
        ("localhost", "sslmode=require", Some(&wrong)),
    ] {
        let refused = connect(host, mode, root).unwrap_err();
        assert!(refused.contains("certificate"), "{host} {mode}: {refused}");
    }
    // The server wants TLS from whoever comes over the network.
    assert!(connect("localhost", "sslmode=disable", None).is_err());
}

#[tokio::test]
async fn a_client_certificate_is_shown_to_who_asks_for_it() {
    if is_skipped() {
        return;
    }
    let papers = Papers::new();
    let server = server(&papers);
    papers.sign("badge", &[]);
    papers.sign("somebody", &[]);
    server.sql("postgres", "CREATE ROLE badge LOGIN");
    server.sql("postgres", "CREATE DATABASE theirs OWNER badge");
    let connect = |name: Option<&str>| -> Result<(), OpenError> {
        let own = name.map_or(String::new(), |name| {
            format!(
                "&sslcert={}&sslkey={}",
                papers.at(&format!("{name}.pem")).display(),
                papers.at(&format!("{name}.key")).display()
            )
        });
        let root = papers.at("root.pem");
        let url = format!(
            "postgresql://badge@localhost:{}/theirs?sslrootcert={}{own}",
            server.port(),
            root.display()
        );
        Db::open_postgres(&few(&url)).map(drop)
    };
    assert_eq!(connect(Some("badge")), Ok(()));
    assert!(connect(Some("somebody")).is_err());
    assert!(connect(None).is_err());
}
