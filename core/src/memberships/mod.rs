//! Places: giving somebody one in a tenant, changing it, taking it away.
//!
//! One rule for all of it: nobody hands out or takes more than they have ([`Role::may_grant`]), and nobody edits
//! someone stronger ([`outranks`]). And a tree is never left without an administrator (`last.rs`).

mod give;
mod last;
mod take;

pub use give::{NewMembership, give, give_once};
pub(crate) use last::somebody_administers;
pub use take::take;

use crate::{Actor, Branch, Caller, Core, Error, Page, Part, Result};
use doorward_model::{
    Event, EventKind, Kind, Membership, Person, PersonId, PersonNumber, PersonStatus, Role, TenantId,
};
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

/// A part of the living people with a place of this kind in a tenant itself, oldest place first, for its
/// administrators.
pub async fn list(
    core: &Core,
    actor: &Actor,
    branch: &Branch,
    kind: Kind,
    part: Part,
) -> Result<Page<(Membership, Person)>> {
    actor.administers(branch)?;
    let tenant = branch.tenant().id;
    let listed = core.db().read(branch.pool(), move |tx| {
        let people = memberships::list_people(tx, tenant, kind, part.stored())?;
        Ok((people, memberships::count_people(tx, tenant, kind)?))
    });
    let (people, total) = listed.await?;
    Ok(part.page(people, total))
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
    if !actor.is_operator() {
        return Err(Error::NotAllowed);
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

/// Places of living people in a tenant itself, by person and kind, behind this person's place of this kind (of none at the
/// empty word), at most `rows`. For its administrators.
pub async fn list_after(
    core: &Core,
    actor: &Actor,
    branch: &Branch,
    (person, kind): (PersonId, String),
    rows: usize,
) -> Result<Vec<(Membership, Person)>> {
    actor.administers(branch)?;
    let (tenant, rows) = (branch.tenant().id, i64::try_from(rows).unwrap_or(i64::MAX));
    let listed = core
        .db()
        .read(branch.pool(), move |tx| memberships::list_after(tx, tenant, (person, kind.as_str()), rows));
    Ok(listed.await?)
}

/// Somebody's place of this kind in a tenant itself. For its administrators.
///
/// Errors: [`Error::NotAllowed`] without the right; [`Error::NotFound`] where there is none.
pub async fn one_of(
    core: &Core,
    actor: &Actor,
    branch: &Branch,
    person: PersonId,
    kind: Kind,
) -> Result<Membership> {
    actor.administers(branch)?;
    find(core, branch, person, kind).await
}

/// The places of somebody with one at this tenant itself, as far as the actor administers them, oldest first.
///
/// Errors: [`Error::NotAllowed`] without the right here; [`Error::NotFound`] for somebody who has no place here.
pub async fn of_member(
    core: &Core,
    actor: &Actor,
    branch: &Branch,
    person: PersonId,
) -> Result<(Person, Vec<(Membership, Branch)>)> {
    actor.administers(branch)?;
    let (tenant, actor) = (branch.tenant().id, actor.clone());
    let listed = core.db().read(branch.pool(), move |tx| {
        let found = people::find(tx, person)?.filter(|person| person.status != PersonStatus::Deleted);
        let places = memberships::list_by_person(tx, person)?;
        let Some(found) = found.filter(|_| places.iter().any(|place| place.tenant == tenant)) else {
            return Ok(Err(Error::NotFound));
        };
        let mut placed = Vec::new();
        for place in places {
            let there = Branch::read(tx, place.tenant)?;
            placed.extend(there.filter(|there| actor.administers(there).is_ok()).map(|there| (place, there)));
        }
        Ok(Ok((found, placed)))
    });
    listed.await?
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
        let new = self.changes.role.unwrap_or(known.role);
        if let Err(refused) = may_become(tx, &self.actor, self.role, &known, new)? {
            return Ok(Err(refused));
        }
        if let Err(refused) = check_role(known.kind, new) {
            return Ok(Err(refused));
        }
        let standing = self.changes.standing.clone().unwrap_or_else(|| known.standing.clone());
        Ok(Ok(Membership { role: new, standing, ..known }))
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
