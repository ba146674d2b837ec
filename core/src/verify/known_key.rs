//! Key pairs, answered from memory: a name and a secret in, [`Who`] out. Every call with the right secret counts in the
//! key's window, whichever way it came (dialects: "Verify calls that carry the key count in the same window").

use super::caller::places;
use super::flight::{self, Before};
use super::held::{HeldKey, WayKey};
use super::key::{Candidate, Good, NOBODY, Unusable};
use super::stamps::Moment;
use super::way::{Method, Way};
use super::who::Who;
use super::{Reason, key, misses};
use crate::last_time::LastTime;
use crate::last_use::{self, NOTED_EVERY, Used};
use crate::{Core, cells};
use doorward_crypto::{HashPurpose, KeyedHash};
use doorward_model::{AccessKeyId, AccessKeyName, RegionCode, Secret, Thing, Timestamp};
use doorward_store::{Error as StoreError, HouseTx, Tx, lookup};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// Whom a key pair stands for. `from` is the client's address, if it is known, for counting wrong pairs; `here` is the region that was asked.
pub async fn by_key(
    core: &Core,
    from: Option<IpAddr>,
    name: &str,
    secret: &Secret,
    here: Option<&RegionCode>,
) -> Result<Arc<Who>, Reason> {
    let outcome = find(core, from, name, secret, here).await;
    core.verified().counted(outcome)
}

async fn find(
    core: &Core,
    from: Option<IpAddr>,
    name: &str,
    secret: &Secret,
    here: Option<&RegionCode>,
) -> Result<Arc<Who>, Reason> {
    let now = core.now();
    let secret = secret.expose().as_bytes();
    let wanted = AccessKeyName::parse(name);
    let memory = core.memory();
    // Remembered under the current key of the ring, whichever key its stored hash was made with.
    let place = core.keys().hash(HashPurpose::AccessKeySecret, secret);
    let holds = |held: &HeldKey| Some(&held.name) == wanted.as_ref() && memory.serves(&held.who, now);
    let outages = memory.outages.before();
    let held = flight::once(&memory.keys, place.bytes(), memory.is_current(), holds, async |before| {
        memory.outages.none_since(outages)?;
        // A pair that was good a moment ago is no guess: not held to the limit.
        if before == Before::Nothing {
            misses::within(core, from)?;
        }
        let hashes = core.keys().hashes(HashPurpose::AccessKeySecret, secret).collect();
        match read(core, wanted.clone(), hashes, now).await? {
            Read::Held(held) => Ok(held),
            Read::Elsewhere(host) => Err(Reason::Region { host }),
            Read::Unusable(Unusable::NotProven) => Err(misses::refused(core, from).into()),
            Read::Unusable(Unusable::Refused(reason)) => Err(reason),
        }
    })
    .await?;
    let home = held.who.branch().root().region.as_ref();
    key::check_region(core, home, here).await?;
    core.windows().keys.admit(held.id(), held.rate).map_err(crate::Error::from)?;
    if held.who.must_reset() {
        return Err(Reason::PasswordResetRequired);
    }
    held.calls.count();
    if held.used.falls_due(now, NOTED_EVERY) {
        last_use::write(core, Used::Key(held.who.pool(), held.id()), now);
    }
    Ok(Arc::clone(&held.who))
}

/// What a key pair leads to.
enum Read {
    Held(Arc<HeldKey>),
    Unusable(Unusable),
    /// It lives in another cell, with this host.
    Elsewhere(String),
}

async fn read(
    core: &Core,
    name: Option<AccessKeyName>,
    hashes: Vec<KeyedHash>,
    now: Timestamp,
) -> Result<Read, Reason> {
    let read = core.memory().stamps.now();
    let op = core.clone();
    let found = core.db().glance(move |tx| {
        if let Some(name) = name.as_ref().filter(|_| op.cells().is_some())
            && let Some((_, host)) = cells::elsewhere(tx, name)?
        {
            return Ok(Read::Elsewhere(host));
        }
        Ok(match HeldKey::read(&op, tx, name.as_ref(), &hashes, read, now)? {
            Ok(held) => Read::Held(Arc::new(held)),
            Err(unusable) => Read::Unusable(unusable),
        })
    });
    core.memory().outages.noted(found.await)
}

impl HeldKey {
    fn id(&self) -> AccessKeyId {
        AccessKeyId::new(self.who.subject())
    }

    fn read(
        core: &Core,
        tx: &mut HouseTx<'_>,
        name: Option<&AccessKeyName>,
        hashes: &[KeyedHash],
        read: Moment,
        now: Timestamp,
    ) -> Result<Result<Self, Unusable>, StoreError> {
        let way = match name {
            Some(name) => lookup::access_keys::find(tx, name)?,
            None => None,
        };
        let (pool, id) = way.unwrap_or(NOBODY);
        tx.in_pool(pool, |tx| match Candidate::read(tx, id)?.judge(hashes, now) {
            Ok(good) => Self::of(core, tx, good, hashes, read).map(Ok),
            Err(unusable) => Ok(Err(unusable)),
        })
    }

    fn of(
        core: &Core,
        tx: &mut Tx<'_>,
        good: Good,
        hashes: &[KeyedHash],
        read: Moment,
    ) -> Result<Self, StoreError> {
        let Good { stored, person, branch, memberships } = good;
        let branch = Arc::new(branch);
        let is_current = hashes.contains(&KeyedHash::new(stored.secret_hash));
        let ends = match is_current {
            true => stored.key.expires_at,
            // The secret before a rotation lives as long as the overlap.
            false => stored.key.expires_at.into_iter().chain(stored.key.previous_until).min(),
        };
        let places = places(core.memory(), tx, &branch, &memberships, read)?;
        let key = WayKey { tenant: branch.tenant().id, application: None, door: None, scheme: None };
        let way = core.memory().way(&key, &branch, || Way {
            branch: Arc::clone(&branch),
            application: None,
            door: None,
            idle: Duration::ZERO,
            scopes: Box::default(),
            calls: None,
        });
        let who = Who {
            subject: stored.key.id.uuid(),
            method: Method::AccessKey,
            signed_in_at: stored.key.created_at,
            ends_at: ends.unwrap_or(Timestamp::from_micros(i64::MAX)),
            ..Who::of_person(&person, way, places, read)
        };
        let rate = stored.key.rate.unwrap_or_else(|| branch.policy().key_rate);
        let used = LastTime::written(stored.key.last_used_at);
        let at = (branch.pool(), branch.tenant().id);
        let calls = core.uses_of(at, &Thing::Key(stored.key.id));
        let name = stored.key.name;
        Ok(Self { who: Arc::new(who), name, rate, used, calls })
    }
}
