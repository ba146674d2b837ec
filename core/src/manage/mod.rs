//! Who may use the management API: an application's token for its tenant and what is below, or an operator's.
//!
//! [`admit`] says on whose behalf the bearer of a token calls; the [`Actor`] that comes of it is bounded by the token's
//! scopes wherever rights are decided. An [`Actor`] is given out for a scope only, so that no endpoint forgets to ask.

mod scope;

pub(crate) use scope::is_ours;
pub use scope::{Scope, Scopes};

use crate::verify::{self, Reason};
use crate::windows::STRANGERS;
use crate::{Actor, Caller, Core, Error, Result, operator_tokens};
use doorward_model::{OPERATOR_TOKEN_PREFIX, Secret};
use uuid::Uuid;

/// The audience of an application's token that is good here. One for every route is not: services behind the gate see it.
pub const AUDIENCE: &str = "manage";

/// Somebody with a good token.
#[derive(Clone, Debug)]
pub struct Bearer {
    actor: Actor,
    token: Uuid,
    scopes: Scopes,
}

impl Bearer {
    pub(crate) fn new(actor: Actor, token: Uuid, scopes: Scopes) -> Self {
        Self { actor, token, scopes }
    }

    /// On whose behalf they do what this scope is needed for; `None` without it.
    pub fn acting(&self, scope: Scope) -> Option<&Actor> {
        Some(&self.actor).filter(|_| self.scopes.include(scope))
    }

    /// The token's id.
    pub fn token(&self) -> Uuid {
        self.token
    }
}

/// Who holds a token.
///
/// Errors: [`Error::NotSignedIn`] for a token that is unknown, expired, revoked or meant for something else, or
/// [`Error::WrongCredentials`] for an operator's that is unknown;
/// [`Error::NotAllowed`] while its tenant is suspended or its application disabled; [`Error::RateLimited`] after too many
/// wrong ones from one address; [`Error::Unavailable`].
pub async fn admit(core: &Core, caller: &Caller, token: &Secret) -> Result<Bearer> {
    if token.expose().starts_with(OPERATOR_TOKEN_PREFIX) {
        return operator_tokens::bearer(core, caller, token).await;
    }
    let who = verify::by_token_meant_for(core, caller.address, token, AUDIENCE).await.map_err(meaning)?;
    let scopes = Scopes::of(who.scopes().iter().map(|word| &**word));
    let token = who.subject();
    Ok(Bearer::new(Actor::Program(ActingProgram { who, scopes: scopes.clone() }), token, scopes))
}

fn meaning(reason: Reason) -> Error {
    match reason {
        Reason::Invalid | Reason::Expired | Reason::Revoked | Reason::WrongAudience => Error::NotSignedIn,
        Reason::Region { host } => Error::WrongRegion { host },
        Reason::TenantSuspended | Reason::PasswordResetRequired | Reason::ApplicationDisabled => {
            Error::NotAllowed
        }
        Reason::Rate { retry_after } => Error::RateLimited { limit: STRANGERS, retry_after },
        Reason::Unavailable { retry_after } => Error::Unavailable { retry_after },
    }
}

/// A program that speaks for itself with a token, at and below the tenant of its application.
#[derive(Clone, Debug)]
pub struct ActingProgram {
    pub(crate) who: std::sync::Arc<verify::Who>,
    pub(crate) scopes: Scopes,
}
