//! Whether a session lives: the one rule, for doors, for verify and for lists of sessions.

use crate::Branch;
use doorward_model::{Kind, Membership, Person, PersonStatus, TenantId, Timestamp};
use doorward_store::sessions::Terms;

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
    /// Whose it is.
    pub(crate) person: Option<Standing>,
    pub(crate) branch: Option<&'a Branch>,
    /// Whether the person has a place that the session speaks for, at its tenant or above.
    pub(crate) has_place: bool,
    /// The installation's epoch.
    pub(crate) epoch: i64,
    pub(crate) now: Timestamp,
}

/// What a person's own row says.
#[derive(Clone, Copy)]
pub(crate) struct Standing {
    pub(crate) status: PersonStatus,
    pub(crate) generation: i64,
}

impl From<&Person> for Standing {
    fn from(person: &Person) -> Self {
        Self { status: person.status, generation: person.auth_generation }
    }
}

/// Whether a sign-in as `kind` speaks for one of these places, at the branch's tenant or above.
pub(crate) fn has_place(
    kind: Kind,
    branch: Option<&Branch>,
    places: impl IntoIterator<Item = (Kind, TenantId)>,
) -> bool {
    let reaches = |tenant| branch.is_some_and(|branch| branch.contains(tenant));
    places.into_iter().any(|(other, tenant)| kind.speaks_for(other) && reaches(tenant))
}

/// The same of memberships.
pub(crate) fn has_membership(kind: Kind, branch: Option<&Branch>, memberships: &[Membership]) -> bool {
    has_place(kind, branch, memberships.iter().map(|place| (place.kind, place.tenant)))
}

/// Judges a session by the ground it stands on.
pub(crate) fn judge(terms: &Terms, ground: &Ground<'_>) -> Result<(), Death> {
    if terms.epoch != ground.epoch {
        return Err(Death::Ended);
    }
    if ground.now >= terms.idle_until || ground.now >= terms.expires_at {
        return Err(Death::Expired);
    }
    let is_current = |person: &Standing| {
        person.status == PersonStatus::Active && person.generation == terms.person_generation
    };
    let (Some(_), Some(branch)) = (ground.person.filter(is_current), ground.branch) else {
        return Err(Death::Ended);
    };
    if !branch.is_open() {
        return Err(Death::TenantClosed);
    }
    let is_there = branch.tenant().auth_generation == terms.tenant_generation && ground.has_place;
    if is_there { Ok(()) } else { Err(Death::Ended) }
}
