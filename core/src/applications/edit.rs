//! Changing an application: its name and origins, its key, and whether it may call at all.

use super::administered;
use super::create::{check, trusts};
use crate::{Actor, Caller, Core, Error, Expected, Result, expected};
use doorward_model::{Application, ApplicationId, Event, EventKind, PoolId, Secret, Timestamp};
use doorward_store::applications::StoredApplication;
use doorward_store::{Error as StoreError, Tx, applications, events};
use std::time::Duration;

/// The longest two keys may be good at once: a quarter, in which every client can be changed.
pub const OVERLAP_MAX: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// What changes; `None` leaves a thing as it is.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// What people read.
    pub name: Option<String>,
    /// Whether it may be told one-time codes.
    pub trusted_server: Option<bool>,
    /// Browser origins it may be called from.
    pub origins: Option<Vec<String>>,
    /// The version that was read.
    pub expected: Expected,
}

/// Changes name, trust or origins.
pub async fn edit(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    pool: PoolId,
    id: ApplicationId,
    changes: Changes,
) -> Result<Application> {
    check(changes.name.as_deref(), changes.origins.as_deref())?;
    let (kind, is_trusted) = (EventKind::ApplicationChanged, changes.trusted_server == Some(true));
    let needs_owner = move |_: &Application| is_trusted;
    let write = Write { of: (pool, id), kind, expected: changes.expected };
    let edited = write.done(core, caller, actor, needs_owner, move |tx, stored, _| {
        let known = stored.application;
        let application = Application {
            name: changes.name.clone().unwrap_or(known.name),
            trusted_server: changes.trusted_server.unwrap_or(known.trusted_server),
            origins: changes.origins.clone().unwrap_or(known.origins),
            ..known
        };
        applications::update(tx, &application)?;
        Ok(application)
    });
    edited.await
}

/// Turns an application off, or on again; a trusted server is turned on by an owner.
pub async fn set_disabled(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    pool: PoolId,
    id: ApplicationId,
    disabled: bool,
) -> Result<Application> {
    set_disabled_version(core, caller, actor, (pool, id), disabled, None).await
}

/// The same for an application as it was read. Errors: also [`Error::Conflict`] of the field `version` where another is
/// there.
pub async fn set_disabled_version(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    of: (PoolId, ApplicationId),
    disabled: bool,
    expected: Expected,
) -> Result<Application> {
    let kind = if disabled { EventKind::ApplicationDisabled } else { EventKind::ApplicationEnabled };
    let needs_owner = move |known: &Application| known.trusted_server && !disabled;
    let set = Write { of, kind, expected }.done(core, caller, actor, needs_owner, move |tx, stored, _| {
        let application = Application { disabled, ..stored.application };
        applications::update(tx, &application)?;
        Ok(application)
    });
    set.await
}

/// Gives an application a new key, shown this once. The key before stays good for `overlap`, at most
/// [`OVERLAP_MAX`]; an application that had none is asked for its key from now on. Whoever holds the key of a trusted server can
/// become anybody in its tree, so an owner or operator asks for it.
pub async fn rotate_key(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    pool: PoolId,
    id: ApplicationId,
    overlap: Duration,
) -> Result<Secret> {
    rotate_key_version(core, caller, actor, (pool, id), overlap, None).await
}

/// The same for an application as it was read, so that a request that is sent again does not end the key it replaced.
/// Errors: also [`Error::Conflict`] of the field `version` where another is there.
pub async fn rotate_key_version(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    of: (PoolId, ApplicationId),
    overlap: Duration,
    expected: Expected,
) -> Result<Secret> {
    if overlap > OVERLAP_MAX {
        return Err(Error::invalid("overlap", "expected at most 90 days"));
    }
    let key = core.mint_application_key()?;
    let hash = key.hash;
    let kind = EventKind::ApplicationKeyRotated;
    let rotated =
        Write { of, kind, expected }.done(core, caller, actor, is_trusted, move |tx, stored, now| {
            let until = Some(now.plus(overlap)).filter(|_| !overlap.is_zero());
            applications::rotate_key(tx, &stored, Some(&hash), until)
        });
    rotated.await?;
    Ok(key.secret)
}

/// Takes an application's key away: its id alone admits it from now on.
pub async fn remove_key(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    pool: PoolId,
    id: ApplicationId,
) -> Result<()> {
    remove_key_version(core, caller, actor, (pool, id), None).await
}

/// The same for an application as it was read. Errors: also [`Error::Conflict`] of the field `version` where another is
/// there.
pub async fn remove_key_version(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    of: (PoolId, ApplicationId),
    expected: Expected,
) -> Result<()> {
    let kind = EventKind::ApplicationKeyRotated;
    let taken = Write { of, kind, expected }.done(core, caller, actor, is_trusted, |tx, stored, _| {
        applications::rotate_key(tx, &stored, None, None)
    });
    taken.await
}

/// Ends the key before the current one now, although its overlap is not over.
///
/// Errors: [`Error::NotFound`], [`Error::NotAllowed`]; [`Error::Conflict`] of the field `version` where another is there than
/// the one expected.
pub async fn end_previous_key(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    of: (PoolId, ApplicationId),
    expected: Expected,
) -> Result<()> {
    let kind = EventKind::ApplicationKeyRotated;
    let nobodys = |_: &Application| false;
    let ended = Write { of, kind, expected }
        .done(core, caller, actor, nobodys, |tx, stored, _| applications::end_previous(tx, &stored));
    ended.await
}

fn is_trusted(known: &Application) -> bool {
    known.trusted_server
}

/// One change with its event and its line in the revocation log: other nodes forget what they knew.
struct Write {
    of: (PoolId, ApplicationId),
    kind: EventKind,
    expected: Expected,
}

impl Write {
    /// Whether it is an owner's to make is asked of the application as it is in that transaction.
    async fn done<T: Send + 'static>(
        self,
        core: &Core,
        caller: &Caller,
        actor: &Actor,
        needs_owner: impl Fn(&Application) -> bool + Send + 'static,
        change: impl Fn(&mut Tx<'_>, StoredApplication, Timestamp) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T> {
        let Self { of: (pool, id), kind, expected } = self;
        let (application, tenant, role) = administered(core, actor, pool, id).await?;
        let now = core.now();
        let event = Event {
            application: Some(id),
            detail: Some(application.name),
            ..core.act(caller, actor, kind, (pool, tenant), now)?
        };
        let actor = actor.clone();
        let written = core.db().write(pool, move |tx| {
            let Some(stored) = applications::find(tx, id)? else { return Ok(Err(Error::NotFound)) };
            if let Err(stale) = expected::check(expected, stored.application.version) {
                return Ok(Err(stale));
            }
            if let Err(refused) = trusts(&actor, role, needs_owner(&stored.application)) {
                return Ok(Err(refused));
            }
            let changed = change(tx, stored, now)?;
            events::insert(tx, &event)?;
            Ok(Ok(changed))
        });
        written.await?
    }
}
