//! Signing out: the session's row is deleted, so that nothing is left that could revive.

use crate::{Caller, Core, Error, Identity, Result};
use doorward_model::EventKind;
use doorward_store::{events, sessions};

/// Ends the session that carries this identity. [`Error::NotSignedIn`] if it ended meanwhile.
pub async fn sign_out(core: &Core, caller: &Caller, identity: &Identity) -> Result<()> {
    let session = identity.session().ok_or(Error::NotSignedIn)?.id;
    let now = core.now();
    let event = core.event_of(caller, EventKind::SignedOut, identity, now)?;
    core.db()
        .write(identity.pool(), move |tx| {
            if !sessions::delete(tx, session)? {
                return Ok(Err(Error::NotSignedIn));
            }
            events::insert(tx, &event)?;
            Ok(Ok(()))
        })
        .await?
}
