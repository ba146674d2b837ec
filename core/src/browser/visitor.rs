//! Whose a browser's cookie is.

use super::SignedInOperator;
use crate::sign_in::BROWSER_IDLE;
use crate::verify::{self, slid};
use crate::{Actor, Caller, Core, Error, Identity, Result, sign_out as leave};
use doorward_crypto::HashPurpose;
use doorward_model::{
    Event, EventKind, OPERATOR_SESSION_PREFIX, OperatorSession, Secret, SessionScheme, Timestamp,
};
use doorward_store::{events, operator_sessions, operators};
use std::time::Duration;
use uuid::Uuid;

/// For how long after a sign-in nobody is asked for their password again before a dangerous step.
pub const FRESH: Duration = Duration::from_secs(10 * 60);

/// Who sits in front of one of Doorward's own pages.
#[derive(Clone, Debug)]
pub enum Visitor {
    /// Someone who runs this installation.
    Operator(SignedInOperator),
    /// Someone of a tenant.
    Person(Box<Identity>),
}

impl Visitor {
    /// On whose behalf what they ask for is done.
    pub fn actor(&self) -> Actor {
        match self {
            Self::Operator(it) => Actor::Console(it.clone()),
            Self::Person(identity) => Actor::Person(identity.clone()),
        }
    }

    /// Who they are: a person's id or an operator's.
    pub fn id(&self) -> Uuid {
        match self {
            Self::Operator(it) => it.operator.id.uuid(),
            Self::Person(identity) => identity.person.id.uuid(),
        }
    }

    /// Their address, as they wrote it.
    pub fn email(&self) -> &str {
        match self {
            Self::Operator(it) => it.operator.email.as_written(),
            Self::Person(identity) => identity.person.email.as_written(),
        }
    }

    /// Whether they look after the installation, not after tenants of their own.
    pub fn is_operator(&self) -> bool {
        match self {
            Self::Operator(_) => true,
            Self::Person(_) => false,
        }
    }

    /// Whether they proved who they are so lately that they need not do it again.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        let signed_in_at = match self {
            Self::Operator(it) => it.session.signed_in_at,
            Self::Person(identity) => identity.signed_in_at,
        };
        now.since(signed_in_at) < FRESH
    }
}

/// Who holds the token of a browser's session.
///
/// Errors: [`Error::NotSignedIn`] for one that is unknown, ended or of another scheme; [`Error::Unavailable`].
pub async fn visitor(core: &Core, token: &Secret) -> Result<Visitor> {
    if token.expose().starts_with(OPERATOR_SESSION_PREFIX) {
        return signed_in_operator(core, token).await.map(Visitor::Operator);
    }
    let identity = verify::session(core, SessionScheme::Browser, token).await?;
    Ok(Visitor::Person(Box::new(identity)))
}

async fn signed_in_operator(core: &Core, token: &Secret) -> Result<SignedInOperator> {
    let secret = token.expose().as_bytes();
    let hashes: Vec<[u8; 32]> =
        core.keys().hashes(HashPurpose::OperatorSession, secret).map(|hash| *hash.bytes()).collect();
    let found = core.db().read_house(move |tx| {
        for hash in &hashes {
            if let Some(session) = operator_sessions::find_by_hash(tx, hash)? {
                return Ok(operators::find(tx, session.operator)?.map(|operator| (operator, session)));
            }
        }
        Ok(None)
    });
    let (operator, session) = found.await?.ok_or(Error::NotSignedIn)?;
    let now = core.now();
    // A restored backup holds sessions that ended since.
    if session.epoch != core.epoch() {
        return Err(Error::NotSignedIn);
    }
    if now >= session.idle_until || now >= session.expires_at {
        end(core, &session).await;
        return Err(Error::NotSignedIn);
    }
    touch(core, &session, now).await;
    Ok(SignedInOperator { operator, session })
}

/// Expiry, once seen, is written down: a clock that jumps back later revives nothing (P21).
async fn end(core: &Core, session: &OperatorSession) {
    let id = session.id;
    if let Err(fault) = core.db().write_house(move |tx| operator_sessions::delete(tx, id)).await {
        tracing::warn!(%fault, "an expired session was not deleted");
    }
}

/// Slides the idle end forward, now and then. Who is there is known whether or not this can be written.
async fn touch(core: &Core, session: &OperatorSession, now: Timestamp) {
    let Some(idle_until) = slid(session.idle_until, BROWSER_IDLE, session.expires_at, now) else { return };
    let id = session.id;
    let written = core.db().write_house(move |tx| operator_sessions::touch(tx, id, now, idle_until));
    if let Err(fault) = written.await {
        tracing::warn!(%fault, "the use of a session was not noted");
    }
}

/// Ends the session somebody sits in front of. [`Error::NotSignedIn`] if it ended meanwhile.
pub async fn sign_out(core: &Core, caller: &Caller, visitor: &Visitor) -> Result<()> {
    let operator = match visitor {
        Visitor::Person(identity) => return leave::sign_out(core, caller, identity).await,
        Visitor::Operator(operator) => operator,
    };
    let now = core.now();
    let event =
        Event { actor: Some(visitor.actor().name()), ..core.event(caller, EventKind::SignedOut, now)? };
    let id = operator.session.id;
    let written = core.db().write_house(move |tx| {
        if !operator_sessions::delete(tx, id)? {
            return Ok(Err(Error::NotSignedIn));
        }
        events::insert(tx, &event)?;
        Ok(Ok(()))
    });
    written.await?
}
