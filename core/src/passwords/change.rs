//! Changing one's own password.

use super::replace::Replacement;
use super::{check, hash};
use crate::attempts::{Reservation, Subjects};
use crate::people::Edit;
use crate::people::edit::{self, is_ones_own};
use crate::{Caller, Core, Error, Identity, Result};
use doorward_crypto::password::{PasswordHash, Verdict};
use doorward_model::{Event, EventKind, Person, PersonStatus, Secret, password};
use doorward_store::{self as store, Tx, events, people, sessions};

/// Changes the password of whoever is signed in. Every other session of theirs ends, and every open code.
///
/// `current` must be right, unless a new password is required of them anyway: [`Error::CurrentPasswordWrong`]
/// otherwise, counted like a failed sign-in, so [`Error::Throttled`] after too many. [`Error::PasswordRefused`] for a
/// new one that breaks a rule; [`Error::Invalid`] where one is required and the present one comes again.
pub async fn change(
    core: &Core,
    caller: &Caller,
    identity: &Identity,
    current: Option<Secret>,
    new: Secret,
) -> Result<Person> {
    change_with(core, caller, identity, current, new, Edit::default()).await
}

/// As [`change`], and in the same transaction what `edit` says of them; [`Error::NotAllowed`] for what people do not
/// change of themselves.
pub async fn change_with(
    core: &Core,
    caller: &Caller,
    identity: &Identity,
    current: Option<Secret>,
    new: Secret,
    edit: Edit,
) -> Result<Person> {
    let mut person = identity.person.clone();
    // The rules first: a new password that breaks one costs no attempt.
    if !edit.apply(&mut person).iter().all(is_ones_own) {
        return Err(Error::NotAllowed);
    }
    edit.check()?;
    check(core, &identity.branch, &identity.branch.policy(), &person.email, &person.profile, &new)?;
    let current = if person.password_reset_required {
        None
    } else {
        Some(current.ok_or_else(|| Error::invalid("current_password", "is required"))?)
    };
    let change =
        Change { core: core.clone(), caller: caller.clone(), identity: identity.clone(), current, new, edit };
    // A task of its own: a client that hangs up can neither skip the counter nor leave its reservation behind.
    tokio::spawn(change.run())
        .await
        .map_err(|fault| Error::internal("a password change did not finish", &fault))?
}

struct Change {
    core: Core,
    caller: Caller,
    identity: Identity,
    current: Option<Secret>,
    new: Secret,
    edit: Edit,
}

impl Change {
    async fn run(self) -> Result<Person> {
        let reservation = match &self.current {
            Some(current) => Some(self.prove(current).await?),
            None => {
                self.refuse_the_present_one().await?;
                None
            }
        };
        match hash(&self.core, self.identity.pool(), &self.new).await {
            Ok(hash) => self.replace(reservation, hash).await,
            Err(refused) => {
                self.release(reservation).await?;
                Err(refused)
            }
        }
    }

    /// Proves the current password; the reservation is settled with the change itself.
    async fn prove(&self, current: &Secret) -> Result<Reservation> {
        let (reservation, stored) = self.reserve().await?;
        let lane = self.identity.pool().uuid().as_u128();
        let verdict = self.core.hashes().verify(lane, password::normalised(current.expose()), stored).await;
        match verdict {
            Ok(Verdict::Match { .. }) => Ok(reservation),
            Ok(Verdict::Mismatch) => {
                self.fail(reservation).await?;
                Err(Error::CurrentPasswordWrong)
            }
            Err(refused) => {
                self.release(Some(reservation)).await?;
                Err(refused.into())
            }
        }
    }

    /// Whoever demanded a new password no longer trusts the present one. No guess: this session was opened with it, or
    /// may replace it without knowing it.
    async fn refuse_the_present_one(&self) -> Result<()> {
        let (person, pool) = (self.identity.person.id, self.identity.pool());
        let stored = self.core.db().read(pool, move |tx| people::find_password(tx, person)).await?;
        let lane = pool.uuid().as_u128();
        let new = password::normalised(self.new.expose());
        match self.core.hashes().verify(lane, new, parsed(stored)).await? {
            Verdict::Match { .. } => Err(Error::invalid("password", "must differ from the present one")),
            Verdict::Mismatch => Ok(()),
        }
    }

    async fn reserve(&self) -> Result<(Reservation, Option<PasswordHash>)> {
        let (person, policy, now) = (self.identity.person.id, self.identity.branch.policy(), self.core.now());
        let account = self.identity.person.email.canonical();
        let pool = self.identity.pool();
        let subjects = Subjects::new(&self.core, pool, account, &self.caller, self.identity.application);
        let begun = self.core.db().write(pool, move |tx| match subjects.reserve(tx, &policy, now)? {
            Ok(reservation) => Ok(Ok((reservation, people::find_password(tx, person)?))),
            Err(throttled) => Ok(Err(throttled)),
        });
        let (reservation, stored) = begun.await??;
        Ok((reservation, parsed(stored)))
    }

    async fn fail(&self, reservation: Reservation) -> Result<()> {
        let now = self.core.now();
        let event = self.core.event_of(&self.caller, EventKind::SignInRefused, &self.identity, now)?;
        let event = Event { detail: Some("wrong current password".to_owned()), ..event };
        let written = self.core.db().write(self.identity.pool(), move |tx| {
            reservation.fail(tx, now)?;
            events::insert(tx, &event)
        });
        Ok(written.await?)
    }

    async fn release(&self, reservation: Option<Reservation>) -> Result<()> {
        let Some(reservation) = reservation else { return Ok(()) };
        let now = self.core.now();
        Ok(self.core.db().write(self.identity.pool(), move |tx| reservation.release(tx, now)).await?)
    }

    async fn replace(self, reservation: Option<Reservation>, hash: Secret) -> Result<Person> {
        let replacement = Replacement::of_their_own(&self.core, &self.caller, &self.identity, hash)?;
        let (identity, edit, now) = (self.identity.clone(), self.edit, replacement.at());
        let event = self.core.event_of(&self.caller, EventKind::PersonChanged, &identity, now)?;
        let written = self.core.db().write(identity.pool(), move |tx| {
            // A refusal commits, so whatever can be refused is asked before the first write.
            let (mut person, changed) = match edited(tx, &identity, &edit)? {
                Ok(edited) => edited,
                Err(refused) => {
                    if let Some(reservation) = &reservation {
                        reservation.release(tx, now)?;
                    }
                    return Ok(Err(refused));
                }
            };
            if let Some(reservation) = &reservation {
                reservation.succeed(tx, now)?;
            }
            if !changed.is_empty() {
                edit::write(tx, &mut person, &changed, &event, now)?;
            }
            let person = Person { password_reset_required: false, ..person };
            replacement.write(tx, person, identity.session().map(|session| session.id)).map(Ok)
        });
        written.await?
    }
}

/// A stored hash that cannot be read is logged and matches nothing.
fn parsed(stored: Option<Secret>) -> Option<PasswordHash> {
    let parsed = stored.map(|stored| PasswordHash::parse(stored.expose())).transpose();
    parsed.map_err(|fault| Error::internal("a stored password hash", &fault)).ok().flatten()
}

/// The person as they will be, and what is new of them.
fn edited(
    tx: &mut Tx<'_>,
    identity: &Identity,
    edit: &Edit,
) -> Result<Result<(Person, Vec<&'static str>)>, store::Error> {
    let Some(mut person) = still_signed_in(tx, identity)? else { return Ok(Err(Error::NotSignedIn)) };
    let changed = edit.apply(&mut person);
    let is_own = changed.iter().all(is_ones_own);
    Ok(if is_own { Ok((person, changed)) } else { Err(Error::NotAllowed) })
}

/// The person as they are now, unless something ended this identity meanwhile: their own reset, for one.
fn still_signed_in(tx: &mut Tx<'_>, identity: &Identity) -> Result<Option<Person>, store::Error> {
    let session_lives = match identity.session() {
        Some(session) => sessions::find(tx, session.id)?.is_some(),
        None => true,
    };
    let is_same = |person: &Person| {
        person.auth_generation == identity.person.auth_generation && person.status == PersonStatus::Active
    };
    Ok(people::find(tx, identity.person.id)?.filter(|person| session_lives && is_same(person)))
}
