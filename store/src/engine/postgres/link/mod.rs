//! A connection: opening it, asking over it, closing it.
//!
//! Every link has a runtime of its own that lives on the thread of its worker. Nothing is kept in the session between
//! two transactions, so that a pooler in transaction mode may stand in between: settings are `SET LOCAL`.
//!
//! `wait.rs` holds how long an answer is waited for, `begin.rs` and `commit.rs` a transaction's two ends, `bell.rs` how nodes
//! wake each other.

mod begin;
mod bell;
mod commit;
mod wait;

pub(super) use begin::Purpose;
pub(super) use commit::NotCommitted;
use wait::Limits;
pub(super) use wait::Way;

use super::{
    PostgresSettings,
    address::Server,
    errors::{Failure, translate},
    remedies,
    tls::Tls,
};
use crate::engine::Behind;
use std::{
    cell::Cell,
    future::poll_fn,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    runtime::{Builder, Runtime},
    sync::Notify,
    task::JoinHandle,
    time::timeout,
};
use tokio_postgres::{
    AsyncMessage, Client, SimpleQueryMessage,
    error::{DbError, Severity, SqlState},
};

/// How much longer than the server's own time limit an answer is waited for: the way there and back.
const WAY: Duration = Duration::from_secs(2);

/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_secs(1);

/// An open connection.
pub(crate) struct Link {
    runtime: Runtime,
    client: Client,
    driver: JoinHandle<()>,
    /// For the second connection that cancelling takes.
    tls: Tls,
    /// A warning came since this was last reset.
    warned: Arc<AtomicBool>,
    /// Another node rang.
    bell: Arc<Notify>,
    hears: bool,
    broken: Cell<bool>,
    /// Who answered when the last transaction began.
    behind: Cell<Behind>,
    /// Which of the server's sessions the last transaction had, and whether one had another.
    backend: Cell<i64>,
    moved: Cell<bool>,
    /// Whether this transaction must write something, so that its commit waits for a standby.
    must_write: Cell<bool>,
    /// The row of `marks` that it writes then.
    slot: u64,
    limits: Limits,
    way: Way,
    about: About,
}

/// What the server says of itself.
#[derive(Clone, Debug, Default)]
pub(super) struct About {
    /// As `server_version_num` counts: 150_000 for 15.
    pub(super) version: i64,
    pub(super) encoding: String,
    /// Whether the server itself waits for its disk.
    pub(super) is_synced: bool,
}

impl Link {
    /// Connects; refuses a server that only follows another.
    pub(super) fn open(server: &Server, settings: &PostgresSettings, way: Way) -> Result<Self, Failure> {
        let lost = |reason: &dyn std::fmt::Display| Failure::Lost(reason.to_string());
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| lost(&error))?;
        let warned = Arc::new(AtomicBool::new(false));
        let connected = runtime.block_on(async {
            let connecting = server.config.connect(server.tls.clone());
            timeout(server.patience, connecting).await
        });
        let connected = match connected {
            Ok(connected) => connected.map_err(|error| translate(&error)),
            Err(_) => Err(Failure::Lost(format!(
                "no connection within {:?}: {}",
                server.patience,
                remedies::NO_ANSWER
            ))),
        };
        let (client, mut connection) = match connected {
            Ok(connected) => connected,
            Err(failure) => {
                // A resolver that answers nobody would else be waited for.
                runtime.shutdown_background();
                return Err(failure);
            }
        };
        let hears = Arc::clone(&warned);
        let bell = Arc::new(Notify::new());
        let rung = Arc::clone(&bell);
        let driver = runtime.spawn(async move {
            loop {
                match poll_fn(|cx| connection.poll_message(cx)).await {
                    Some(Ok(AsyncMessage::Notice(notice))) => {
                        if warns(&notice) {
                            tracing::warn!(
                                code = notice.code().code(),
                                "the database warns: {}",
                                notice.message()
                            );
                            hears.store(true, Ordering::SeqCst);
                        }
                    }
                    Some(Ok(AsyncMessage::Notification(_))) => rung.notify_one(),
                    Some(Ok(_)) => {}
                    // Whoever waits for an answer is told; when nobody does, the next statement will notice.
                    Some(Err(error)) => return tracing::debug!(%error, "a database connection ended"),
                    None => return,
                }
            }
        });
        let mut link = Self {
            tls: server.tls.clone(),
            runtime,
            client,
            driver,
            warned,
            bell,
            hears: settings.revocation_notify,
            broken: Cell::new(false),
            behind: Cell::default(),
            backend: Cell::new(0),
            moved: Cell::new(false),
            must_write: Cell::new(false),
            slot: commit::any_slot(),
            limits: Limits::of(settings),
            way,
            about: About::default(),
        };
        link.about = link.look()?;
        Ok(link)
    }

    /// Asks the server about itself; refuses one that only follows another.
    fn look(&self) -> Result<About, Failure> {
        let rows = self.ask(
            "SELECT pg_is_in_recovery(), current_setting('server_version_num'), current_setting('server_encoding'), \
             current_setting('fsync', true)",
        )?;
        let first = rows.into_iter().next().unwrap_or_default();
        let [recovering, version, encoding, synced] = first.try_into().unwrap_or_default();
        if recovering.as_deref() == Some("t") {
            return Err(Failure::Standby(format!("the server is a standby: {}", remedies::STANDBY)));
        }
        Ok(About {
            version: version.and_then(|text| text.parse().ok()).unwrap_or(0),
            encoding: encoding.unwrap_or_default(),
            is_synced: synced.as_deref() != Some("off"),
        })
    }

    pub(super) fn about(&self) -> &About {
        &self.about
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Ends a transaction of which nothing is to be kept.
    pub(crate) fn roll_back(&self) {
        if !self.is_broken() && self.batch("ROLLBACK").is_err() {
            // The server rolls back whatever was open when the connection ends.
            self.broken.set(true);
        }
    }

    /// Runs statements that return nothing.
    pub(crate) fn batch(&self, text: &str) -> Result<(), Failure> {
        self.answer(self.client.batch_execute(text))
    }

    /// The same however long they take: for migrations.
    pub(crate) fn batch_patiently(&self, text: &str) -> Result<(), Failure> {
        self.wait(Duration::MAX, self.client.batch_execute(text))
    }

    /// Runs statements; the rows of all of them, as text.
    pub(crate) fn ask(&self, text: &str) -> Result<Vec<Vec<Option<String>>>, Failure> {
        let messages = self.answer(self.client.simple_query(text))?;
        let rows = messages
            .into_iter()
            .filter_map(|message| if let SimpleQueryMessage::Row(row) = message { Some(row) } else { None });
        Ok(rows
            .map(|row| (0..row.len()).map(|column| row.get(column).map(str::to_owned)).collect())
            .collect())
    }

    /// Whether it is of no more use.
    pub(super) fn is_broken(&self) -> bool {
        self.broken.get() || self.client.is_closed() || self.way.is_lost()
    }

    /// Says goodbye, where the server still listens.
    pub(super) fn close(self) {
        let Self { runtime, client, driver, .. } = self;
        drop(client);
        if runtime.block_on(async { timeout(GOODBYE, driver).await }).is_err() {
            tracing::debug!("a database connection was cut");
        }
    }
}

/// Whether a notice is a warning. That there was nothing to roll back is none: a transaction that failed at its end may
/// be over or not.
fn warns(notice: &DbError) -> bool {
    notice.parsed_severity() == Some(Severity::Warning)
        && *notice.code() != SqlState::NO_ACTIVE_SQL_TRANSACTION
}
