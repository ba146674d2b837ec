//! The question every API asks, answered from memory: a session's token in, [`Who`] out, and no read of the database
//! while nothing it hangs on was revoked. What is not remembered is read by key, once for all who wait for it.

use super::life::{Death, Ground, judge};
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
    Application, Membership, Person, PoolId, Secret, Session, SessionId, SessionScheme, Timestamp,
};
use doorward_store::{Error as StoreError, HouseTx, Tx};
use doorward_store::{applications, lookup, memberships, people, sessions};
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
        match lookup::sessions::find(tx, hash)? {
            Some((pool, id)) => tx.in_pool(pool, |tx| Self::read_in_pool(core, tx, id, read, now)),
            None => Ok(Self::Nobody),
        }
    }

    fn read_in_pool(
        core: &Core,
        tx: &mut Tx<'_>,
        id: SessionId,
        read: Moment,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let memory = core.memory();
        let Some(stored) = sessions::find(tx, id)? else { return Ok(Self::Nobody) };
        let person = people::find(tx, stored.session.person)?;
        let branch = memory.branch(tx, stored.session.tenant)?;
        let memberships = memberships::list_by_person(tx, stored.session.person)?;
        let ground = Ground {
            person: person.as_ref(),
            branch: branch.as_deref(),
            memberships: &memberships,
            epoch: core.epoch(),
            now,
        };
        let verdict = judge(&stored, &ground);
        let (Ok(()), Some(person), Some(branch)) = (verdict, person, branch) else {
            return Ok(Self::Dead(tx.pool(), id, verdict.err().unwrap_or(Death::Ended)));
        };
        let session = stored.session;
        let program = match session.application {
            Some(id) => applications::find(tx, id)?.map(|stored| stored.application),
            None => None,
        };
        if program.as_ref().is_some_and(|program| program.disabled) {
            return Ok(Self::ProgramOff);
        }
        let spoken_for: Vec<_> = memberships.into_iter().filter(|place| session.speaks_for(place)).collect();
        let places = places(memory, tx, &branch, &spoken_for)?;
        let way = way(core, &branch, &session, program.as_ref());
        Ok(Self::Caller(Box::new(Who::of_session(&session, &person, way, places, read))))
    }
}

/// A person's places, with the numbers clients know the tenants by.
pub(super) fn places(
    memory: &Memory,
    tx: &mut Tx<'_>,
    branch: &Branch,
    memberships: &[Membership],
) -> Result<Places, StoreError> {
    let mut places = Vec::with_capacity(memberships.len());
    for place in memberships {
        if let Some(there) = memory.branch(tx, place.tenant)? {
            let reaches = branch.contains(place.tenant);
            places.push(Place::at(there.tenant().number, place.kind, place.role, reaches));
        }
    }
    Ok(places.into_iter().collect())
}

fn way(core: &Core, branch: &Arc<Branch>, session: &Session, program: Option<&Application>) -> Arc<Way> {
    let key = WayKey {
        tenant: session.tenant,
        application: session.application,
        door: session.door,
        scheme: Some(session.scheme),
    };
    core.memory().way(&key, branch, || Way {
        branch: Arc::clone(branch),
        application: program.map(Program::of),
        door: session.door.and_then(|door| core.doors().by_id(door)),
        idle: idle_span(session.scheme, branch.policy().session_idle),
        scopes: Box::default(),
    })
}

impl Program {
    pub(super) fn of(application: &Application) -> Self {
        Self { id: application.id, app_id: application.app_id.clone() }
    }
}

impl Who {
    fn of_session(session: &Session, person: &Person, way: Arc<Way>, places: Places, read: Moment) -> Self {
        Self {
            subject: session.id.uuid(),
            signed_in_at: session.signed_in_at,
            ends_at: session.expires_at,
            idle_until: AtomicI64::new(session.idle_until.micros()),
            method: Method::Session(session.scheme),
            ..Self::of_person(person, way, places, read)
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
