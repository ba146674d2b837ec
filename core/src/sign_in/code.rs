//! Signing in with a one-time code instead of a password (RubiCRM's plug-in tokens).
//!
//! A server that the tenant trusts asks whether it knows an address, is told a code, mails it in its own words, and
//! brings it back. Whoever may ask can become anybody in its scope, so nobody else may, and asking is counted.

use super::wanted::Led;
use super::{Opening, SessionWish, SignedIn, Wanted, open_session};
use crate::mint::Minted;
use crate::record::about;
use crate::tickets::{self, Told};
use crate::{Branch, Caller, Core, Error, Result, applications};
use doorward_crypto::HashPurpose;
use doorward_model::{
    Application, Email, Event, EventKind, Membership, Person, PersonId, PersonStatus, Purpose, Ticket,
    Timestamp,
};
use doorward_store::attempts::{self, Attempts};
use doorward_store::{Error as StoreError, Tx, events, memberships, people};
use std::time::Duration;

/// As long as a reset code: it goes through a mail, too (P11).
const LIFETIME: Duration = Duration::from_secs(30 * 60);
/// In how long the questions of one server are counted together.
const ASKING_WINDOW: Duration = Duration::from_secs(60);
/// Questions of one server in that time: a busy web site's, and too few to walk through a list of addresses.
const ASKING_MOST: i64 = 120;

/// Someone a trusted server asked for.
#[derive(Clone, Debug)]
pub struct Recognised {
    /// Who.
    pub person: Person,
    /// The place that leads to the wanted tenant.
    pub membership: Membership,
    /// Signs them in, once.
    pub code: Told,
}

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

/// Tells a trusted server whether it knows an address, with a code that signs its owner in. Older codes are void.
/// `None` for an address that leads nowhere.
///
/// Errors: [`Error::NotAllowed`] for other applications, [`Error::Throttled`] for one that asks too often, whatever
/// it asks.
pub async fn recognise(
    core: &Core,
    caller: &Caller,
    server: &Application,
    wanted: Wanted,
    email: &str,
) -> Result<Option<Recognised>> {
    trusted(server)?;
    let now = core.now();
    let email = Email::parse(email).ok();
    let code = tickets::random(core, now)?;
    let counter = *core.keys().hash(HashPurpose::AttemptKey, &asking(server)).bytes();
    let event = told_event(core, caller, server, EventKind::SignInCodeIssued, now)?;
    let (op, caller, scope) = (core.clone(), caller.clone(), server.clone());
    core.db()
        .write(wanted.pool(), move |tx| {
            if let Some(retry_after) = count(tx, &counter, now)? {
                return Ok(Err(Error::Throttled { retry_after }));
            }
            let found = email.as_ref().map(|email| people::find_by_email(tx, email)).transpose()?.flatten();
            let Some(person) = found.filter(|person| person.status == PersonStatus::Active) else {
                return Ok(Ok(None));
            };
            let Some((branch, membership)) = led(tx, &wanted, &scope, person.id)? else {
                return Ok(Ok(None));
            };
            let tenant = branch.tenant().id;
            tickets::issue(&op, tx, &caller, &code, Purpose::SignIn, &person, tenant, LIFETIME)?;
            events::insert(tx, &about(Event { tenant: Some(tenant), ..event.clone() }, &person))?;
            let code = Told { id: code.id, code: code.code.secret.clone() };
            Ok(Ok(Some(Recognised { person, membership, code })))
        })
        .await?
}

/// Signs someone in with the code of [`recognise`], brought back by a server the tenant trusts.
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
        event: told_event(core, caller, server, EventKind::SignedIn, now)?,
        attempt,
        ticket,
        now,
    };
    core.db().write(redemption.attempt.wanted.pool(), move |tx| redemption.run(tx)).await?
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

fn trusted(server: &Application) -> Result<()> {
    if server.trusted_server { Ok(()) } else { Err(Error::NotAllowed) }
}

/// Where a person is led, within the server's scope.
fn led(
    tx: &mut Tx<'_>,
    wanted: &Wanted,
    server: &Application,
    person: PersonId,
) -> Result<Option<(Branch, Membership)>, StoreError> {
    let places = memberships::list_by_person(tx, person)?;
    Ok(match wanted.lead(tx, &places)? {
        Led::To(branch, place) if applications::reaches(server, &branch) => Some((*branch, place)),
        Led::To(..) | Led::ToSeveral(_) | Led::Nowhere => None,
    })
}

fn told_event(
    core: &Core,
    caller: &Caller,
    server: &Application,
    kind: EventKind,
    now: Timestamp,
) -> Result<Event> {
    Ok(Event {
        pool: Some(server.pool),
        tenant: Some(server.tenant),
        actor: Some(format!("application {}", server.id)),
        application: Some(server.id),
        ..core.event(caller, kind, now)?
    })
}

fn asking(server: &Application) -> Vec<u8> {
    [b"asking".as_slice(), server.pool.as_bytes(), server.id.as_bytes()].concat()
}

/// Counts one question; how long to wait when there were too many.
fn count(tx: &mut Tx<'_>, counter: &[u8; 32], now: Timestamp) -> Result<Option<Duration>, StoreError> {
    let known = attempts::find(tx, counter)?;
    if now < known.allowed_at && known.failures >= ASKING_MOST {
        return Ok(Some(known.allowed_at.since(now)));
    }
    let counted = if now < known.allowed_at {
        Attempts { failures: known.failures + 1, changed_at: now, ..known }
    } else {
        Attempts { failures: 1, pending: 0, allowed_at: now.plus(ASKING_WINDOW), changed_at: now }
    };
    attempts::put(tx, counter, counted)?;
    Ok(None)
}
