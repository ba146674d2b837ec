//! Binds the addresses, accepts connections up to the cap, and stops without cutting a request.

use crate::connection::{Phase, Shared};
use crate::{Answers, Certificate, ConnectionLimits, ListenError, descriptors, protocol};
use doorward_web::Connection;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

/// How long accepting rests when the system is out of descriptors or memory: long enough not to spin, short enough
/// not to be felt.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Bound sockets, not yet serving.
pub struct Listener {
    sockets: Vec<TcpListener>,
    addresses: Vec<SocketAddr>,
    tls: Option<TlsAcceptor>,
    limits: ConnectionLimits,
}

impl Listener {
    /// Binds every address; port 0 lets the system choose. With a certificate, all of them speak TLS.
    pub async fn bind(
        addresses: &[SocketAddr],
        certificate: Option<&Arc<Certificate>>,
        limits: ConnectionLimits,
    ) -> Result<Self, ListenError> {
        let tls = certificate.map(Certificate::server_config).transpose()?.map(TlsAcceptor::from);
        let mut listener = Self { sockets: Vec::new(), addresses: Vec::new(), tls, limits };
        for address in addresses {
            let earlier = listener.addresses.iter().find(|earlier| is_same_place(earlier, address)).copied();
            let refused = |error| ListenError::from_bind(*address, earlier, error);
            let socket = TcpListener::bind(address).await.map_err(refused)?;
            listener.addresses.push(socket.local_addr().map_err(refused)?);
            listener.sockets.push(socket);
        }
        Ok(listener)
    }

    /// Where it listens, with the real ports.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Serves until `stop` resolves; then accepts nothing more, lets requests in progress finish within the grace
    /// period, cuts what is left, and returns. It is compiled where it is polled: a running server has [`crate::Entrance::serve`].
    pub async fn serve<A: Answers>(self, answers: A, stop: impl Future<Output = ()>) {
        let (phase, phases) = watch::channel(Phase::Serving);
        let slots = Arc::new(Semaphore::new(descriptors::allow(self.limits.connections)));
        let grace = self.limits.shutdown_grace;
        let builder = protocol::builder(&self.limits);
        let shared = Arc::new(Shared { answers, builder, tls: self.tls, limits: self.limits });
        let mut accepting = JoinSet::new();
        for socket in self.sockets {
            accepting.spawn(accept(socket, Arc::clone(&shared), Arc::clone(&slots), phases.clone()));
        }
        drop(phases);
        stop.await;
        accepting.shutdown().await;
        finish(&phase, grace).await;
    }
}

/// Whether two addresses may stand for the same one, as far as their texts tell.
fn is_same_place(one: &SocketAddr, other: &SocketAddr) -> bool {
    let is_any = |address: &SocketAddr| address.ip().is_unspecified();
    one.port() == other.port() && (one.ip() == other.ip() || is_any(one) || is_any(other))
}

/// Accepts for ever; every connection is a task that holds a slot and a receiver until it ends.
async fn accept<A: Answers>(
    socket: TcpListener,
    shared: Arc<Shared<A>>,
    slots: Arc<Semaphore>,
    phases: watch::Receiver<Phase>,
) {
    loop {
        // The slot comes first: a connection we cannot serve yet waits in the kernel, where it costs us nothing.
        let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { return };
        let (stream, address) = match socket.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                rest_after(&error).await;
                continue;
            }
        };
        // Answers are small and whole; waiting to fill a packet only delays them. Failing to say so harms nobody.
        stream.set_nodelay(true).unwrap_or_else(|error| tracing::debug!(%error, "TCP_NODELAY"));
        let address = SocketAddr::new(address.ip().to_canonical(), address.port());
        let facts = Connection { peer: address, tls: shared.tls.is_some() };
        let (shared, phases) = (Arc::clone(&shared), phases.clone());
        tokio::spawn(async move {
            shared.serve(stream, facts, phases).await;
            drop(slot);
        });
    }
}

/// A client that gave up while it queued concerns nobody; everything else is the system's shortage.
async fn rest_after(error: &io::Error) {
    if matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) {
        return;
    }
    tracing::warn!(%error, "a connection could not be accepted");
    tokio::time::sleep(ACCEPT_PAUSE).await;
}

/// The channel is closed when the last connection dropped its receiver.
async fn finish(phase: &watch::Sender<Phase>, grace: Duration) {
    phase.send_replace(Phase::Finishing);
    if timeout(grace, phase.closed()).await.is_ok() {
        return;
    }
    tracing::warn!(connections = phase.receiver_count(), "cutting connections that did not finish in time");
    phase.send_replace(Phase::Closing);
    phase.closed().await;
}
