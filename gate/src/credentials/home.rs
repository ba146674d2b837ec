//! Whose a door's host is: one rule for the credentials that are good at one tenant's hosts only.

use doorward_core::ResolvedDoor;
use doorward_core::verify::Who;

/// Whether the tenant that a door names, by the host's slug or by itself, is theirs; `None` where it names none.
pub(super) fn is_theirs(who: &Who, door: &ResolvedDoor) -> Option<bool> {
    let tenant = who.tenant();
    let by_slug = door.slug.as_ref().map(|slug| tenant.slug == *slug);
    by_slug.or_else(|| door.door.tenant.map(|(_, bound)| tenant.id == bound))
}
