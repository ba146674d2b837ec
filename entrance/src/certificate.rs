//! The server's certificate: read from two files, replaced while running, never by a broken one.

use arc_swap::ArcSwap;
use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use thiserror::Error;

/// The protocols offered in the handshake, the preferred first (RFC 7301).
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// Files in PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFiles {
    /// The certificate, then its chain.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// The certificate in use and the files it comes from.
#[derive(Debug)]
pub struct Certificate {
    files: CertificateFiles,
    provider: Arc<CryptoProvider>,
    current: ArcSwap<CertifiedKey>,
}

/// The files do not make a usable certificate.
#[derive(Debug, Error)]
pub enum CertificateError {
    /// Missing, or not for this user to read.
    #[error("{} cannot be read: {source}", .file.display())]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Nothing of the kind in it.
    #[error("{} holds no {wanted} in PEM", .file.display())]
    Absent {
        /// Which.
        file: PathBuf,
        /// What was looked for.
        wanted: &'static str,
    },
    /// The two do not belong together, or one is of a kind that TLS does not know.
    #[error("{} and {} do not work together: {source}", .files.certificate.display(), .files.key.display())]
    Unusable {
        /// Both.
        files: CertificateFiles,
        /// Why.
        source: rustls::Error,
    },
    /// TLS itself could not be set up.
    #[error("TLS cannot be set up: {0}")]
    Setup(rustls::Error),
}

impl Certificate {
    /// Reads both files and checks that the key belongs to the certificate.
    pub fn load(files: &CertificateFiles) -> Result<Arc<Self>, CertificateError> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let current = ArcSwap::from_pointee(read(files, &provider)?);
        Ok(Arc::new(Self { files: files.clone(), provider, current }))
    }

    /// Reads both files again; handshakes from now on use them. On an error the present certificate stays.
    pub fn reload(&self) -> Result<(), CertificateError> {
        self.current.store(Arc::new(read(&self.files, &self.provider)?));
        Ok(())
    }

    /// TLS 1.2 and 1.3 with this certificate, HTTP/2 and HTTP/1.1.
    pub(crate) fn server_config(self: &Arc<Self>) -> Result<Arc<ServerConfig>, CertificateError> {
        let mut config = ServerConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()
            .map_err(CertificateError::Setup)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(self) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).to_vec();
        Ok(Arc::new(config))
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current.load_full())
    }
}

fn read(files: &CertificateFiles, provider: &CryptoProvider) -> Result<CertifiedKey, CertificateError> {
    let absent = |file: &Path, wanted| CertificateError::Absent { file: file.to_owned(), wanted };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&bytes(&files.certificate)?)
        .collect::<Result<_, _>>()
        .map_err(|_| absent(&files.certificate, "certificate"))?;
    if chain.is_empty() {
        return Err(absent(&files.certificate, "certificate"));
    }
    let key =
        PrivateKeyDer::from_pem_slice(&bytes(&files.key)?).map_err(|_| absent(&files.key, "private key"))?;
    CertifiedKey::from_der(chain, key, provider)
        .map_err(|source| CertificateError::Unusable { files: files.clone(), source })
}

fn bytes(file: &Path) -> Result<Vec<u8>, CertificateError> {
    std::fs::read(file).map_err(|source| CertificateError::Unreadable { file: file.to_owned(), source })
}
