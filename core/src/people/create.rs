//! Making a person, with their first place.

use crate::installation::taken;
use crate::record::about;
use crate::{Actor, Branch, Caller, Core, Error, Result, passwords};
use doorward_model::{
    Email, Event, EventKind, Kind, Membership, MembershipId, NotificationSettings, Person, PersonId,
    PersonNumber, PersonStatus, Profile, Role, Secret, Verified,
};
use doorward_store::numbers::{self, Numbered};
use doorward_store::{events, memberships, people};

/// The first person number of a pool.
const FIRST_PERSON: i64 = 1_001;

/// A person to be made.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// Who they are.
    pub email: Email,
    /// Their names and facts.
    pub profile: Profile,
    /// As what they belong to the tenant.
    pub kind: Kind,
    /// With which rights; nobody gives more than they have.
    pub role: Role,
    /// RubiCRM's `UserStatus`.
    pub standing: Option<String>,
    /// How far the address is known to be theirs.
    pub verified: Verified,
    /// How they get a password.
    pub password: NewPassword,
    /// Which mails they want.
    pub notifications: NotificationSettings,
}

/// How a new person gets a password.
#[derive(Clone, Debug)]
pub enum NewPassword {
    /// This one, chosen by whoever makes the account.
    Chosen(Secret),
    /// None yet: they choose one when invited.
    None,
}

/// Makes a person in a tenant. An e-mail the pool already knows is [`Error::Conflict`].
pub async fn create(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    new: NewPerson,
) -> Result<(Person, Membership)> {
    if !actor.administers(branch)?.may_grant(new.role) {
        return Err(Error::NotAllowed);
    }
    let password = match &new.password {
        NewPassword::Chosen(chosen) => {
            Some(passwords::prepare(core, branch, &branch.policy(), &new.email, &new.profile, chosen).await?)
        }
        NewPassword::None => None,
    };
    let (now, pool, tenant) = (core.now(), branch.pool(), branch.tenant().id);
    let (person_id, membership_id) = (PersonId::new(core.uuid(now)?), MembershipId::new(core.uuid(now)?));
    let event = Event {
        person: Some(person_id),
        ..core.act(caller, actor, EventKind::PersonCreated, (pool, tenant), now)?
    };
    let written = core.db().write(pool, move |tx| {
        let number = numbers::take(tx, Numbered::People(pool), FIRST_PERSON)?;
        let person = Person {
            id: person_id,
            pool,
            home: tenant,
            number: PersonNumber::new(number)
                .map_err(|_| doorward_store::Error::Fault("person numbers are used up".to_owned()))?,
            email: new.email.clone(),
            profile: new.profile.clone(),
            status: PersonStatus::Active,
            verified: new.verified,
            password_reset_required: password.is_none(),
            notifications: new.notifications,
            feed_generation: 1,
            auth_generation: 1,
            version: 1,
            created_at: now,
            modified_at: now,
        };
        let membership = Membership {
            id: membership_id,
            person: person_id,
            tenant,
            kind: new.kind,
            role: new.role,
            standing: new.standing.clone(),
            created_at: now,
        };
        people::insert(tx, &person)?;
        if let Some(hash) = &password {
            people::set_password(tx, person_id, hash, now)?;
        }
        memberships::insert(tx, &membership)?;
        events::insert(tx, &about(event.clone(), &person))?;
        Ok((person, membership))
    });
    written.await.map_err(|fault| taken(fault, "email", "somebody here already has this e-mail"))
}
