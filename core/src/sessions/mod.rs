//! Sessions that are open: seeing them, ending them, and taking one to another tenant of its tree.

mod open;

pub use open::{Open, list_at, list_before};

use crate::verify::life::{Ground, Standing, has_membership, judge};
use crate::{Actor, Branch, Caller, Core, Error, Identity, Result};
use doorward_model::{Event, EventKind, Kind, Membership, Person, PersonId, PoolId, Session, SessionId};
use doorward_store::sessions::StoredSession;
use doorward_store::{Error as StoreError, Tx, events, memberships, people, sessions};

/// Whose sessions are meant.
#[derive(Clone, Copy, Debug)]
pub enum Whose<'a> {
    /// One's own, wherever they are.
    Own(&'a Identity),
    /// Somebody's at a tenant and below, for those who administer it.
    Of {
        /// Who asks.
        actor: &'a Actor,
        /// Where.
        branch: &'a Branch,
        /// Whose.
        person: PersonId,
    },
}

impl Whose<'_> {
    fn pool(&self) -> PoolId {
        match self {
            Self::Own(identity) => identity.pool(),
            Self::Of { branch, .. } => branch.pool(),
        }
    }

    fn person(&self) -> PersonId {
        match self {
            Self::Own(identity) => identity.person.id,
            Self::Of { person, .. } => *person,
        }
    }
}

/// The live sessions, oldest first. Nothing of them could sign anybody in.
pub async fn list(core: &Core, whose: Whose<'_>) -> Result<Vec<Session>> {
    let search = Search::of(core, whose)?;
    let pool = search.pool;
    core.db().read(pool, move |tx| search.run(tx)).await?
}

/// Ends one session. [`Error::NotFound`] for one that ended, or is not among those meant.
pub async fn end(core: &Core, caller: &Caller, whose: Whose<'_>, id: SessionId) -> Result<()> {
    let ended = end_each(core, caller, whose, move |session| session.id == id).await?;
    if ended == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Ends every session but `keep`, and says how many.
pub async fn end_all(
    core: &Core,
    caller: &Caller,
    whose: Whose<'_>,
    keep: Option<SessionId>,
) -> Result<usize> {
    end_each(core, caller, whose, move |session| Some(session.id) != keep).await
}

/// Takes a session to another tenant of its tree, where it speaks for a place of one of these kinds. The token stays
/// the same (BookingBug's `PUT /login/admin`).
///
/// Errors: [`Error::NotFound`] outside the tree, [`Error::NotAllowed`] inside it without a place there or where it is
/// closed, [`Error::NotSignedIn`] if the session ended meanwhile.
pub async fn switch_tenant(
    core: &Core,
    caller: &Caller,
    identity: &Identity,
    to: &Branch,
    kinds: &'static [Kind],
) -> Result<Identity> {
    let session = identity.session().ok_or(Error::NotSignedIn)?.clone();
    if to.pool() != identity.pool() {
        return Err(Error::NotFound);
    }
    let (now, epoch, target) = (core.now(), core.epoch(), to.tenant().id);
    let event = core.event_of(caller, EventKind::TenantSwitched, identity, now)?;
    let event = Event { tenant: Some(target), detail: Some(format!("from {}", session.tenant)), ..event };
    core.db()
        .write(identity.pool(), move |tx| {
            let stored = sessions::find(tx, session.id)?;
            let person = people::find(tx, session.person)?;
            let Some((stored, person)) = stored.zip(person) else { return Ok(Err(Error::NotSignedIn)) };
            let places = memberships::list_by_person(tx, person.id)?;
            let here = Branch::read(tx, stored.session.tenant)?;
            let ground = Ground {
                person: Some(Standing::from(&person)),
                branch: here.as_ref(),
                has_place: has_membership(stored.session.kind, here.as_ref(), &places),
                epoch,
                now,
            };
            // Or a session that ended with its tenant would live on in another.
            if judge(&stored.terms(), &ground).is_err() {
                return Ok(Err(Error::NotSignedIn));
            }
            let Some(branch) = Branch::read(tx, target)? else { return Ok(Err(Error::NotFound)) };
            let may = |p: &Membership| kinds.contains(&p.kind) && stored.session.speaks_for(p);
            let is_placed = places.iter().any(|place| may(place) && branch.contains(place.tenant));
            if !is_placed || !branch.is_open() {
                return Ok(Err(Error::NotAllowed));
            }
            sessions::move_to(tx, session.id, target, branch.tenant().auth_generation)?;
            events::insert(tx, &event)?;
            let session = Session { tenant: target, ..stored.session };
            Ok(Ok(Identity::of_session(session, person, branch, places)))
        })
        .await?
}

async fn end_each(
    core: &Core,
    caller: &Caller,
    whose: Whose<'_>,
    is_meant: impl Fn(&Session) -> bool + Send + 'static,
) -> Result<usize> {
    let search = Search::of(core, whose)?;
    let now = core.now();
    let event = match whose {
        Whose::Own(identity) => core.event_of(caller, EventKind::SessionEnded, identity, now)?,
        Whose::Of { actor, branch, person } => Event {
            person: Some(person),
            ..core.act(caller, actor, EventKind::SessionEnded, (branch.pool(), branch.tenant().id), now)?
        },
    };
    core.db()
        .write(search.pool, move |tx| {
            let held = match search.run(tx)? {
                Ok(held) => held,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let meant: Vec<SessionId> =
                held.iter().filter(|session| is_meant(session)).map(|session| session.id).collect();
            if meant.is_empty() {
                return Ok(Ok(0));
            }
            for id in &meant {
                sessions::delete(tx, *id)?;
            }
            let detail = Some(format!("{} ended", meant.len()));
            let session = meant.first().copied().filter(|_| meant.len() == 1);
            events::insert(tx, &Event { session, detail, ..event.clone() })?;
            Ok(Ok(meant.len()))
        })
        .await?
}

/// What [`Whose`] means inside a transaction.
struct Search {
    pool: PoolId,
    person: PersonId,
    /// Sessions at and below it only, and only if the role there outranks the person.
    within: Option<(doorward_model::TenantId, doorward_model::Role)>,
    now: doorward_model::Timestamp,
    epoch: i64,
}

impl Search {
    fn of(core: &Core, whose: Whose<'_>) -> Result<Self> {
        let within = match whose {
            Whose::Own(_) => None,
            Whose::Of { actor, branch, .. } => Some((branch.tenant().id, actor.administers(branch)?)),
        };
        let (pool, person) = (whose.pool(), whose.person());
        Ok(Self { pool, person, within, now: core.now(), epoch: core.epoch() })
    }

    fn run(&self, tx: &mut Tx<'_>) -> Result<Result<Vec<Session>>, StoreError> {
        let Some(person) = people::find(tx, self.person)? else { return Ok(Err(Error::NotFound)) };
        if let Some((top, role)) = self.within {
            match crate::memberships::outranks(tx, role, top, self.person)? {
                Ok(()) => {}
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
        let places = memberships::list_by_person(tx, person.id)?;
        let mut held = Vec::new();
        for stored in sessions::list_by_person(tx, person.id)? {
            if self.is_meant(tx, &stored, &person, &places)? {
                held.push(stored.session);
            }
        }
        Ok(Ok(held))
    }

    /// Whether a session lives, at a tenant that is meant.
    fn is_meant(
        &self,
        tx: &mut Tx<'_>,
        stored: &StoredSession,
        person: &Person,
        memberships: &[Membership],
    ) -> Result<bool, StoreError> {
        let Some(branch) = Branch::read(tx, stored.session.tenant)? else { return Ok(false) };
        let is_within = self.within.is_none_or(|(top, _)| branch.contains(top));
        let ground = Ground {
            person: Some(Standing::from(person)),
            branch: Some(&branch),
            has_place: has_membership(stored.session.kind, Some(&branch), memberships),
            epoch: self.epoch,
            now: self.now,
        };
        Ok(is_within && judge(&stored.terms(), &ground).is_ok())
    }
}
