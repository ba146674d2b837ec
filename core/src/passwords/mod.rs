//! Passwords: setting, changing and resetting them. Rules apply when one is set, never at sign-in (P5).
//!
//! `change.rs` is for one's own, who proves the present one by `prove.rs`, `set.rs` for an administrator, `reset/` for whoever forgot theirs. All of them end in
//! `replace.rs`, which says what a new password ends.

mod carried;
mod change;
pub(crate) mod prove;
pub(crate) mod replace;
pub mod reset;
mod set;

pub use change::{change, change_with};
pub(crate) use set::Setting;
pub use set::set;

use crate::{Branch, Core, Error, Result};
use doorward_model::{EffectivePolicy, Email, Person, PoolId, Profile, Secret, password};

/// Checks a new password against the policy of a branch, and hashes it in the bounded queue.
pub(crate) async fn prepare(
    core: &Core,
    branch: &Branch,
    policy: &EffectivePolicy,
    email: &Email,
    profile: &Profile,
    chosen: &Secret,
) -> Result<Secret> {
    check(core, branch, policy, email, profile, chosen)?;
    hash(core, branch.pool(), chosen).await
}

/// As [`prepare`], for somebody who is there already.
async fn prepare_for(core: &Core, branch: &Branch, person: &Person, chosen: &Secret) -> Result<Secret> {
    prepare(core, branch, &branch.policy(), &person.email, &person.profile, chosen).await
}

fn check(
    core: &Core,
    branch: &Branch,
    policy: &EffectivePolicy,
    email: &Email,
    profile: &Profile,
    chosen: &Secret,
) -> Result<()> {
    let full_name = profile.full_name();
    let root = branch.root();
    let mut own_words = vec![email.as_written(), email.canonical(), full_name.as_str()];
    own_words.extend([root.display_name.as_str(), branch.tenant().display_name.as_str()]);
    let policy = carried::capped(core, branch.pool(), policy);
    Ok(password::check(chosen.expose(), &policy, &own_words)?)
}

async fn hash(core: &Core, pool: PoolId, chosen: &Secret) -> Result<Secret> {
    let lane = pool.uuid().as_u128();
    let hash = core.hashes().hash(lane, password::normalised(chosen.expose())).await.map_err(Error::from)?;
    Ok(Secret::new(hash.as_str()))
}
