//! A real SMTP server for tests: it listens on loopback, speaks SMTP with STARTTLS or TLS and authentication, keeps
//! what it is sent, and misbehaves when told to.
//!
//! Start with [`SmtpServer::start`]. `session.rs` speaks the protocol, `script.rs` holds the misbehaviour, `mail.rs`
//! reads what arrived. Tests wait with [`SmtpServer::wait_for`], never by sleeping.

mod mail;
mod script;
mod session;
mod tls;

use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

pub use mail::ReceivedMail;
pub use script::{Misstep, Stage};

use script::Script;
use session::Session;
use tls::ServerTls;

/// How the server is set up.
#[derive(Clone, Debug)]
pub struct SmtpOptions {
    /// What encryption it offers.
    pub encryption: Encryption,
    /// User name and password it insists on; `None` takes mail from anybody.
    pub credentials: Option<(String, String)>,
    /// The mechanisms it offers: `PLAIN`, `LOGIN` or both.
    pub mechanisms: &'static str,
}

impl Default for SmtpOptions {
    /// Unencrypted, mail from anybody.
    fn default() -> Self {
        Self { encryption: Encryption::None, credentials: None, mechanisms: "PLAIN LOGIN" }
    }
}

/// What encryption a server offers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encryption {
    /// None.
    None,
    /// STARTTLS; authentication only after it.
    StartTls,
    /// TLS from the first byte.
    Tls,
}

/// A running server; it ends when dropped.
#[derive(Debug)]
pub struct SmtpServer {
    port: u16,
    shared: Arc<Shared>,
    listening: Mutex<Option<JoinHandle<()>>>,
}

/// What the connections have in common.
#[derive(Debug)]
struct Shared {
    options: SmtpOptions,
    tls: ServerTls,
    script: Script,
    commands: Mutex<Vec<String>>,
    mails: watch::Sender<Vec<ReceivedMail>>,
}

impl SmtpServer {
    /// Listens on a free port of 127.0.0.1.
    pub async fn start(options: SmtpOptions) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            options,
            tls: ServerTls::generate()?,
            script: Script::default(),
            commands: Mutex::default(),
            mails: watch::Sender::default(),
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let listening = Mutex::new(Some(tokio::spawn(accept(listener, Arc::clone(&shared)))));
        Ok(Self { port, shared, listening })
    }

    /// The port; the host is `127.0.0.1` or `localhost`, and the certificate names both.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The self-signed certificate that a client must trust, as PEM.
    pub fn certificate_pem(&self) -> &str {
        &self.shared.tls.certificate_pem
    }

    /// Makes the next `times` connections that reach `stage` go wrong there.
    pub fn misbehave(&self, stage: Stage, misstep: Misstep, times: usize) {
        self.shared.script.add(stage, misstep, times);
    }

    /// Goes away: open connections end and new ones are refused.
    pub async fn go_down(&self) {
        let listening = self.listening.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = listening {
            task.abort();
            // Waits until the socket is closed; the result only says that the task was cancelled, as asked.
            task.await.ok();
        }
    }

    /// Comes back on the same port.
    pub async fn come_back(&self) -> io::Result<()> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).await?;
        let task = tokio::spawn(accept(listener, Arc::clone(&self.shared)));
        *self.listening.lock().unwrap_or_else(PoisonError::into_inner) = Some(task);
        Ok(())
    }

    /// The mails taken so far, oldest first.
    pub fn received(&self) -> Vec<ReceivedMail> {
        self.shared.mails.borrow().clone()
    }

    /// Waits until at least `count` mails were taken, and returns all.
    pub async fn wait_for(&self, count: usize) -> Vec<ReceivedMail> {
        let mut mails = self.shared.mails.subscribe();
        match mails.wait_for(|mails| mails.len() >= count).await {
            Ok(mails) => mails.clone(),
            // Cannot happen while `self` holds the sender; what arrived is the truth then too.
            Err(_closed) => self.received(),
        }
    }

    /// Every command line heard, in order, each with `plain ` or `tls ` before it.
    pub fn commands(&self) -> Vec<String> {
        self.shared.commands.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        if let Some(task) = self.listening.get_mut().unwrap_or_else(PoisonError::into_inner).take() {
            task.abort();
        }
    }
}

/// Serves connections until the listener fails or the task is aborted, which ends the connections too.
async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _peer)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        connections.spawn(async move {
            // A client may leave at any moment; what it said before is in the transcript.
            Session::serve(stream, shared).await.ok();
        });
    }
}
