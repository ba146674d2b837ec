//! Proving the current password before something that a stolen session alone must not do. A wrong one counts like a failed
//! sign-in.

use crate::attempts::{Reservation, Subjects};
use crate::{Caller, Core, Error, Identity, Result};
use doorward_crypto::password::{PasswordHash, Verdict};
use doorward_model::{Event, EventKind, Person, PersonStatus, Secret, password};
use doorward_store::{self as store, Tx, events, people, sessions};

/// Whose password, and who says it.
#[derive(Clone)]
pub(crate) struct Proof {
    pub(crate) core: Core,
    pub(crate) caller: Caller,
    pub(crate) identity: Identity,
}

impl Proof {
    /// Proves the current password. The reservation is settled with what it was proved for, or released.
    ///
    /// Errors: [`Error::CurrentPasswordWrong`], counted; [`Error::Throttled`], [`Error::Unavailable`].
    pub(crate) async fn prove(&self, current: &Secret) -> Result<Reservation> {
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

    pub(crate) async fn release(&self, reservation: Option<Reservation>) -> Result<()> {
        let Some(reservation) = reservation else { return Ok(()) };
        let now = self.core.now();
        Ok(self.core.db().write(self.identity.pool(), move |tx| reservation.release(tx, now)).await?)
    }
}

/// A stored hash that cannot be read is logged and matches nothing.
pub(super) fn parsed(stored: Option<Secret>) -> Option<PasswordHash> {
    let parsed = stored.map(|stored| PasswordHash::parse(stored.expose())).transpose();
    parsed.map_err(|fault| Error::internal("a stored password hash", &fault)).ok().flatten()
}

/// The person as they are now, unless something ended this identity meanwhile: their own reset, for one.
pub(crate) fn still_signed_in(tx: &mut Tx<'_>, identity: &Identity) -> Result<Option<Person>, store::Error> {
    let session_lives = match identity.session() {
        Some(session) => sessions::find(tx, session.id)?.is_some(),
        None => true,
    };
    let is_same = |person: &Person| {
        person.auth_generation == identity.person.auth_generation && person.status == PersonStatus::Active
    };
    Ok(people::find(tx, identity.person.id)?.filter(|person| session_lives && is_same(person)))
}
