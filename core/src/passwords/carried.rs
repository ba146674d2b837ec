//! What the doors of a pool can carry: a password that fits no sign-in form would lock its owner out there.

use crate::Core;
use doorward_model::{Dialect, EffectivePolicy, PoolId};

/// RubiCRM sends 150 characters of Base64 at most, ten of them random when a reset wraps the password: 105 bytes.
const RUBICRM_BYTES: u32 = 105;

/// The policy, with the cap of the doors that are bound to a tenant of this pool. A door that finds its tenant by the
/// key reaches pools that know nothing of it; their policy says so.
pub(super) fn capped(core: &Core, pool: PoolId, policy: &EffectivePolicy) -> EffectivePolicy {
    let doors = core.doors();
    let bound = doors.iter().filter(|door| door.tenant.is_some_and(|(of, _)| of == pool));
    let carried = bound.filter_map(|door| carries(door.dialect)).min().unwrap_or(u32::MAX);
    EffectivePolicy { password_max_bytes: policy.password_max_bytes.min(carried), ..policy.clone() }
}

/// The most bytes a dialect's wire holds, if it sets a limit of its own.
fn carries(dialect: Dialect) -> Option<u32> {
    match dialect {
        Dialect::Rubicrm => Some(RUBICRM_BYTES),
        Dialect::Salesseek | Dialect::Bookingbug | Dialect::Leadsquared => None,
    }
}
