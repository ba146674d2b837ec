//! Those who run this installation. They sign in like everybody else: the attempt is reserved before its hash is computed,
//! an unknown address costs a hash, and every refusal is the same.

use crate::attempts::{Reservation, Subjects};
use crate::mint::Minted;
use crate::operators::{HOUSE, LANE};
use crate::sign_in::{BROWSER_ABSOLUTE, BROWSER_IDLE};
use crate::{Caller, Core, Error, Result};
use doorward_crypto::password::{PasswordHash, Verdict};
use doorward_model::{
    EffectivePolicy, Email, Event, EventKind, Operator, OperatorSession, OperatorSessionId, Secret,
    Timestamp, password,
};
use doorward_store::{Error as StoreError, HouseTx, events, operator_sessions, operators};

/// An operator in front of a browser.
#[derive(Clone, Debug, PartialEq)]
pub struct SignedInOperator {
    /// Who.
    pub operator: Operator,
    /// With which session.
    pub session: OperatorSession,
}

/// Signs an operator in. The secret is the session's token, shown this once.
///
/// Errors: [`Error::WrongCredentials`] for every unknown or wrong account alike, [`Error::Throttled`] without hashing,
/// [`Error::Unavailable`] when the queue is full.
pub async fn operator(
    core: &Core,
    caller: &Caller,
    email: &str,
    password: Secret,
) -> Result<(SignedInOperator, Secret)> {
    let (core, caller, email) = (core.clone(), caller.clone(), email.to_owned());
    // A task of its own: a client that hangs up can neither skip the counter nor leave its reservation behind.
    tokio::spawn(async move { run(&core, &caller, &email, password).await })
        .await
        .map_err(|fault| Error::internal("a sign-in did not finish", &fault))?
}

/// Who may be who they say, before the hash is computed.
#[derive(Clone)]
struct Candidate {
    reservation: Reservation,
    known: Option<(Operator, Secret)>,
}

async fn run(
    core: &Core,
    caller: &Caller,
    email: &str,
    password: Secret,
) -> Result<(SignedInOperator, Secret)> {
    let candidate = begin(core, caller, email).await?;
    let stored = candidate.known.as_ref().and_then(|(_, stored)| readable(stored));
    let verdict = core.hashes().verify(LANE, password::normalised(password.expose()), stored).await;
    match verdict {
        Ok(verdict) => settle(core, caller, candidate, verdict).await,
        Err(refused) => {
            let now = core.now();
            let released = core
                .db()
                .write_house(move |tx| tx.in_pool(HOUSE, |tx| candidate.reservation.release(tx, now)));
            released.await?;
            Err(refused.into())
        }
    }
}

/// One that cannot be read costs a dummy hash like a missing one, and says so in the log only.
fn readable(stored: &Secret) -> Option<PasswordHash> {
    let parsed = PasswordHash::parse(stored.expose());
    parsed.map_err(|fault| Error::internal("a stored password hash", &fault)).ok()
}

async fn begin(core: &Core, caller: &Caller, email: &str) -> Result<Candidate> {
    let now = core.now();
    let parsed = Email::parse(email).ok();
    let account = parsed.as_ref().map_or_else(|| email.to_lowercase(), |email| email.canonical().to_owned());
    let subjects = Subjects::new(core, HOUSE, &account, caller, None);
    let policy = EffectivePolicy::inherit([]);
    let begun = core.db().write_house(move |tx| {
        let reservation = match tx.in_pool(HOUSE, |tx| subjects.reserve(tx, &policy, now))? {
            Ok(reservation) => reservation,
            Err(throttled) => return Ok(Err(throttled)),
        };
        let known = match &parsed {
            Some(email) => operators::find_account(tx, email)?,
            None => None,
        };
        Ok(Ok(Candidate { reservation, known }))
    });
    begun.await?
}

async fn settle(
    core: &Core,
    caller: &Caller,
    candidate: Candidate,
    verdict: Verdict,
) -> Result<(SignedInOperator, Secret)> {
    let now = core.now();
    let prepared = Prepared {
        id: OperatorSessionId::new(core.uuid(now)?),
        token: core.mint_operator_session()?,
        event: core.event(caller, EventKind::SignInRefused, now)?,
        epoch: core.epoch(),
        caller: caller.clone(),
        candidate,
        now,
    };
    let settled = core.db().write_house(move |tx| match (verdict, &prepared.candidate.known) {
        (Verdict::Match { .. }, Some((operator, stored))) => prepared.matched(tx, operator, stored),
        (Verdict::Match { .. } | Verdict::Mismatch, _) => {
            prepared.refuse(tx, "wrong password or unknown operator")
        }
    });
    settled.await?
}

/// Everything the transaction needs, made before it, so that a rerun recognises itself.
#[derive(Clone)]
struct Prepared {
    id: OperatorSessionId,
    token: Minted,
    event: Event,
    epoch: i64,
    caller: Caller,
    candidate: Candidate,
    now: Timestamp,
}

impl Prepared {
    fn refuse(
        &self,
        tx: &mut HouseTx<'_>,
        why: &str,
    ) -> Result<Result<(SignedInOperator, Secret)>, StoreError> {
        tx.in_pool(HOUSE, |tx| self.candidate.reservation.fail(tx, self.now))?;
        let actor = self.candidate.known.as_ref().map(|(operator, _)| format!("operator {}", operator.id));
        events::insert(tx, &Event { actor, detail: Some(why.to_owned()), ..self.event.clone() })?;
        Ok(Err(Error::WrongCredentials))
    }

    fn matched(
        &self,
        tx: &mut HouseTx<'_>,
        operator: &Operator,
        stored: &Secret,
    ) -> Result<Result<(SignedInOperator, Secret)>, StoreError> {
        // Read again: between reservation and verdict they may have been taken away, or have chosen another password.
        let now_stored = operators::find_account(tx, &operator.email)?;
        let is_same = now_stored
            .as_ref()
            .is_some_and(|(now, hash)| now == operator && hash.expose() == stored.expose());
        if !is_same {
            return self.refuse(tx, "the account changed meanwhile");
        }
        tx.in_pool(HOUSE, |tx| self.candidate.reservation.succeed(tx, self.now))?;
        let expires_at = self.now.plus(BROWSER_ABSOLUTE);
        let session = OperatorSession {
            id: self.id,
            operator: operator.id,
            epoch: self.epoch,
            signed_in_at: self.now,
            last_used_at: self.now,
            idle_until: self.now.plus(BROWSER_IDLE).min(expires_at),
            expires_at,
            address: Some(self.caller.address),
            agent: self.caller.agent.clone(),
        };
        operator_sessions::insert(tx, &session, &self.token.hash)?;
        let actor = format!("operator {} session {}", operator.id, session.id);
        let signed_in = Event {
            kind: EventKind::SignedIn,
            actor: Some(actor),
            detail: Some(operator.email.as_written().to_owned()),
            ..self.event.clone()
        };
        events::insert(tx, &signed_in)?;
        let signed_in = SignedInOperator { operator: operator.clone(), session };
        Ok(Ok((signed_in, self.token.secret.clone())))
    }
}
