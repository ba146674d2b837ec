//! Access keys: a key pair in, an identity out (dialects: LeadSquared).
//!
//! A secret has 256 random bits, so guessing is hopeless and a keyed hash is compared, not a slow one. Only a call with
//! the right secret counts against a key: knowing its public half starves nobody. All others count against the
//! caller's address.

use super::{Reason, misses};
use crate::cells::Account;
use crate::last_use::{self, Used};
use crate::usage::noted;
use crate::{Branch, Caller, Core, Error, Identity, Method, Result, installation, shared_window};
use doorward_crypto::{HashPurpose, KeyedHash};
use doorward_model::{
    AccessKey, AccessKeyId, AccessKeyName, Membership, Person, PersonId, PersonStatus, PoolId, RateLimit,
    RegionCode, Secret, TenantId, Timestamp,
};
use doorward_store::access_keys::{self, StoredAccessKey};
use doorward_store::{self as store, Tx, lookup, memberships, people};
use uuid::Uuid;

/// Where an unknown key leads: to rows that do not exist, looked for like those that do (P8).
pub(super) const NOBODY: (PoolId, AccessKeyId) = (PoolId::new(Uuid::nil()), AccessKeyId::new(Uuid::nil()));

/// What a key pair leads to in this database.
pub(crate) enum Pair {
    /// Whose it is; the call is counted in the key's window.
    Good(Box<Account>),
    /// Nobody's, whatever is wrong with it; nothing is counted yet.
    Wrong,
}

pub(super) async fn access_key(
    core: &Core,
    caller: &Caller,
    name: &str,
    secret: &Secret,
) -> Result<Identity> {
    match good(core, name, secret).await? {
        Some(good) => {
            let key = good.stored.key.id;
            let identity = good.into_identity(caller);
            noted::key_called(core, key, &identity, caller.door);
            Ok(identity)
        }
        None => Err(misses::refused(core, Some(caller.address))),
    }
}

/// The same as whoever prints it wants it, and with the counting of wrong pairs left to who knows their caller.
pub(crate) async fn pair(core: &Core, caller: &Caller, name: &str, secret: &Secret) -> Result<Pair> {
    let Some(good) = good(core, name, secret).await? else { return Ok(Pair::Wrong) };
    let (id, rate) = (good.stored.key.id, good.rate());
    let identity = good.into_identity(caller);
    noted::key_called(core, id, &identity, caller.door);
    Ok(Pair::Good(Box::new(Account::of(identity, id, rate))))
}

/// Whom a key pair stands for, counted in the key's window; `None` if it is nobody's.
async fn good(core: &Core, name: &str, secret: &Secret) -> Result<Option<Good>> {
    let hashes: Vec<KeyedHash> =
        core.keys().hashes(HashPurpose::AccessKeySecret, secret.expose().as_bytes()).collect();
    let name = AccessKeyName::parse(name);
    let found = core.db().read_house(move |tx| {
        let way = match &name {
            Some(name) => lookup::access_keys::find(tx, name)?,
            None => None,
        };
        let (pool, id) = way.unwrap_or(NOBODY);
        tx.in_pool(pool, |tx| Candidate::read(tx, id))
    });
    let now = core.now();
    let good = match found.await?.judge(&hashes, now) {
        Ok(good) => good,
        // The contract has one answer for all of them (dialects: LeadSquared).
        Err(Unusable::NotProven | Unusable::Refused(_)) => return Ok(None),
    };
    shared_window::admit(core, good.stored.key.pool, good.stored.key.id, good.rate()).await?;
    let AccessKey { pool, id, last_used_at, .. } = good.stored.key;
    last_use::note(core, Used::Key(pool, id), last_used_at, now);
    Ok(Some(good))
}

/// Checks that `here` is the home region of whom a key pair stands for. A place without a region serves everybody.
///
/// Errors: [`Error::WrongRegion`] with the API host of the home region.
pub async fn in_region(core: &Core, identity: &Identity, here: Option<&RegionCode>) -> Result<()> {
    check_region(core, identity.branch.root().region.as_ref(), here).await
}

/// The same for a pool's home region.
pub(super) async fn check_region(
    core: &Core,
    home: Option<&RegionCode>,
    here: Option<&RegionCode>,
) -> Result<()> {
    let Some((home, _)) = home.zip(here).filter(|(home, here)| home != here) else { return Ok(()) };
    let host = match installation::region(core, home).await {
        Ok(region) => region.host("api").unwrap_or(home.as_str()).to_owned(),
        Err(Error::NotFound) => home.as_str().to_owned(),
        Err(fault) => return Err(fault),
    };
    Err(Error::WrongRegion { host })
}

/// What there is behind a key's name; whether it may be used is judged afterwards.
pub(super) struct Candidate {
    stored: Option<StoredAccessKey>,
    person: Option<Person>,
    branch: Option<Branch>,
    memberships: Vec<Membership>,
}

/// A key pair that is good now.
pub(super) struct Good {
    pub(super) stored: StoredAccessKey,
    pub(super) person: Person,
    pub(super) branch: Branch,
    pub(super) memberships: Vec<Membership>,
}

/// Why a key pair is not good now.
pub(super) enum Unusable {
    /// No such key, or not its secret: nothing is told of it, and it counts as a guess.
    NotProven,
    /// Whoever has the secret may know why.
    Refused(Reason),
}

impl Candidate {
    /// Reads all of it whether the key exists or not, so that the time tells nothing (P8).
    pub(super) fn read(tx: &mut Tx<'_>, id: AccessKeyId) -> Result<Self, store::Error> {
        let stored = access_keys::find(tx, id)?;
        let nobody = (PersonId::new(Uuid::nil()), TenantId::new(Uuid::nil()));
        let (person, tenant) = stored.as_ref().map_or(nobody, |found| (found.key.person, found.key.tenant));
        Ok(Self {
            stored,
            person: people::find(tx, person)?,
            branch: Branch::read(tx, tenant)?,
            memberships: memberships::list_by_person(tx, person)?,
        })
    }

    pub(super) fn judge(self, hashes: &[KeyedHash], now: Timestamp) -> Result<Good, Unusable> {
        let Self { stored, person, branch, memberships } = self;
        let stored = stored.filter(|stored| is_proven(stored, hashes, now)).ok_or(Unusable::NotProven)?;
        let refused = |reason| Err(Unusable::Refused(reason));
        if stored.key.expires_at.is_some_and(|end| end <= now) {
            return refused(Reason::Expired);
        }
        let is_current =
            |p: &Person| p.status == PersonStatus::Active && p.auth_generation == stored.generation;
        let has_place = |branch: &Branch| memberships.iter().any(|place| branch.contains(place.tenant));
        match (person.filter(is_current), branch) {
            (Some(_), Some(branch)) if !branch.is_open() => refused(Reason::TenantSuspended),
            (Some(person), Some(branch)) if !stored.key.disabled && has_place(&branch) => {
                Ok(Good { stored, person, branch, memberships })
            }
            (Some(_) | None, Some(_) | None) => refused(Reason::Revoked),
        }
    }
}

impl Good {
    /// What the key's calls are held to: its own rate, else its tenant's.
    fn rate(&self) -> RateLimit {
        self.stored.key.rate.unwrap_or_else(|| self.branch.policy().key_rate)
    }

    fn into_identity(self, caller: &Caller) -> Identity {
        Identity {
            application: None,
            door: caller.door,
            signed_in_at: self.stored.key.created_at,
            expires_at: self.stored.key.expires_at,
            method: Method::AccessKey(self.stored.key.id),
            person: self.person,
            branch: self.branch,
            memberships: self.memberships,
        }
    }
}

/// Whether a hash of the secret, under any key of the ring, is the current one, or the one before a rotation within
/// its overlap. Every compare is made, each in constant time.
fn is_proven(stored: &StoredAccessKey, hashes: &[KeyedHash], now: Timestamp) -> bool {
    let overlaps = stored.key.previous_until.is_some_and(|end| now < end);
    let previous = stored.previous_hash.filter(|_| overlaps).map(KeyedHash::new);
    let current = KeyedHash::new(stored.secret_hash);
    hashes.iter().fold(false, |proven, hash| proven | (*hash == current) | (Some(*hash) == previous))
}
