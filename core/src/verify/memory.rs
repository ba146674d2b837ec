//! The memory of who is calling: what a token or key led to, kept until something it hangs on is revoked.
//!
//! An entry is believed only while [`Stamps`] say that nothing it hangs on became stale since it was read, and until
//! its time is over. Everything here is bounded; what is forgotten is read again. The engine tells revocations to
//! [`Memory::forget`] after the commit and before the one who revoked is answered, so the very next request is refused.

use super::Reason;
use super::callers::{CALLER_BYTES, Callers, FirstBytes, TokenHash, callers};
use super::held::{Admission, HeldKey, HeldToken, Kept, WayKey};
use super::outages::Outages;
use super::reading::Remembered;
use super::reason::Gone;
use super::stamps::{Moment, Stamps};
use super::touches::Touches;
use super::way::Way;
use super::who::Who;
use crate::Branch;
use doorward_model::{AppId, PoolId, TenantId, Timestamp};
use doorward_store::{Error as StoreError, Hearing, Invalidation, Tx};
use quick_cache::sync::{Cache, DefaultLifecycle};
use std::hash::BuildHasherDefault;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// Tenants remembered with what is above them. A pool of one tenant is common, so this many pools fit.
const BRANCHES: usize = 4_096;
/// Ways in: a tenant, a program and a door, as far as they were used lately.
const WAYS: usize = 16_384;
/// Programs remembered by their public id.
const PROGRAMS: usize = 4_096;
/// Key pairs remembered.
const KEYS: usize = 65_536;
/// Bearer tokens remembered.
const TOKENS: usize = 16_384;
/// Tokens known to be nobody's, or nobody's any more: enough for every stale client of a large platform, 64 bytes each.
const GONE: usize = 65_536;
/// How long a token stays nobody's without being looked up again. Tokens are random, so none becomes somebody's by
/// signing in; one that was imported works after this, and one whose person was given a place again.
const GONE_FOR: Duration = Duration::from_secs(10);

/// Everything that is remembered for verifying.
pub(crate) struct Memory {
    pub(super) stamps: Stamps,
    pub(super) outages: Outages,
    hearing: Hearing,
    doors_changed: Notify,
    pub(super) touches: Touches,
    pub(super) callers: Callers<Who>,
    pub(super) keys: Callers<HeldKey>,
    pub(super) tokens: Callers<HeldToken>,
    branches: Cache<TenantId, Arc<Kept<Arc<Branch>>>>,
    ways: Cache<WayKey, Arc<Way>>,
    pub(super) programs: Cache<AppId, Arc<Kept<Admission>>>,
    gone: Cache<TokenHash, (Gone, Timestamp), quick_cache::UnitWeighter, BuildHasherDefault<FirstBytes>>,
}

impl Memory {
    /// A memory of about this many bytes for callers; the rest is small.
    pub(crate) fn new(bytes: u64, hearing: Hearing) -> Self {
        Self {
            stamps: Stamps::default(),
            outages: Outages::default(),
            hearing,
            doors_changed: Notify::new(),
            touches: Touches::default(),
            callers: callers(bytes),
            keys: callers(CALLER_BYTES * KEYS as u64),
            tokens: callers(CALLER_BYTES * TOKENS as u64),
            branches: Cache::new(BRANCHES),
            ways: Cache::new(WAYS),
            programs: Cache::new(PROGRAMS),
            gone: Cache::with(
                GONE,
                GONE as u64,
                quick_cache::UnitWeighter,
                BuildHasherDefault::default(),
                DefaultLifecycle::default(),
            ),
        }
    }

    /// Forgets what a committed transaction made stale.
    pub(crate) fn forget(&self, stale: &[Invalidation]) {
        for stale in stale {
            match stale {
                Invalidation::Person { person, .. } => self.stamps.stamp(person.uuid()),
                Invalidation::Tenant { tenant, .. } => self.stamps.stamp(tenant.uuid()),
                Invalidation::Session { session, .. } => self.stamps.stamp(session.uuid()),
                Invalidation::Key { key, .. } => self.stamps.stamp(key.uuid()),
                Invalidation::Token { token, .. } => self.stamps.stamp(token.uuid()),
                Invalidation::Application { application, .. } => self.stamps.stamp(application.uuid()),
                // Whatever was too much to be told one by one: doors may be among it.
                Invalidation::Everything => {
                    self.forget_all();
                    self.doors_changed.notify_one();
                }
                // Told once the new table of doors is in its place (`Core::load_doors`).
                Invalidation::Doors => self.doors_changed.notify_one(),
            }
        }
    }

    /// Forgets everybody: something all of them may hang on has changed.
    pub(crate) fn forget_all(&self) {
        self.stamps.stamp_all();
        // An imported platform brings tokens that were nobody's a moment ago.
        self.gone.clear();
    }

    /// Waits until doors were changed, by whichever node.
    pub(crate) async fn doors_changed(&self) {
        self.doors_changed.notified().await;
    }

    /// Whether what is remembered may be believed: what other nodes revoked was heard of lately enough.
    pub(super) fn is_current(&self) -> bool {
        self.hearing.is_current()
    }

    /// Whether nothing a caller hangs on was revoked since they were read.
    pub(super) fn holds(&self, who: &Who) -> bool {
        self.is_current() && self.stamps.holds(who.read, who.subjects())
    }

    /// The same, and their time is not over either, as far as this node knows: it may have been prolonged at a door, or by
    /// another node, so who seems to be over is read again.
    pub(super) fn serves(&self, who: &Who, now: Timestamp) -> bool {
        !who.is_over(now) && self.holds(who)
    }

    /// What a token led to, if that still holds.
    pub(super) fn recall<T: Remembered>(&self, hash: &TokenHash, now: Timestamp) -> Option<Arc<T>> {
        T::place(self).get(hash).filter(|held| self.serves(held.who(), now))
    }

    /// Whether a program still holds.
    pub(super) fn holds_program(&self, kept: &Kept<Admission>) -> bool {
        let tenants = kept.value.branch.upwards().map(|tenant| tenant.id.uuid());
        let own = std::iter::once(kept.value.stored.application.id.uuid());
        self.is_current() && self.stamps.holds(kept.read, own.chain(tenants))
    }

    /// A tenant with its ancestors, if it is remembered and still holds.
    pub(crate) fn recall_branch(&self, pool: PoolId, tenant: TenantId) -> Option<Arc<Branch>> {
        let holds = |kept: &Arc<Kept<Arc<Branch>>>| {
            self.is_current()
                && self.stamps.holds(kept.read, kept.value.upwards().map(|tenant| tenant.id.uuid()))
        };
        let kept = self.branches.get(&tenant).filter(holds)?;
        Some(Arc::clone(&kept.value)).filter(|branch| branch.pool() == pool)
    }

    /// The same, read and remembered where it is not. `read` is a moment from before the transaction: one taken inside it
    /// may be later than what the transaction sees. Only for transactions that read: what a writing one sees may never be
    /// committed. `None` as for [`Branch::read`].
    pub(super) fn branch(
        &self,
        tx: &mut Tx<'_>,
        tenant: TenantId,
        read: Moment,
    ) -> Result<Option<Arc<Branch>>, StoreError> {
        if let Some(branch) = self.recall_branch(tx.pool(), tenant) {
            return Ok(Some(branch));
        }
        self.read_branch(tx, tenant, read)
    }

    /// The same, whatever is remembered: for who is judged by all that a transaction sees at one moment.
    pub(super) fn read_branch(
        &self,
        tx: &mut Tx<'_>,
        tenant: TenantId,
        read: Moment,
    ) -> Result<Option<Arc<Branch>>, StoreError> {
        let Some(branch) = Branch::read(tx, tenant)?.map(Arc::new) else { return Ok(None) };
        self.branches.insert(tenant, Arc::new(Kept { read, value: Arc::clone(&branch) }));
        Ok(Some(branch))
    }

    /// The way of those who came like this; made once for all of them.
    pub(super) fn way(&self, key: &WayKey, branch: &Arc<Branch>, make: impl FnOnce() -> Way) -> Arc<Way> {
        let known = self.ways.get(key).filter(|way| Arc::ptr_eq(&way.branch, branch));
        known.unwrap_or_else(|| {
            let way = Arc::new(make());
            self.ways.insert(key.clone(), Arc::clone(&way));
            way
        })
    }

    /// Why a token led nowhere a moment ago.
    pub(super) fn gone(&self, hash: &TokenHash, now: Timestamp) -> Option<Reason> {
        self.gone.get(hash).filter(|(_, until)| now < *until).map(|(gone, _)| gone.into())
    }

    /// Remembers that a token leads nowhere, where it will not lead somewhere the next moment.
    pub(super) fn note_gone(&self, hash: TokenHash, reason: &Reason, now: Timestamp) {
        if let Some(gone) = Gone::of(reason) {
            self.gone.insert(hash, (gone, now.plus(GONE_FOR)));
        }
    }

    /// Callers remembered now, and the bytes they were weighed at.
    pub(crate) fn size(&self) -> (u64, u64) {
        let count = u64::try_from(self.callers.len()).unwrap_or(u64::MAX);
        (count, self.callers.weight())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Actor, Caller, Clock, Core, Parts, Settings, VERIFY_MEMORY, tenants};
    use doorward_crypto::password::{HashQueue, HashQueueSettings, Params};
    use doorward_crypto::{Keyring, Random};
    use doorward_model::{Policy, Slug};
    use doorward_store::{Db, SqliteSettings};
    use std::path::Path;

    /// On a file, where a write may commit while a transaction reads.
    async fn core(directory: &Path) -> Core {
        let parts = Parts {
            db: Db::open(&SqliteSettings { path: directory.join("doorward.db"), readers: 1 }).unwrap(),
            hashes: HashQueue::start(HashQueueSettings::sized(1, 0, Params::cheap())).unwrap(),
            keys: Keyring::create(&directory.join("doorward.keys"), 0, &Random::os()).unwrap(),
            clock: Clock::system(),
            settings: Settings {
                public_url: "http://127.0.0.1".parse().unwrap(),
                region: None,
                verify_memory: VERIFY_MEMORY,
            },
        };
        Core::start(parts, "test").await.unwrap()
    }

    #[tokio::test]
    async fn whoever_is_told_that_everything_changed_reads_the_doors_too() {
        for stale in [Invalidation::Doors, Invalidation::Everything] {
            let memory = Memory::new(VERIFY_MEMORY, Db::in_memory().unwrap().hearing());
            memory.forget(&[stale]);
            tokio::select! {
                biased;
                () = memory.doors_changed() => {}
                () = std::future::ready(()) => panic!("the doors are as they were: {stale:?}"),
            }
        }
    }

    #[tokio::test]
    async fn a_tenant_suspended_while_it_is_read_is_not_remembered_as_open() {
        let directory = tempfile::tempdir().unwrap();
        let core = core(directory.path()).await;
        let new = tenants::NewTenant {
            parent: None,
            slug: Slug::parse("harbour").unwrap(),
            number: None,
            display_name: "Harbour".to_owned(),
            region: None,
            policy: Policy::default(),
            profile: Vec::new(),
        };
        let pool = tenants::create(&core, &Caller::local("test"), &Actor::Operator, new).await.unwrap();
        let (op, id, other) = (core.clone(), pool.tenant().id, pool.clone());
        let read = core.memory().stamps.now();
        let seen = core.db().glance(move |tx| {
            tx.in_pool(other.pool(), |tx| {
                // What the transaction sees is settled by its first statement.
                doorward_store::tenants::find(tx, id)?;
                let (op, pool) = (&op, &other);
                std::thread::scope(|scope| {
                    scope.spawn(move || {
                        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                        let caller = Caller::local("test");
                        runtime.block_on(tenants::suspend(op, &caller, &Actor::Operator, pool)).unwrap();
                    });
                });
                op.memory().branch(tx, id, read)
            })
        });
        assert!(seen.await.unwrap().unwrap().is_open(), "as the transaction sees it");
        assert!(core.memory().recall_branch(pool.pool(), id).is_none());
    }
}
