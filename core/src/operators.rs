//! Operators: who runs Doorward itself. There is none until `doorward init` makes the first (P24).

use crate::{Caller, Core, Error, Result};
use doorward_model::{EffectivePolicy, Email, Event, EventKind, Operator, OperatorId, Secret, password};
use doorward_store::{events, operators};

/// Operators' passwords are hashed in a lane of their own.
const LANE: u128 = 0;

/// Makes the first operator. [`Error::Conflict`] once there is one, [`Error::PasswordRefused`] with the reason.
pub async fn create_first(core: &Core, caller: &Caller, email: Email, chosen: &Secret) -> Result<Operator> {
    // Asked before a hash is computed, and again inside the write.
    if !list(core).await?.is_empty() {
        return Err(taken());
    }
    let policy = EffectivePolicy::inherit([]);
    password::check(chosen.expose(), &policy, &[email.as_written(), email.canonical()])?;
    let hash = core.hashes().hash(LANE, password::normalised(chosen.expose())).await?;
    let hash = Secret::new(hash.as_str());
    let now = core.now();
    let operator = Operator { id: OperatorId::new(core.uuid(now)?), email, created_at: now };
    let event = Event {
        detail: Some(operator.email.as_written().to_owned()),
        ..core.event(caller, EventKind::OperatorCreated, now)?
    };
    core.db()
        .write_house(move |tx| {
            if !operators::list(tx)?.is_empty() {
                return Ok(Err(taken()));
            }
            operators::insert(tx, &operator, &hash)?;
            events::insert(tx, &event)?;
            Ok(Ok(operator.clone()))
        })
        .await?
}

/// Every operator, oldest first.
pub async fn list(core: &Core) -> Result<Vec<Operator>> {
    Ok(core.db().read_house(operators::list).await?)
}

fn taken() -> Error {
    Error::conflict("operator", "this installation has its first operator already")
}
