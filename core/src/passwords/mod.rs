//! Passwords: setting, changing and resetting them. Rules apply when one is set, never at sign-in (P5).

mod change;
pub mod reset;
mod set;

pub use change::change;
pub use set::set;

use crate::{Branch, Core, Error, Result};
use doorward_model::{EffectivePolicy, Email, Profile, Secret, password};

/// Checks a new password against the policy of a branch, and hashes it in the bounded queue.
pub(crate) async fn prepare(
    core: &Core,
    branch: &Branch,
    policy: &EffectivePolicy,
    email: &Email,
    profile: &Profile,
    chosen: &Secret,
) -> Result<Secret> {
    let full_name = profile.full_name();
    let root = branch.root();
    let mut own_words = vec![email.as_written(), email.canonical(), full_name.as_str()];
    own_words.extend([root.display_name.as_str(), branch.tenant().display_name.as_str()]);
    password::check(chosen.expose(), policy, &own_words)?;
    let lane = branch.pool().uuid().as_u128();
    let hash = core.hashes().hash(lane, password::normalised(chosen.expose())).await.map_err(Error::from)?;
    Ok(Secret::new(hash.as_str()))
}
