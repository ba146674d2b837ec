//! Whose a key pair is, as far as it is printed: the same whether the pair is at home here or the home was asked.

use crate::{Branch, Identity};
use doorward_model::{
    AccessKeyId, CompanyNumber, PersonId, Profile, RateLimit, RegionCode, Role, Slug, TenantId,
};

/// Whose a key pair is.
#[derive(Clone, PartialEq, Debug)]
pub struct Account {
    /// The key.
    pub key: AccessKeyId,
    /// What its calls are held to.
    pub rate: RateLimit,
    /// The person it stands for.
    pub person: PersonId,
    /// Their e-mail, in their own spelling.
    pub email: String,
    /// Their names and facts.
    pub profile: Profile,
    /// Their strongest role at the key's tenant.
    pub role: Option<Role>,
    /// The root of their pool.
    pub organisation: Organisation,
    /// Where the pool lives.
    pub home: Home,
}

/// The root of a pool.
#[derive(Clone, PartialEq, Debug)]
pub struct Organisation {
    /// Its id.
    pub id: TenantId,
    /// Its number.
    pub number: CompanyNumber,
    /// Its sub-domain.
    pub slug: Slug,
    /// What people read.
    pub display_name: String,
    /// Its own facts.
    pub profile: Vec<(String, String)>,
}

/// Where a pool lives.
#[derive(Clone, PartialEq, Debug)]
pub enum Home {
    /// In this database, in this region if it names one.
    Here(Option<RegionCode>),
    /// In another cell, which named the hosts of its services.
    Elsewhere(Vec<(String, String)>),
}

impl Account {
    /// Of somebody at home here.
    pub(crate) fn of(identity: Identity, key: AccessKeyId, rate: RateLimit) -> Self {
        let role = identity.role_at(&identity.branch);
        let Identity { person, branch, .. } = identity;
        Self {
            key,
            rate,
            person: person.id,
            email: person.email.as_written().to_owned(),
            profile: person.profile,
            role,
            home: Home::Here(branch.root().region.clone()),
            organisation: Organisation::of(&branch),
        }
    }
}

impl Organisation {
    fn of(branch: &Branch) -> Self {
        let root = branch.root();
        Self {
            id: root.id,
            number: root.number,
            slug: root.slug.clone(),
            display_name: root.display_name.clone(),
            profile: root.profile.clone(),
        }
    }
}
