//! Opening a database: reach the server, check it, migrate it, start the threads.

use super::{
    Postgres, PostgresSettings, Shared,
    address::Address,
    errors::Failure,
    link::Link,
    listener::Listener,
    reach::Reach,
    remedies, standbys,
    worker::{Role, Worker},
};
use crate::{
    OpenError,
    engine::{Hearing, LogClock, ears::Ears, queue::Queue, stats::Counters},
    migrate,
};
use std::{
    sync::{Arc, Mutex, OnceLock, PoisonError, atomic::AtomicBool},
    time::Instant,
};

/// The oldest server that is accepted, as `server_version_num` counts.
const OLDEST: i64 = 130_000;
const OLDEST_TEXT: &str = "13";

pub(super) fn open(
    settings: &PostgresSettings,
    log_clock: Arc<OnceLock<LogClock>>,
) -> Result<Postgres, OpenError> {
    let address = Address::read(settings.url.expose(), settings.connect_timeout)?;
    if address.servers.iter().any(|server| server.tls.trusts_anybody) {
        tracing::warn!("sslmode=require does not check whom the database's password is sent to");
    }
    // A link waits on a runtime of its own, and the caller's thread may be inside one already.
    let reach = Reach::new(address);
    let first = std::thread::scope(|scope| scope.spawn(|| ready(&reach, settings)).join());
    let first = first.unwrap_or_else(|_| Err(failed(&reach.address, "the opening thread panicked")))?;
    let shared = Arc::new(Shared {
        reach,
        settings: settings.clone(),
        writes: Queue::default(),
        reads: Queue::default(),
        counters: Counters::default(),
        ears: Ears::default(),
        hearing: Hearing::within(settings.revocation_bound),
        log_clock,
        is_closed: AtomicBool::new(false),
        wake: tokio::sync::Notify::new(),
        owes_ring: AtomicBool::new(false),
    });
    let engine = Postgres { shared: Arc::clone(&shared), threads: Mutex::default() };
    let mut first = Some(first);
    for (role, name, threads) in
        [(Role::Writer, "db-write", settings.writers), (Role::Reader, "db-read", settings.readers)]
    {
        for number in (0..u32::MAX).take(threads.max(1)) {
            let worker = Worker::new(role, number, Arc::clone(&shared), first.take());
            engine.spawn(format!("{name}-{number}"), || worker.serve())?;
        }
    }
    let listener = listening(shared)?;
    engine.spawn("db-listen".to_owned(), || listener.serve())?;
    Ok(engine)
}

/// A listener that has heard everything up to now, so that memory is believed from the first request on.
fn listening(shared: Arc<Shared>) -> Result<Listener, OpenError> {
    let address = shared.reach.address.clone();
    let first = std::thread::scope(|scope| {
        let look = move || {
            let mut listener = Listener::new(shared);
            listener.look().map(|()| listener)
        };
        scope.spawn(look).join()
    });
    match first {
        Ok(looked) => looked.map_err(|failure| failed(&address, &failure.into_reason())),
        Err(_) => Err(failed(&address, "the listening thread panicked")),
    }
}

/// A link to a server that may be used, with our tables in it.
fn ready(reach: &Reach, settings: &PostgresSettings) -> Result<Link, OpenError> {
    let address = &reach.address;
    let refused = |failure: Failure| failed(address, &failure.into_reason());
    let link = primary(reach, settings).map_err(refused)?;
    let about = link.about();
    if about.version < OLDEST {
        return Err(failed(address, &format!("the server is older than PostgreSQL {OLDEST_TEXT}")));
    }
    if about.encoding != "UTF8" {
        return Err(failed(address, &format!("its encoding is {}, and must be UTF8", about.encoding)));
    }
    if !about.is_synced {
        tracing::warn!("the database server runs with fsync off: a power cut may lose what was acknowledged");
    }
    standbys::check(&link, settings.allow_async_standby).map_err(refused)?;
    migrate::postgres::run(&link).map_err(|error| match error {
        migrate::postgres::Error::Foreign => OpenError::ForeignDatabase { server: address.name.clone() },
        migrate::postgres::Error::Refused(refusal) => refusal,
        migrate::postgres::Error::Failed(failure) => failed(address, &failure.into_reason()),
    })?;
    Ok(link)
}

/// A link to the first host that is a primary, and still one for its standbys: one that was replaced may live on.
fn primary(reach: &Reach, settings: &PostgresSettings) -> Result<Link, Failure> {
    let mut refused = Failure::Lost(remedies::ALONE.to_owned());
    for _ in &reach.address.servers {
        let link = reach.connect(settings, Instant::now())?;
        match standbys::confirm(&link) {
            Ok(()) => return Ok(link),
            Err(failure) => refused = failure,
        }
        if !link.leave() {
            break;
        }
    }
    Err(refused)
}

fn failed(address: &Address, reason: &str) -> OpenError {
    OpenError::Database { server: address.name.clone(), reason: reason.to_owned() }
}

impl Postgres {
    fn spawn(&self, name: String, serve: impl FnOnce() + Send + 'static) -> Result<(), OpenError> {
        let thread = std::thread::Builder::new()
            .name(name)
            .spawn(serve)
            .map_err(|error| failed(&self.shared.reach.address, &error.to_string()))?;
        self.threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
        Ok(())
    }
}
