//! Changing somebody in several ways at once: all of it or nothing.

use super::account::Account;
use super::create::email_taken;
use super::edit::{self, Edit};
use super::{Person, administered};
use crate::memberships::{Changes, PlaceChange};
use crate::passwords::Setting;
use crate::{Actor, Branch, Caller, Core, Error, Expected, Result, expected, validation};
use doorward_model::{EventKind, Kind, PersonId, Role, Secret, Verified};
use doorward_store::{self as store, Tx};

/// What is to change of a person; what is `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Revision {
    /// What is known of them.
    pub edit: Edit,
    /// Their rights at the tenant itself, in the first of these kinds they have a place of there.
    pub role: Option<(&'static [Kind], Role)>,
    /// Their password, set by an administrator; with `true` for one sign-in only.
    pub password: Option<(Secret, bool)>,
    /// The version that was read.
    pub expected: Expected,
}

/// Changes a person of `branch` in one transaction, by the rules of each change: [`super::edit`],
/// [`crate::memberships::change`], [`crate::passwords::set`].
///
/// Errors: theirs; [`Error::NotAllowed`] for rights that somebody has from above, because they are changed above.
pub async fn revise(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    id: PersonId,
    revision: Revision,
) -> Result<Person> {
    let Revision { edit, role, password, expected } = revision;
    edit.check()?;
    let place = match role {
        Some((kinds, role)) => {
            let changes = Changes { role: Some(role), ..Changes::default() };
            Some(PlaceChange::prepare(core, caller, actor, branch, (id, kinds), changes)?)
        }
        None => None,
    };
    let password = match password {
        Some((new, is_temporary)) => {
            let known = known(core, actor, branch, id, &edit).await?;
            Some(Setting::prepare(core, caller, actor, branch, &known, &new, is_temporary).await?)
        }
        None => None,
    };
    let now = core.now();
    let event =
        core.act(caller, actor, EventKind::PersonChanged, (branch.pool(), branch.tenant().id), now)?;
    let validation = validation::Request::prepare(core, caller, branch)?;
    let (actor, branch) = (actor.clone(), branch.clone());
    let written = core.db().write(branch.pool(), move |tx| {
        // A refusal commits, so whatever can be refused is asked before the first write.
        if let Err(refused) = actor.role_at(&branch) {
            return Ok(Err(refused));
        }
        let Some(account) = Account::find(tx, &branch, id)? else { return Ok(Err(Error::NotFound)) };
        if let Err(stale) = expected::check(expected, account.person.version) {
            return Ok(Err(stale));
        }
        let mut person = account.person.clone();
        let changed = edit.apply(&mut person);
        let is_of_account = !changed.is_empty() || place.is_none() || password.is_some();
        if let Err(refused) = may(tx, &actor, &account, &changed, is_of_account, password.is_some())? {
            return Ok(Err(refused));
        }
        let placed = match place.as_ref().map(|place| place.decide(tx)).transpose()? {
            Some(Ok(placed)) => Some(placed),
            Some(Err(Error::NotFound)) => return Ok(Err(Error::NotAllowed)),
            Some(Err(refused)) => return Ok(Err(refused)),
            None => None,
        };
        if !changed.is_empty() {
            edit::write(tx, &mut person, &changed, &event, now)?;
        }
        if changed.contains(&edit::EMAIL) && person.verified == Verified::No {
            // Over a limit no link is mailed; another one can be asked for.
            validation.write(tx, id)?;
        }
        if let Some((place, placed)) = place.as_ref().zip(placed.as_ref()) {
            place.write(tx, placed)?;
        }
        match &password {
            Some(setting) => setting.write(tx, person).map(Ok),
            None => Ok(Ok(person)),
        }
    });
    written.await.map_err(email_taken)?
}

/// The person as they will be, asked for before anything is hashed, so that nobody makes us hash for nothing.
async fn known(core: &Core, actor: &Actor, branch: &Branch, id: PersonId, edit: &Edit) -> Result<Person> {
    let (actor, here) = (actor.clone(), branch.clone());
    let account = core.db().read(branch.pool(), move |tx| administered(tx, &actor, &here, id)).await??;
    let mut person = account.person;
    edit.apply(&mut person);
    Ok(person)
}

/// Whether the actor may change these things of the account. Nobody is their own administrator.
fn may(
    tx: &mut Tx<'_>,
    actor: &Actor,
    account: &Account,
    changed: &[&'static str],
    is_of_account: bool,
    sets_password: bool,
) -> Result<Result<()>, store::Error> {
    if !actor.is(account.person.id) {
        return if is_of_account { account.administered(tx, actor) } else { Ok(Ok(())) };
    }
    let is_own = !sets_password && changed.iter().all(edit::is_ones_own);
    Ok(if is_own { Ok(()) } else { Err(Error::NotAllowed) })
}
