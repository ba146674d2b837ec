//! The installation as it will be: what is stored, with the plan's entries laid over it as they are compared.

use super::outcome::{Noun, Problem};
use crate::people::FIRST_PERSON;
use crate::tenants::FIRST_COMPANY;
use doorward_model::{
    AccessKeyName, CompanyNumber, Email, Person, PersonNumber, PoolId, RegionCode, Slug, Tenant, TenantId,
    TenantStatus,
};
use doorward_store::directory::{self, Name};
use doorward_store::numbers::{self, Numbered};
use doorward_store::{Error, HouseTx, lookup, people, regions, tenants};
use std::collections::{BTreeMap, BTreeSet};

/// Reads through to the store what no entry has changed.
pub(super) struct World<'t, 'tx> {
    pub(super) tx: &'t mut HouseTx<'tx>,
    pub(super) problems: Vec<Problem>,
    tenants: BTreeMap<Slug, Tenant>,
    regions: Vec<RegionCode>,
    people: BTreeMap<(PoolId, String), Planned>,
    next_company: Option<i64>,
    next_person: BTreeMap<PoolId, i64>,
}

/// A person as they will be.
#[derive(Clone)]
pub(super) struct Planned {
    pub(super) person: Person,
    /// The generation whose keys are carried over to the person's new one.
    pub(super) kept_generation: Option<i64>,
}

impl<'t, 'tx> World<'t, 'tx> {
    pub(super) fn new(tx: &'t mut HouseTx<'tx>) -> Self {
        Self {
            tx,
            problems: Vec::new(),
            tenants: BTreeMap::new(),
            regions: Vec::new(),
            people: BTreeMap::new(),
            next_company: None,
            next_person: BTreeMap::new(),
        }
    }

    /// Notes that something is wrong with an entry.
    pub(super) fn refuse(
        &mut self,
        noun: Noun,
        index: usize,
        field: &'static str,
        message: impl Into<String>,
    ) {
        let (message, known) = (message.into(), Vec::new());
        self.problems.push(Problem { noun, index, field, message, known });
    }

    /// Asks a rule that has its place elsewhere in the core. The field is the rule's own word unless one is given.
    pub(super) fn ask<T>(
        &mut self,
        noun: Noun,
        index: usize,
        field: Option<&'static str>,
        ruled: Result<T, crate::Error>,
    ) {
        if let Err(crate::Error::Invalid { field: known, problem }) = ruled {
            self.refuse(noun, index, field.unwrap_or(known), problem);
        }
    }

    pub(super) fn plan_tenant(&mut self, tenant: Tenant) {
        self.tenants.insert(tenant.slug.clone(), tenant);
    }

    /// The tenant of a slug as it will be, deleted ones included.
    pub(super) fn tenant(&mut self, slug: &Slug) -> Result<Option<Tenant>, Error> {
        if let Some(planned) = self.tenants.get(slug) {
            return Ok(Some(planned.clone()));
        }
        match lookup::slugs::find(self.tx, slug)? {
            Some((pool, id)) => self.tx.in_pool(pool, |tx| tenants::find(tx, id)),
            None => Ok(None),
        }
    }

    /// The tenant an entry refers to; notes the problem when there is none.
    pub(super) fn referred_tenant(
        &mut self,
        slug: &Slug,
        (noun, index, field): (Noun, usize, &'static str),
    ) -> Result<Option<Tenant>, Error> {
        let found = self.tenant(slug)?.filter(|tenant| tenant.status != TenantStatus::Deleted);
        if found.is_none() {
            let message = match directory::holder(self.tx, &Name::slug(slug))? {
                Some(cell) => {
                    format!("the tenant {slug} lives in the cell {}: apply this there", cell.as_str())
                }
                None => format!("no tenant has the slug {slug}"),
            };
            let known = self.known_slugs()?;
            self.problems.push(Problem { noun, index, field, message, known });
        }
        Ok(found)
    }

    /// The other cell that has a key of this name, where a key of this tenant would be this cell's.
    pub(super) fn key_elsewhere(
        &mut self,
        tenant: &Tenant,
        key: &AccessKeyName,
    ) -> Result<Option<RegionCode>, Error> {
        let cell = directory::cell(self.tx)?;
        let region = self.branch(tenant)?.into_iter().next().and_then(|root| root.region);
        if cell.is_none() || region.is_some() && region != cell {
            return Ok(None);
        }
        directory::holder(self.tx, &Name::access_key(key))
    }

    /// The branch of a tenant as it will be, root first.
    pub(super) fn branch(&mut self, tenant: &Tenant) -> Result<Vec<Tenant>, Error> {
        let mut root_first = vec![tenant.clone()];
        let mut next = tenant.parent;
        while let Some(id) = next.filter(|_| root_first.len() < tenants::MAX_DEPTH) {
            let Some(parent) = self.by_id(tenant.pool, id)? else { break };
            next = parent.parent;
            root_first.push(parent);
        }
        root_first.reverse();
        Ok(root_first)
    }

    fn by_id(&mut self, pool: PoolId, id: TenantId) -> Result<Option<Tenant>, Error> {
        if let Some(planned) = self.tenants.values().find(|tenant| tenant.id == id) {
            return Ok(Some(planned.clone()));
        }
        self.tx.in_pool(pool, |tx| tenants::find(tx, id))
    }

    fn known_slugs(&mut self) -> Result<Vec<String>, Error> {
        let mut slugs: Vec<String> = self.tenants.keys().map(Slug::to_string).collect();
        for root in tenants::list_roots(self.tx)? {
            let subtree = self.tx.in_pool(PoolId::of_root(root), |tx| tenants::list_subtree(tx, root))?;
            slugs.extend(subtree.iter().map(|tenant| tenant.slug.to_string()));
        }
        Ok(slugs)
    }

    pub(super) fn plan_region(&mut self, code: &RegionCode) {
        self.regions.push(code.clone());
    }

    /// Checks that a region an entry refers to will be there.
    pub(super) fn check_region(
        &mut self,
        code: &RegionCode,
        (noun, index, field): (Noun, usize, &'static str),
    ) -> Result<(), Error> {
        if !self.regions.contains(code) && regions::find(self.tx, code)?.is_none() {
            let message = match directory::peer(self.tx, code)? {
                Some(_) => format!(
                    "the region {0} is another cell's: apply this there, or list [[region]] {0} here too, to hand a \
                     pool over to it",
                    code.as_str()
                ),
                None => format!("no region has the code {}", code.as_str()),
            };
            let mut known: Vec<String> = self.regions.iter().map(|code| code.as_str().to_owned()).collect();
            known.extend(regions::list(self.tx)?.into_iter().map(|region| region.code.as_str().to_owned()));
            self.problems.push(Problem { noun, index, field, message, known });
        }
        Ok(())
    }

    pub(super) fn plan_person(&mut self, planned: Planned) {
        let key = (planned.person.pool, planned.person.email.canonical().to_owned());
        self.people.insert(key, planned);
    }

    /// The living person of an e-mail as they will be.
    pub(super) fn person(&mut self, pool: PoolId, email: &Email) -> Result<Option<Planned>, Error> {
        if let Some(planned) = self.people.get(&(pool, email.canonical().to_owned())) {
            return Ok(Some(planned.clone()));
        }
        let stored = self.tx.in_pool(pool, |tx| people::find_by_email(tx, email))?;
        Ok(stored.map(|person| Planned { person, kept_generation: None }))
    }

    /// The next free company number, above every one that the plan chooses and the counting soon reaches.
    pub(super) fn next_company(
        &mut self,
        chosen: &BTreeSet<CompanyNumber>,
    ) -> Result<Option<CompanyNumber>, Error> {
        let mut next = match self.next_company {
            Some(next) => next,
            None => {
                let next = numbers::peek(self.tx, Numbered::Companies, FIRST_COMPANY)?;
                let skipped = chosen.iter().map(|chosen| chosen.get());
                let skipped = skipped.filter(|chosen| numbers::is_in_reach(next, *chosen)).max();
                skipped.map_or(next, |skipped| next.max(skipped + 1))
            }
        };
        while let Ok(number) = CompanyNumber::new(next) {
            next += 1;
            let is_taken = chosen.contains(&number) || lookup::companies::find(self.tx, number)?.is_some();
            if !is_taken {
                self.next_company = Some(next);
                return Ok(Some(number));
            }
        }
        Ok(None)
    }

    /// The next free person number of a pool.
    pub(super) fn next_person(&mut self, pool: PoolId) -> Result<Option<PersonNumber>, Error> {
        let next = match self.next_person.get(&pool) {
            Some(next) => *next,
            None => numbers::peek(self.tx, Numbered::People(pool), FIRST_PERSON)?,
        };
        self.next_person.insert(pool, next + 1);
        Ok(PersonNumber::new(next).ok())
    }
}
