//! The peer: plain `rusqlite` connections, each a thread, that contend for the database's one write lock.
//!
//! As careful as such code is written: WAL, `synchronous=FULL`, prepared statements, BEGIN IMMEDIATE and SQLite's own
//! waiting. The statements repeat those of `store/src/sessions.rs`, because the peer must not go through the store.

use super::session::{POOL, fresh};
use crate::Result;
use crate::rate::Rate;
use doorward_crypto::Random;
use doorward_store::SqliteSettings;
use doorward_store::sessions::StoredSession;
use rusqlite::{Connection, ErrorCode, TransactionBehavior, params};
use std::time::{Duration, Instant};

/// How long SQLite itself waits for the lock; whoever is refused after that asks again and goes on waiting.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);

const INSERT_LOOKUP: &str = "INSERT INTO lookup_sessions (token_hash, pool, session) VALUES (?1, ?2, ?3)";

const INSERT_SESSION: &str = "INSERT INTO sessions (pool, id, token_hash, person, tenant, application, door, scheme, \
     person_generation, tenant_generation, epoch, signed_in_at, last_used_at, idle_until, expires_at, address, agent) \
     VALUES (?1, ?2, ?3, ?4, ?5, NULL, NULL, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";

/// `connections` insert for `span`, each waiting for its own to be durable.
pub(super) fn measure(at: &SqliteSettings, connections: usize, span: Duration) -> Result<Rate> {
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..connections).map(|_| scope.spawn(|| client(at, span))).collect();
        let mut rate = Rate::default();
        for worker in workers {
            rate.add(worker.join().map_err(|_| "a contending connection panicked")??);
        }
        Ok(rate)
    })
}

fn client(at: &SqliteSettings, span: Duration) -> Result<Rate> {
    let mut connection = open(at)?;
    let random = Random::os();
    let began = Instant::now();
    let (mut done, mut worst) = (0_u32, Duration::ZERO);
    while began.elapsed() < span {
        let opened = fresh(&random)?;
        let asked = Instant::now();
        while !insert(&mut connection, &opened)? {}
        worst = worst.max(asked.elapsed());
        done += 1;
    }
    Ok(Rate { worst_wait: worst.as_secs_f64(), ..Rate::of(done, began.elapsed()) })
}

fn open(at: &SqliteSettings) -> Result<Connection> {
    let connection = Connection::open(&at.path)?;
    connection.busy_timeout(LOCK_PATIENCE)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

/// Whether it was inserted; not when the lock was not to be had in time.
fn insert(connection: &mut Connection, opened: &StoredSession) -> Result<bool> {
    match try_insert(connection, opened) {
        Ok(()) => Ok(true),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn try_insert(connection: &mut Connection, opened: &StoredSession) -> rusqlite::Result<()> {
    let session = &opened.session;
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    tx.prepare_cached(INSERT_LOOKUP)?.execute(params![
        opened.token_hash,
        POOL.as_bytes(),
        session.id.as_bytes()
    ])?;
    tx.prepare_cached(INSERT_SESSION)?.execute(params![
        POOL.as_bytes(),
        session.id.as_bytes(),
        opened.token_hash,
        session.person.as_bytes(),
        session.tenant.as_bytes(),
        session.scheme.as_str(),
        opened.person_generation,
        opened.tenant_generation,
        opened.epoch,
        session.signed_in_at.micros(),
        session.last_used_at.micros(),
        session.idle_until.micros(),
        session.expires_at.micros(),
        session.address.map(|address| address.to_string()),
        session.agent,
    ])?;
    tx.commit()
}
