//! Places: giving somebody one in a tenant, changing it, taking it away.
//!
//! One rule for all of it: nobody hands out or takes more than they have ([`Role::may_grant`]), and nobody edits
//! someone stronger ([`outranks`]). And a tree is never left without an administrator (`last.rs`).

mod give;
mod last;
mod read;
mod take;

pub use give::{NewMembership, give, give_once};
pub(crate) use last::somebody_administers;
pub use read::{below, find, list, list_after, of_member, of_person, one_of, reaching};
pub use take::{take, take_version};

use crate::{Actor, Branch, Caller, Core, Error, Expected, Result, expected};
use doorward_model::{Event, EventKind, Kind, Membership, PersonId, PersonStatus, Role, TenantId};
use doorward_store::{Error as StoreError, Tx, events, memberships, people};

/// What a place of this kind may not come with, whoever gives it.
pub(crate) fn check_role(kind: Kind, role: Role) -> Result<()> {
    if kind.may_have(role) {
        Ok(())
    } else {
        Err(Error::invalid("role", "a member is a customer and administers nothing"))
    }
}

/// What changes; `None` leaves a thing as it is.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// With which rights.
    pub role: Option<Role>,
    /// RubiCRM's `UserStatus`; `Some(None)` removes it.
    pub standing: Option<Option<String>>,
    /// The version that was read.
    pub expected: Expected,
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

/// Whether an actor who holds `role` may give a place the role `new`.
fn may_become(
    tx: &mut Tx<'_>,
    actor: &Actor,
    role: Role,
    known: &Membership,
    new: Role,
) -> Result<Result<()>, StoreError> {
    if !actor.may_grant(role, known.role) || !actor.may_grant(role, new) {
        return Ok(Err(Error::NotAllowed));
    }
    let mut left = memberships::list_by_person(tx, known.person)?;
    for place in left.iter_mut().filter(|place| place.id == known.id) {
        place.role = new;
    }
    somebody_administers(tx, actor, known.person, &left)
}

/// Changes role or standing of a place.
///
/// Errors: [`Error::NotFound`] where there is none, [`Error::NotAllowed`], and [`Error::Conflict`] where nobody would
/// administer the tree any more.
pub async fn change(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    (person, kind): (PersonId, Kind),
    changes: Changes,
) -> Result<Membership> {
    let change = PlaceChange::prepare(core, caller, actor, branch, (person, &[kind]), changes)?;
    core.db()
        .write(branch.pool(), move |tx| {
            let changed = match change.decide(tx)? {
                Ok(changed) => changed,
                Err(refused) => return Ok(Err(refused)),
            };
            change.write(tx, &changed)?;
            Ok(Ok(changed))
        })
        .await?
}

/// A change of a place, made ready before the transaction that makes it.
pub(crate) struct PlaceChange {
    actor: Actor,
    role: Role,
    person: PersonId,
    tenant: TenantId,
    kinds: Vec<Kind>,
    changes: Changes,
    event: Event,
}

impl PlaceChange {
    /// Of the first of these kinds of which there is a place in the tenant itself.
    pub(crate) fn prepare(
        core: &Core,
        caller: &Caller,
        actor: &Actor,
        branch: &Branch,
        (person, kinds): (PersonId, &[Kind]),
        changes: Changes,
    ) -> Result<Self> {
        check_standing(changes.standing.as_ref().and_then(|word| word.as_deref()))?;
        let role = actor.administers(branch)?;
        let tenant = branch.tenant().id;
        let event = core.act(caller, actor, EventKind::MembershipSet, (branch.pool(), tenant), core.now())?;
        let event = Event { person: Some(person), ..event };
        Ok(Self { actor: actor.clone(), role, person, tenant, kinds: kinds.to_vec(), changes, event })
    }

    /// The place as it will be, if the actor may make it so.
    pub(crate) fn decide(&self, tx: &mut Tx<'_>) -> Result<Result<Membership>, StoreError> {
        let mut known = None;
        for kind in &self.kinds {
            known = known.or(at(tx, self.person, self.tenant, *kind)?);
        }
        let Some(known) = known else { return Ok(Err(Error::NotFound)) };
        if let Err(stale) = expected::check(self.changes.expected, known.version) {
            return Ok(Err(stale));
        }
        let new = self.changes.role.unwrap_or(known.role);
        if let Err(refused) = may_become(tx, &self.actor, self.role, &known, new)? {
            return Ok(Err(refused));
        }
        if let Err(refused) = check_role(known.kind, new) {
            return Ok(Err(refused));
        }
        let standing = self.changes.standing.clone().unwrap_or_else(|| known.standing.clone());
        Ok(Ok(Membership { role: new, standing, version: known.version + 1, ..known }))
    }

    /// Writes what was decided; the revocation log is the caller's, because nothing may follow it.
    pub(crate) fn write(&self, tx: &mut Tx<'_>, changed: &Membership) -> Result<(), StoreError> {
        memberships::update(tx, changed)?;
        let detail = Some(format!("{} {}", changed.kind.as_str(), changed.role.as_str()));
        events::insert(tx, &Event { detail, ..self.event.clone() })
    }
}

/// Refuses whoever holds `role` at `top` to act on a person who is stronger there, or has no place there or below.
pub(crate) fn outranks(
    tx: &mut Tx<'_>,
    role: Role,
    top: TenantId,
    person: PersonId,
) -> Result<Result<()>, StoreError> {
    Ok(match strongest(tx, top, person)? {
        None => Err(Error::NotFound),
        Some(theirs) if role.may_grant(theirs) => Ok(()),
        Some(_) => Err(Error::NotAllowed),
    })
}

/// The strongest role of somebody that reaches `top` or anything below it.
pub(crate) fn strongest(
    tx: &mut Tx<'_>,
    top: TenantId,
    person: PersonId,
) -> Result<Option<Role>, StoreError> {
    let places = memberships::list_by_person(tx, person)?;
    let Some(here) = Branch::read(tx, top)? else { return Ok(None) };
    let mut strongest: Option<Role> = None;
    for place in places {
        let is_below = Branch::read(tx, place.tenant)?.is_some_and(|branch| branch.contains(top));
        if is_below || here.contains(place.tenant) {
            strongest = Some(strongest.map_or(place.role, |known| known.min(place.role)));
        }
    }
    Ok(strongest)
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
