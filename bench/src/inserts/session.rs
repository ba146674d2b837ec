//! The sessions that are inserted: all of one pool, with random keys as real ones have.

use crate::Result;
use doorward_crypto::Random;
use doorward_model::{Kind, PersonId, PoolId, Session, SessionId, SessionScheme, TenantId, Timestamp};
use doorward_store::sessions::StoredSession;
use std::time::Duration;
use uuid::Uuid;

/// The pool everybody signs in to.
pub(crate) const POOL: PoolId = PoolId::new(Uuid::from_u128(1));

/// Any moment: nothing here depends on the date.
const NOW: Timestamp = Timestamp::from_micros(1_700_000_000_000_000);

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A session as a sign-in through a door opens it.
pub(crate) fn fresh(random: &Random) -> Result<StoredSession> {
    let session = Session {
        id: SessionId::new(Uuid::from_bytes(random.bytes()?)),
        pool: POOL,
        person: PersonId::new(Uuid::from_bytes(random.bytes()?)),
        tenant: TenantId::new(Uuid::from_u128(1)),
        kind: Kind::User,
        application: None,
        door: None,
        scheme: SessionScheme::Cookie,
        signed_in_at: NOW,
        last_used_at: NOW,
        idle_until: NOW.plus(DAY),
        expires_at: NOW.plus(DAY),
        address: Some([127, 0, 0, 1].into()),
        agent: Some("doorward-bench".to_owned()),
    };
    let token_hash = random.bytes()?;
    Ok(StoredSession { session, token_hash, person_generation: 1, tenant_generation: 1, epoch: 1 })
}
