//! Places: giving somebody one in a tenant, changing it, taking it away.
//!
//! One rule for all of it: nobody hands out or takes more than they have ([`Role::may_grant`]), and nobody edits
//! someone stronger ([`outranks`]).

mod give;
mod take;

pub use give::{NewMembership, give};
pub use take::take;

use crate::{Actor, Branch, Caller, Core, Error, Result};
use doorward_model::{
    Event, EventKind, Kind, Membership, Person, PersonId, PersonNumber, PersonStatus, Role, TenantId,
};
use doorward_store::revocations::{self, Revoked};
use doorward_store::{Error as StoreError, Tx, events, memberships, people};

/// What changes; `None` leaves a thing as it is.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// With which rights.
    pub role: Option<Role>,
    /// RubiCRM's `UserStatus`; `Some(None)` removes it.
    pub standing: Option<Option<String>>,
}

/// Characters of a standing: a word or two beside a name.
const STANDING_CHARS: usize = 250;

/// A standing is a line.
fn check_standing(standing: Option<&str>) -> Result<()> {
    let is_line = |word: &str| {
        !word.trim().is_empty()
            && word.chars().count() <= STANDING_CHARS
            && !word.chars().any(char::is_control)
    };
    if standing.is_none_or(is_line) {
        Ok(())
    } else {
        Err(Error::invalid("standing", format!("expected a line of 1 to {STANDING_CHARS} characters")))
    }
}

/// The living people with a place of this kind in a tenant itself, oldest place first, for its administrators.
pub async fn list(
    core: &Core,
    actor: &Actor,
    branch: &Branch,
    kind: Kind,
) -> Result<Vec<(Membership, Person)>> {
    actor.administers(branch)?;
    let tenant = branch.tenant().id;
    let mut listed =
        core.db().read(branch.pool(), move |tx| memberships::list_people(tx, tenant, kind)).await?;
    listed.retain(|(_, person)| person.status != PersonStatus::Deleted);
    Ok(listed)
}

/// Somebody's place of this kind in a tenant itself. [`Error::NotFound`] where there is none.
pub async fn find(core: &Core, branch: &Branch, person: PersonId, kind: Kind) -> Result<Membership> {
    let tenant = branch.tenant().id;
    core.db().read(branch.pool(), move |tx| at(tx, person, tenant, kind)).await?.ok_or(Error::NotFound)
}

/// The living person of a number whose places of this kind reach a tenant, with the strongest of them.
/// [`Error::NotFound`] for anybody else, wherever they may be.
pub async fn reaching(
    core: &Core,
    branch: &Branch,
    number: PersonNumber,
    kind: Kind,
) -> Result<(Person, Membership)> {
    let here = branch.clone();
    let found = core.db().read(branch.pool(), move |tx| {
        let person = people::find_by_number(tx, number)?;
        let Some(person) = person.filter(|p| p.status != PersonStatus::Deleted) else { return Ok(None) };
        let places = memberships::list_by_person(tx, person.id)?;
        let reaching = places.into_iter().filter(|place| place.kind == kind && here.contains(place.tenant));
        Ok(reaching.min_by_key(|place| place.role).map(|place| (person, place)))
    });
    found.await?.ok_or(Error::NotFound)
}

/// All of somebody's places in their pool, oldest first, each with its branch; for the operator.
pub async fn of_person(core: &Core, actor: &Actor, person: &Person) -> Result<Vec<(Membership, Branch)>> {
    match actor {
        Actor::Operator => {}
        Actor::Person(_) => return Err(Error::NotAllowed),
    }
    let id = person.id;
    let listed = core.db().read(person.pool, move |tx| {
        let mut placed = Vec::new();
        for place in memberships::list_by_person(tx, id)? {
            let branch = Branch::read(tx, place.tenant)?;
            placed.extend(branch.map(|branch| (place, branch)));
        }
        Ok(placed)
    });
    Ok(listed.await?)
}

/// Somebody's places below a tenant, oldest first, each with its branch; not those in suspended or deleted tenants. For
/// doors where the person has just proved who they are.
pub async fn below(core: &Core, top: &Branch, person: PersonId) -> Result<Vec<(Branch, Membership)>> {
    let scope = top.tenant().id;
    let listed = core.db().read(top.pool(), move |tx| {
        let mut below = Vec::new();
        for place in memberships::list_by_person(tx, person)?.into_iter().filter(|p| p.tenant != scope) {
            let branch = Branch::read(tx, place.tenant)?;
            let is_below = |branch: &Branch| branch.is_open() && branch.contains(scope);
            below.extend(branch.filter(is_below).map(|branch| (branch, place)));
        }
        Ok(below)
    });
    Ok(listed.await?)
}

/// Changes role or standing of a place.
pub async fn change(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    (person, kind): (PersonId, Kind),
    changes: Changes,
) -> Result<Membership> {
    check_standing(changes.standing.as_ref().and_then(|word| word.as_deref()))?;
    let role = actor.administers(branch)?;
    let (pool, tenant, now) = (branch.pool(), branch.tenant().id, core.now());
    let event = Event {
        person: Some(person),
        ..core.act(caller, actor, EventKind::MembershipSet, (pool, tenant), now)?
    };
    core.db()
        .write(pool, move |tx| {
            let Some(known) = at(tx, person, tenant, kind)? else { return Ok(Err(Error::NotFound)) };
            let new = changes.role.unwrap_or(known.role);
            if !role.may_grant(known.role) || !role.may_grant(new) {
                return Ok(Err(Error::NotAllowed));
            }
            let standing = changes.standing.clone().unwrap_or_else(|| known.standing.clone());
            let detail = Some(format!("{} {}", kind.as_str(), new.as_str()));
            let changed = Membership { role: new, standing, ..known };
            memberships::update(tx, &changed)?;
            events::insert(tx, &Event { detail, ..event.clone() })?;
            revocations::insert(tx, Revoked::Person(person), now)?;
            Ok(Ok(changed))
        })
        .await?
}

/// Refuses whoever holds `role` at `top` to act on a person who is stronger there, or has no place there or below.
pub(crate) fn outranks(
    tx: &mut Tx<'_>,
    role: Role,
    top: TenantId,
    person: PersonId,
) -> Result<Result<()>, StoreError> {
    let places = memberships::list_by_person(tx, person)?;
    let Some(here) = Branch::read(tx, top)? else { return Ok(Err(Error::NotFound)) };
    let mut strongest: Option<Role> = None;
    for place in places {
        let is_below = Branch::read(tx, place.tenant)?.is_some_and(|branch| branch.contains(top));
        if is_below || here.contains(place.tenant) {
            strongest = Some(strongest.map_or(place.role, |known| known.min(place.role)));
        }
    }
    Ok(match strongest {
        None => Err(Error::NotFound),
        Some(theirs) if role.may_grant(theirs) => Ok(()),
        Some(_) => Err(Error::NotAllowed),
    })
}

fn at(
    tx: &mut Tx<'_>,
    person: PersonId,
    tenant: TenantId,
    kind: Kind,
) -> Result<Option<Membership>, StoreError> {
    let is_there = people::find(tx, person)?.is_some_and(|person| person.status != PersonStatus::Deleted);
    let places = memberships::list_by_person(tx, person)?;
    let found = places.into_iter().find(|place| place.tenant == tenant && place.kind == kind);
    Ok(found.filter(|_| is_there))
}
