//! Signing in with a password: the one way every door goes.
//!
//! Reserve the attempt, find the person, hash in the bounded queue (a dummy when nobody is found), then decide, open
//! the session and record the event in one transaction. A refusal is an outcome that commits, so counters and events
//! survive it. Exactly one hash is computed for each attempt that is not throttled (P8).

pub mod code;
mod open;
mod settle;
mod wanted;

pub(crate) use open::{BROWSER_ABSOLUTE, BROWSER_IDLE, Opening, idle_span, open_session};
pub use wanted::Wanted;

use crate::attempts::{Reservation, Subjects};
use crate::usage::noted;
use crate::{Branch, Caller, Core, Error, Identity, Result, TRACE_TARGET};
use doorward_crypto::password::{PasswordHash, Verdict};
use doorward_model::{
    ApplicationId, Email, HashScheme, Membership, Person, Secret, SessionScheme, Verified, password,
};
use doorward_store::people;
use tracing::Instrument as _;

/// What someone brings to a door.
#[derive(Clone, Debug)]
pub struct PasswordAttempt {
    /// Where they want to sign in.
    pub wanted: Wanted,
    /// The address as they wrote it; one that cannot be an address is an unknown account.
    pub email: String,
    /// The password as they wrote it.
    pub password: Secret,
    /// The program they use.
    pub application: Option<ApplicationId>,
    /// Whether a session is opened.
    pub session: SessionWish,
}

/// Whether a sign-in opens a session, and with which kind of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionWish {
    /// Always.
    Open(SessionScheme),
    /// Once the address is verified and policy allows it (RubiCRM: `LoginVerified`, `AllowLogin`).
    OnceVerified(SessionScheme),
    /// Never: name and password came with a request that is answered by itself.
    Never,
}

impl SessionWish {
    /// How the token is made and sent.
    fn scheme(self) -> SessionScheme {
        match self {
            Self::Open(scheme) | Self::OnceVerified(scheme) => scheme,
            // Made like any other and thrown away: nobody is sent it, and no row knows it.
            Self::Never => SessionScheme::DoorwardSession,
        }
    }

    /// Whether this person gets a session at this tenant.
    pub(crate) fn is_granted(self, person: &Person, branch: &Branch) -> bool {
        match self {
            Self::Open(_) => true,
            Self::OnceVerified(_) => person.verified != Verified::No && branch.policy().allow_login,
            Self::Never => false,
        }
    }
}

/// How a sign-in went.
#[derive(Clone, Debug)]
pub enum SignIn {
    /// The password was right, and it led to one tenant.
    Done(Box<SignedIn>),
    /// The password was right, and it led to several; nothing was opened (BookingBug: "one e-mail, several companies").
    Choose {
        /// Who.
        person: Box<Person>,
        /// Where to.
        places: Vec<(Branch, Membership)>,
    },
}

/// A sign-in that led to one tenant.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who is signed in, and where.
    pub identity: Identity,
    /// The place that led there.
    pub membership: Membership,
    /// The session's token; `None` where policy opens none yet.
    pub token: Option<Secret>,
}

/// Signs someone in with e-mail and password.
///
/// Errors: [`Error::WrongCredentials`] for every unknown, wrong, inactive or foreign account alike,
/// [`Error::Throttled`] without hashing, [`Error::Unavailable`] when the queue is full.
pub async fn with_password(core: &Core, caller: &Caller, attempt: PasswordAttempt) -> Result<SignIn> {
    let (core, caller) = (core.clone(), caller.clone());
    // A task of its own: a client that hangs up can neither skip the counter nor leave its reservation behind.
    let span = tracing::info_span!(target: TRACE_TARGET, "sign_in");
    tokio::spawn(async move { run(&core, &caller, attempt).await }.instrument(span))
        .await
        .map_err(|fault| Error::internal("a sign-in did not finish", &fault))?
}

async fn run(core: &Core, caller: &Caller, attempt: PasswordAttempt) -> Result<SignIn> {
    let at = (attempt.wanted.pool(), attempt.wanted.top());
    let outcome = decide(core, caller, attempt).await;
    noted::attempted(core, caller, at, &outcome);
    outcome.map(|(signed_in, _)| signed_in)
}

/// How it went, and of which kind the password is that was right.
async fn decide(
    core: &Core,
    caller: &Caller,
    attempt: PasswordAttempt,
) -> Result<(SignIn, Option<HashScheme>)> {
    let pool = attempt.wanted.pool();
    let candidate = begin(core, caller, &attempt).await?;
    let stored = candidate.known.as_ref().and_then(stored_hash);
    let lane = pool.uuid().as_u128();
    let hashing = tracing::info_span!(target: TRACE_TARGET, "password_hash");
    let given = password::normalised(attempt.password.expose());
    let verdict = core.hashes().verify(lane, given, stored).instrument(hashing).await;
    match verdict {
        Ok(verdict) => {
            let outcome = settle::settle(core, caller, &attempt, &candidate, verdict).await?;
            let stored = candidate.known.as_ref().and_then(|known| known.password.as_ref());
            let scheme = stored.map(|stored| HashScheme::of(stored.expose()));
            if let (Verdict::Match { rehash: true }, Some(known)) = (verdict, candidate.known) {
                rehash(core, known, attempt);
            }
            Ok((outcome, scheme))
        }
        Err(refused) => {
            let now = core.now();
            core.db().write(pool, move |tx| candidate.reservation.release(tx, now)).await?;
            Err(refused.into())
        }
    }
}

/// Someone who may be who they say, before the hash is computed.
#[derive(Clone)]
struct Candidate {
    reservation: Reservation,
    known: Option<Known>,
}

/// The account behind the address.
type Known = people::Account;

/// The stored hash; one that cannot be read costs a dummy hash like a missing one, and says so in the log only.
fn stored_hash(known: &Known) -> Option<PasswordHash> {
    let parsed = PasswordHash::parse(known.password.as_ref()?.expose());
    parsed.map_err(|fault| Error::internal("a stored password hash", &fault)).ok()
}

/// Reserves the attempt and finds the person, in one transaction. What a power cut takes of it is an attempt whose answer
/// nobody had; settling it is durable.
async fn begin(core: &Core, caller: &Caller, attempt: &PasswordAttempt) -> Result<Candidate> {
    let (pool, top, now) = (attempt.wanted.pool(), attempt.wanted.top(), core.now());
    let email = Email::parse(&attempt.email).ok();
    let account =
        email.as_ref().map_or_else(|| attempt.email.to_lowercase(), |email| email.canonical().to_owned());
    let subjects = Subjects::new(core, pool, &account, caller, attempt.application);
    let op = core.clone();
    core.db()
        .write_soon(pool, move |tx| {
            let policy = match op.memory().recall_branch(pool, top) {
                // It only says how often may be tried; settling reads anew where the sign-in leads.
                Some(branch) => branch.policy(),
                None => match Branch::read(tx, top)? {
                    Some(branch) => branch.policy(),
                    None => return Ok(Err(Error::NotFound)),
                },
            };
            if let Err(throttled) = op.sign_in_quota().admit(pool, policy.sign_ins_per_minute, now) {
                return Ok(Err(throttled));
            }
            let reservation = match subjects.reserve(tx, &policy, now)? {
                Ok(reservation) => reservation,
                Err(throttled) => return Ok(Err(throttled)),
            };
            let known = email.as_ref().map(|email| people::find_account(tx, email)).transpose()?.flatten();
            Ok(Ok(Candidate { reservation, known }))
        })
        .await?
}

/// Replaces a hash that is weaker than today's target, behind the answer: nobody waits for a second hash.
fn rehash(core: &Core, known: Known, attempt: PasswordAttempt) {
    let core = core.clone();
    tokio::spawn(async move {
        let pool = attempt.wanted.pool();
        let strong =
            core.hashes().hash(pool.uuid().as_u128(), password::normalised(attempt.password.expose())).await;
        let (Ok(strong), Some(weak)) = (strong, known.password) else {
            // A full queue has better things to do; the next sign-in tries again.
            return;
        };
        let strong = Secret::new(strong.as_str());
        let written = core.db().write(pool, move |tx| people::rehash(tx, known.person, &weak, &strong)).await;
        if let Err(fault) = written {
            tracing::warn!(%fault, "a password hash was not strengthened");
        }
    });
}
