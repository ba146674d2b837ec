//! Changing one's own password.

use super::prove::{Proof, parsed, still_signed_in};
use super::replace::Replacement;
use super::{check, hash};
use crate::attempts::Reservation;
use crate::people::Edit;
use crate::people::edit::{self, is_ones_own};
use crate::{Caller, Core, Error, Identity, Result};
use doorward_crypto::password::Verdict;
use doorward_model::{EventKind, Person, Secret, password};
use doorward_store::{self as store, Tx, people};

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
    fn proof(&self) -> Proof {
        Proof { core: self.core.clone(), caller: self.caller.clone(), identity: self.identity.clone() }
    }

    async fn run(self) -> Result<Person> {
        let reservation = match &self.current {
            Some(current) => Some(self.proof().prove(current).await?),
            None => {
                self.refuse_the_present_one().await?;
                None
            }
        };
        match hash(&self.core, self.identity.pool(), &self.new).await {
            Ok(hash) => self.replace(reservation, hash).await,
            Err(refused) => {
                self.proof().release(reservation).await?;
                Err(refused)
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
