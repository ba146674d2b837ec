//! Ending a token for good.

use super::create::described;
use crate::applications::administered;
use crate::{Actor, Caller, Core, Error, Result};
use doorward_model::{ApplicationId, ApplicationToken, ApplicationTokenId, Event, EventKind, PoolId};
use doorward_store::{application_tokens, events};

/// Refuses every call with this token from now on. Revoking a revoked token changes nothing.
///
/// Errors: [`Error::NotFound`], also for a token of another application; [`Error::NotAllowed`] without the right.
pub async fn revoke(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    (pool, application): (PoolId, ApplicationId),
    id: ApplicationTokenId,
) -> Result<ApplicationToken> {
    let (_, tenant, _) = administered(core, actor, pool, application).await?;
    let now = core.now();
    let event = Event {
        application: Some(application),
        ..core.act(caller, actor, EventKind::TokenRevoked, (pool, tenant), now)?
    };
    let written = core.db().write(pool, move |tx| {
        let found = application_tokens::find(tx, id)?.filter(|token| token.application == application);
        let Some(token) = found else { return Ok(Err(Error::NotFound)) };
        if !application_tokens::revoke(tx, id, now)? {
            return Ok(Ok(token));
        }
        events::insert(tx, &Event { detail: Some(described(&token)), ..event.clone() })?;
        Ok(Ok(ApplicationToken { revoked_at: Some(now), ..token }))
    });
    written.await?
}
