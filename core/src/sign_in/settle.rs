//! The end of a password sign-in: the verdict becomes counters, an event, and perhaps a session, in one transaction.

use super::wanted::Led;
use super::{Candidate, Known, Opening, PasswordAttempt, SessionWish, SignIn, SignedIn, open_session};
use crate::mint::Minted;
use crate::record::about;
use crate::{Branch, Caller, Core, Error, Result, language, outbox};
use doorward_crypto::password::Verdict;
use doorward_model::{Event, EventKind, Membership, Person, PersonStatus, Timestamp};
use doorward_store::{self as store, Tx, events, memberships, people};

/// How the trail tells a sign-in that was for one request.
const WITH_A_REQUEST: &str = "with a request, without a session";

/// Everything the transaction needs, made before it, so that a rerun recognises itself.
#[derive(Clone)]
struct Prepared {
    core: Core,
    caller: Caller,
    attempt: PasswordAttempt,
    candidate: Candidate,
    event: Event,
    session: uuid::Uuid,
    token: Minted,
    notice: outbox::Prepared,
    now: Timestamp,
}

pub(super) async fn settle(
    core: &Core,
    caller: &Caller,
    attempt: &PasswordAttempt,
    candidate: &Candidate,
    verdict: Verdict,
) -> Result<SignIn> {
    let now = core.now();
    let pool = attempt.wanted.pool();
    let event = core.event(caller, EventKind::SignInRefused, now)?;
    let prepared = Prepared {
        core: core.clone(),
        caller: caller.clone(),
        attempt: attempt.clone(),
        candidate: candidate.clone(),
        event: Event {
            pool: Some(pool),
            tenant: Some(attempt.wanted.top()),
            person: candidate.known.as_ref().map(|known| known.person),
            application: attempt.application,
            ..event
        },
        session: core.uuid(now)?,
        token: core.mint_session(attempt.session.scheme())?,
        notice: outbox::Prepared::new(core, now)?,
        now,
    };
    core.db()
        .write(pool, move |tx| match (verdict, &prepared.candidate.known) {
            (Verdict::Match { .. }, Some(known)) => prepared.matched(tx, known),
            (Verdict::Match { .. } | Verdict::Mismatch, _) => {
                prepared.refuse(tx, "wrong password or unknown account")
            }
        })
        .await?
}

impl Prepared {
    fn refuse(&self, tx: &mut Tx<'_>, why: &str) -> Result<Result<SignIn>, store::Error> {
        self.candidate.reservation.fail(tx, self.now)?;
        events::insert(tx, &Event { detail: Some(why.to_owned()), ..self.event.clone() })?;
        Ok(Err(Error::WrongCredentials))
    }

    fn matched(&self, tx: &mut Tx<'_>, known: &Known) -> Result<Result<SignIn>, store::Error> {
        // Read again: between reservation and verdict somebody may have reset, disabled or moved them.
        let person =
            people::find(tx, known.person)?.filter(|person| person.auth_generation == known.generation);
        let Some(person) = person.filter(|person| person.status == PersonStatus::Active) else {
            return self.refuse(tx, "the account is inactive or changed meanwhile");
        };
        let places = memberships::list_by_person(tx, person.id)?;
        match self.attempt.wanted.lead(tx, &places)? {
            Led::Nowhere => self.refuse(tx, "the account has no place here"),
            Led::ToSeveral(places) => {
                self.candidate.reservation.succeed(tx, self.now)?;
                Ok(Ok(SignIn::Choose { person: Box::new(person), places }))
            }
            Led::To(branch, place) => self.open(tx, person, *branch, place, places).map(Ok),
        }
    }

    fn open(
        &self,
        tx: &mut Tx<'_>,
        mut person: Person,
        branch: Branch,
        membership: Membership,
        memberships: Vec<Membership>,
    ) -> Result<SignIn, store::Error> {
        let is_new_place = self.candidate.reservation.succeed(tx, self.now)?;
        if !is_new_place {
            // From a new place it may be a thief with their password, who would choose what the warning is written in.
            language::learn(tx, &mut person, &self.caller)?;
        } else if person.notifications.instant {
            outbox::new_sign_in(&self.core, tx, &self.notice, &person, &branch, &self.caller)?;
        }
        let wished = self.attempt.session.is_granted(&person, &branch);
        let identity = open_session(
            tx,
            Opening {
                id: self.session,
                token_hash: self.token.hash,
                scheme: self.attempt.session.scheme(),
                kind: membership.kind,
                application: self.attempt.application,
                epoch: self.core.epoch(),
                store: wished,
                now: self.now,
            },
            &self.caller,
            person,
            branch,
            memberships,
        )?;
        let signed_in = Event {
            kind: EventKind::SignedIn,
            tenant: Some(identity.tenant()),
            session: identity.session().filter(|_| wished).map(|session| session.id),
            detail: Event::sign_in_detail(
                is_new_place,
                (self.attempt.session == SessionWish::Never).then_some(WITH_A_REQUEST),
            ),
            ..about(self.event.clone(), &identity.person)
        };
        events::insert(tx, &signed_in)?;
        let token = wished.then(|| self.token.secret.clone());
        Ok(SignIn::Done(Box::new(SignedIn { identity, membership, token })))
    }
}
