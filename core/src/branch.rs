//! A tenant with its ancestors: what policy holds there, and whether it is open.

use crate::{Error, Result};
use doorward_model::{EffectivePolicy, PoolId, Slug, Tenant, TenantId, TenantStatus};
use doorward_store::{self as store, Tx, tenants};

/// A tenant and its ancestors, root first; never empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    ancestors: Vec<Tenant>,
    tenant: Tenant,
}

impl Branch {
    /// Reads the branch of a tenant of this pool; `None` for one that does not exist or is deleted, it or any above.
    pub(crate) fn read(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Option<Self>, store::Error> {
        let mut ancestors = tenants::branch(tx, tenant)?;
        let exists = ancestors.iter().all(|node| node.status != TenantStatus::Deleted);
        let tenant = ancestors.pop().filter(|_| exists);
        Ok(tenant.map(|tenant| Self { ancestors, tenant }))
    }

    /// The tenant itself.
    pub fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    /// The pool.
    pub fn pool(&self) -> PoolId {
        self.tenant.pool
    }

    /// The pool's root.
    pub fn root(&self) -> &Tenant {
        self.ancestors.first().unwrap_or(&self.tenant)
    }

    /// The direct parent.
    pub fn parent(&self) -> Option<&Tenant> {
        self.ancestors.last()
    }

    /// Whether `id` is this tenant or an ancestor of it: a role given there reaches here.
    pub fn contains(&self, id: TenantId) -> bool {
        self.nodes().any(|node| node.id == id)
    }

    /// Whether this tenant, or an ancestor of it, has this slug.
    pub fn has_slug(&self, slug: &Slug) -> bool {
        self.nodes().any(|node| node.slug == *slug)
    }

    /// Whether this tenant and everything above it is active.
    pub fn is_open(&self) -> bool {
        self.nodes().all(|node| node.status == TenantStatus::Active)
    }

    /// What holds here after inheritance.
    pub fn policy(&self) -> EffectivePolicy {
        EffectivePolicy::inherit(self.nodes().map(|node| &node.policy))
    }

    /// A fact a dialect prints: the tenant's own, else the nearest ancestor's.
    pub fn profile(&self, name: &str) -> Option<&str> {
        self.said(name).map(|(_, value)| value)
    }

    /// The same, with who says it.
    pub fn said(&self, name: &str) -> Option<(&Tenant, &str)> {
        self.upwards().find_map(|node| Some((node, own(node, name)?)))
    }

    /// What would hold if the tenant said nothing of it itself.
    pub fn said_above(&self, name: &str) -> Option<(&Tenant, &str)> {
        self.upwards().skip(1).find_map(|node| Some((node, own(node, name)?)))
    }

    /// The tenant, then its ancestors, the nearest first.
    pub(crate) fn upwards(&self) -> impl Iterator<Item = &Tenant> {
        std::iter::once(&self.tenant).chain(self.ancestors.iter().rev())
    }

    /// The tenant and its ancestors, root first.
    pub fn nodes(&self) -> impl Iterator<Item = &Tenant> {
        self.ancestors.iter().chain(std::iter::once(&self.tenant))
    }
}

/// What one tenant says of a fact.
pub(crate) fn own<'a>(node: &'a Tenant, name: &str) -> Option<&'a str> {
    node.profile.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

impl TryFrom<Vec<Tenant>> for Branch {
    type Error = Error;

    fn try_from(mut root_first: Vec<Tenant>) -> Result<Self> {
        let tenant = root_first.pop().ok_or(Error::NotFound)?;
        Ok(Self { ancestors: root_first, tenant })
    }
}
