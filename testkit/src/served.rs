//! A service behind a real socket on loopback, for as long as the test wants it.

use axum::body::Body;
use doorward_web::{Connection, Response};
use http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use std::convert::Infallible;
use std::net::SocketAddr;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tower::{Service, ServiceExt as _};

/// A listening service; it ends when this is dropped.
pub(crate) struct Served {
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl Served {
    /// Listens on a free port. Called inside the test's runtime, which then serves.
    pub(crate) fn start<S: Serves>(service: S) -> Self {
        let socket = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        socket.set_nonblocking(true).expect("a socket the runtime can wait for");
        let address = socket.local_addr().expect("an address");
        let listener = TcpListener::from_std(socket).expect("a listener");
        Self { address, accepting: tokio::spawn(accept(listener, service)) }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// What can be served: anything that answers requests.
pub trait Serves:
    Service<Request<Body>, Response = Response, Error = Infallible, Future: Send> + Clone + Send + Sync + 'static
{
}

impl<S> Serves for S where
    S: Service<Request<Body>, Response = Response, Error = Infallible, Future: Send>
        + Clone
        + Send
        + Sync
        + 'static
{
}

async fn accept<S: Serves>(listener: TcpListener, service: S) {
    loop {
        let (stream, peer) = listener.accept().await.expect("a connection");
        tokio::spawn(serve(stream, peer, service.clone()));
    }
}

async fn serve<S: Serves>(stream: TcpStream, peer: SocketAddr, service: S) {
    let answering = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Connection { peer, tls: false });
        service.clone().oneshot(request.map(Body::new))
    });
    // A client that hangs up early breaks the connection, which is its own affair.
    drop(Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), answering).await);
}
