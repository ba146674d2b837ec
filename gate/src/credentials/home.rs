//! Whose a door's host is: one rule for the credentials that are good at one tenant's hosts only.

use doorward_core::ResolvedDoor;
use doorward_core::verify::Who;

/// Whether a door is of their pool: a door of a tenant is the whole pool's, and a host that names a tenant is that one's.
pub(super) fn is_in_their_pool(who: &Who, door: &ResolvedDoor) -> bool {
    match &door.slug {
        Some(_) => is_theirs(who, door).unwrap_or(true),
        None => door.door.tenant.is_none_or(|(pool, _)| pool == who.pool()),
    }
}

/// Whether the tenant that a door names, by the host's slug or by itself, is theirs; `None` where it names none.
pub(super) fn is_theirs(who: &Who, door: &ResolvedDoor) -> Option<bool> {
    let tenant = who.tenant();
    let by_slug = door.slug.as_ref().map(|slug| tenant.slug == *slug);
    by_slug.or_else(|| door.door.tenant.map(|(_, bound)| tenant.id == bound))
}
