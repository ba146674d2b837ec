//! Copying another cell's directory: a page at a time, for as long as the server runs.
//!
//! Every node does it. A page that another node took is not taken again, and asking for it in vain costs little.

use super::channel::Channel;
use doorward_core::cells::{self, Away};
use doorward_core::{Core, Error};
use doorward_model::RegionCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How often the end of a directory is looked at: a new key works everywhere within about this.
const ROUND: Duration = Duration::from_secs(1);

/// Why a page was not taken over.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error("{0}")]
    Away(Away),
    #[error(transparent)]
    Here(#[from] Error),
}

/// Follows a cell until the server stops.
pub(crate) async fn follow(
    core: Core,
    channel: Arc<Channel>,
    cell: RegionCode,
    mut stopped: watch::Receiver<bool>,
) {
    let mut is_away = false;
    loop {
        let name = cell.as_str();
        match catch_up(&core, &channel, &cell, &stopped).await {
            Ok(()) if is_away => tracing::info!(cell = name, "the directory is read again"),
            Ok(()) => {}
            Err(reason) => {
                if let Some(peer) = core.cells().and_then(|cells| cells.peer(&cell)) {
                    peer.page_failed();
                }
                if !is_away {
                    tracing::warn!(cell = name, %reason, "the directory cannot be read; it is tried again");
                }
                is_away = true;
                if !pause(&mut stopped).await {
                    return;
                }
                continue;
            }
        }
        is_away = false;
        if !pause(&mut stopped).await {
            return;
        }
    }
}

/// `false` when the server stops.
async fn pause(stopped: &mut watch::Receiver<bool>) -> bool {
    tokio::select! {
        _ = stopped.wait_for(|stop| *stop) => false,
        () = tokio::time::sleep(ROUND) => true,
    }
}

/// Reads on until nothing is left.
async fn catch_up(
    core: &Core,
    channel: &Channel,
    cell: &RegionCode,
    stopped: &watch::Receiver<bool>,
) -> Result<(), Failed> {
    // First, or a claim of another cell could be taken for the first one.
    cells::fill(core).await?;
    while !*stopped.borrow() {
        let known = cells::position(core, cell).await?;
        let mut page = channel.page(cell, known.number).await.map_err(Failed::Away)?;
        let is_shorter = page.until < page.after;
        if is_shorter && page.log == known.log {
            return Err(Failed::Away(
                "its directory is shorter than it was; was it restored without Doorward?".to_owned(),
            ));
        }
        if page.log != known.log && known.number > 0 {
            tracing::info!(cell = cell.as_str(), "its directory begins anew, and is read from the start");
            page = channel.page(cell, 0).await.map_err(Failed::Away)?;
        }
        if !cells::take(core, cell, page).await? {
            return Ok(());
        }
    }
    Ok(())
}
