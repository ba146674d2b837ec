//! Where someone wants to sign in, and where that leads: the same rule for every door.

use crate::Branch;
use doorward_model::{Kind, Membership, PoolId, TenantId};
use doorward_store::{Error, Tx};

/// Where someone wants to sign in.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// To this tenant, by a place there or above it.
    Tenant {
        /// The pool.
        pool: PoolId,
        /// The tenant.
        tenant: TenantId,
        /// As one of these, the first that fits.
        kinds: &'static [Kind],
    },
    /// To whichever tenant at or below `scope` they have a place in.
    Anywhere {
        /// The pool.
        pool: PoolId,
        /// The top of the tree to look in.
        scope: TenantId,
        /// As one of these, the first that fits.
        kinds: &'static [Kind],
    },
}

/// Where a sign-in leads.
#[derive(Clone, Debug)]
pub(super) enum Led {
    /// To one tenant, by one place.
    To(Box<Branch>, Membership),
    /// To several; somebody has to choose.
    ToSeveral(Vec<(Branch, Membership)>),
    /// Nowhere: the account is nobody here.
    Nowhere,
}

impl Wanted {
    /// The pool.
    pub fn pool(&self) -> PoolId {
        match self {
            Self::Tenant { pool, .. } | Self::Anywhere { pool, .. } => *pool,
        }
    }

    /// The tenant whose policy rules the attempt itself.
    pub(super) fn top(&self) -> TenantId {
        match self {
            Self::Tenant { tenant, .. } => *tenant,
            Self::Anywhere { scope, .. } => *scope,
        }
    }

    /// Where the person with these places is led. Suspended and deleted tenants lead nowhere.
    pub(super) fn lead(&self, tx: &mut Tx<'_>, places: &[Membership]) -> Result<Led, Error> {
        match self {
            Self::Tenant { tenant, kinds, .. } => {
                let Some(branch) = Branch::read(tx, *tenant)?.filter(Branch::is_open) else {
                    return Ok(Led::Nowhere);
                };
                let reaches = |kind: &Kind, p: &Membership| p.kind == *kind && branch.contains(p.tenant);
                // The strongest, as every later call sees it; of equals the oldest.
                let fits = |kind: &Kind| places.iter().filter(|p| reaches(kind, p)).min_by_key(|p| p.role);
                Ok(match kinds.iter().find_map(fits) {
                    Some(place) => Led::To(Box::new(branch), place.clone()),
                    None => Led::Nowhere,
                })
            }
            Self::Anywhere { scope, kinds, .. } => {
                let mut open = Vec::new();
                for place in places {
                    let branch = Branch::read(tx, place.tenant)?;
                    if let Some(branch) = branch.filter(|branch| branch.is_open() && branch.contains(*scope))
                    {
                        open.push((branch, place.clone()));
                    }
                }
                Ok(choose(kinds, open))
            }
        }
    }
}

fn choose(kinds: &[Kind], open: Vec<(Branch, Membership)>) -> Led {
    let Some(kind) = kinds.iter().find(|kind| open.iter().any(|(_, place)| place.kind == **kind)) else {
        return Led::Nowhere;
    };
    let mut fitting: Vec<_> = open.into_iter().filter(|(_, place)| place.kind == *kind).collect();
    match (fitting.len(), fitting.pop()) {
        (1, Some((branch, place))) => Led::To(Box::new(branch), place),
        (_, Some(last)) => {
            fitting.push(last);
            Led::ToSeveral(fitting)
        }
        (_, None) => Led::Nowhere,
    }
}
