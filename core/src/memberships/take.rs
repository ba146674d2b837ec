//! Taking a place away: sessions that only it kept open end with it (P3).

use super::{at, somebody_administers};
use crate::{Actor, Branch, Caller, Core, Error, Expected, Result, expected};
use doorward_model::{Event, EventKind, Kind, Membership, PersonId, SessionId};
use doorward_store::{Error as StoreError, Tx, events, memberships, sessions};

/// Takes somebody's place of this kind in a tenant. The person stays, and what they have elsewhere.
///
/// Errors: [`Error::NotFound`] where there is none, [`Error::NotAllowed`], and [`Error::Conflict`] where nobody would
/// administer the tree any more.
pub async fn take(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    person: PersonId,
    kind: Kind,
) -> Result<Membership> {
    take_version(core, caller, actor, branch, (person, kind), None).await
}

/// The same for a place as it was read. Errors: also [`Error::Conflict`] of the field `version` where another is there.
pub async fn take_version(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    (person, kind): (PersonId, Kind),
    expected: Expected,
) -> Result<Membership> {
    let role = actor.administers(branch)?;
    let (pool, tenant, now) = (branch.pool(), branch.tenant().id, core.now());
    let event = Event {
        person: Some(person),
        detail: Some(kind.as_str().to_owned()),
        ..core.act(caller, actor, EventKind::MembershipRemoved, (pool, tenant), now)?
    };
    let actor = actor.clone();
    core.db()
        .write(pool, move |tx| {
            let Some(place) = at(tx, person, tenant, kind)? else { return Ok(Err(Error::NotFound)) };
            if let Err(stale) = expected::check(expected, place.version) {
                return Ok(Err(stale));
            }
            if !actor.may_grant(role, place.role) {
                return Ok(Err(Error::NotAllowed));
            }
            let mut left = memberships::list_by_person(tx, person)?;
            left.retain(|other| other.id != place.id);
            if let Err(refused) = somebody_administers(tx, &actor, person, &left)? {
                return Ok(Err(refused));
            }
            memberships::delete(tx, place.id)?;
            for session in orphaned(tx, person)? {
                sessions::delete(tx, session)?;
            }
            events::insert(tx, &event)?;
            Ok(Ok(place))
        })
        .await?
}

/// The person's sessions where no place that they speak for reaches any more.
fn orphaned(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<SessionId>, StoreError> {
    let places = memberships::list_by_person(tx, person)?;
    let mut orphaned = Vec::new();
    for stored in sessions::list_by_person(tx, person)? {
        let branch = Branch::read(tx, stored.session.tenant)?;
        let speaks = |place: &&Membership| stored.session.speaks_for(place);
        let mut kept_by = places.iter().filter(speaks);
        if !branch.is_some_and(|branch| kept_by.any(|place| branch.contains(place.tenant))) {
            orphaned.push(stored.session.id);
        }
    }
    Ok(orphaned)
}
