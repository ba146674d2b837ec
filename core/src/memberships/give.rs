//! Giving somebody the pool knows a place in a tenant.

use super::{check_role, check_standing};
use crate::installation::taken;
use crate::once::Once;
use crate::{Actor, Branch, Caller, Core, Error, Result, outbox};
use doorward_model::{
    Event, EventKind, Kind, MailKind, Membership, MembershipId, PersonId, PersonStatus, Role,
};
use doorward_store::{events, memberships, people};

/// A place to be given.
#[derive(Clone, Debug)]
pub struct NewMembership {
    /// To whom.
    pub person: PersonId,
    /// As what.
    pub kind: Kind,
    /// With which rights.
    pub role: Role,
    /// RubiCRM's `UserStatus`.
    pub standing: Option<String>,
}

/// Gives a person of the pool a place, and tells them by mail. Their password stays as it is. A place they already
/// have in that kind is [`Error::Conflict`].
pub async fn give(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    new: NewMembership,
) -> Result<Membership> {
    make(core, caller, actor, branch, new, None).await
}

/// The same for a request that names itself: sent again, it gives and mails nothing, and answers with the place as it is now.
///
/// Errors: also [`Error::Conflict`] where another request has the name, and [`Error::NotFound`] where the place was taken since.
pub async fn give_once(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    new: NewMembership,
    once: Once,
) -> Result<Membership> {
    make(core, caller, actor, branch, new, Some(once)).await
}

async fn make(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    new: NewMembership,
    once: Option<Once>,
) -> Result<Membership> {
    actor.grants(branch, new.role)?;
    check_role(new.kind, new.role)?;
    check_standing(new.standing.as_deref())?;
    let (pool, tenant, now) = (branch.pool(), branch.tenant().id, core.now());
    let membership = Membership {
        id: MembershipId::new(core.uuid(now)?),
        person: new.person,
        tenant,
        kind: new.kind,
        role: new.role,
        standing: new.standing,
        created_at: now,
    };
    let event = Event {
        person: Some(new.person),
        detail: Some(format!("{} {}", new.kind.as_str(), new.role.as_str())),
        ..core.act(caller, actor, EventKind::MembershipSet, (pool, tenant), now)?
    };
    let notice = outbox::Prepared::new(core, now)?;
    let (core_, branch) = (core.clone(), branch.clone());
    let written = core.db().write(pool, move |tx| {
        let person = people::find(tx, membership.person)?;
        let Some(person) = person.filter(|person| person.status != PersonStatus::Deleted) else {
            return Ok(Err(Error::NotFound));
        };
        match once.as_ref().map(|once| once.claim(tx, membership.id.uuid())).transpose()? {
            None | Some(Ok(None)) => {}
            Some(Ok(Some(before))) => {
                let places = memberships::list_by_person(tx, person.id)?;
                let made = places.into_iter().find(|place| place.id.uuid() == before);
                return Ok(made.ok_or(Error::NotFound));
            }
            Some(Err(taken)) => return Ok(Err(taken)),
        }
        memberships::insert(tx, &membership)?;
        events::insert(tx, &event)?;
        let content = outbox::content_for(&person, &branch);
        outbox::queue(&core_, tx, &notice, MailKind::MembershipAdded, &content)?;
        Ok(Ok(membership.clone()))
    });
    written.await.map_err(|fault| taken(fault, "email", "this person is here already"))?
}
