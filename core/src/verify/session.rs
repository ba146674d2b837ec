//! Sessions: a token in, an identity out.

use crate::sign_in::idle_span;
use crate::{Branch, Core, Error, Identity, Result};
use doorward_crypto::HashPurpose;
use doorward_model::{PersonStatus, PoolId, Secret, SessionId, SessionScheme, Timestamp};
use doorward_store::sessions::{self, StoredSession};
use doorward_store::{self as store, Tx, lookup, memberships, people};
use std::time::Duration;

/// A session's last use is written when it is at least this much later than the one on record: seldom enough that
/// reading costs no write, often enough that nobody's session ends early by more than a fraction of its span.
const TOUCH_FRACTION: u32 = 48;

pub(super) async fn session(core: &Core, scheme: SessionScheme, token: &Secret) -> Result<Identity> {
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
            Ok(Seen::Nobody)
        })
        .await?;
    match found {
        Seen::Live(identity) => {
            touch(core, &identity, now).await;
            Ok(*identity)
        }
        Seen::Expired(pool, id) => {
            write_down(core, pool, id).await;
            Err(Error::NotSignedIn)
        }
        Seen::Nobody => Err(Error::NotSignedIn),
    }
}

/// What a token leads to.
enum Seen {
    Live(Box<Identity>),
    /// A session whose time is over.
    Expired(PoolId, SessionId),
    Nobody,
}

fn live(
    tx: &mut Tx<'_>,
    id: SessionId,
    scheme: SessionScheme,
    now: Timestamp,
    epoch: i64,
) -> Result<Seen, store::Error> {
    let is_ours = |stored: &StoredSession| stored.session.scheme == scheme && stored.epoch == epoch;
    let Some(stored) = sessions::find(tx, id)?.filter(is_ours) else { return Ok(Seen::Nobody) };
    if now >= stored.session.idle_until || now >= stored.session.expires_at {
        return Ok(Seen::Expired(tx.pool(), id));
    }
    let person = people::find(tx, stored.session.person)?;
    let is_current = |generation: i64| generation == stored.person_generation;
    let person = person.filter(|p| p.status == PersonStatus::Active && is_current(p.auth_generation));
    let branch = Branch::read(tx, stored.session.tenant)?;
    let branch = branch.filter(|b| b.is_open() && b.tenant().auth_generation == stored.tenant_generation);
    let Some((person, branch)) = person.zip(branch) else { return Ok(Seen::Nobody) };
    let places = memberships::list_by_person(tx, person.id)?;
    let identity = Identity::of_session(stored.session, person, branch, places);
    let has_place = identity.role_at(&identity.branch).is_some();
    Ok(if has_place { Seen::Live(Box::new(identity)) } else { Seen::Nobody })
}

/// Expiry, once seen, is written down: a clock that jumps back later revives nothing (P21).
async fn write_down(core: &Core, pool: PoolId, id: SessionId) {
    let written = core.db().write(pool, move |tx| sessions::delete(tx, id)).await;
    if let Err(fault) = written {
        tracing::warn!(%fault, "an expired session was not deleted");
    }
}

/// Slides the idle end forward, now and then. Who is calling is known whether or not this can be written.
async fn touch(core: &Core, identity: &Identity, now: Timestamp) {
    let Some(session) = identity.session() else { return };
    let span = idle_span(session.scheme, identity.branch.policy().session_idle);
    let idle_until = now.plus(span).min(session.expires_at);
    let gained = idle_until.since(session.idle_until);
    if gained <= span / TOUCH_FRACTION || gained < Duration::from_secs(1) {
        return;
    }
    let id = session.id;
    let written = core.db().write(identity.pool(), move |tx| sessions::touch(tx, id, now, idle_until)).await;
    if let Err(fault) = written {
        tracing::warn!(%fault, "the use of a session was not noted");
    }
}
