//! Making a token of an operator.

use super::{described, local};
use crate::access_keys::limits::{expiry, label};
use crate::application_tokens::TokenState;
use crate::manage::Scope;
use crate::{Actor, Caller, Core, Error, Result};
use doorward_model::{
    Event, EventKind, OperatorId, OperatorToken, OperatorTokenId, PoolId, Secret, Timestamp,
};
use doorward_store::{Error as StoreError, HouseTx, events, operator_tokens as store, operators};

/// Good tokens of one operator: more than anybody can tell apart.
pub const TOKENS_PER_OPERATOR: usize = 100;

/// A token to be made.
#[derive(Clone, Debug)]
pub struct NewOperatorToken {
    /// Whose.
    pub operator: OperatorId,
    /// What people read, a line of at most [`crate::access_keys::LABEL_CHARS`] characters.
    pub label: String,
    /// What it may be used for: one thing at least.
    pub scopes: Vec<Scope>,
    /// The one pool it reaches; `None` for all.
    pub only_pool: Option<PoolId>,
    /// Refused from this moment; `None` never ends by itself.
    pub expires_at: Option<Timestamp>,
}

/// A token that was made, in clear this once.
#[derive(Clone, Debug)]
pub struct IssuedOperatorToken {
    /// The token as it is kept.
    pub token: OperatorToken,
    /// What its bearer sends: 256 random bits behind a prefix.
    pub secret: Secret,
}

/// Makes a token, shown this once.
///
/// Errors: [`Error::NotAllowed`] but for an operator at the machine itself; [`Error::Invalid`]; [`Error::NotFound`] for an
/// unknown operator or pool; [`Error::Conflict`] when they have too many.
pub async fn create(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    new: NewOperatorToken,
) -> Result<IssuedOperatorToken> {
    local(actor)?;
    let now = core.now();
    expiry(new.expires_at, now)?;
    if new.scopes.is_empty() {
        return Err(Error::invalid("scopes", "expected one at least"));
    }
    let mut scopes: Vec<String> = new.scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
    scopes.sort();
    scopes.dedup();
    let token = OperatorToken {
        id: OperatorTokenId::new(core.uuid(now)?),
        operator: new.operator,
        label: label(&new.label)?,
        scopes,
        only_pool: new.only_pool,
        expires_at: new.expires_at,
        revoked_at: None,
        created_at: now,
        last_used_at: None,
    };
    let minted = core.mint_operator_token()?;
    let event = Event {
        actor: Some(actor.name()),
        detail: Some(described(&token)),
        ..core.event(caller, EventKind::OperatorTokenCreated, now)?
    };
    let (made, hash) = (token.clone(), minted.hash);
    let written = core.db().write_house(move |tx| {
        if let Err(refused) = has_room(tx, made.operator, now)? {
            return Ok(Err(refused));
        }
        store::insert(tx, &made, &hash)?;
        events::insert(tx, &event)?;
        Ok(Ok(()))
    });
    written.await??;
    Ok(IssuedOperatorToken { token, secret: minted.secret })
}

fn has_room(tx: &mut HouseTx<'_>, operator: OperatorId, now: Timestamp) -> Result<Result<()>, StoreError> {
    if !operators::list(tx)?.iter().any(|known| known.id == operator) {
        return Ok(Err(Error::NotFound));
    }
    let good = store::list(tx)?.into_iter().filter(|token| {
        token.operator == operator
            && TokenState::of_times(token.revoked_at, token.expires_at, now) == TokenState::Active
    });
    if good.count() < TOKENS_PER_OPERATOR {
        return Ok(Ok(()));
    }
    let problem = format!("already has {TOKENS_PER_OPERATOR} good tokens: revoke one first");
    Ok(Err(Error::conflict("operator", problem)))
}
