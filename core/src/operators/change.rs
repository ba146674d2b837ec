//! An operator's own password, and taking an operator away.

use super::{HOUSE, hashed, present, subjects};
use crate::attempts::forgive;
use crate::browser::SignedInOperator;
use crate::{Actor, Caller, Core, Error, Result, works};
use doorward_model::{Event, EventKind, OperatorId, Secret};
use doorward_store::{events, operator_links, operator_sessions, operator_tokens, operators};

/// Writes a new password of whoever is signed in, who has just proved the old one ([`crate::browser::confirm`]). All their
/// sessions end, this one too, the links they made that nobody opened yet, and the imports and exports they began. Their tokens go on, like everybody's keys
/// (docs/decisions/keys-survive-passwords.md).
///
/// Errors: [`Error::PasswordRefused`] with the reason; [`Error::NotFound`] if they were taken away meanwhile.
pub async fn change_password(
    core: &Core,
    caller: &Caller,
    who: &SignedInOperator,
    chosen: &Secret,
) -> Result<()> {
    let hash = hashed(core, &who.operator.email, chosen).await?;
    let (id, now) = (who.operator.id, core.now());
    let subjects = subjects(core, caller, &who.operator.email);
    let event = Event {
        actor: Some(Actor::Console(who.clone()).name()),
        detail: Some(who.operator.email.as_written().to_owned()),
        ..core.event(caller, EventKind::OperatorPasswordChanged, now)?
    };
    let works_of = core.clone();
    let written = core.db().write_house(move |tx| {
        if !operators::set_password(tx, id, &hash)? {
            return Ok(Err(Error::NotFound));
        }
        operator_sessions::delete_of(tx, id)?;
        operator_links::end_of(tx, id, now)?;
        works::stop_of_operator(&works_of, tx, id)?;
        tx.in_pool(HOUSE, |tx| forgive(tx, &subjects, now))?;
        events::insert(tx, &event)?;
        Ok(Ok(()))
    });
    written.await?
}

/// Takes an operator away: their sessions end, their tokens are refused from now on, and so are the links they made.
///
/// Errors: [`Error::NotAllowed`] but for operators at the machine or signed in; [`Error::NotFound`]; [`Error::Conflict`] for the
/// last one, without whom nobody could sign in, but at the machine, where another first one can be made.
pub async fn remove(core: &Core, caller: &Caller, actor: &Actor, id: OperatorId) -> Result<()> {
    present(actor)?;
    let is_at_machine = matches!(actor, Actor::Operator);
    let now = core.now();
    let event = Event { actor: Some(actor.name()), ..core.event(caller, EventKind::OperatorRemoved, now)? };
    let written = core.db().write_house(move |tx| {
        let known = operators::list(tx)?;
        let Some(found) = known.iter().find(|known| known.id == id) else { return Ok(Err(Error::NotFound)) };
        if known.len() == 1 && !is_at_machine {
            return Ok(Err(Error::conflict("operator", "the last operator stays: make another first")));
        }
        operators::delete(tx, id)?;
        operator_sessions::delete_of(tx, id)?;
        operator_links::end_of(tx, id, now)?;
        operator_tokens::revoke_of(tx, id, now)?;
        let detail = Some(found.email.as_written().to_owned());
        events::insert(tx, &Event { detail, ..event.clone() })?;
        Ok(Ok(()))
    });
    written.await?
}
