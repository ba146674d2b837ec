//! A listener on a free port, and what is said to it.

use axum::body::Body;
use doorward_entrance::{Certificate, ConnectionLimits, Listener};
use doorward_testkit::House;
use doorward_web::{Connection, WebSettings};
use http::{Request, Response};
use hyper::body::Incoming;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Longer than any healthy step takes; a test that reaches it has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A listener on a free port, served until it is stopped.
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    /// Signalled when a request for `/slow` has arrived.
    pub(crate) slow_arrived: Arc<Notify>,
    /// Lets `/slow` answer.
    pub(crate) slow_may_answer: Arc<Notify>,
    pub(crate) stop: oneshot::Sender<()>,
    pub(crate) ended: JoinHandle<()>,
}

pub(crate) fn limits() -> ConnectionLimits {
    ConnectionLimits {
        header_count: 20,
        header_bytes: 8192,
        header_timeout: PATIENCE,
        handshake_timeout: PATIENCE,
        idle_timeout: PATIENCE,
        linger: PATIENCE,
        connections: 16,
        streams: 8,
        shutdown_grace: PATIENCE,
    }
}

pub(crate) async fn serve(limits: ConnectionLimits, certificate: Option<&Arc<Certificate>>) -> Served {
    let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
    let listener = Listener::bind(&[any_port], certificate, limits).await.unwrap();
    let address = listener.addresses()[0];
    let (slow_arrived, slow_may_answer) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (arrived, may_answer) = (Arc::clone(&slow_arrived), Arc::clone(&slow_may_answer));
    let service = move |request: Request<Incoming>, facts: Connection| {
        let (arrived, may_answer) = (Arc::clone(&arrived), Arc::clone(&may_answer));
        async move {
            if request.uri().path() == "/slow" {
                arrived.notify_one();
                may_answer.notified().await;
            }
            let text = format!(
                "{:?} tls={} loopback={}",
                request.version(),
                facts.tls,
                facts.peer.ip().is_loopback()
            );
            Response::new(Body::from(text))
        }
    };
    let (stop, stopped) = oneshot::channel::<()>();
    let ended = tokio::spawn(listener.serve(service, async move { drop(stopped.await) }));
    Served { address, slow_arrived, slow_may_answer, stop, ended }
}

/// The doors of one dialect, over TLS on a free port.
pub(crate) async fn serve_doors<D: doorward_web::Dialect>(
    house: &House,
    certificate: &Arc<Certificate>,
) -> Served {
    let listener =
        Listener::bind(&[SocketAddr::from(([127, 0, 0, 1], 0))], Some(certificate), limits()).await.unwrap();
    let address = listener.addresses()[0];
    let core = house.core.clone();
    let router = doorward_web::router::<D>(Arc::new(core.clone()));
    let doors = Arc::new(move || core.doors());
    let router = doorward_web::service(WebSettings::default(), doors, [router], axum::Router::new());
    let service = move |mut request: Request<Incoming>, from: Connection| {
        request.extensions_mut().insert(from);
        let router = router.clone();
        async move { router.answer(request).await }
    };
    let (stop, stopped) = oneshot::channel::<()>();
    let ended = tokio::spawn(listener.serve(service, async move { drop(stopped.await) }));
    Served { address, slow_arrived: Arc::default(), slow_may_answer: Arc::default(), stop, ended }
}

impl Served {
    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends a text on a connection of its own and returns all that comes until the server closes.
    pub(crate) async fn exchange(&self, text: &str) -> String {
        let mut stream = self.connect().await;
        stream.write_all(text.as_bytes()).await.unwrap();
        until_closed(&mut stream).await
    }
}

/// Everything until the server closes; a reset counts as closed.
pub(crate) async fn until_closed(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut bytes = Vec::new();
    let read = timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.expect("the server never closed");
    drop(read);
    String::from_utf8_lossy(&bytes).into_owned()
}
