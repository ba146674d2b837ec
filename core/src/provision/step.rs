//! The steps that bring an installation from what it is to what the plan says, each with its words, its event and its
//! statements.

use super::outcome::{Change, Mark, Noun};
use super::prepared::Prepared;
use super::{invite, passwords, passwords::Hashes};
use crate::Core;
use crate::tenants::FIRST_COMPANY;
use doorward_model::{
    Application, Door, EventKind, Membership, Person, PersonId, PersonStatus, PoolId, Region, Tenant,
    TenantId, TenantStatus, Terms,
};
use doorward_store::access_keys::StoredAccessKey;
use doorward_store::applications::StoredApplication;
use doorward_store::numbers::{self, Numbered};
use doorward_store::{
    Error, HouseTx, access_keys, applications, doors, memberships, people, regions, tenants, terms,
};

/// One write.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    Region(Region),
    Door(Door),
    AddTenant(Tenant),
    Tenant {
        tenant: Tenant,
        ends_sessions: bool,
        was: TenantStatus,
        moved: bool,
    },
    AddApplication {
        application: Application,
        key: Option<[u8; 32]>,
    },
    Application(Application),
    ApplicationKey {
        stored: StoredApplication,
        key: Option<[u8; 32]>,
    },
    AddPerson(Person),
    Person {
        person: Person,
        ended: bool,
        was: PersonStatus,
    },
    /// The entry's given or generated password. For somebody who was there before it ends what a new password ends
    /// anywhere, open codes too, though they had none until now.
    Password {
        entry: usize,
        person: Person,
        is_new: bool,
    },
    Invite {
        entry: usize,
        person: Person,
        tenant: TenantId,
    },
    AddPlace {
        pool: PoolId,
        place: Membership,
    },
    Place {
        pool: PoolId,
        place: Membership,
    },
    AddKey(StoredAccessKey),
    Key(StoredAccessKey),
    Terms {
        pool: PoolId,
        terms: Terms,
    },
}

/// What a step changes, in words and for the audit trail.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Said {
    pub(super) step: Step,
    pub(super) change: Option<Change>,
}

/// Where and about whom an event is.
pub(super) type About = (EventKind, Option<(PoolId, TenantId)>, Option<PersonId>);

impl Step {
    pub(super) fn about(&self) -> About {
        let at = |pool, tenant| Some((pool, tenant));
        let of_person = |kind, person: &Person| (kind, at(person.pool, person.home), Some(person.id));
        match self {
            Self::Region(_) => (EventKind::RegionSet, None, None),
            Self::Door(_) => (EventKind::DoorSet, None, None),
            Self::AddTenant(tenant) => (EventKind::TenantCreated, at(tenant.pool, tenant.id), None),
            Self::Tenant { tenant, was, moved, .. } => {
                let kind = match (*was == tenant.status, tenant.status) {
                    (true, _) if *moved => EventKind::TenantMoved,
                    (true, _) => EventKind::TenantChanged,
                    (false, TenantStatus::Active) => EventKind::TenantResumed,
                    (false, TenantStatus::Suspended | TenantStatus::Deleted) => EventKind::TenantSuspended,
                };
                (kind, at(tenant.pool, tenant.id), None)
            }
            Self::AddApplication { application, .. } => {
                (EventKind::ApplicationCreated, at(application.pool, application.tenant), None)
            }
            Self::Application(application) => {
                (EventKind::ApplicationChanged, at(application.pool, application.tenant), None)
            }
            Self::ApplicationKey { stored, .. } => {
                let application = &stored.application;
                (EventKind::ApplicationKeyRotated, at(application.pool, application.tenant), None)
            }
            Self::AddPerson(person) => of_person(EventKind::PersonCreated, person),
            Self::Person { person, was, .. } => {
                let kind = match (*was == person.status, person.status) {
                    (true, _) => EventKind::PersonChanged,
                    (false, PersonStatus::Active) => EventKind::PersonEnabled,
                    (false, PersonStatus::Inactive | PersonStatus::Deleted) => EventKind::PersonDisabled,
                };
                of_person(kind, person)
            }
            Self::Password { person, .. } => of_person(EventKind::PasswordSet, person),
            Self::Invite { person, .. } => of_person(EventKind::PersonInvited, person),
            Self::AddPlace { pool, place } | Self::Place { pool, place } => {
                (EventKind::MembershipSet, at(*pool, place.tenant), Some(place.person))
            }
            Self::AddKey(stored) => {
                (EventKind::KeyCreated, at(stored.key.pool, stored.key.tenant), Some(stored.key.person))
            }
            Self::Key(stored) => {
                (EventKind::KeyChanged, at(stored.key.pool, stored.key.tenant), Some(stored.key.person))
            }
            Self::Terms { pool, terms } => (EventKind::TermsPublished, at(*pool, terms.tenant), None),
        }
    }
}

/// What the statements of a step may need besides itself.
pub(super) struct Means<'a> {
    pub(super) core: &'a Core,
    pub(super) caller: &'a crate::Caller,
    pub(super) prepared: &'a Prepared,
    pub(super) hashes: &'a Hashes,
}

impl Step {
    pub(super) fn write(&self, tx: &mut HouseTx<'_>, means: &Means<'_>) -> Result<(), Error> {
        let now = means.prepared.now;
        match self {
            Self::Region(region) => regions::put(tx, region),
            Self::Door(door) => doors::put(tx, door),
            Self::AddTenant(tenant) => {
                numbers::choose(tx, Numbered::Companies, FIRST_COMPANY, tenant.number.get())?;
                tx.in_pool(tenant.pool, |tx| tenants::insert(tx, tenant))
            }
            Self::Tenant { tenant, ends_sessions, .. } => tx.in_pool(tenant.pool, |tx| {
                tenants::update(tx, &Tenant { modified_at: now, ..tenant.clone() })?;
                if *ends_sessions {
                    tenants::advance_generation(tx, tenant.id)?;
                }
                Ok(())
            }),
            Self::AddApplication { application, key } => {
                tx.in_pool(application.pool, |tx| applications::insert(tx, application, key.as_ref()))
            }
            Self::Application(application) => {
                tx.in_pool(application.pool, |tx| applications::update(tx, application))
            }
            Self::ApplicationKey { stored, key } => tx.in_pool(stored.application.pool, |tx| {
                applications::rotate_key(tx, stored, key.as_ref(), None)
            }),
            Self::AddPerson(person) => {
                numbers::skip(tx, Numbered::People(person.pool), person.number.get())?;
                tx.in_pool(person.pool, |tx| people::insert(tx, person))
            }
            Self::Person { person, ended, .. } => tx.in_pool(person.pool, |tx| {
                people::update(tx, &Person { modified_at: now, ..person.clone() })?;
                if *ended {
                    people::advance_generation(tx, person.id)?;
                }
                Ok(())
            }),
            Self::Password { entry, person, is_new } => {
                let hash = means.hashes.of(*entry)?;
                tx.in_pool(person.pool, |tx| match is_new {
                    true => people::set_password(tx, person.id, hash, now),
                    false => passwords::replace(tx, means, *entry, person, hash),
                })
            }
            Self::Invite { entry, person, tenant } => {
                tx.in_pool(person.pool, |tx| invite::write(tx, means, *entry, person, *tenant))
            }
            Self::AddPlace { pool, place } => tx.in_pool(*pool, |tx| memberships::insert(tx, place)),
            Self::Place { pool, place } => tx.in_pool(*pool, |tx| memberships::update(tx, place)),
            Self::AddKey(stored) => tx.in_pool(stored.key.pool, |tx| access_keys::insert(tx, stored)),
            Self::Key(key) => tx.in_pool(key.key.pool, |tx| access_keys::update(tx, key)),
            Self::Terms { pool, terms } => tx.in_pool(*pool, |tx| terms::insert(tx, terms, now)),
        }
    }
}

/// The words of one entry while they are collected.
pub(super) struct Words {
    noun: Noun,
    name: String,
    details: Vec<String>,
}

impl Words {
    pub(super) fn of(noun: Noun, name: impl Into<String>) -> Self {
        Self { noun, name: name.into(), details: Vec::new() }
    }

    pub(super) fn say(&mut self, detail: impl Into<String>) {
        self.details.push(detail.into());
    }

    /// Says that a field changes, if it does.
    pub(super) fn compare<T: PartialEq>(
        &mut self,
        field: &str,
        old: &T,
        new: &T,
        show: impl Fn(&T) -> String,
    ) {
        if old != new {
            self.details.push(format!("{field} {} → {}", show(old), show(new)));
        }
    }

    pub(super) fn has_any(&self) -> bool {
        !self.details.is_empty()
    }

    pub(super) fn added(self) -> Change {
        self.change(Mark::Added)
    }

    pub(super) fn changed(self) -> Change {
        self.change(Mark::Changed)
    }

    fn change(self, mark: Mark) -> Change {
        Change { mark, noun: self.noun, name: self.name, details: self.details }
    }
}
