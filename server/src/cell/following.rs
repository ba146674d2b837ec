//! Copying another cell's directory: a page at a time, for as long as the server runs.
//!
//! Every node does it. A page that another node took is not taken again, and asking for it in vain costs little.

use super::channel::Channel;
use doorward_core::cells::{self, Away, Follows, Page};
use doorward_core::{Core, Error};
use doorward_model::RegionCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How often all names are looked through for those that older nodes made. Such nodes are there while an upgrade lasts, and each
/// start looks at once; a million names take minutes of one connection.
const ANNOUNCE_ROUND: Duration = Duration::from_secs(60 * 60);
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
                if !pause(&mut stopped, ROUND).await {
                    return;
                }
                continue;
            }
        }
        is_away = false;
        if !pause(&mut stopped, ROUND).await {
            return;
        }
    }
}

/// Takes into this cell's directory what nodes that know no cells make beside it, until the server stops.
pub(crate) async fn announce(core: Core, mut stopped: watch::Receiver<bool>) {
    loop {
        let announced = tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => return,
            announced = cells::announce(&core) => announced,
        };
        match announced {
            Ok(0) => {}
            Ok(names) => tracing::info!(names, "names that an older node made are told to the other cells"),
            Err(fault) => tracing::warn!(%fault, "names were not looked through; it is tried again"),
        }
        if !pause(&mut stopped, ANNOUNCE_ROUND).await {
            return;
        }
    }
}

/// `false` when the server stops.
async fn pause(stopped: &mut watch::Receiver<bool>, span: Duration) -> bool {
    tokio::select! {
        _ = stopped.wait_for(|stop| *stop) => false,
        () = tokio::time::sleep(span) => true,
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
        let page = channel.page(cell, known.number).await.map_err(Failed::Away)?;
        let page = match known.follows(&page) {
            Follows::On { log } => Page { log, ..page },
            Follows::Anew { log, was_put_back } => {
                tell_anew(cell, was_put_back);
                let first = channel.page(cell, 0).await.map_err(Failed::Away)?;
                if first.log != page.log {
                    return Err(Failed::Away("its directory begins anew while it is read".to_owned()));
                }
                Page { log, ..first }
            }
        };
        if !cells::take(core, cell, page).await? {
            return Ok(());
        }
    }
    Ok(())
}

fn tell_anew(cell: &RegionCode, was_put_back: bool) {
    if was_put_back {
        tracing::warn!(
            cell = cell.as_str(),
            "its directory is shorter than it was: its database was put back in time without `doorward restore`, and \
             what was revoked there since may work again; its directory is read from the start"
        );
    } else {
        tracing::info!(cell = cell.as_str(), "its directory begins anew, and is read from the start");
    }
}
