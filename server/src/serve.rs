//! A running server: sockets, jobs and signals around a wired core, until somebody asks it to stop.

use crate::admin::AdminSocket;
use crate::cli::Failure;
use crate::config::Config;
use crate::jobs::Jobs;
use crate::reload::{Reload, Reread};
use crate::wiring::Wired;
use doorward_core::{Ousted, ousted};
use doorward_entrance::{Certificate, Listener};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;

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
    /// Whether SIGHUP was ignored before (`nohup`).
    was_hangup_ignored: bool,
}

impl Signals {
    fn catch() -> Result<Self, Failure> {
        let caught = |kind| {
            signal(kind).map_err(|error| Failure::new(format!("Signals cannot be received: {error}.")))
        };
        // Looked at first: catching ends it.
        let was_hangup_ignored = is_hangup_ignored();
        Ok(Self {
            was_hangup_ignored,
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
        let limits = config.limits.of_connections();
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
    /// certificate, the doors and what `reread` says again; without a `reread` it stops the server, because the
    /// terminal is gone.
    pub(crate) async fn run(self, config: &Config, reread: Option<Reread>) -> Result<(), Failure> {
        let Self { wired, sockets: Sockets { listener, certificate }, admin, signals } = self;
        let Signals { mut terminate, mut interrupt, hangup, was_hangup_ignored } = signals;
        let (core, mailer) = (wired.core.clone(), wired.mailer.clone());
        let reload = reread.map(|reread| Reload { certificate, core, mailer, reread });
        let jobs = Jobs::start(&wired, config.limits.shutdown_grace);
        let service = wired.service(config);
        let served = wired.core.clone();
        let (tell, told) = oneshot::channel();
        let stop = async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
                () = terminal_gone(hangup, was_hangup_ignored, reload) => {}
                why = ousted(&served) => {
                    match &why {
                        Ousted::MovedTo(other) => {
                            tracing::error!(%other, "the database was moved away; this node stops");
                        }
                        Ousted::Outdated { oldest, program } => {
                            tracing::error!(oldest, program, "a newer Doorward has taken over the database; this node stops");
                        }
                    }
                    // It is told below, as long as this server runs.
                    drop(tell.send(why));
                }
            }
            tracing::info!("stopping: requests in progress are finished first");
        };
        service.serve(listener, Box::pin(stop)).await;
        admin.stop().await;
        jobs.stop().await;
        wired.core.db().close().await;
        told.await.map_or(Ok(()), |why| Err(ended(&config.store.place(), &why)))
    }
}

/// What an operator is told of a node that had to stop.
fn ended(place: &str, why: &Ousted) -> Failure {
    match why {
        Ousted::MovedTo(other) => Failure::new(format!("{place} was moved to {other} while this node ran."))
            .hint("Stop every node before `doorward move`; then name the new place under [store]."),
        Ousted::Outdated { oldest, program } => Failure::new(format!(
            "{place} was migrated while this node ran: versions from {oldest} on serve over it, and this Doorward knows \
             versions up to {program}."
        ))
        .hint("Start the newer Doorward here."),
    }
}

/// Reads everything again at each SIGHUP. Resolves only where nothing can be read again.
async fn terminal_gone(mut hangup: Signal, is_ignored: bool, reload: Option<Reload>) {
    while hangup.recv().await.is_some() {
        match &reload {
            Some(reload) => reload.all().await,
            None if is_ignored => {}
            None => return,
        }
    }
    std::future::pending().await
}

/// Whether this process was started with SIGHUP ignored, as Linux tells (proc(5): a mask in hex, lowest bit first).
fn is_hangup_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

/// A runtime for one command.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| Failure::new(format!("The runtime cannot be started: {error}.")))?;
    runtime.block_on(work)
}
