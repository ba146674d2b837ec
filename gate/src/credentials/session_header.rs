//! RubiCRM's `Doorward-Session`: good at its tenant's hosts.

use super::{Found, home};
use crate::carried::Header;
use crate::question::Question;
use crate::refusal::Refusal;
use doorward_core::{Core, verify};
use doorward_model::{Dialect, Secret, SessionScheme};

pub(super) async fn find(core: &Core, question: &Question<'_>) -> Option<Result<Found, Refusal>> {
    let token = match question.carried.credential(Header::DoorwardSession)? {
        Ok(token) => Secret::new(token),
        Err(refusal) => return Some(Err(refusal)),
    };
    Some(identify(core, question, &token).await)
}

async fn identify(core: &Core, question: &Question<'_>, token: &Secret) -> Result<Found, Refusal> {
    let who = verify::by_session(core, question.client, SessionScheme::DoorwardSession, token).await?;
    let is_at_home = question.door.as_ref().is_none_or(|door| {
        door.door.dialect == Dialect::Rubicrm && home::is_theirs(&who, door).unwrap_or(true)
    });
    if is_at_home { Ok(who.into()) } else { Err(Refusal::WrongHost) }
}
