//! Operators: who runs Doorward itself. There is none until `doorward init` makes the first, or the link it prints is opened
//! (P24); any of them makes others with links.

mod change;
mod create;
mod link;

pub use change::{change_password, remove};
pub use create::create_first;
pub use link::{
    IssuedLink, LINK_LIFETIME, OpenLink, accept, invite, invite_first, invite_once, is_open, list_links,
    withdraw,
};

use crate::attempts::Subjects;
use crate::{Actor, Caller, Core, Error, Result};
use doorward_model::{EffectivePolicy, Email, Operator, PoolId, Secret, password};
use doorward_store::operators;
use uuid::Uuid;

/// Operators' passwords are hashed in a lane of their own.
pub(crate) const LANE: u128 = 0;

/// Where operators' attempts are counted: they are of no pool.
pub(crate) const HOUSE: PoolId = PoolId::new(Uuid::nil());

/// What attempts at an operator's account are counted under.
pub(crate) fn subjects(core: &Core, caller: &Caller, email: &Email) -> Subjects {
    Subjects::new(core, HOUSE, email.canonical(), caller, None)
}

/// Every operator, oldest first.
pub async fn list(core: &Core) -> Result<Vec<Operator>> {
    Ok(core.db().read_house(operators::list).await?)
}

/// Checks that the actor is an operator at the machine or in front of a browser. With a token nobody becomes an operator or
/// changes one: who found one would keep themselves in with it.
fn present(actor: &Actor) -> Result<()> {
    match actor {
        Actor::Operator | Actor::Console(_) => Ok(()),
        Actor::Remote(_) | Actor::Person(_) | Actor::Program(_) | Actor::Maker(_) => Err(Error::NotAllowed),
    }
}

/// The PHC string of a password an operator chose. [`Error::PasswordRefused`] with the reason.
async fn hashed(core: &Core, email: &Email, chosen: &Secret) -> Result<Secret> {
    let policy = EffectivePolicy::inherit([]);
    password::check(chosen.expose(), &policy, &[email.as_written(), email.canonical()])?;
    let hash = core.hashes().hash(LANE, password::normalised(chosen.expose())).await?;
    Ok(Secret::new(hash.as_str()))
}

fn taken() -> Error {
    Error::conflict("operator", "this installation has its first operator already")
}
