//! The life of one connection: handshake, requests, winding down, end.

use crate::activity::Activity;
use crate::heard::Heard;
use crate::streamed;
use crate::{Answers, ConnectionLimits};
use axum::body::Body;
use doorward_web::Connection;
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulConnection;
use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

/// How far the server as a whole is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Phase {
    /// New requests are welcome.
    Serving,
    /// Requests in progress finish; no new ones.
    Finishing,
    /// Whatever still runs is cut.
    Closing,
}

/// What all connections of a listener have in common.
pub(crate) struct Shared<A> {
    pub(crate) answers: A,
    pub(crate) builder: Builder<TokioExecutor>,
    pub(crate) tls: Option<TlsAcceptor>,
    pub(crate) limits: ConnectionLimits,
}

impl<A: Answers> Shared<A> {
    /// Serves a connection to its end.
    pub(crate) async fn serve(
        self: Arc<Self>,
        stream: TcpStream,
        facts: Connection,
        mut phases: watch::Receiver<Phase>,
    ) {
        let Some(tls) = &self.tls else { return self.exchange(stream, facts, phases).await };
        let handshake = timeout(self.limits.handshake_timeout, tls.accept(stream));
        let outcome = tokio::select! {
            outcome = handshake => outcome,
            () = reached(&mut phases, Phase::Finishing) => return,
        };
        match outcome {
            Ok(Ok(stream)) => self.exchange(stream, facts, phases).await,
            Ok(Err(error)) => tracing::debug!(peer = %facts.peer, %error, "no TLS handshake"),
            Err(_) => tracing::debug!(peer = %facts.peer, "the TLS handshake took too long"),
        }
    }

    async fn exchange<IO>(self: Arc<Self>, stream: IO, facts: Connection, phases: watch::Receiver<Phase>)
    where
        IO: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let activity = Arc::new(Activity::new());
        let stream = Heard { stream, activity: Arc::clone(&activity) };
        let exchange = Arc::new(Exchange { shared: Arc::clone(&self), facts, activity });
        let requests = service_fn(|request| {
            let exchange = Arc::clone(&exchange);
            async move { Ok::<_, Infallible>(exchange.answer(request).await) }
        });
        let connection = self.builder.serve_connection(TokioIo::new(stream), requests);
        if let Err(error) = self.live(connection, &exchange.activity, phases).await {
            // Broken connections are everyday and the client's affair.
            tracing::debug!(peer = %facts.peer, %error, "the connection broke");
        }
    }

    /// Lets a connection run until it ends, is idle, or the server stops; then winds it down.
    async fn live<X: GracefulConnection>(
        &self,
        connection: X,
        activity: &Activity,
        mut phases: watch::Receiver<Phase>,
    ) -> Result<(), X::Error> {
        let mut connection = pin!(connection);
        tokio::select! {
            biased;
            outcome = connection.as_mut() => return outcome,
            () = reached(&mut phases, Phase::Finishing) => {}
            // Nothing is owed to whoever has not asked yet.
            () = activity.head_late(self.limits.header_timeout) => return Ok(()),
            // Covers what no protocol timer does: half a preface, an idle HTTP/2 connection, an answer nobody reads.
            () = activity.idle_for(self.limits.idle_timeout) => {}
        }
        connection.as_mut().graceful_shutdown();
        tokio::select! {
            outcome = connection.as_mut() => outcome,
            () = reached(&mut phases, Phase::Closing) => Ok(()),
            () = activity.idle_for(self.limits.linger) => Ok(()),
        }
    }
}

/// One connection, as its requests see it.
struct Exchange<A> {
    shared: Arc<Shared<A>>,
    facts: Connection,
    activity: Arc<Activity>,
}

impl<A: Answers> Exchange<A> {
    async fn answer(&self, request: Request<Incoming>) -> Response<Body> {
        let _until_answered = self.activity.begin(request.version());
        // HTTP/1.1 counts while it parses; HTTP/2 knows only the size of a head.
        if request.headers().len() > self.shared.limits.header_count {
            return too_many_headers();
        }
        let answer = self.shared.answers.answer(request, self.facts).await;
        answer.map(|body| streamed::told(body, &self.activity))
    }
}

fn too_many_headers() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
    response
}

/// Resolves when the server is in `phase` or beyond, or gone.
async fn reached(phases: &mut watch::Receiver<Phase>, phase: Phase) {
    drop(phases.wait_for(|now| *now >= phase).await);
}
