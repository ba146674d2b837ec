//! Whether a session lives: the one rule, for doors, for verify and for lists of sessions.

use crate::Branch;
use doorward_model::{Membership, Person, PersonStatus, Timestamp};
use doorward_store::sessions::StoredSession;

/// Why a session does not live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Death {
    /// Its time is over. Whoever sees this writes it down (P21).
    Expired,
    /// It ended with its person's or tenant's generation, its person's last place, or a restored backup's epoch.
    Ended,
    /// Its tenant, or one above it, is suspended.
    TenantClosed,
}

/// What a session hangs on, as read in one transaction.
pub(crate) struct Ground<'a> {
    pub(crate) person: Option<&'a Person>,
    pub(crate) branch: Option<&'a Branch>,
    pub(crate) memberships: &'a [Membership],
    /// The installation's epoch.
    pub(crate) epoch: i64,
    pub(crate) now: Timestamp,
}

/// Judges a session by the ground it stands on.
pub(crate) fn judge(stored: &StoredSession, ground: &Ground<'_>) -> Result<(), Death> {
    let session = &stored.session;
    if stored.epoch != ground.epoch {
        return Err(Death::Ended);
    }
    if ground.now >= session.idle_until || ground.now >= session.expires_at {
        return Err(Death::Expired);
    }
    let is_current = |person: &&Person| {
        person.status == PersonStatus::Active && person.auth_generation == stored.person_generation
    };
    let (Some(_), Some(branch)) = (ground.person.filter(is_current), ground.branch) else {
        return Err(Death::Ended);
    };
    if !branch.is_open() {
        return Err(Death::TenantClosed);
    }
    let has_place =
        ground.memberships.iter().any(|place| session.speaks_for(place) && branch.contains(place.tenant));
    let is_there = branch.tenant().auth_generation == stored.tenant_generation && has_place;
    if is_there { Ok(()) } else { Err(Death::Ended) }
}
