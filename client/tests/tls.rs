//! TLS: Doorward's certificate is checked, against the public authorities or the operator's own.

use doorward_client::{Client, Credential, Denied, Reason, Unanswered};
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use std::convert::Infallible;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// A Doorward that knows nobody, behind a certificate that it signed itself: its base, and the certificate.
async fn doorward() -> (String, String) {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], made.signing_key.into())
        .unwrap();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let base = format!("https://{}", listener.local_addr().unwrap());
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            // Who does not trust the certificate breaks the handshake off.
            let Ok(stream) = acceptor.accept(stream).await else { continue };
            let answering = service_fn(|_: Request<Incoming>| async {
                let body = Bytes::from_static(br#"{"active": false, "reason": "expired"}"#);
                Ok::<_, Infallible>(Response::new(Full::new(body)))
            });
            let connection = hyper::server::conn::http1::Builder::new();
            tokio::spawn(connection.serve_connection(TokioIo::new(stream), answering));
        }
    });
    (base, made.cert.pem())
}

#[tokio::test]
async fn only_a_doorward_whose_certificate_is_trusted_is_asked() {
    let (base, pem) = doorward().await;
    let ask = |client: Client| async move { client.verify(Credential::session("x")).await.unwrap_err() };
    let trusting = ask(Client::builder(&base).token("dwt_x").roots_pem(pem).build().unwrap()).await;
    assert_eq!(trusting, Denied::from(Reason::Expired));
    let public = ask(Client::builder(&base).token("dwt_x").build().unwrap()).await;
    assert!(matches!(public, Denied::Unanswered(Unanswered::Away(_))), "{public}");
}
