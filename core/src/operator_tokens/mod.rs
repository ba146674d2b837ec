//! Bearer tokens of operators: made on the installation's own machine, good at the management API from anywhere.
//!
//! Read from the database on every call and kept in no memory: what is revoked is refused at once, on every node.

mod bearer;
mod make;

pub(crate) use bearer::bearer;
pub use make::{IssuedOperatorToken, NewOperatorToken, TOKENS_PER_OPERATOR, create};

use crate::application_tokens::TokenState;
use crate::{Actor, Caller, Core, Error, Result};
use doorward_model::{Email, Event, EventKind, OperatorToken, OperatorTokenId};
use doorward_store::{events, operator_tokens as store, operators};

/// A token as operators see it.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedOperatorToken {
    /// The token.
    pub token: OperatorToken,
    /// Whose it is.
    pub operator: Email,
    /// Whether it may be used.
    pub state: TokenState,
}

/// Every operator's tokens, oldest first, with those that ended.
///
/// Errors: [`Error::NotAllowed`] but for an operator at the machine itself.
pub async fn list(core: &Core, actor: &Actor) -> Result<Vec<ListedOperatorToken>> {
    local(actor)?;
    let now = core.now();
    let (operators, tokens) = core.db().read_house(|tx| Ok((operators::list(tx)?, store::list(tx)?))).await?;
    let listed = tokens.into_iter().filter_map(|token| {
        let operator = operators.iter().find(|operator| operator.id == token.operator)?.email.clone();
        let state = TokenState::of_times(token.revoked_at, token.expires_at, now);
        Some(ListedOperatorToken { token, operator, state })
    });
    Ok(listed.collect())
}

/// Refuses every call with this token from now on. Revoking a revoked token changes nothing.
///
/// Errors: [`Error::NotFound`]; [`Error::NotAllowed`] but for an operator at the machine itself.
pub async fn revoke(core: &Core, caller: &Caller, actor: &Actor, id: OperatorTokenId) -> Result<()> {
    local(actor)?;
    let now = core.now();
    let event =
        Event { actor: Some(actor.name()), ..core.event(caller, EventKind::OperatorTokenRevoked, now)? };
    let written = core.db().write_house(move |tx| {
        let Some(token) = store::find(tx, id)? else { return Ok(Err(Error::NotFound)) };
        if store::revoke(tx, id, now)? {
            events::insert(tx, &Event { detail: Some(described(&token)), ..event.clone() })?;
        }
        Ok(Ok(()))
    });
    written.await?
}

/// A token makes, shows and revokes no tokens of operators: who found one would keep themselves in with it.
fn local(actor: &Actor) -> Result<()> {
    match actor {
        Actor::Operator => Ok(()),
        Actor::Remote(_) | Actor::Console(_) | Actor::Person(_) | Actor::Program(_) | Actor::Maker(_) => {
            Err(Error::NotAllowed)
        }
    }
}

/// The trail names a token by label and id; nothing of the token itself is written there.
fn described(token: &OperatorToken) -> String {
    format!("{} ({})", token.label, token.id)
}
