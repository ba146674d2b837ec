//! A running server: sockets, jobs and signals around a wired core, until somebody asks it to stop.

use crate::admin::AdminSocket;
use crate::cli::Failure;
use crate::config::Config;
use crate::jobs::Jobs;
use crate::listen::{Certificate, ConnectionLimits, Listener};
use crate::reload::{Reload, Reread};
use crate::wiring::Wired;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Bound sockets, before there is anything behind them.
pub(crate) struct Sockets {
    listener: Listener,
    certificate: Option<Arc<Certificate>>,
}

/// Bound sockets in front of a wired core.
pub(crate) struct Server {
    wired: Wired,
    sockets: Sockets,
    admin: AdminSocket,
    signals: Signals,
}

/// What a server listens to besides requests. Caught from when it is made: an early SIGHUP would end the process.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
}

impl Signals {
    fn catch() -> Result<Self, Failure> {
        let caught = |kind| {
            signal(kind).map_err(|error| Failure::new(format!("Signals cannot be received: {error}.")))
        };
        Ok(Self {
            terminate: caught(SignalKind::terminate())?,
            interrupt: caught(SignalKind::interrupt())?,
            hangup: caught(SignalKind::hangup())?,
        })
    }
}

impl Sockets {
    /// Binds the configured addresses. A taken port or a broken certificate ends here, with the data untouched.
    pub(crate) async fn bind(config: &Config) -> Result<Self, Failure> {
        let certificate = config.listen.tls.as_ref().map(Certificate::load).transpose();
        let certificate = certificate.map_err(|error| Failure::new(format!("{error}.")))?;
        let limits = ConnectionLimits::from(&config.limits);
        let listener = Listener::bind(&config.listen.addresses, certificate.as_ref(), limits).await?;
        Ok(Self { listener, certificate })
    }

    /// Where it listens, with the real ports.
    pub(crate) fn addresses(&self) -> &[SocketAddr] {
        self.listener.addresses()
    }
}

impl Server {
    /// Puts a core behind the sockets, and opens the command line's.
    pub(crate) fn new(wired: Wired, sockets: Sockets, config: &Config) -> Result<Self, Failure> {
        let admin = AdminSocket::start(&wired.core, &config.admin.socket)?;
        Ok(Self { wired, sockets, admin, signals: Signals::catch()? })
    }

    /// Where it listens, with the real ports.
    pub(crate) fn addresses(&self) -> &[SocketAddr] {
        self.sockets.addresses()
    }

    /// Serves until SIGTERM or Ctrl-C, then finishes what is in progress and closes the database. SIGHUP reads the
    /// certificate and the doors again, and what `reread` says.
    pub(crate) async fn run(self, config: &Config, reread: Option<Reread>) -> Result<(), Failure> {
        let Self { wired, sockets: Sockets { listener, certificate }, admin, signals } = self;
        let Signals { mut terminate, mut interrupt, mut hangup } = signals;
        let reload = Reload { certificate, core: wired.core.clone(), mailer: wired.mailer.clone(), reread };
        tokio::spawn(async move {
            while hangup.recv().await.is_some() {
                reload.all().await;
            }
        });
        let jobs = Jobs::start(&wired.core, wired.mailer.as_ref(), &wired.mail_counters);
        let service = wired.service(config);
        let stop = async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            tracing::info!("stopping: requests in progress are finished first");
        };
        listener.serve(service, stop).await;
        admin.stop().await;
        jobs.stop().await;
        wired.core.db().close().await;
        Ok(())
    }
}

/// A runtime for one command.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| Failure::new(format!("The runtime cannot be started: {error}.")))?;
    runtime.block_on(work)
}
