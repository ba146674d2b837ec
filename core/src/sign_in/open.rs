//! Opening a session, inside the transaction that decided it.

use crate::{Branch, Caller, Identity};
use doorward_model::{ApplicationId, Kind, Membership, Person, Session, SessionId, SessionScheme, Timestamp};
use doorward_store::sessions::{self, StoredSession};
use doorward_store::{self as store, Tx};
use std::time::Duration;
use uuid::Uuid;

/// BookingBug tokens live 24 hours from their last use (dialects: "24 h sliding").
const AUTH_TOKEN_IDLE: Duration = Duration::from_secs(24 * 60 * 60);

/// Doorward's own pages show other people's data and change rights, so a browser that is left open is not for long (P10:
/// "console 12 h absolute / 30 min idle").
pub(crate) const BROWSER_IDLE: Duration = Duration::from_secs(30 * 60);
/// The same of a browser in constant use (P10).
pub(crate) const BROWSER_ABSOLUTE: Duration = Duration::from_secs(12 * 60 * 60);

/// The most sessions that one sign-in ends: as many as a person may hold by default, so that a policy made stricter holds
/// from their next sign-in on; more would hold up everybody else's.
const MOST_GIVE_WAY: i64 = 1_000;

/// What was made before the transaction.
pub(crate) struct Opening {
    pub(crate) id: Uuid,
    pub(crate) token_hash: [u8; 32],
    pub(crate) scheme: SessionScheme,
    /// As what they sign in.
    pub(crate) kind: Kind,
    pub(crate) application: Option<ApplicationId>,
    pub(crate) epoch: i64,
    /// Whether the session is kept; without, the answer merely shows who it is.
    pub(crate) store: bool,
    pub(crate) now: Timestamp,
}

/// Opens a session for a person whose generation was checked in this transaction; the oldest of too many gives way.
pub(crate) fn open_session(
    tx: &mut Tx<'_>,
    opening: Opening,
    caller: &Caller,
    person: Person,
    branch: Branch,
    memberships: Vec<Membership>,
) -> Result<Identity, store::Error> {
    let policy = branch.policy();
    let expires_at = opening.now.plus(absolute_span(opening.scheme, policy.session_absolute));
    let idle_until = opening.now.plus(idle_span(opening.scheme, policy.session_idle)).min(expires_at);
    let session = Session {
        id: SessionId::new(opening.id),
        pool: person.pool,
        person: person.id,
        tenant: branch.tenant().id,
        kind: opening.kind,
        application: opening.application,
        door: caller.door,
        scheme: opening.scheme,
        signed_in_at: opening.now,
        last_used_at: opening.now,
        idle_until,
        expires_at,
        address: Some(caller.address),
        agent: caller.agent.clone(),
    };
    if opening.store {
        make_room(tx, &person, policy.sessions_per_person)?;
        sessions::insert(
            tx,
            &StoredSession {
                session: session.clone(),
                token_hash: opening.token_hash,
                person_generation: person.auth_generation,
                tenant_generation: branch.tenant().auth_generation,
                epoch: opening.epoch,
            },
        )?;
    }
    Ok(Identity::of_session(session, person, branch, memberships))
}

/// How long a session of this scheme lives unused.
pub(crate) fn idle_span(scheme: SessionScheme, policy: Duration) -> Duration {
    match scheme {
        SessionScheme::AuthToken => AUTH_TOKEN_IDLE.min(policy),
        SessionScheme::Browser => BROWSER_IDLE.min(policy),
        SessionScheme::Cookie | SessionScheme::DoorwardSession => policy,
    }
}

/// How long a session of this scheme lives at most.
fn absolute_span(scheme: SessionScheme, policy: Duration) -> Duration {
    match scheme {
        SessionScheme::Browser => BROWSER_ABSOLUTE.min(policy),
        SessionScheme::Cookie | SessionScheme::AuthToken | SessionScheme::DoorwardSession => policy,
    }
}

/// Ends the oldest sessions until one more is not too many.
fn make_room(tx: &mut Tx<'_>, person: &Person, most: u32) -> Result<(), store::Error> {
    let kept = i64::from(most).saturating_sub(1).max(0);
    let surplus = sessions::list_surplus(tx, person.id, kept, MOST_GIVE_WAY)?;
    for session in surplus {
        sessions::delete(tx, session)?;
    }
    Ok(())
}
