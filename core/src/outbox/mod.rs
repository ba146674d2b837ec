//! The outbox: a mail is a sealed row written in the transaction of its cause (P20); a worker claims it by lease.

mod content;

pub use content::{Content, Happened};
pub(crate) use content::{content_about, content_for};

use crate::{Branch, Caller, Core, Error, Result};
use doorward_crypto::SealPurpose;
use doorward_model::{EffectivePolicy, Mail, MailId, MailKind, MailState, Person, PoolId, Timestamp};
use doorward_store::{Error as StoreError, Tx, mails};
use std::time::Duration;
use uuid::{Builder, Uuid};

/// A worker that died gives its mails back after this long. Whoever sends a batch must be done with it by then.
pub const LEASE: Duration = Duration::from_secs(120);
/// How many mails one claim takes: enough to use a connection, few enough that a lease covers them.
pub const BATCH: u32 = 16;

/// What the row of a mail says that was sealed with another key, or damaged.
const UNREADABLE: &str = "its payload could not be opened";

/// In how long the mails of a pool are counted together (P23: mails per hour).
pub(crate) const QUOTA_WINDOW: Duration = Duration::from_secs(3600);

/// A mail with its payload opened, for the worker.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Names the row; also the Message-ID.
    pub id: MailId,
    /// The pool it belongs to.
    pub pool: PoolId,
    /// Which template.
    pub kind: MailKind,
    /// Which delivery this is, from 1.
    pub attempt: i64,
    /// When it was caused.
    pub created_at: Timestamp,
    /// What the template is filled with.
    pub content: Content,
}

/// How a delivery went.
#[derive(Clone, Debug)]
pub enum Delivery {
    /// The SMTP server took it.
    Sent,
    /// Not now; again at this time.
    Later {
        /// When.
        at: Timestamp,
        /// Why, without recipient or secret.
        reason: String,
    },
    /// Never.
    GivenUp {
        /// Why, without recipient or secret.
        reason: String,
    },
}

/// What is made before the transaction that queues a mail.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    id: MailId,
    now: Timestamp,
}

impl Prepared {
    pub(crate) fn new(core: &Core, now: Timestamp) -> Result<Self> {
        Ok(Self { id: MailId::new(core.uuid(now)?), now })
    }
}

/// Queues a mail of this pool.
pub(crate) fn queue(
    core: &Core,
    tx: &mut Tx<'_>,
    prepared: &Prepared,
    kind: MailKind,
    content: &Content,
) -> Result<(), StoreError> {
    let mail = sealed(core, tx.pool(), prepared, kind, content)?;
    mails::insert(tx, &mail)
}

/// Does the work of [`queue`] for a mail that nobody will get, so that time does not tell who exists (P8).
pub(crate) fn queue_dropped(
    core: &Core,
    tx: &mut Tx<'_>,
    prepared: &Prepared,
    kind: MailKind,
    content: &Content,
) -> Result<(), StoreError> {
    let mail = sealed(core, tx.pool(), prepared, kind, content)?;
    mails::insert_dropped(tx, &mail)
}

/// Whether the pool has caused as many mails in the last hour as policy allows (P23).
pub(crate) fn is_over_quota(
    tx: &mut Tx<'_>,
    policy: &EffectivePolicy,
    now: Timestamp,
) -> Result<bool, StoreError> {
    is_over(tx, i64::from(policy.mails_per_hour), now)
}

/// Whether the pool has caused half of them: what nobody waits for leaves the rest to who does.
pub(crate) fn is_over_half_quota(
    tx: &mut Tx<'_>,
    policy: &EffectivePolicy,
    now: Timestamp,
) -> Result<bool, StoreError> {
    is_over(tx, i64::from(policy.mails_per_hour / 2), now)
}

fn is_over(tx: &mut Tx<'_>, most: i64, now: Timestamp) -> Result<bool, StoreError> {
    let since = now.minus(QUOTA_WINDOW).micros().div_euclid(1000);
    let first = Builder::from_unix_timestamp_millis(u64::try_from(since).unwrap_or(0), &[0; 10]).into_uuid();
    Ok(mails::count_since(tx, MailId::new(first))? >= most)
}

fn sealed(
    core: &Core,
    pool: PoolId,
    prepared: &Prepared,
    kind: MailKind,
    content: &Content,
) -> Result<Mail, StoreError> {
    let fault =
        |what: &dyn std::fmt::Display| StoreError::Fault(format!("a mail could not be sealed: {what}"));
    let plain = serde_json::to_vec(content).map_err(|error| fault(&error))?;
    let context = context(pool, prepared.id);
    let sealed = core
        .keys()
        .seal(SealPurpose::MailPayload, &context, &plain, core.random_source())
        .map_err(|error| fault(&error))?;
    Ok(Mail { id: prepared.id, pool: Some(pool), kind, sealed, attempts: 0, created_at: prepared.now })
}

/// Queues "new sign-in".
pub(crate) fn new_sign_in(
    core: &Core,
    tx: &mut Tx<'_>,
    prepared: &Prepared,
    person: &Person,
    branch: &Branch,
    caller: &Caller,
) -> Result<(), StoreError> {
    let content = content_about(person, branch, caller, prepared.now);
    queue(core, tx, prepared, MailKind::NewSignIn, &content)
}

/// Queues "your password was changed" (P11: the person is told).
pub(crate) fn password_changed(
    core: &Core,
    tx: &mut Tx<'_>,
    prepared: &Prepared,
    person: &Person,
    branch: &Branch,
    caller: &Caller,
) -> Result<(), StoreError> {
    let content = content_about(person, branch, caller, prepared.now);
    queue(core, tx, prepared, MailKind::PasswordChanged, &content)
}

/// How long the oldest waiting mail has waited; `None` when none waits.
pub async fn oldest_waiting(core: &Core) -> Result<Option<Duration>> {
    let (_, oldest) = core.db().read_house(mails::waiting).await?;
    Ok(oldest.map(|caused| core.now().since(caused)))
}

/// Claims due mails for one worker; the lease names the worker's claim when settling. A mail whose payload does not
/// open is given up at once: it would not open the next time either.
pub async fn claim(core: &Core) -> Result<(Uuid, Vec<Letter>)> {
    let now = core.now();
    let lease = core.uuid(now)?;
    let claimed = core
        .db()
        .write_house(move |tx| mails::claim(tx, lease, now, now.plus(LEASE), i64::from(BATCH)))
        .await?;
    let mut letters = Vec::new();
    for mail in claimed {
        let row = (mail.pool.ok_or(Error::Internal)?, mail.id);
        match open(core, mail) {
            Ok(letter) => letters.push(letter),
            Err(fault) => {
                tracing::error!(mail = %row.1, %fault, "a mail could not be opened and is given up");
                let given_up = Delivery::GivenUp { reason: UNREADABLE.to_owned() };
                // Its neighbours go out whether or not this is written; if not, its lease runs out and it comes again.
                if let Err(fault) = end(core, lease, row, given_up).await {
                    tracing::warn!(mail = %row.1, %fault, "a mail could not be settled");
                }
            }
        }
    }
    Ok((lease, letters))
}

/// Settles one claimed mail. Does nothing once the lease has passed to somebody else.
pub async fn settle(core: &Core, lease: Uuid, letter: &Letter, delivery: Delivery) -> Result<()> {
    end(core, lease, (letter.pool, letter.id), delivery).await
}

async fn end(core: &Core, lease: Uuid, row: (PoolId, MailId), delivery: Delivery) -> Result<()> {
    let now = core.now();
    core.db()
        .write_house(move |tx| match &delivery {
            Delivery::Sent => mails::settle(tx, row, lease, MailState::Sent, now, None),
            Delivery::GivenUp { reason } => {
                mails::settle(tx, row, lease, MailState::Failed, now, Some(reason))
            }
            Delivery::Later { at, reason } => mails::retry(tx, row, lease, *at, reason),
        })
        .await?;
    Ok(())
}

fn open(core: &Core, mail: Mail) -> Result<Letter> {
    let pool = mail.pool.ok_or(Error::Internal)?;
    let plain = core
        .keys()
        .open(SealPurpose::MailPayload, &context(pool, mail.id), &mail.sealed)
        .map_err(|fault| Error::internal("a sealed mail", &fault))?;
    let content: Content = serde_json::from_slice(&plain)
        .map_err(|_| Error::internal("a sealed mail", &"not what was sealed"))?;
    let Mail { id, kind, attempts, created_at, .. } = mail;
    Ok(Letter { id, pool, kind, attempt: attempts, created_at, content })
}

/// Binds a payload to its row, so that a payload moved to another row does not open.
fn context(pool: PoolId, id: MailId) -> Vec<u8> {
    [pool.uuid().as_bytes().as_slice(), id.uuid().as_bytes()].concat()
}
