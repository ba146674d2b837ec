//! Why a node that serves must stop: its database lives on elsewhere, or is no longer one for this version.
//!
//! Whoever opens a database is refused in both cases. This is for a node that had it open before: one that a move did not
//! see, because its connections were cut just then, and one that was left running when a newer version took away what
//! it needs.

use crate::Core;
use doorward_store::{moving, serving};
use std::time::Duration;

/// How often a node looks: two rows by their keys, so that it costs nothing, and soon enough that little is written in vain.
/// What is written before a move verifies is noticed there; what is written later is lost, so nodes are to be stopped.
pub const OUSTED_ROUND: Duration = Duration::from_secs(1);

/// Why it must stop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ousted {
    /// The database bears the mark of a move, which goes there.
    MovedTo(String),
    /// The oldest schema version whose programs may serve is newer than this program's.
    Outdated {
        /// That version.
        oldest: i64,
        /// This program's.
        program: i64,
    },
}

/// Waits until this node must stop. Where one process has the database, nobody else can change it, and this never ends.
pub async fn ousted(core: &Core) -> Ousted {
    if core.db().engine() == "sqlite" {
        return std::future::pending().await;
    }
    loop {
        tokio::time::sleep(OUSTED_ROUND).await;
        let looked = core.db().read_house(|tx| {
            let mark = moving::find(tx)?;
            Ok((mark, serving::oldest(tx)?))
        });
        match looked.await {
            Ok((Some(mark), _)) => return Ousted::MovedTo(mark.other),
            Ok((None, Some(oldest))) if oldest > serving::program() => {
                return Ousted::Outdated { oldest, program: serving::program() };
            }
            Ok((None, _)) => {}
            // Whoever asks this node for something is told so too.
            Err(fault) => tracing::debug!(%fault, "whether this node may serve on is unknown"),
        }
    }
}
