//! Access keys: made, listed, rotated, changed and ended by the tenant's administrators.
//!
//! A secret is shown once, by [`create`] and [`rotate`]; afterwards only keyed hashes of it exist. A key stands for a
//! person and can do what that person can, so nobody handles the key of somebody with more rights than their own.
//! Who may call with a key is `verify/key.rs`'s affair.

mod change;
mod create;
mod held;
pub(crate) mod limits;
mod rotate;

pub use change::{Changes, change, disable, enable, set_disabled};
pub use create::{NewKey, create, create_once};
pub use limits::{KEYS_PER_PERSON, LABEL_CHARS, LONGEST_OVERLAP, LONGEST_WINDOW, MOST_CALLS};
pub use rotate::{rotate, rotate_version};

use crate::{Actor, Branch, Core, Error, Identity, Result};
use doorward_model::{
    AccessKey, AccessKeyId, AccessKeyName, Person, PersonId, PersonStatus, PoolId, Secret, TenantId,
    Timestamp,
};
use doorward_store::access_keys::{self as store, StoredAccessKey};
use doorward_store::{Error as StoreError, Tx, lookup, people, tenants};
use held::Held;

/// A key with its secret, which is shown this once.
#[derive(Clone, Debug)]
pub struct IssuedKey {
    /// The key.
    pub key: AccessKey,
    /// 64 hex digits: 256 random bits.
    pub secret: Secret,
}

/// A key as administrators see it.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedKey {
    /// The key.
    pub key: AccessKey,
    /// Whom it stands for.
    pub person: Person,
    /// Whether it may be used, as far as key and person are concerned.
    pub state: KeyState,
}

/// Whether a key may be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyState {
    /// It may.
    Active,
    /// An administrator disabled it; [`enable`] lifts that.
    Disabled,
    /// Its time is over; [`change`] may give it more.
    Expired,
    /// Its person was disabled or deleted, now or since it got its secret. Once they are back, [`rotate`] gives it a
    /// new one.
    Ended,
}

impl KeyState {
    /// The printed word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
            Self::Expired => "expired",
            Self::Ended => "ended",
        }
    }
}

/// The keys of a tenant and everything below it, oldest first.
///
/// Errors: [`Error::NotAllowed`], and [`Error::NotFound`] for another pool's tenant.
pub async fn list(core: &Core, actor: &Actor, branch: &Branch) -> Result<Vec<ListedKey>> {
    actor.administers(branch)?;
    let (now, top) = (core.now(), branch.tenant().id);
    let listed = core.db().read(branch.pool(), move |tx| {
        let below: Vec<TenantId> = tenants::list_subtree(tx, top)?.iter().map(|tenant| tenant.id).collect();
        let here = store::list(tx)?.into_iter().filter(|stored| below.contains(&stored.key.tenant));
        here.map(|stored| with_person(tx, stored, now)).collect()
    });
    Ok(listed.await?)
}

/// One person's keys in a tenant and below it, oldest first. Errors as [`list`].
pub async fn list_by_person(
    core: &Core,
    actor: &Actor,
    branch: &Branch,
    person: PersonId,
) -> Result<Vec<ListedKey>> {
    let listed = list(core, actor, branch).await?;
    Ok(listed.into_iter().filter(|listed| listed.key.person == person).collect())
}

/// Somebody's own keys, wherever they are, oldest first.
pub async fn list_own(core: &Core, identity: &Identity) -> Result<Vec<ListedKey>> {
    let (now, person) = (core.now(), identity.person.id);
    let listed = core.db().read(identity.pool(), move |tx| {
        let held = store::list_by_person(tx, person)?.into_iter();
        held.map(|stored| with_person(tx, stored, now)).collect()
    });
    Ok(listed.await?)
}

/// The keys of this tenant itself behind an id, by id, at most `rows`; with a person, all of theirs here. Errors as [`list`].
pub async fn list_after(
    core: &Core,
    actor: &Actor,
    branch: &Branch,
    person: Option<PersonId>,
    (after, rows): (AccessKeyId, usize),
) -> Result<Vec<ListedKey>> {
    actor.administers(branch)?;
    let (now, tenant) = (core.now(), branch.tenant().id);
    let listed = core.db().read(branch.pool(), move |tx| {
        let most = i64::try_from(rows).unwrap_or(i64::MAX);
        let mut keys = match person {
            None => store::list_after(tx, tenant, after, most)?,
            // A hundred at most.
            Some(person) => store::list_by_person(tx, person)?,
        };
        keys.retain(|stored| stored.key.tenant == tenant && stored.key.id > after);
        keys.sort_by_key(|stored| stored.key.id);
        keys.truncate(rows);
        keys.into_iter().map(|stored| with_person(tx, stored, now)).collect()
    });
    Ok(listed.await?)
}

/// One key of this tenant itself. Errors as [`by_id`].
pub async fn one_of(core: &Core, actor: &Actor, branch: &Branch, id: AccessKeyId) -> Result<ListedKey> {
    actor.administers(branch)?;
    let found = by_id(core, actor, branch.pool(), id).await?;
    if found.key.tenant == branch.tenant().id { Ok(found) } else { Err(Error::NotFound) }
}

/// One key. [`Error::NotFound`] for an unknown one and another pool's, [`Error::NotAllowed`] without the right.
pub async fn by_id(core: &Core, actor: &Actor, pool: PoolId, id: AccessKeyId) -> Result<ListedKey> {
    let (actor, now) = (actor.clone(), core.now());
    let found = core.db().read(pool, move |tx| {
        let held = match Held::read(tx, id)? {
            Some(held) => held,
            None => return Ok(Err(Error::NotFound)),
        };
        let listed = ListedKey {
            state: state(&held.stored, &held.person, now),
            key: held.stored.key,
            person: held.person,
        };
        Ok(actor.administers(&held.branch).map(|_| listed))
    });
    found.await?
}

/// The key of a public name, for the command line. Errors as [`by_id`].
pub async fn by_name(core: &Core, actor: &Actor, name: &AccessKeyName) -> Result<ListedKey> {
    let name = name.clone();
    let found = core.db().read_house(move |tx| lookup::access_keys::find(tx, &name)).await?;
    let (pool, id) = found.ok_or(Error::NotFound)?;
    by_id(core, actor, pool, id).await
}

fn with_person(tx: &mut Tx<'_>, stored: StoredAccessKey, now: Timestamp) -> Result<ListedKey, StoreError> {
    let person = people::find(tx, stored.key.person)?;
    let person = person.ok_or_else(|| StoreError::Fault("an access key stands for nobody".to_owned()))?;
    Ok(ListedKey { state: state(&stored, &person, now), key: stored.key, person })
}

fn state(stored: &StoredAccessKey, person: &Person, now: Timestamp) -> KeyState {
    if person.status != PersonStatus::Active || person.auth_generation != stored.generation {
        KeyState::Ended
    } else if stored.key.disabled {
        KeyState::Disabled
    } else if stored.key.expires_at.is_some_and(|end| end <= now) {
        KeyState::Expired
    } else {
        KeyState::Active
    }
}
