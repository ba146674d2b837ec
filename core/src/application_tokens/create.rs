//! Making a token.

use super::TokenState;
use super::limits::{self, ENDED_KEPT, TOKENS_PER_APPLICATION};
use crate::access_keys::limits::{expiry, label};
use crate::applications::{administered, trusts};
use crate::once::Once;
use crate::{Actor, Caller, Core, Error, Result};
use doorward_model::{
    ApplicationId, ApplicationToken, ApplicationTokenId, Audience, Event, EventKind, PoolId, Secret,
    Timestamp,
};
use doorward_store::{Error as StoreError, Tx, application_tokens, applications, events};

/// A token to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What people read, a line of at most [`crate::access_keys::LABEL_CHARS`] characters.
    pub label: String,
    /// What it may be used for.
    pub scopes: Vec<String>,
    /// Where it is good.
    pub audience: Audience,
    /// Refused from this moment; `None` never ends by itself.
    pub expires_at: Option<Timestamp>,
}

/// A token that was made, in clear this once.
#[derive(Clone, Debug)]
pub struct IssuedToken {
    /// The token as it is kept.
    pub token: ApplicationToken,
    /// What the program sends: 256 random bits behind a prefix.
    pub secret: Secret,
}

/// Makes a token for an application, shown this once.
///
/// Errors: [`Error::Invalid`]; [`Error::NotFound`]; [`Error::NotAllowed`] without the right, which for a trusted server
/// is an owner's and for [`super::VERIFY_SCOPE`] an operator's; [`Error::Conflict`] when the application has too many.
pub async fn create(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    of: (PoolId, ApplicationId),
    new: NewToken,
) -> Result<IssuedToken> {
    make(core, caller, actor, of, new, None).await
}

/// The same for a request that names itself. Sent again, it is [`Error::Conflict`]: a token is shown once.
pub async fn create_once(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    of: (PoolId, ApplicationId),
    new: NewToken,
    once: Once,
) -> Result<IssuedToken> {
    make(core, caller, actor, of, new, Some(once)).await
}

async fn make(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    (pool, application): (PoolId, ApplicationId),
    new: NewToken,
    once: Option<Once>,
) -> Result<IssuedToken> {
    let (_, tenant, role) = administered(core, actor, pool, application).await?;
    let now = core.now();
    expiry(new.expires_at, now)?;
    let token = ApplicationToken {
        id: ApplicationTokenId::new(core.uuid(now)?),
        pool,
        application,
        label: label(&new.label)?,
        scopes: limits::scopes(actor, &new.audience, new.scopes)?,
        audience: new.audience,
        expires_at: new.expires_at,
        revoked_at: None,
        created_at: now,
        last_used_at: None,
    };
    let minted = core.mint_application_token()?;
    let event = Event {
        application: Some(application),
        detail: Some(described(&token)),
        ..core.act(caller, actor, EventKind::TokenCreated, (pool, tenant), now)?
    };
    let (made, hash, actor) = (token.clone(), minted.hash, actor.clone());
    let written = core.db().write(pool, move |tx| {
        let Some(stored) = applications::find(tx, application)? else { return Ok(Err(Error::NotFound)) };
        if let Err(refused) = trusts(&actor, role, stored.application.trusted_server) {
            return Ok(Err(refused));
        }
        if let Some(Err(refused)) = once.as_ref().map(|once| once.secret_before(tx)).transpose()? {
            return Ok(Err(refused));
        }
        if let Err(full) = make_room(tx, application, now)? {
            return Ok(Err(full));
        }
        if let Some(Err(refused)) =
            once.as_ref().map(|once| once.claim_secret(tx, made.id.uuid())).transpose()?
        {
            return Ok(Err(refused));
        }
        application_tokens::insert(tx, &made, &hash)?;
        events::insert(tx, &event)?;
        Ok(Ok(()))
    });
    written.await??;
    Ok(IssuedToken { token, secret: minted.secret })
}

/// The trail names a token by label and id; nothing of the token itself is written there.
pub(super) fn described(token: &ApplicationToken) -> String {
    format!("{} ({})", token.label, token.id)
}

/// Refuses one good token too many, and forgets the oldest of too many that ended.
fn make_room(tx: &mut Tx<'_>, application: ApplicationId, now: Timestamp) -> Result<Result<()>, StoreError> {
    let known = application_tokens::list_by_application(tx, application)?;
    let (good, ended): (Vec<_>, Vec<_>) =
        known.into_iter().partition(|token| TokenState::of(token, now) == TokenState::Active);
    if good.len() >= TOKENS_PER_APPLICATION {
        let problem = format!("already has {TOKENS_PER_APPLICATION} good tokens: revoke one first");
        return Ok(Err(Error::conflict("application", problem)));
    }
    let surplus = ended.len().saturating_sub(ENDED_KEPT);
    for token in ended.iter().take(surplus) {
        application_tokens::delete(tx, token.id)?;
    }
    Ok(Ok(()))
}
