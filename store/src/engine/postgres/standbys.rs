//! Whether a failover may lose what was acknowledged.

use super::{errors::Failure, link::Link};

/// Why a server is not served on.
const ASYNCHRONOUS: &str = "it has standbys, and commits wait for none of them (synchronous_standby_names is empty): a \
     failover would undo what was acknowledged last, and revoked sessions and keys would work again. Name them \
     there, or accept the loss with allow_async_standby = true in [store.postgres]";

/// Refuses a server whose standbys are all asynchronous, unless somebody accepted that. A copy that is being taken
/// (`pg_basebackup`) is no standby.
pub(super) fn check(link: &Link, is_allowed: bool) -> Result<(), Failure> {
    let rows = link.ask(
        "SELECT count(*), current_setting('synchronous_standby_names', true) FROM pg_stat_replication \
         WHERE state IS NULL OR state <> 'backup'",
    )?;
    let [standbys, names] = rows.into_iter().next().unwrap_or_default().try_into().unwrap_or_default();
    let has_standbys = standbys.is_some_and(|count| count != "0");
    if !has_standbys || names.is_some_and(|names| !names.trim().is_empty()) {
        return Ok(());
    }
    if is_allowed {
        tracing::warn!("a failover to an asynchronous standby would undo what was acknowledged last");
        return Ok(());
    }
    Err(Failure::Lost(ASYNCHRONOUS.to_owned()))
}
