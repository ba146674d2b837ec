//! Background work that one node does for all of them. It would do no harm twice; it would cost twice.

use crate::{Core, Result};
use std::time::Duration;

/// What is done by one node at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Forgetting what nobody needs any more.
    Sweep,
    /// Telling people what happened to their accounts.
    Digest,
    /// Filling in what a newer version needs of the rows there were.
    Fill,
    /// Long work that somebody began.
    Works,
}

impl Work {
    const fn name(self) -> &'static str {
        match self {
            Self::Sweep => "sweep",
            Self::Digest => "digest",
            Self::Fill => "fill",
            Self::Works => "works",
        }
    }
}

/// Takes the lease of some work for `span`, or prolongs this node's own; `false` if another node has it. A node that died
/// gives its work back when the lease ends.
pub async fn claim(core: &Core, work: Work, span: Duration) -> Result<bool> {
    let (holder, now) = (core.node(), core.now());
    let claim = move |tx: &mut doorward_store::HouseTx<'_>| {
        doorward_store::leases::claim(tx, work.name(), holder, now, now.plus(span))
    };
    Ok(core.db().write_house_bulk(claim).await?)
}
