//! Bringing a code back: one transaction uses it up and opens the session.

use super::{event_by, led, trusted};
use crate::mint::Minted;
use crate::record::about;
use crate::sign_in::{Opening, SessionWish, SignedIn, Wanted, open_session};
use crate::tickets::{self, Told};
use crate::usage::noted;
use crate::{Branch, Caller, Core, Error, Result};
use doorward_model::{
    Application, Event, EventKind, Membership, Person, PersonId, PersonStatus, Purpose, Ticket, Timestamp,
};
use doorward_store::{Error as StoreError, Tx, events, memberships};

/// What somebody brings instead of a password.
#[derive(Clone, Debug)]
pub struct CodeAttempt {
    /// Where they want to sign in.
    pub wanted: Wanted,
    /// Who they say they are.
    pub person: PersonId,
    /// The code, with its ticket.
    pub told: Told,
    /// Whether a session is opened.
    pub session: SessionWish,
}

/// Signs someone in with the code of [`super::recognise`], brought back by a server the tenant trusts.
///
/// Errors: [`Error::WrongCredentials`] for a code that is wrong, used, expired or somebody else's, and for people who
/// may not sign in; [`Error::NotAllowed`] for other applications.
pub async fn with_code(
    core: &Core,
    caller: &Caller,
    server: &Application,
    attempt: CodeAttempt,
) -> Result<SignedIn> {
    trusted(server)?;
    let found = tickets::find(core, Purpose::SignIn, &attempt.told.code).await?;
    let ticket = found.map(|(ticket, _)| ticket).filter(|ticket| {
        ticket.id == attempt.told.id
            && ticket.person == attempt.person
            && ticket.pool == attempt.wanted.pool()
    });
    let now = core.now();
    let redemption = Redemption {
        caller: caller.clone(),
        server: server.clone(),
        session: core.uuid(now)?,
        token: core.mint_session(attempt.session.scheme())?,
        epoch: core.epoch(),
        event: event_by(core, caller, server, EventKind::SignedIn, now)?,
        attempt,
        ticket,
        now,
    };
    let wanted = &redemption.attempt.wanted;
    let at = (wanted.pool(), wanted.top());
    let outcome = core.db().write(at.0, move |tx| redemption.run(tx)).await.map_err(Error::from).flatten();
    match &outcome {
        Ok(signed_in) => noted::signed_in(core, &signed_in.identity, None, now),
        Err(error) => noted::refused(core, at, caller.door, error),
    }
    outcome
}

/// Everything the transaction needs, made before it.
struct Redemption {
    caller: Caller,
    server: Application,
    attempt: CodeAttempt,
    ticket: Option<Ticket>,
    session: uuid::Uuid,
    token: Minted,
    epoch: i64,
    event: Event,
    now: Timestamp,
}

impl Redemption {
    fn run(&self, tx: &mut Tx<'_>) -> Result<Result<SignedIn>, StoreError> {
        let Some(ticket) = &self.ticket else { return self.refuse(tx, "the code is not valid") };
        let Some((branch, membership)) = led(tx, &self.attempt.wanted, &self.server, ticket.person)? else {
            return self.refuse(tx, "the account has no place here");
        };
        let person = tickets::redeem(tx, ticket, self.now, self.epoch)?;
        let Some(person) = person.filter(|person| person.status == PersonStatus::Active) else {
            return self.refuse(tx, "the code was used, or the account changed meanwhile");
        };
        self.open(tx, person, branch, membership).map(Ok)
    }

    fn refuse(&self, tx: &mut Tx<'_>, why: &str) -> Result<Result<SignedIn>, StoreError> {
        let person = self.ticket.as_ref().map(|ticket| ticket.person);
        let detail = Some(why.to_owned());
        events::insert(tx, &Event { kind: EventKind::SignInRefused, person, detail, ..self.event.clone() })?;
        Ok(Err(Error::WrongCredentials))
    }

    fn open(
        &self,
        tx: &mut Tx<'_>,
        person: Person,
        branch: Branch,
        membership: Membership,
    ) -> Result<SignedIn, StoreError> {
        let granted = self.attempt.session.is_granted(&person, &branch);
        let opening = Opening {
            id: self.session,
            token_hash: self.token.hash,
            scheme: self.attempt.session.scheme(),
            kind: membership.kind,
            application: Some(self.server.id),
            epoch: self.epoch,
            store: granted,
            now: self.now,
        };
        let places = memberships::list_by_person(tx, person.id)?;
        let identity = open_session(tx, opening, &self.caller, person, branch, places)?;
        let event = Event {
            tenant: Some(identity.tenant()),
            session: identity.session().filter(|_| granted).map(|session| session.id),
            detail: Some("with a one-time code".to_owned()),
            ..self.event.clone()
        };
        events::insert(tx, &about(event, &identity.person))?;
        Ok(SignedIn { identity, membership, token: granted.then(|| self.token.secret.clone()) })
    }
}
