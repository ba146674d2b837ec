//! Cells: regions with nodes and a database of their own (docs/decisions/cells.md).
//!
//! [`Core::join_cells`] makes this installation one. `feed.rs` is what it tells of its names and takes over of others'; `home.rs`
//! says where a name lives; `ask.rs` asks the home of a key pair and keeps the answer for a moment; `account.rs` is that answer.
//! How cells reach each other is the server's to know: it hands a way of asking down.

mod account;
mod ask;
mod feed;
mod home;
mod tally;

pub use account::{Account, Home, Organisation};
pub(crate) use ask::ask;
pub use ask::{ANSWER_KEPT, Answer, AskHome, Asked, Away, Question, answer};
pub use doorward_store::directory::{Entry, Kind, Name, Page, Places};
pub use feed::{Follows, PAGE, PUT_BACK, Position, announce, fill, page, position, take};
pub(crate) use home::{elsewhere, is_whole, refused_elsewhere, said_elsewhere};
pub use home::{places, sent_home, tenant_elsewhere};
pub use tally::PeerTally;

use crate::{Core, Error, Result};
use ask::Answers;
use doorward_model::{CompanyNumber, RegionCode, Timestamp};
use doorward_store::numbers::{self, Numbered};
use doorward_store::{cell_nonces, directory};
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

/// This installation among cells.
pub struct Cells {
    name: RegionCode,
    peers: Vec<PeerTally>,
    ask: AskHome,
    answers: Answers,
    conflicts: AtomicI64,
}

/// What an operator decides about cells.
#[derive(Clone, Debug)]
pub struct CellPlan {
    /// This cell: the region of this node.
    pub name: RegionCode,
    /// The others.
    pub peers: Vec<RegionCode>,
    /// Where this cell's block of company numbers begins, so that no other hands out the same.
    pub first_company: Option<CompanyNumber>,
}

impl Cells {
    /// This cell.
    pub fn name(&self) -> &RegionCode {
        &self.name
    }

    /// The others, with what was counted about each.
    pub fn peers(&self) -> &[PeerTally] {
        &self.peers
    }

    /// How many claims to names wait because another cell, or this one, was first; as of the last page that was read.
    pub fn conflicts(&self) -> i64 {
        self.conflicts.load(Relaxed)
    }

    /// One of the others.
    pub fn peer(&self, cell: &RegionCode) -> Option<&PeerTally> {
        self.peers.iter().find(|peer| peer.cell() == cell)
    }
}

impl Core {
    /// Forgets the other cells, where this installation was one and is none any more: their names are free again.
    pub async fn leave_cells(&self) -> Result<()> {
        let was_cell = self.db().read_house(|tx| Ok(directory::head(tx)?.is_some())).await?;
        if was_cell {
            self.db().write_house(|tx| directory::forget_others(tx, &[])).await?;
        }
        Ok(())
    }

    /// Makes this installation a cell, once, before it serves. From then on its names are told to the others.
    ///
    /// Errors: [`Error::Conflict`] for a database that is another cell's.
    pub async fn join_cells(&self, plan: CellPlan, ask: AskHome) -> Result<()> {
        let (name, peers) = (plan.name.clone(), plan.peers.clone());
        let begun = self.db().write_house(move |tx| {
            let cell = directory::begin(tx, &name)?;
            if cell == name {
                directory::forget_others(tx, &peers)?;
                if let Some(first) = plan.first_company {
                    numbers::skip(tx, Numbered::Companies, first.get() - 1)?;
                }
            }
            Ok(cell)
        });
        let cell = begun.await?;
        if cell != plan.name {
            let problem =
                format!("is {}, but this database is the cell {}'s", plan.name.as_str(), cell.as_str());
            return Err(Error::conflict("region", problem));
        }
        let peers = plan.peers.into_iter().map(PeerTally::new).collect();
        // A second call changes nothing: what was joined stays joined.
        drop(self.0.cells.set(Cells {
            name: cell,
            peers,
            ask,
            answers: Answers::new(),
            conflicts: AtomicI64::default(),
        }));
        Ok(())
    }

    /// This installation among cells; `None` where there are none.
    pub fn cells(&self) -> Option<&Cells> {
        self.0.cells.get()
    }
}

/// Takes a signed request of another cell, which is good until `until`; `false` for one that any node took before.
pub async fn take_request(core: &Core, cell: &RegionCode, nonce: &str, until: Timestamp) -> Result<bool> {
    let (cell, nonce) = (cell.clone(), nonce.to_owned());
    Ok(core.db().write_house(move |tx| cell_nonces::take(tx, &cell, &nonce, until)).await?)
}
