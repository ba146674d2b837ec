//! Is this program one of ours? Asked on every request of a door whose clients name themselves.
//!
//! Unknown, disabled, keyless where a key is asked for, and wrong key are one refusal. Work does not tell them apart:
//! the key is hashed whatever the id, and compared in constant time.

use super::find_with_branch;
use crate::last_use::{self, Used};
use crate::usage::noted;
use crate::{Branch, Core, Error, Result};
use doorward_crypto::HashPurpose;
use doorward_model::{AppId, Application, Secret, Timestamp};
use doorward_store::applications::StoredApplication;
use doorward_store::{HouseTx, lookup};
use subtle::{Choice, ConstantTimeEq};

pub(crate) type Found = Result<Option<(StoredApplication, Branch)>, doorward_store::Error>;

/// Admits a program by its public id and, where it has one, its key (BookingBug's `App-Id` and `App-Key`).
///
/// Errors: [`Error::ApplicationRefused`] for an unknown id, a missing or wrong key, a disabled application, and one
/// whose tenant is suspended or gone.
pub async fn admit(core: &Core, app_id: &str, key: Option<&Secret>) -> Result<Application> {
    let hashes = hashes(core, key.map_or("", Secret::expose));
    let app_id = AppId::parse(app_id);
    let found = core.db().read_house(move |tx| find_by_app_id(tx, app_id.as_ref())).await?;
    let now = core.now();
    let is_right = |stored: &StoredApplication| match stored.key_hash {
        Some(_) => key.is_some() && opens(stored, &hashes, now),
        None => true,
    };
    finish(core, found, is_right, now)
}

/// Admits a program by its key alone (RubiCRM's API key). Errors as for [`admit`].
pub async fn by_key(core: &Core, key: &Secret) -> Result<Application> {
    let hashes = hashes(core, key.expose());
    let wanted = hashes.clone();
    let found = core.db().read_house(move |tx| find_by_key(tx, &wanted)).await?;
    let now = core.now();
    finish(core, found, |stored| opens(stored, &hashes, now), now)
}

fn finish(
    core: &Core,
    found: Option<(StoredApplication, Branch)>,
    is_right: impl FnOnce(&StoredApplication) -> bool,
    now: Timestamp,
) -> Result<Application> {
    let admitted =
        found.filter(|(stored, branch)| is_right(stored) & !stored.application.disabled & branch.is_open());
    let (stored, _) = admitted.ok_or(Error::ApplicationRefused)?;
    let Application { pool, id, tenant, last_used_at, .. } = stored.application;
    last_use::note(core, Used::Application(pool, id), last_used_at, now);
    noted::program_called(core, (pool, tenant), id);
    Ok(stored.application)
}

pub(crate) fn hashes(core: &Core, key: &str) -> Vec<[u8; 32]> {
    core.keys().hashes(HashPurpose::ApplicationKey, key.as_bytes()).map(|hash| *hash.bytes()).collect()
}

pub(crate) fn find_by_app_id(tx: &mut HouseTx<'_>, app_id: Option<&AppId>) -> Found {
    let Some(app_id) = app_id else { return Ok(None) };
    match lookup::app_ids::find(tx, app_id)? {
        Some((pool, id)) => tx.in_pool(pool, |tx| find_with_branch(tx, id)),
        None => Ok(None),
    }
}

fn find_by_key(tx: &mut HouseTx<'_>, hashes: &[[u8; 32]]) -> Found {
    for hash in hashes {
        if let Some((pool, id)) = lookup::application_keys::find(tx, hash)? {
            return tx.in_pool(pool, |tx| find_with_branch(tx, id));
        }
    }
    Ok(None)
}

/// Whether one of the hashes is the current key's, or the one before while it overlaps.
pub(crate) fn opens(stored: &StoredApplication, hashes: &[[u8; 32]], now: Timestamp) -> bool {
    let previous = stored.previous.filter(|(_, until)| now < *until).map(|(hash, _)| hash);
    let good = [stored.key_hash, previous];
    let fits = hashes.iter().flat_map(|hash| good.iter().flatten().map(move |good| good.ct_eq(hash)));
    fits.fold(Choice::from(0), |any, one| any | one).into()
}
