//! A node that was not seen when a move began, because its connections were cut just then, must not go on in a database
//! whose life continues elsewhere.

use crate::Core;
use doorward_store::moving;
use std::time::Duration;

/// How often a node looks: one row by its key, so that it costs nothing, and soon enough that little is written in vain.
/// What is written before the move verifies is noticed there; what is written later is lost, so nodes are to be stopped.
const ROUND: Duration = Duration::from_secs(1);

/// Waits until the database that is served from bears the mark of a move; returns where it goes. Where one process has
/// the database, nobody else can mark it, and this never ends.
pub async fn moved_away(core: &Core) -> String {
    if core.db().engine() == "sqlite" {
        return std::future::pending().await;
    }
    loop {
        tokio::time::sleep(ROUND).await;
        match core.db().read_house(moving::find).await {
            Ok(Some(mark)) => return mark.other,
            Ok(None) => {}
            // Whoever asks this node for something is told so too.
            Err(fault) => tracing::debug!(%fault, "whether the database was moved away is unknown"),
        }
    }
}
