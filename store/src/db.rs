//! The database handle: where asynchronous callers meet synchronous transactions.
//!
//! A closure is queued for a thread that owns a connection; its result comes back over a channel, so no
//! statement ever runs on the async runtime. Dropping the future does not cancel a queued write.

use crate::engine::{
    Answer, Driver, Hearing, Hook, Lane, LogClock, Postgres, PostgresSettings, Progress, Safety, Sqlite,
    SqliteSettings, Stats, call,
};
use crate::{
    Error, HouseTx, Invalidation, OpenError, Tx,
    moving::{self, Admitted},
    revocations,
};
use doorward_model::{PoolId, Timestamp};
use std::{
    path::Path,
    sync::{Arc, OnceLock},
};

/// A handle to the database; clones share it. End with [`Db::close`]: dropping the last handle also finishes what
/// is queued, but does not wait for it, so the file may still be locked for a moment.
#[derive(Clone)]
pub struct Db {
    engine: Engine,
    log_clock: Arc<OnceLock<LogClock>>,
}

#[derive(Clone)]
enum Engine {
    Sqlite(Arc<Sqlite>),
    Postgres(Arc<Postgres>),
}

impl Db {
    /// Opens a SQLite database, creates it (mode 0600) when there is none, and migrates it. Blocks; call it
    /// before serving.
    pub fn open(settings: &SqliteSettings) -> Result<Self, OpenError> {
        Self::open_as(settings, Admitted::Usable)
    }

    /// The same, also where the mark of a move keeps others out; see [`Admitted`].
    pub fn open_as(settings: &SqliteSettings, admitted: Admitted) -> Result<Self, OpenError> {
        let path = &settings.path;
        let db = Self::of(Engine::Sqlite(Arc::new(Sqlite::open(settings)?)));
        let failed = |reason| OpenError::Failed { path: path.clone(), reason };
        moving::pass(&db, &path.display().to_string(), admitted, failed)?;
        Ok(db)
    }

    /// Connects to a PostgreSQL database and migrates it. Blocks; call it before serving.
    ///
    /// The URL is libpq's: `postgresql://user:password@host:5432,other:5432/database`, also with a socket's directory
    /// (`postgresql:///database?host=/var/run/postgresql&user=doorward`). Of several hosts the first that is a primary is
    /// used. `sslmode` is `verify-full` unless it says `verify-ca`, `require` or `disable`; `sslrootcert`, `sslcert`
    /// and `sslkey` name PEM files. Everything else a URL may say is the driver's.
    pub fn open_postgres(settings: &PostgresSettings) -> Result<Self, OpenError> {
        Self::open_postgres_as(settings, Admitted::Usable)
    }

    /// The same, also where the mark of a move keeps others out; see [`Admitted`].
    pub fn open_postgres_as(settings: &PostgresSettings, admitted: Admitted) -> Result<Self, OpenError> {
        let log_clock = Arc::default();
        let engine = Postgres::open(settings, Arc::clone(&log_clock))?;
        let db = Self { engine: Engine::Postgres(Arc::new(engine)), log_clock };
        let server = settings.place();
        let failed = |reason| OpenError::Database { server: server.clone(), reason };
        moving::pass(&db, &server, admitted, failed)?;
        Ok(db)
    }

    /// A database that dies with its last handle, with the same threads and rules: for tests.
    pub fn in_memory() -> Result<Self, OpenError> {
        Sqlite::in_memory().map(|engine| Self::of(Engine::Sqlite(Arc::new(engine))))
    }

    fn of(engine: Engine) -> Self {
        Self { engine, log_clock: Arc::default() }
    }

    /// Reads one pool at one moment: all statements of `work` see the same snapshot.
    pub async fn read<T, F>(&self, pool: PoolId, mut work: F) -> Result<T, Error>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        self.ask(move |driver| work(&mut Tx::new(pool, driver))).await
    }

    /// Reads a few rows by key, across pools, at one moment: what is asked on every request. Where the engine is in this
    /// process, `work` runs on the calling thread, because handing it over would cost more than the reading; so keep it
    /// to a handful of look-ups.
    pub async fn glance<T, F>(&self, mut work: F) -> Result<T, Error>
    where
        F: FnMut(&mut HouseTx<'_>) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.glance(|driver| work(&mut HouseTx::new(driver))),
            Engine::Postgres(_) => self.ask(move |driver| work(&mut HouseTx::new(driver))).await,
        }
    }

    /// Runs one statement that reads, without a transaction around it: it sees one moment anyway, and the transaction
    /// would cost as much as a look-up. For the one question asked more often than any other; with several statements
    /// each would see a moment of its own.
    pub async fn peek<T, F>(&self, mut work: F) -> Result<T, Error>
    where
        F: FnMut(&mut HouseTx<'_>) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.peek(|driver| work(&mut HouseTx::new(driver))),
            Engine::Postgres(_) => self.ask(move |driver| work(&mut HouseTx::new(driver))).await,
        }
    }

    /// Writes one pool. `Ok` means committed and durable (P1), and that caches were told.
    ///
    /// `work` may run several times, of which one counts: it owns what it captures and makes no id or time of
    /// its own, so that a caller's retry after [`Error::Unavailable`] recognises itself.
    pub async fn write<T, F>(&self, pool: PoolId, work: F) -> Result<T, Error>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        self.change(Lane::Interactive, Safety::Durable, self.bound(pool, work)).await
    }

    /// Writes one pool without waiting for the disk: everybody sees it at once, and the next durable write takes it along.
    /// For what nobody is told of and a power cut may undo, such as an attempt that is still being judged.
    pub async fn write_soon<T, F>(&self, pool: PoolId, work: F) -> Result<T, Error>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        self.change(Lane::Interactive, Safety::Visible, self.bound(pool, work)).await
    }

    /// Writes one pool when nobody is waiting: imports, sweeps, reports. Keep each piece small (a few
    /// milliseconds): a piece that has begun is not interrupted.
    pub async fn write_bulk<T, F>(&self, pool: PoolId, work: F) -> Result<T, Error>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        self.change(Lane::Bulk, Safety::Durable, self.bound(pool, work)).await
    }

    /// Reads across pools, at one moment.
    pub async fn read_house<T, F>(&self, mut work: F) -> Result<T, Error>
    where
        F: FnMut(&mut HouseTx<'_>) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        self.ask(move |driver| work(&mut HouseTx::new(driver))).await
    }

    /// Writes across pools; otherwise as [`Db::write`].
    pub async fn write_house<T, F>(&self, work: F) -> Result<T, Error>
    where
        F: FnMut(&mut HouseTx<'_>) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        self.change(Lane::Interactive, Safety::Durable, self.unbound(work)).await
    }

    /// Writes across pools when nobody is waiting; otherwise as [`Db::write_bulk`].
    pub async fn write_house_bulk<T, F>(&self, work: F) -> Result<T, Error>
    where
        F: FnMut(&mut HouseTx<'_>) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        self.change(Lane::Bulk, Safety::Durable, self.unbound(work)).await
    }

    /// Sets what is told of stale things: after COMMIT, before the caller is answered, on the engine's own
    /// thread, so a client that hangs up cannot skip it (P2). It must be quick and must not use this `Db`.
    pub fn set_on_commit(&self, hook: Hook) {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.set_on_commit(hook),
            Engine::Postgres(postgres) => postgres.set_on_commit(hook),
        }
    }

    /// Sets what tells the times of the revocation log, once; without it they are all zero, and the log is trimmed at the
    /// next opportunity.
    pub fn set_log_clock(&self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) {
        // Clones share the first one.
        drop(self.log_clock.set(Box::new(clock)));
    }

    /// How much this process has heard of what others make stale.
    pub fn hearing(&self) -> Hearing {
        match &self.engine {
            Engine::Sqlite(_) => Hearing::alone(),
            Engine::Postgres(postgres) => postgres.hearing(),
        }
    }

    /// Copies the database as it is at one moment, while it is being written, to a new file (mode 0600) that
    /// appears under its name when it is complete and on disk. An existing file is replaced. PostgreSQL has tools of its
    /// own for that, so there it is refused.
    pub async fn backup(
        &self,
        to: &Path,
        progress: impl FnMut(Progress) + Send + 'static,
    ) -> Result<(), Error> {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.backup(to.to_owned(), Box::new(progress)).await,
            Engine::Postgres(_) => Err(Error::Unavailable {
                reason: "a PostgreSQL database is backed up with pg_basebackup or pg_dump".to_owned(),
            }),
        }
    }

    /// Refuses new work, finishes what is queued, folds the log into the database and ends the threads.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.close().await,
            Engine::Postgres(postgres) => postgres.close().await,
        }
    }

    /// The engine's name: `sqlite` or `postgres`.
    pub fn engine(&self) -> &'static str {
        match &self.engine {
            Engine::Sqlite(_) => "sqlite",
            Engine::Postgres(_) => "postgres",
        }
    }

    /// Whether other nodes may serve the same database.
    pub fn is_shared(&self) -> bool {
        match &self.engine {
            Engine::Sqlite(_) => false,
            Engine::Postgres(_) => true,
        }
    }

    /// Figures for `/metrics`, since the database was opened.
    pub fn stats(&self) -> Stats {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.stats(),
            Engine::Postgres(postgres) => postgres.stats(),
        }
    }

    fn bound<T, F>(
        &self,
        pool: PoolId,
        mut work: F,
    ) -> impl FnMut(Driver<'_>) -> Result<(T, Vec<Invalidation>), Error> + Send + use<T, F>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, Error> + Send,
    {
        let clock = Arc::clone(&self.log_clock);
        move |driver| {
            let mut tx = Tx::new(pool, driver);
            let outcome = work(&mut tx)?;
            Ok((outcome, logged(driver, tx.into_stale(), &clock)?))
        }
    }

    fn unbound<T, F>(
        &self,
        mut work: F,
    ) -> impl FnMut(Driver<'_>) -> Result<(T, Vec<Invalidation>), Error> + Send + use<T, F>
    where
        F: FnMut(&mut HouseTx<'_>) -> Result<T, Error> + Send,
    {
        let clock = Arc::clone(&self.log_clock);
        move |driver| {
            let mut tx = HouseTx::new(driver);
            let outcome = work(&mut tx)?;
            Ok((outcome, logged(driver, tx.into_stale(), &clock)?))
        }
    }

    async fn ask<T, F>(&self, mut work: F) -> Result<T, Error>
    where
        F: FnMut(Driver<'_>) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        let (job, answer) = call(move |driver: Driver<'_>| Ok((work(driver)?, Vec::new())));
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.queue_read(job)?,
            Engine::Postgres(postgres) => postgres.queue_read(job)?,
        }
        received(answer).await
    }

    async fn change<T, F>(&self, lane: Lane, safety: Safety, work: F) -> Result<T, Error>
    where
        F: FnMut(Driver<'_>) -> Result<(T, Vec<Invalidation>), Error> + Send + 'static,
        T: Send + 'static,
    {
        let (job, answer) = call(work);
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.queue_write(lane, safety, job)?,
            Engine::Postgres(postgres) => postgres.queue_write(lane, safety, job)?,
        }
        received(answer).await
    }
}

/// The last statements of a transaction: what it made stale, for other nodes.
fn logged(
    driver: Driver<'_>,
    stale: Vec<Invalidation>,
    clock: &OnceLock<LogClock>,
) -> Result<Vec<Invalidation>, Error> {
    let at = clock.get().map_or(Timestamp::from_micros(0), |clock| clock());
    revocations::append(driver, &stale, at)?;
    Ok(stale)
}

async fn received<T>(answer: Answer<T>) -> Result<T, Error> {
    answer.await.unwrap_or_else(|_gone| {
        Err(Error::Unavailable { reason: "the database was closed before it answered".to_owned() })
    })
}
