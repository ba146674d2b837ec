//! Making the first operator at the machine itself.

use super::{HOUSE, hashed, list, subjects, taken};
use crate::attempts::forgive;
use crate::{Caller, Core, Result};
use doorward_model::{Email, Event, EventKind, Operator, OperatorId, Secret};
use doorward_store::{events, operator_links, operators};

/// Makes the first operator; links that would have made it end. [`crate::Error::Conflict`] once there is one,
/// [`crate::Error::PasswordRefused`] with the reason.
pub async fn create_first(core: &Core, caller: &Caller, email: Email, chosen: &Secret) -> Result<Operator> {
    // Asked before a hash is computed, and again inside the write.
    if !list(core).await?.is_empty() {
        return Err(taken());
    }
    let hash = hashed(core, &email, chosen).await?;
    let now = core.now();
    let operator = Operator { id: OperatorId::new(core.uuid(now)?), email, created_at: now };
    let event = Event {
        detail: Some(operator.email.as_written().to_owned()),
        ..core.event(caller, EventKind::OperatorCreated, now)?
    };
    let subjects = subjects(core, caller, &operator.email);
    let written = core.db().write_house(move |tx| {
        if !operators::list(tx)?.is_empty() {
            return Ok(Err(taken()));
        }
        operator_links::end_first(tx, now)?;
        tx.in_pool(HOUSE, |tx| forgive(tx, &subjects, now))?;
        operators::insert(tx, &operator, &hash)?;
        events::insert(tx, &event)?;
        Ok(Ok(operator.clone()))
    });
    written.await?
}
