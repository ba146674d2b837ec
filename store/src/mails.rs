//! The outbox. Rows are written in the transaction of their cause and claimed by lease over all pools.

use crate::stretch::{Key, Stretch, read_key};
use crate::{Error, HouseTx, Row, Statement, Statements, Tx, sql};
use doorward_model::{Mail, MailId, MailKind, MailState, PoolId, Timestamp};
use uuid::Uuid;

const INSERT: Statement =
    sql("INSERT INTO mails (pool, id, kind, sealed, state, attempts, due_at, created_at) \
     VALUES ($1, $2, $3, $4, $5, 0, $6, $6)");

/// Queues a mail of this pool, due at once.
pub fn insert(tx: &mut Tx<'_>, mail: &Mail) -> Result<(), Error> {
    let queued = MailState::Queued.as_str();
    tx.execute(
        &INSERT,
        &[&tx.pool(), &mail.id, &mail.kind.as_str(), &mail.sealed, &queued, &mail.created_at],
    )?;
    Ok(())
}

const INSERT_DROPPED: Statement = sql(
    "INSERT INTO mails (pool, id, kind, sealed, state, attempts, due_at, created_at, settled_at, last_error) \
     VALUES ($1, $2, $3, $4, $5, 0, $6, $6, $6, $7)",
);

/// Writes a mail that nobody will get, for what must cost the same whether or not there is somebody to write to (P8).
/// Its payload is erased at once.
pub fn insert_dropped(tx: &mut Tx<'_>, mail: &Mail) -> Result<(), Error> {
    let failed = MailState::Failed.as_str();
    let erased: &[u8] = &[];
    tx.execute(
        &INSERT_DROPPED,
        &[
            &tx.pool(),
            &mail.id,
            &mail.kind.as_str(),
            &erased,
            &failed,
            &mail.created_at,
            &"nobody to write to",
        ],
    )?;
    Ok(())
}

const COUNT: Statement =
    sql("SELECT COUNT(*) FROM mails WHERE pool = $1 AND state IN ('queued', 'sent') AND id >= $2");

/// How many mails the pool caused since the time-ordered id `first`; dropped and given up ones do not count.
pub fn count_since(tx: &mut Tx<'_>, first: MailId) -> Result<i64, Error> {
    Ok(tx.row(&COUNT, &[&tx.pool(), &first], |row| row.get(0))?.unwrap_or(0))
}

const CLAIM: Statement = sql(
    "UPDATE mails SET lease = $1, due_at = $2, attempts = attempts + 1 WHERE state = 'queued' AND due_at <= $3 \
     AND id IN (SELECT id FROM mails WHERE state = 'queued' AND due_at <= $3 ORDER BY due_at LIMIT $4) \
     RETURNING pool, id, kind, sealed, attempts, created_at",
);

/// Gives a claimed mail back as if it had not been tried.
const GIVE_BACK: Statement =
    sql("UPDATE mails SET lease = NULL, attempts = attempts - 1 WHERE pool = $1 AND id = $2 AND lease = $3");

/// Claims up to `limit` due mails under `lease`; they are due again at `until` if nobody settles them. One of a kind that only a
/// newer version knows is put off until then, so that it holds up no other, and nobody's: a node that knows it gets it.
pub fn claim(
    tx: &mut HouseTx<'_>,
    lease: Uuid,
    now: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<Mail>, Error> {
    let claimed = tx.rows(&CLAIM, &[&lease, &until, &now, &limit], read)?;
    let mut known = Vec::with_capacity(claimed.len());
    for mail in claimed {
        match mail {
            Claimed::Known(mail) => known.push(mail),
            Claimed::Newer(pool, id) => drop(tx.execute(&GIVE_BACK, &[&pool, &id, &lease])?),
        }
    }
    Ok(known)
}

enum Claimed {
    Known(Mail),
    /// Of a kind that only a newer version knows.
    Newer(PoolId, MailId),
}

const SETTLE: Statement =
    sql("UPDATE mails SET state = $4, settled_at = $5, last_error = $6, sealed = $7, lease = NULL \
     WHERE pool = $1 AND id = $2 AND lease = $3");

/// Ends a claimed mail, sent or given up; its payload is erased. Does nothing once the lease has passed on.
pub fn settle(
    tx: &mut HouseTx<'_>,
    mail: (PoolId, MailId),
    lease: Uuid,
    state: MailState,
    now: Timestamp,
    error: Option<&str>,
) -> Result<(), Error> {
    let erased: &[u8] = &[];
    tx.execute(&SETTLE, &[&mail.0, &mail.1, &lease, &state.as_str(), &now, &error, &erased])?;
    Ok(())
}

const RETRY: Statement = sql(
    "UPDATE mails SET due_at = $4, last_error = $5, lease = NULL WHERE pool = $1 AND id = $2 AND lease = $3",
);

/// Puts a claimed mail back, due at `due_at`.
pub fn retry(
    tx: &mut HouseTx<'_>,
    mail: (PoolId, MailId),
    lease: Uuid,
    due_at: Timestamp,
    error: &str,
) -> Result<(), Error> {
    tx.execute(&RETRY, &[&mail.0, &mail.1, &lease, &due_at, &error])?;
    Ok(())
}

const WAITING: Statement = sql("SELECT COUNT(*), MIN(created_at) FROM mails WHERE state = 'queued'");

/// How many mails wait, and since when the oldest does.
pub fn waiting(tx: &mut HouseTx<'_>) -> Result<(i64, Option<Timestamp>), Error> {
    Ok(tx.row(&WAITING, &[], |row| Ok((row.get(0)?, row.get(1)?)))?.unwrap_or((0, None)))
}

const COUNT_DUE: Statement = sql("SELECT COUNT(*) FROM mails WHERE state = 'queued' AND due_at <= $1");

/// How many mails could go out now; those that were put off are not among them.
pub fn count_due(tx: &mut HouseTx<'_>, now: Timestamp) -> Result<i64, Error> {
    Ok(tx.row(&COUNT_DUE, &[&now], |row| row.get(0))?.unwrap_or(0))
}

/// A mail as far as it may be seen: the payload stays sealed.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// The id.
    pub id: MailId,
    /// Which template, in its stored word: a newer version may have queued one that this one cannot name.
    pub kind: String,
    /// How far it got.
    pub state: MailState,
    /// How often delivery was tried.
    pub attempts: i64,
    /// When it was caused.
    pub created_at: Timestamp,
    /// When it is tried next, while it waits.
    pub due_at: Timestamp,
    /// When it was sent or given up.
    pub settled_at: Option<Timestamp>,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// Whether somebody is delivering it now.
    pub is_claimed: bool,
}

macro_rules! seen {
    ($rest:literal) => {
        concat!(
            "SELECT id, kind, state, attempts, created_at, due_at, settled_at, last_error, lease FROM mails \
             WHERE pool = $1 AND ",
            $rest
        )
    };
}

const FIND: Statement = sql(seen!("id = $2"));

/// One mail of the pool.
pub fn find(tx: &mut Tx<'_>, id: MailId) -> Result<Option<Seen>, Error> {
    tx.row(&FIND, &[&tx.pool(), &id], read_seen)
}

const LIST_BEFORE: Statement = sql(seen!("id < $2 ORDER BY id DESC LIMIT $3"));
const LIST_OF_STATE_BEFORE: Statement = sql(seen!("state = $2 AND id < $3 ORDER BY id DESC LIMIT $4"));

/// The pool's mails that were caused before one, newest first: all, or those of one state.
pub fn list_before(
    tx: &mut Tx<'_>,
    state: Option<MailState>,
    before: MailId,
    limit: i64,
) -> Result<Vec<Seen>, Error> {
    match state {
        None => tx.rows(&LIST_BEFORE, &[&tx.pool(), &before, &limit], read_seen),
        Some(state) => {
            tx.rows(&LIST_OF_STATE_BEFORE, &[&tx.pool(), &state.as_str(), &before, &limit], read_seen)
        }
    }
}

const DUE_NOW: Statement =
    sql("UPDATE mails SET due_at = $3 WHERE pool = $1 AND id = $2 AND state = 'queued'");

/// Has a waiting mail tried at the next round.
pub fn due_now(tx: &mut Tx<'_>, id: MailId, now: Timestamp) -> Result<(), Error> {
    tx.execute(&DUE_NOW, &[&tx.pool(), &id, &now])?;
    Ok(())
}

fn read_seen(row: &Row<'_>) -> Result<Seen, Error> {
    Ok(Seen {
        id: row.get(0)?,
        kind: row.get(1)?,
        state: row.parsed(2, MailState::parse)?,
        attempts: row.get(3)?,
        created_at: row.get(4)?,
        due_at: row.get(5)?,
        settled_at: row.get(6)?,
        last_error: row.get(7)?,
        is_claimed: row.get::<Option<Uuid>>(8)?.is_some(),
    })
}

const LOOK_THROUGH: Statement = sql(
    "SELECT pool, id, CASE WHEN state <> 'queued' AND settled_at < $3 THEN settled_at ELSE NULL END FROM mails \
         WHERE (pool, id) > ($1, $2) ORDER BY pool, id LIMIT $4",
);

/// Which of the next `limit` mails were settled before `before`.
pub fn look_through(
    tx: &mut HouseTx<'_>,
    after: Option<Key<MailId>>,
    before: Timestamp,
    limit: i64,
) -> Result<Stretch<MailId>, Error> {
    let (pool, id) = after.unwrap_or(FIRST);
    Ok(Stretch::of(tx.rows(&LOOK_THROUGH, &[&pool, &id, &before, &limit], read_key)?, limit))
}

const FORGET: Statement =
    sql("DELETE FROM mails WHERE pool = $1 AND id = $2 AND state <> 'queued' AND settled_at < $3");

/// Forgets a mail that [`look_through`] found to be settled for long enough.
pub fn forget(tx: &mut Tx<'_>, id: MailId, before: Timestamp) -> Result<(), Error> {
    tx.execute(&FORGET, &[&tx.pool(), &id, &before])?;
    Ok(())
}

/// Before every key: no pool has this id.
const FIRST: Key<MailId> = (PoolId::new(Uuid::nil()), MailId::new(Uuid::nil()));

fn read(row: &Row<'_>) -> Result<Claimed, Error> {
    let (pool, id) = (row.get(0)?, row.get(1)?);
    let Some(kind) = MailKind::parse(&row.get::<String>(2)?) else { return Ok(Claimed::Newer(pool, id)) };
    Ok(Claimed::Known(Mail {
        pool: Some(pool),
        id,
        kind,
        sealed: row.get(3)?,
        attempts: row.get(4)?,
        created_at: row.get(5)?,
    }))
}
