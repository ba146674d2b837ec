//! Bearer tokens of applications: made, listed and revoked by the tenant's administrators.
//!
//! With a token a program speaks for itself and for no person. It is shown once, by [`create`]; afterwards only a keyed
//! hash of it exists. Who may call with one is `verify/known_token.rs`'s affair.

mod create;
mod limits;
mod revoke;

pub use create::{IssuedToken, NewToken, create, create_once};
pub use limits::{SCOPES_PER_TOKEN, TOKENS_PER_APPLICATION};
pub use revoke::revoke;

use crate::applications::administered;
use crate::{Actor, Core, Result};
use doorward_model::{ApplicationId, ApplicationToken, PoolId, Timestamp};
use doorward_store::application_tokens as store;

/// The scope whose holder may ask who others are (`POST /verify`). It reaches beyond its tenant, so only an operator
/// gives it.
pub const VERIFY_SCOPE: &str = "verify";

/// A token as administrators see it.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedToken {
    /// The token.
    pub token: ApplicationToken,
    /// Whether it may be used, as far as it is concerned itself.
    pub state: TokenState,
}

/// Whether a token may be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TokenState {
    /// It may.
    Active,
    /// Its time is over.
    Expired,
    /// An administrator revoked it; nothing brings it back.
    Revoked,
}

impl TokenState {
    /// The printed word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }

    /// What a token is worth at a moment.
    pub(crate) fn of(token: &ApplicationToken, now: Timestamp) -> Self {
        Self::of_times(token.revoked_at, token.expires_at, now)
    }

    /// The same of any token that ends like these.
    pub(crate) fn of_times(
        revoked_at: Option<Timestamp>,
        expires_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Self {
        if revoked_at.is_some() {
            Self::Revoked
        } else if expires_at.is_some_and(|end| end <= now) {
            Self::Expired
        } else {
            Self::Active
        }
    }
}

/// An application's tokens, oldest first; of those that ended, the latest.
///
/// Errors: [`crate::Error::NotFound`], and [`crate::Error::NotAllowed`] without the right.
pub async fn list(
    core: &Core,
    actor: &Actor,
    pool: PoolId,
    application: ApplicationId,
) -> Result<Vec<ListedToken>> {
    administered(core, actor, pool, application).await?;
    let now = core.now();
    let listed = core.db().read(pool, move |tx| store::list_by_application(tx, application)).await?;
    Ok(listed.into_iter().map(|token| ListedToken { state: TokenState::of(&token, now), token }).collect())
}
