//! Sessions: a token in, an identity out.

use super::life::{Death, Ground, Standing, has_membership, judge};
use super::touches::slid;
use crate::sign_in::idle_span;
use crate::usage::noted;
use crate::{Branch, Core, Error, Identity, Result};
use doorward_crypto::HashPurpose;
use doorward_model::{PoolId, Secret, SessionId, SessionScheme, Timestamp};
use doorward_store::sessions::{self, StoredSession};
use doorward_store::{self as store, Tx, lookup, memberships, people};

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
            if let Some(session) = identity.session() {
                noted::session_called(core, &identity, session.id.uuid(), now);
            }
            Ok(*identity)
        }
        Seen::Expired(pool, id) => {
            write_down(core, pool, id, core.now()).await;
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
    let is_ours = |stored: &StoredSession| stored.session.scheme == scheme;
    let Some(stored) = sessions::find(tx, id)?.filter(is_ours) else { return Ok(Seen::Nobody) };
    let person = people::find(tx, stored.session.person)?;
    let branch = Branch::read(tx, stored.session.tenant)?;
    let memberships = memberships::list_by_person(tx, stored.session.person)?;
    let ground = Ground {
        person: person.as_ref().map(Standing::from),
        branch: branch.as_ref(),
        has_place: has_membership(stored.session.kind, branch.as_ref(), &memberships),
        epoch,
        now,
    };
    match judge(&stored.terms(), &ground) {
        Ok(()) => {}
        Err(Death::Expired) => return Ok(Seen::Expired(tx.pool(), id)),
        Err(Death::Ended | Death::TenantClosed) => return Ok(Seen::Nobody),
    }
    let Some((person, branch)) = person.zip(branch) else { return Ok(Seen::Nobody) };
    Ok(Seen::Live(Box::new(Identity::of_session(stored.session, person, branch, memberships))))
}

/// Expiry, once seen, is written down: a clock that jumps back later revives nothing (P21).
/// A use that was noted meanwhile, here or on another node, keeps it.
pub(super) async fn write_down(core: &Core, pool: PoolId, id: SessionId, now: Timestamp) {
    let written = core.db().write(pool, move |tx| sessions::expire(tx, id, now)).await;
    if let Err(fault) = written {
        tracing::warn!(%fault, "an expired session was not deleted");
    }
}

/// Slides the idle end forward, now and then. Who is calling is known whether or not this can be written.
async fn touch(core: &Core, identity: &Identity, now: Timestamp) {
    let Some(session) = identity.session() else { return };
    let span = idle_span(session.scheme, identity.branch.policy().session_idle);
    let Some(idle_until) = slid(session.idle_until, span, session.expires_at, now) else { return };
    let id = session.id;
    let written = core.db().write(identity.pool(), move |tx| sessions::touch(tx, id, now, idle_until)).await;
    if let Err(fault) = written {
        tracing::warn!(%fault, "the use of a session was not noted");
    }
}
