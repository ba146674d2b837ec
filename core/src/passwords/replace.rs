//! What a new password ends, whoever sets it: every session and open code of the person (P3), and every wait after
//! failures (P7). Access keys stay good: a changed password ends sessions, not integrations.

use crate::attempts::{self, Subjects};
use crate::record::about;
use crate::{Branch, Caller, Core, Identity, Result, outbox};
use doorward_model::{ApplicationId, Event, EventKind, Person, Secret, SessionId, Timestamp};
use doorward_store::{self as store, Tx, access_keys, events, people, sessions};

/// Everything the transaction needs, made before it.
#[derive(Clone)]
pub(super) struct Replacement {
    core: Core,
    caller: Caller,
    branch: Branch,
    hash: Secret,
    event: Event,
    notice: outbox::Prepared,
    now: Timestamp,
}

impl Replacement {
    /// A new hash for somebody at `branch`; `event` tells of it.
    pub(super) fn new(
        core: &Core,
        caller: &Caller,
        branch: &Branch,
        hash: Secret,
        event: Event,
    ) -> Result<Self> {
        let now = event.at;
        let notice = outbox::Prepared::new(core, now)?;
        Ok(Self {
            core: core.clone(),
            caller: caller.clone(),
            branch: branch.clone(),
            hash,
            event,
            notice,
            now,
        })
    }

    /// Of one's own accord.
    pub(super) fn of_their_own(
        core: &Core,
        caller: &Caller,
        identity: &Identity,
        hash: Secret,
    ) -> Result<Self> {
        let event = core.event_of(caller, EventKind::PasswordChanged, identity, core.now())?;
        Self::new(core, caller, &identity.branch, hash, event)
    }

    /// The moment at which it holds.
    pub(super) fn at(&self) -> Timestamp {
        self.now
    }

    /// Writes it for `person`, read in this transaction and perhaps changed by the caller. `keep` is the session it was
    /// made in. Nothing may be written after it: it ends with the revocation log.
    pub(super) fn write(
        &self,
        tx: &mut Tx<'_>,
        person: Person,
        keep: Option<SessionId>,
    ) -> Result<Person, store::Error> {
        let mut person = Person { modified_at: self.now, ..person };
        person.auth_generation = self.fresh().write(tx, &person)?;
        people::update(tx, &person)?;
        if let Some(session) = keep {
            sessions::keep(tx, session, person.auth_generation)?;
        }
        events::insert(tx, &about(self.event.clone(), &person))?;
        Ok(person)
    }

    fn fresh(&self) -> Fresh<'_> {
        Fresh {
            core: &self.core,
            caller: &self.caller,
            branch: &self.branch,
            application: self.event.application,
            hash: &self.hash,
            notice: &self.notice,
            now: self.now,
        }
    }
}

/// A new password for somebody who is there already, and what comes with it whoever sets it.
pub(crate) struct Fresh<'a> {
    pub(crate) core: &'a Core,
    pub(crate) caller: &'a Caller,
    pub(crate) branch: &'a Branch,
    pub(crate) application: Option<ApplicationId>,
    pub(crate) hash: &'a Secret,
    pub(crate) notice: &'a outbox::Prepared,
    pub(crate) now: Timestamp,
}

impl Fresh<'_> {
    /// Writes it for `person` as they stand in this transaction; returns their generation from now on. The event and
    /// the revocation log are the caller's, because nothing may follow the log.
    pub(crate) fn write(&self, tx: &mut Tx<'_>, person: &Person) -> Result<i64, store::Error> {
        people::set_password(tx, person.id, self.hash, self.now)?;
        let generation = people::advance_generation(tx, person.id)?;
        let generation = generation.ok_or_else(|| store::Error::Fault("a person vanished".to_owned()))?;
        access_keys::keep(tx, person.id, person.auth_generation, generation)?;
        self.forgive(tx, person)?;
        outbox::password_changed(self.core, tx, self.notice, person, self.branch, self.caller)?;
        Ok(generation)
    }

    fn forgive(&self, tx: &mut Tx<'_>, person: &Person) -> Result<(), store::Error> {
        let account = person.email.canonical();
        let subjects = Subjects::new(self.core, person.pool, account, self.caller, self.application);
        attempts::forgive(tx, &subjects, self.now)
    }
}
