//! Making a person, with their first place.

use super::edit::check_profile;
use crate::installation::taken;
use crate::once::{Done, Once};
use crate::record::about;
use crate::{Actor, Branch, Caller, Core, Error, Result, memberships, passwords, validation};
use doorward_model::{
    Email, Event, EventKind, Kind, Language, Membership, MembershipId, NotificationSettings, Person,
    PersonId, PersonNumber, PersonStatus, PoolId, Profile, Role, Secret, TenantId, Timestamp, Verified,
};
use doorward_store::numbers::{self, Numbered};
use doorward_store::{self as store, Tx, events, people};
use uuid::Uuid;

/// The first person number of a pool.
pub(crate) const FIRST_PERSON: i64 = 1_001;

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
    /// What they read, if it is known.
    pub language: Option<Language>,
}

/// How a new person gets a password.
#[derive(Clone, Debug)]
pub enum NewPassword {
    /// This one, chosen by whoever makes the account.
    Chosen(Secret),
    /// None yet: they choose one when invited.
    None,
}

/// Makes a person in a tenant; one whose address is not verified is mailed a link that verifies it. An e-mail the pool
/// already knows is [`Error::Conflict`].
pub async fn create(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    new: NewPerson,
) -> Result<(Person, Membership)> {
    let made = make(core, caller, actor, branch, new, |_, _| Ok(Ok(None))).await?;
    match made {
        Done::Now(made) => Ok(made),
        Done::Before(_) => Err(Error::internal("a person", &"was made before for a request without a name")),
    }
}

/// The same for a request that names itself: sent again, nobody is made anew.
///
/// Errors: also [`Error::Conflict`] where another request has the name.
pub async fn create_once(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    new: NewPerson,
    once: Once,
) -> Result<Done<(Person, Membership)>> {
    make(core, caller, actor, branch, new, move |tx, person| once.claim(tx, person.uuid())).await
}

/// `claim` is asked last before the rows, for the id of what was made before.
async fn make(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    new: NewPerson,
    claim: impl Fn(&mut Tx<'_>, PersonId) -> Result<Result<Option<Uuid>>, store::Error> + Send + 'static,
) -> Result<Done<(Person, Membership)>> {
    let creation = Creation::prepare(core, caller, actor, branch, new).await?;
    let validation = validation::Request::prepare(core, caller, branch)?;
    let written = core.db().write(branch.pool(), move |tx| {
        match claim(tx, creation.person)? {
            Ok(None) => {}
            Ok(Some(before)) => return Ok(Ok(Done::Before(before))),
            Err(taken) => return Ok(Err(taken)),
        }
        let (person, membership) = creation.insert(tx)?;
        if person.verified == Verified::No {
            // Over a limit no link is mailed; the account is good all the same: setting a password by mail
            // confirms the address, too.
            validation.write(tx, person.id)?;
        }
        Ok(Ok(Done::Now((person, membership))))
    });
    written.await.map_err(email_taken)?
}

/// An e-mail the pool already knows, as the conflict it is.
pub(crate) fn email_taken(fault: store::Error) -> Error {
    taken(fault, "email", EMAIL_TAKEN)
}

/// The same in words, wherever in the pool that somebody has a place.
pub(crate) const EMAIL_TAKEN: &str = "somebody here already has this e-mail";

/// Everything the transaction that makes a person needs, made before it.
pub(crate) struct Creation {
    new: NewPerson,
    pool: PoolId,
    tenant: TenantId,
    person: PersonId,
    membership: MembershipId,
    password: Option<Secret>,
    event: Event,
    now: Timestamp,
}

impl Creation {
    /// Checks rights, names and password, and hashes.
    pub(crate) async fn prepare(
        core: &Core,
        caller: &Caller,
        actor: &Actor,
        branch: &Branch,
        new: NewPerson,
    ) -> Result<Self> {
        actor.grants(branch, new.role)?;
        memberships::check_role(new.kind, new.role)?;
        check_profile(&new.profile)?;
        let policy = branch.policy();
        let password = match &new.password {
            NewPassword::Chosen(chosen) => {
                Some(passwords::prepare(core, branch, &policy, &new.email, &new.profile, chosen).await?)
            }
            NewPassword::None => None,
        };
        let (now, pool, tenant) = (core.now(), branch.pool(), branch.tenant().id);
        let (person, membership) = (PersonId::new(core.uuid(now)?), MembershipId::new(core.uuid(now)?));
        let event = core.act(caller, actor, EventKind::PersonCreated, (pool, tenant), now)?;
        Ok(Self { new, pool, tenant, person, membership, password, event, now })
    }

    /// Writes person, place and event.
    pub(crate) fn insert(&self, tx: &mut Tx<'_>) -> Result<(Person, Membership), store::Error> {
        let number = numbers::take(tx, Numbered::People(self.pool), FIRST_PERSON)?;
        let number = PersonNumber::new(number)
            .map_err(|_| store::Error::Fault("person numbers are used up".to_owned()))?;
        let (person, membership) = (self.made(number), self.membership());
        people::insert(tx, &person)?;
        if let Some(hash) = &self.password {
            people::set_password(tx, person.id, hash, self.now)?;
        }
        store::memberships::insert(tx, &membership)?;
        events::insert(tx, &about(self.event.clone(), &person))?;
        Ok((person, membership))
    }

    /// Who will be made.
    pub(crate) fn person(&self) -> PersonId {
        self.person
    }

    fn made(&self, number: PersonNumber) -> Person {
        Person {
            id: self.person,
            pool: self.pool,
            home: self.tenant,
            number,
            email: self.new.email.clone(),
            profile: self.new.profile.clone(),
            status: PersonStatus::Active,
            verified: self.new.verified,
            password_reset_required: self.password.is_none(),
            notifications: self.new.notifications,
            language: self.new.language,
            feed_generation: 1,
            auth_generation: 1,
            version: 1,
            created_at: self.now,
            modified_at: self.now,
        }
    }

    fn membership(&self) -> Membership {
        Membership {
            id: self.membership,
            person: self.person,
            tenant: self.tenant,
            kind: self.new.kind,
            role: self.new.role,
            standing: self.new.standing.clone(),
            version: 1,
            created_at: self.now,
        }
    }
}
