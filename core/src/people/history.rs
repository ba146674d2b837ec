//! What happened to somebody, for themselves.

use crate::{Core, Identity, Result};
use doorward_model::{Event, EventKind};
use doorward_store::events;

/// As much of it as is read, rendered and sent in one piece.
const MOST: i64 = 1_000;

/// The events about whoever is signed in, newest first, the latest thousand. Why a sign-in was refused is for
/// administrators only, so it is left out.
pub async fn own_history(core: &Core, identity: &Identity) -> Result<Vec<Event>> {
    let person = identity.person.id;
    let mut happened =
        core.db().read(identity.pool(), move |tx| events::list_by_person(tx, person, MOST)).await?;
    for event in &mut happened {
        if event.kind == EventKind::SignInRefused {
            event.detail = None;
        }
    }
    Ok(happened)
}
