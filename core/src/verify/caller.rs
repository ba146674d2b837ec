//! Whom a session token leads to, read and judged where nobody remembers it.
//!
//! One statement reads the session with its person, places and program; the tenants are remembered. Only where a tenant
//! is not, or the session does not live, a transaction reads all of it at one moment, tenants included: what is remembered
//! of them may be older than the session, and would end it.

use super::callers::TokenHash;
use super::held::WayKey;
use super::life::{Death, Ground, Standing, has_place, judge};
use super::memory::Memory;
use super::place::{Place, Places};
use super::stamps::Moment;
use super::way::{Method, Program, Way};
use super::who::{Who, texts};
use crate::sign_in::idle_span;
use crate::{Branch, Core};
use doorward_model::{Kind, Membership, PoolId, Role, SessionId, TenantId, Thing, Timestamp};
use doorward_store::callers::{self, Caller, CallerPerson};
use doorward_store::{Error as StoreError, Tx};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32};

/// What a token's hash leads to.
pub(super) enum Found {
    Caller(Box<Who>),
    Nobody,
    Dead(PoolId, SessionId, Death),
    ProgramOff,
}

/// A tenant that is not remembered, and cannot be read here.
struct Unknown;

impl Found {
    /// Reads it.
    pub(super) async fn read(core: &Core, hash: TokenHash, now: Timestamp) -> Result<Self, StoreError> {
        if let Some(found) = Self::peek(core, hash, now).await? {
            return Ok(found);
        }
        // Before the rows: what is revoked while they are read makes the entry stale.
        let read = core.memory().stamps.now();
        let op = core.clone();
        let work = move |tx: &mut doorward_store::HouseTx<'_>| {
            let Some(caller) = callers::find(tx, &hash)? else { return Ok(Self::Nobody) };
            let pool = caller.pool;
            tx.in_pool(pool, |tx| {
                Self::judged(&op, &caller, read, now, |tenant| op.memory().read_branch(tx, tenant, read))
            })
        };
        core.db().glance(work).await
    }

    /// The same in one statement. `None` where that does not tell: what is remembered may be of another moment than what
    /// was read, so only a caller is believed of whom nothing was revoked meanwhile.
    async fn peek(core: &Core, hash: TokenHash, now: Timestamp) -> Result<Option<Self>, StoreError> {
        let memory = core.memory();
        let read = memory.stamps.now();
        let Some(caller) = core.db().peek(move |tx| callers::find(tx, &hash)).await? else {
            return Ok(Some(Self::Nobody));
        };
        let known = |tenant| memory.recall_branch(caller.pool, tenant).map(Some).ok_or(Unknown);
        Ok(match Self::judged(core, &caller, read, now, known) {
            Ok(Self::Caller(who)) if memory.holds(&who) => Some(Self::Caller(who)),
            Ok(Self::Caller(_) | Self::Nobody | Self::Dead(..) | Self::ProgramOff) | Err(Unknown) => None,
        })
    }

    fn judged<E>(
        core: &Core,
        caller: &Caller,
        read: Moment,
        now: Timestamp,
        mut branch_of: impl FnMut(TenantId) -> Result<Option<Arc<Branch>>, E>,
    ) -> Result<Self, E> {
        let branch = branch_of(caller.tenant)?;
        let places = caller.places.iter().map(|place| (place.kind, place.tenant));
        let standing =
            |person: &CallerPerson| Standing { status: person.status, generation: person.generation };
        let ground = Ground {
            person: caller.person.as_ref().map(standing),
            branch: branch.as_deref(),
            has_place: has_place(caller.kind, branch.as_deref(), places),
            epoch: core.epoch(),
            now,
        };
        let verdict = judge(&caller.terms, &ground);
        let (Ok(()), Some(person), Some(branch)) = (verdict, &caller.person, branch) else {
            return Ok(Self::Dead(caller.pool, caller.session, verdict.err().unwrap_or(Death::Ended)));
        };
        if caller.program.as_ref().is_some_and(|program| program.disabled) {
            return Ok(Self::ProgramOff);
        }
        let spoken_for = caller.places.iter().filter(|place| caller.kind.speaks_for(place.kind));
        let spoken_for = spoken_for.map(|place| (place.tenant, place.kind, place.role));
        let places = places_at(&branch, spoken_for, branch_of)?;
        let way = way(core, &branch, caller);
        Ok(Self::Caller(Box::new(Who::of_caller(caller, person, way, places, read))))
    }
}

/// A person's places, with the numbers clients know the tenants by.
pub(super) fn places(
    memory: &Memory,
    tx: &mut Tx<'_>,
    branch: &Branch,
    memberships: &[Membership],
    read: Moment,
) -> Result<Places, StoreError> {
    let all = memberships.iter().map(|place| (place.tenant, place.kind, place.role));
    places_at(branch, all, |tenant| memory.branch(tx, tenant, read))
}

fn places_at<E>(
    branch: &Branch,
    all: impl Iterator<Item = (TenantId, Kind, Role)>,
    mut branch_of: impl FnMut(TenantId) -> Result<Option<Arc<Branch>>, E>,
) -> Result<Places, E> {
    let mut places = Vec::new();
    for (tenant, kind, role) in all {
        let here = branch.tenant();
        let number = if tenant == here.id {
            Some(here.number)
        } else {
            branch_of(tenant)?.map(|there| there.tenant().number)
        };
        places.extend(number.map(|number| Place::at(number, kind, role, branch.contains(tenant))));
    }
    Ok(places.into_iter().collect())
}

fn way(core: &Core, branch: &Arc<Branch>, caller: &Caller) -> Arc<Way> {
    let program = caller.program.as_ref();
    let key = WayKey {
        tenant: caller.tenant,
        application: program.map(|program| program.id),
        door: caller.door,
        scheme: Some(caller.scheme),
    };
    core.memory().way(&key, branch, || Way {
        branch: Arc::clone(branch),
        application: program
            .and_then(|program| Some(Program { id: program.id, app_id: program.app_id.clone()? })),
        door: caller.door.and_then(|door| core.doors().by_id(door)),
        idle: idle_span(caller.scheme, branch.policy().session_idle),
        scopes: Box::default(),
        calls: caller.door.map(|door| core.uses_of((branch.pool(), branch.tenant().id), &Thing::Door(door))),
    })
}

impl Who {
    fn of_caller(
        caller: &Caller,
        person: &CallerPerson,
        way: Arc<Way>,
        places: Places,
        read: Moment,
    ) -> Self {
        Self {
            subject: caller.session.uuid(),
            person: person.id,
            way,
            signed_in_at: caller.signed_in_at,
            ends_at: caller.terms.expires_at,
            idle_until: AtomicI64::new(caller.terms.idle_until.micros()),
            read,
            number: person.number,
            method: Method::Session(caller.scheme),
            must_reset: person.must_reset,
            note_from: AtomicU32::new(0),
            places,
            texts: texts(&person.email, &person.first_name, &person.last_name, &person.known_as),
        }
    }
}
