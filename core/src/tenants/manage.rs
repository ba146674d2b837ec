//! Making tenants. Changing them is `edit.rs`'s, and its rules hold here, too.

use super::edit::{check_facts, check_logo, check_name, quotas};
use super::policy::check_policy;
use crate::installation::taken;
use crate::once::{Done, Once};
use crate::{Actor, Branch, Caller, Core, Error, Result, cells};
use doorward_model::{
    CompanyNumber, Event, EventKind, Policy, PoolId, RegionCode, Slug, Tenant, TenantId, TenantStatus,
};
use doorward_store::directory::{self, Name};
use doorward_store::numbers::{self, Numbered};
use doorward_store::{Error as StoreError, Tx, events, lookup, tenants};
use std::iter;

/// The first company number handed out; clients show them, and five digits look like one.
pub(crate) const FIRST_COMPANY: i64 = 10_001;

/// A tenant to be made.
#[derive(Clone, Debug)]
pub struct NewTenant {
    /// Below which; `None` makes a pool.
    pub parent: Option<(PoolId, TenantId)>,
    /// Sub-domain label.
    pub slug: Slug,
    /// A number of an operator's choice; `None` takes the next free one.
    pub number: Option<CompanyNumber>,
    /// What people read.
    pub display_name: String,
    /// The pool's home; only for a root.
    pub region: Option<RegionCode>,
    /// What it says itself.
    pub policy: Policy,
    /// Facts a dialect prints.
    pub profile: Vec<(String, String)>,
}

/// Makes a tenant. A new pool is an operator's to make; below one, its administrators may, but quotas stay an
/// operator's.
///
/// Errors: [`Error::NotAllowed`]; [`Error::Invalid`] for a name or region that does not fit, and for a number that no operator
/// chose; [`Error::Conflict`] for a slug or number that is taken, and for a tree that would get deeper than [`tenants::MAX_DEPTH`].
pub async fn create(core: &Core, caller: &Caller, actor: &Actor, new: NewTenant) -> Result<Branch> {
    match make(core, caller, actor, new, None).await? {
        Done::Now(made) => Ok(made),
        Done::Before(_) => Err(Error::internal("a tenant", &"was made before for a request without a name")),
    }
}

/// The same for a request that names itself: sent again, nothing is made anew.
///
/// Errors: also [`Error::Conflict`] where another request has the name.
pub async fn create_once(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    new: NewTenant,
    once: Once,
) -> Result<Done<Branch>> {
    make(core, caller, actor, new, Some(once)).await
}

async fn make(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    new: NewTenant,
    once: Option<Once>,
) -> Result<Done<Branch>> {
    let parent = match new.parent {
        Some((pool, parent)) => Some(super::by_id(core, pool, parent).await?),
        None => None,
    };
    match &parent {
        Some(parent) => drop(actor.administers(parent)?),
        None if actor.is_operator() => {}
        None => return Err(Error::NotAllowed),
    }
    check(&new, actor)?;
    let now = core.now();
    let id = match (&once, &parent) {
        // The pool of a new tree is its root's id, so the same request must meet the same pool.
        (Some(once), None) => TenantId::new(once.id()),
        (Some(_) | None, _) => TenantId::new(core.uuid(now)?),
    };
    let pool = parent.as_ref().map_or(PoolId::of_root(id), Branch::pool);
    let event = Event {
        detail: Some(new.slug.to_string()),
        ..core.act(caller, actor, EventKind::TenantCreated, (pool, id), now)?
    };
    let names = iter::once(Name::slug(&new.slug)).chain(new.number.map(Name::company)).collect();
    let parent = parent.map(|parent| parent.tenant().id);
    let tenant = move |number, new: NewTenant| Tenant {
        id,
        pool,
        parent,
        slug: new.slug,
        number,
        display_name: new.display_name,
        status: TenantStatus::Active,
        region: new.region,
        policy: new.policy,
        profile: new.profile,
        auth_generation: 1,
        version: 1,
        created_at: now,
        modified_at: now,
    };
    let written = core.db().write(pool, move |tx| {
        if let Err(refused) = fits_under(tx, parent)? {
            return Ok(Err(refused));
        }
        match once.as_ref().map(|once| once.claim(tx, id.uuid())).transpose()? {
            None | Some(Ok(None)) => {}
            Some(Ok(Some(before))) => return Ok(Ok(Some(before))),
            Some(Err(taken)) => return Ok(Err(taken)),
        }
        let number = number(tx, new.number)?;
        tenants::insert(tx, &tenant(number, new.clone()))?;
        events::insert(tx, &event)?;
        Ok(Ok(None))
    });
    let before = match written.await {
        Ok(made) => made?,
        Err(fault) => {
            let refused = cells::refused_elsewhere(core, &fault, "slug", names).await?;
            return Err(refused.unwrap_or_else(|| taken(fault, "slug", "this slug or number is taken")));
        }
    };
    match before {
        Some(before) => Ok(Done::Before(before)),
        None => super::by_id(core, pool, id).await.map(Done::Now),
    }
}

fn check(new: &NewTenant, actor: &Actor) -> Result<()> {
    check_name(&new.display_name)?;
    check_facts(&new.profile)?;
    check_logo(new.profile.iter().map(|(name, _)| name))?;
    check_policy(&new.policy)?;
    if new.parent.is_some() && new.region.is_some() {
        return Err(Error::invalid("region", "only a root has one"));
    }
    if new.number.is_some() && !actor.is_operator() {
        return Err(Error::invalid("number", "only an operator chooses numbers"));
    }
    let is_quota_kept = quotas(&new.policy) == quotas(&Policy::default());
    if actor.is_operator() || is_quota_kept { Ok(()) } else { Err(Error::NotAllowed) }
}

/// Read in the transaction that inserts: below the depth that is read, nobody would see a root that was suspended.
fn fits_under(tx: &mut Tx<'_>, parent: Option<TenantId>) -> Result<Result<()>, StoreError> {
    let Some(parent) = parent else { return Ok(Ok(())) };
    Ok(match Branch::read(tx, parent)? {
        None => Err(Error::NotFound),
        Some(above) if above.nodes().count() >= tenants::MAX_DEPTH => {
            Err(Error::conflict("parent", "the tree would be too deep"))
        }
        Some(_) => Ok(()),
    })
}

/// A number of an operator's choice, or the next one that nobody has: some were chosen, here or in another cell. Taken in the
/// transaction that makes the tenant, so that one that is not made costs none.
fn number(tx: &mut Tx<'_>, chosen: Option<CompanyNumber>) -> Result<CompanyNumber, StoreError> {
    if let Some(chosen) = chosen {
        numbers::choose(tx, Numbered::Companies, FIRST_COMPANY, chosen.get())?;
        return Ok(chosen);
    }
    loop {
        let next = numbers::take(tx, Numbered::Companies, FIRST_COMPANY)?;
        let next = CompanyNumber::new(next)
            .map_err(|fault| StoreError::Fault(format!("company numbers are used up: {fault}")))?;
        let is_free = lookup::companies::find(tx, next)?.is_none()
            && directory::holder(tx, &Name::company(next))?.is_none();
        if is_free {
            return Ok(next);
        }
    }
}
