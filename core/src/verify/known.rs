//! The question every API asks, answered from memory: a session's token in, [`Who`] out, and no read of the database
//! while nothing it hangs on was revoked. What is not remembered is read by key, once for all who wait for it.

use super::life::{Death, Ground, Standing, has_place, judge};
use super::memory::{Callers, Memory, TokenHash, WayKey};
use super::reading::{Remembered, lead};
use super::stamps::Moment;
use super::touches::slid;
use super::who::{Method, Place, Places, Program, Way, Who, texts};
use super::{Reason, session::write_down};
use crate::sign_in::idle_span;
use crate::{Branch, Core};
use doorward_crypto::HashPurpose;
use doorward_model::{
    Application, Kind, Membership, Person, PoolId, Role, Secret, SessionId, SessionScheme, TenantId,
    Timestamp,
};
use doorward_store::callers::{self, Caller, CallerPerson};
use doorward_store::{Error as StoreError, HouseTx, Tx};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Who holds a session token of this scheme. A token of another scheme is nobody's.
///
/// `from` is the client's address, if it is known, for counting tokens that are nobody's.
pub async fn by_session(
    core: &Core,
    from: Option<IpAddr>,
    scheme: SessionScheme,
    token: &Secret,
) -> Result<Arc<Who>, Reason> {
    core.verified().counted(find(core, from, scheme, token).await)
}

async fn find(
    core: &Core,
    from: Option<IpAddr>,
    scheme: SessionScheme,
    token: &Secret,
) -> Result<Arc<Who>, Reason> {
    let now = core.now();
    let who = lead::<Who>(core, from, token, now).await?;
    usable(core, who, scheme, now).await
}

async fn usable(
    core: &Core,
    who: Arc<Who>,
    scheme: SessionScheme,
    now: Timestamp,
) -> Result<Arc<Who>, Reason> {
    if who.method() != Method::Session(scheme) {
        return Err(Reason::Invalid);
    }
    if who.is_over(now) {
        write_down(core, who.pool(), SessionId::new(who.subject())).await;
        return Err(Reason::Expired);
    }
    if who.must_reset() {
        return Err(Reason::PasswordResetRequired);
    }
    slide(core, &who, now);
    Ok(who)
}

/// Lets the session live on. Nobody waits for that; a use that finds no room is noted by the next one.
fn slide(core: &Core, who: &Who, now: Timestamp) {
    let on_record = who.idle_until();
    let Some(later) = slid(on_record, who.way.idle, who.ends_at, now) else { return };
    if core.memory().touches.note((who.pool(), SessionId::new(who.subject())), now, later) {
        who.idle_until.fetch_max(later.micros(), Ordering::Relaxed);
    }
}

impl Remembered for Who {
    const PURPOSE: HashPurpose = HashPurpose::SessionToken;

    fn who(&self) -> &Who {
        self
    }

    fn place(memory: &Memory) -> &Callers<Self> {
        &memory.callers
    }

    async fn read(core: &Core, hash: TokenHash, now: Timestamp) -> Result<Arc<Self>, Reason> {
        // Before the row: what is revoked while it is read makes the entry stale.
        let read = core.memory().stamps.now();
        let op = core.clone();
        let found = core.db().glance(move |tx| Found::read(&op, tx, &hash, read, now)).await;
        match found.map_err(Reason::of_store)? {
            Found::Caller(who) => Ok(Arc::new(*who)),
            Found::Nobody => Err(Reason::Invalid),
            Found::Dead(pool, id, death) => {
                if death == Death::Expired {
                    write_down(core, pool, id).await;
                }
                Err(death.into())
            }
            Found::ProgramOff => Err(Reason::ApplicationDisabled),
        }
    }
}

/// What a token's hash leads to.
enum Found {
    Caller(Box<Who>),
    Nobody,
    Dead(PoolId, SessionId, Death),
    ProgramOff,
}

impl Found {
    fn read(
        core: &Core,
        tx: &mut HouseTx<'_>,
        hash: &TokenHash,
        read: Moment,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let Some(caller) = callers::find(tx, hash)? else { return Ok(Self::Nobody) };
        let pool = caller.pool;
        tx.in_pool(pool, |tx| Self::judged(core, tx, caller, read, now))
    }

    fn judged(
        core: &Core,
        tx: &mut Tx<'_>,
        caller: Caller,
        read: Moment,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let memory = core.memory();
        let branch = memory.branch(tx, caller.tenant)?;
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
        let places = places_at(memory, tx, &branch, spoken_for)?;
        let way = way(core, &branch, &caller);
        Ok(Self::Caller(Box::new(Who::of_caller(&caller, person, way, places, read))))
    }
}

/// A person's places, with the numbers clients know the tenants by.
pub(super) fn places(
    memory: &Memory,
    tx: &mut Tx<'_>,
    branch: &Branch,
    memberships: &[Membership],
) -> Result<Places, StoreError> {
    places_at(memory, tx, branch, memberships.iter().map(|place| (place.tenant, place.kind, place.role)))
}

fn places_at(
    memory: &Memory,
    tx: &mut Tx<'_>,
    branch: &Branch,
    all: impl Iterator<Item = (TenantId, Kind, Role)>,
) -> Result<Places, StoreError> {
    let mut places = Vec::new();
    for (tenant, kind, role) in all {
        let here = branch.tenant();
        let number = if tenant == here.id {
            Some(here.number)
        } else {
            memory.branch(tx, tenant)?.map(|there| there.tenant().number)
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
    })
}

impl Program {
    pub(super) fn of(application: &Application) -> Self {
        Self { id: application.id, app_id: application.app_id.clone() }
    }
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
            places,
            texts: texts(&person.email, &person.first_name, &person.last_name, &person.known_as),
        }
    }

    /// A person as everything else than a session shows them: from now on, for ever.
    pub(super) fn of_person(person: &Person, way: Arc<Way>, places: Places, read: Moment) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let profile = &person.profile;
        Self {
            subject: person.id.uuid(),
            person: person.id,
            way,
            signed_in_at: person.created_at,
            ends_at: Timestamp::from_micros(i64::MAX),
            idle_until: AtomicI64::new(i64::MAX),
            read,
            number: person.number.get(),
            method: Method::AccessKey,
            must_reset: person.password_reset_required,
            places,
            texts: texts(
                person.email.as_written(),
                &text(&profile.first_name),
                &text(&profile.last_name),
                &text(&profile.known_as),
            ),
        }
    }
}
