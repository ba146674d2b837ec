//! Sessions: a token in, an identity out.

use crate::sign_in::idle_span;
use crate::{Branch, Core, Error, Identity, Method, Result};
use doorward_crypto::HashPurpose;
use doorward_model::{PersonStatus, Secret, SessionScheme, Timestamp};
use doorward_store::sessions::{self, StoredSession};
use doorward_store::{self as store, Tx, lookup, memberships, people};
use std::time::Duration;

/// A session's last use is written when it is at least this much later than the one on record: seldom enough that
/// reading costs no write, often enough that nobody's session ends early by more than a fraction of its span.
const TOUCH_FRACTION: u32 = 48;

/// Finds who holds a session token of this scheme.
///
/// Errors: [`Error::NotSignedIn`] for a token that is unknown, expired, ended, of another scheme, or whose person or
/// tenant may not sign in any more.
pub async fn session(core: &Core, scheme: SessionScheme, token: &Secret) -> Result<Identity> {
    let hashes: Vec<[u8; 32]> = core
        .keys()
        .hashes(HashPurpose::SessionToken, token.expose().as_bytes())
        .map(|hash| *hash.bytes())
        .collect();
    let (now, epoch) = (core.now(), core.epoch());
    let found = core
        .db()
        .read_house(move |tx| {
            for hash in &hashes {
                if let Some((pool, id)) = lookup::sessions::find(tx, hash)? {
                    return tx.in_pool(pool, |tx| live(tx, id, scheme, now, epoch));
                }
            }
            Ok(None)
        })
        .await?;
    let identity = found.ok_or(Error::NotSignedIn)?;
    touch(core, &identity, now).await?;
    Ok(identity)
}

fn live(
    tx: &mut Tx<'_>,
    id: doorward_model::SessionId,
    scheme: SessionScheme,
    now: Timestamp,
    epoch: i64,
) -> Result<Option<Identity>, store::Error> {
    let is_timely = |stored: &StoredSession| {
        let session = &stored.session;
        session.scheme == scheme
            && stored.epoch == epoch
            && now < session.idle_until
            && now < session.expires_at
    };
    let Some(stored) = sessions::find(tx, id)?.filter(is_timely) else { return Ok(None) };
    let person = people::find(tx, stored.session.person)?;
    let is_current = |generation: i64| generation == stored.person_generation;
    let person = person.filter(|p| p.status == PersonStatus::Active && is_current(p.auth_generation));
    let branch = Branch::read(tx, stored.session.tenant)?;
    let branch = branch.filter(|b| b.is_open() && b.tenant().auth_generation == stored.tenant_generation);
    let Some((person, branch)) = person.zip(branch) else { return Ok(None) };
    let memberships = memberships::list_by_person(tx, person.id)?;
    if !memberships.iter().any(|place| branch.contains(place.tenant)) {
        return Ok(None);
    }
    let session = stored.session;
    Ok(Some(Identity {
        application: session.application,
        door: session.door,
        signed_in_at: session.signed_in_at,
        expires_at: Some(session.expires_at),
        method: Method::Session(Box::new(session)),
        person,
        branch,
        memberships,
    }))
}

/// Slides the idle end forward, now and then.
async fn touch(core: &Core, identity: &Identity, now: Timestamp) -> Result<()> {
    let Some(session) = identity.session() else { return Ok(()) };
    let span = idle_span(session.scheme, identity.branch.policy().session_idle);
    let idle_until = now.plus(span).min(session.expires_at);
    if idle_until.since(session.idle_until) <= span / TOUCH_FRACTION
        || idle_until.since(session.idle_until) < Duration::from_secs(1)
    {
        return Ok(());
    }
    let id = session.id;
    core.db().write(identity.pool(), move |tx| sessions::touch(tx, id, now, idle_until)).await?;
    Ok(())
}
