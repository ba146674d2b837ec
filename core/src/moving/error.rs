//! Why an installation was not moved; each text is one sentence, and [`Error::hint`] says what to do.

use doorward_model::Timestamp;
use doorward_store::Error as StoreError;
use std::collections::BTreeMap;
use thiserror::Error as Thrown;

/// Why it was not moved, or not yet.
#[derive(Debug, Thrown)]
pub enum Error {
    /// No installation is at the source.
    #[error("{place} holds no installation")]
    Nothing {
        /// The source.
        place: String,
    },
    /// A newer version has migrated it.
    #[error("{place} was migrated by a newer Doorward, and holds what this one does not know")]
    NewerSchema {
        /// Which end.
        place: String,
    },
    /// Nodes, or others, are connected.
    #[error("{place} is in use: {}", counted(others))]
    InUse {
        /// Which end.
        place: String,
        /// By whom, in words.
        others: Vec<String>,
    },
    /// The other end holds something that no move has put there.
    #[error("{place} is not empty")]
    NotEmpty {
        /// The other end.
        place: String,
    },
    /// The other end is half-filled by another move than this.
    #[error("{place} holds a part of another move, from {other}")]
    OtherMove {
        /// The other end.
        place: String,
        /// Where that one came from.
        other: String,
    },
    /// The database was moved away.
    #[error("{place} was moved to {other} at {}", at.civil())]
    MovedAway {
        /// The database.
        place: String,
        /// Where to.
        other: String,
        /// When.
        at: Timestamp,
        /// Whether it is the source.
        is_source: bool,
    },
    /// The database is an end of a move that is not done.
    #[error("{place} is itself part of an unfinished move, with {other}")]
    Unfinished {
        /// The database.
        place: String,
        /// The other end of that.
        other: String,
    },
    /// The move's mark changed while it ran.
    #[error("another move took {place} over")]
    TakenOver {
        /// Which end.
        place: String,
    },
    /// What arrived is not what left.
    #[error("{}", in_words(differences))]
    Differs {
        /// What differs, by table and pool; at least one.
        differences: Vec<Difference>,
    },
    /// There is no move to give up.
    #[error("{place} is not being moved")]
    NotMoving {
        /// The source.
        place: String,
    },
    /// The other end is needed, to see that nobody has used it.
    #[error("{place} was moved to {other}, which must be reached to give the move up")]
    OtherEndNeeded {
        /// The source.
        place: String,
        /// The other end.
        other: String,
    },
    /// The other end has been used since.
    #[error("{place} has been used since the move")]
    Used {
        /// The other end.
        place: String,
    },
    /// A database failed.
    #[error("{place}: {what}: {error}")]
    Store {
        /// Which end.
        place: String,
        /// What was read or written.
        what: String,
        /// What it said.
        error: StoreError,
    },
}

/// A table of one pool that is not the same on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The table.
    pub table: String,
    /// Whose rows: a tenant, by its slug, or the installation.
    pub whose: String,
    /// Rows at the source, and at the other end.
    pub rows: (u64, u64),
}

/// Differences that are told one by one; a broken copy may differ everywhere.
const MOST_TOLD: usize = 10;

impl Error {
    pub(super) fn store(place: &str, what: &str, error: StoreError) -> Self {
        Self::Store { place: place.to_owned(), what: what.to_owned(), error }
    }

    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Nothing { .. } => "Look at --from again: it names what is moved away.",
            Self::NewerSchema { .. } => "Move with the newer one: this one would leave a part behind.",
            Self::InUse { .. } => {
                "Stop every node, those of other machines too, and close what else is connected as the same user. \
                 --nodes-are-stopped goes on all the same, where only a pooler keeps connections."
            }
            Self::NotEmpty { .. } => {
                "Give it a new file, or an empty database: nothing that is there is written over."
            }
            Self::OtherMove { .. } => {
                "--restart empties it of that part and begins anew. A database that was ever used is not emptied."
            }
            Self::MovedAway { is_source: true, .. } => {
                "Move it from where it is now. `doorward move --abandon` takes a move back that nobody has used yet."
            }
            Self::MovedAway { is_source: false, .. } => {
                "It is as it was then. Move the old one out of the way, and run this again into a new one."
            }
            Self::Unfinished { .. } => {
                "Finish that move by running it again, or give it up with --abandon at its source."
            }
            Self::TakenOver { .. } => "See which of the two you want, and run that one again.",
            Self::Differs { .. } => {
                "Something changed one of the two while it was moved, or a disk is failing. Nobody can use the other end. \
                 --restart empties it and begins anew."
            }
            Self::NotMoving { .. } => "There is nothing to give up.",
            Self::OtherEndNeeded { .. } | Self::Used { .. } => {
                "What was revoked there must not revive here. `doorward restore --in-place` lets the old database be used \
                 all the same: it ends every session and code, and shuts keys unless --trust-keys."
            }
            Self::Store { .. } => "Run the same command again: it goes on where it stopped.",
        }
    }
}

/// A node has many connections.
fn counted(others: &[String]) -> String {
    let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
    for other in others {
        *by_name.entry(other).or_default() += 1;
    }
    let told: Vec<String> = by_name
        .into_iter()
        .map(|(name, count)| {
            let plural = if count == 1 { "" } else { "s" };
            format!("{name} ({count} connection{plural})")
        })
        .collect();
    told.join(", ")
}

fn in_words(differences: &[Difference]) -> String {
    let told: Vec<String> = differences
        .iter()
        .take(MOST_TOLD)
        .map(|it| {
            let Difference { table, whose, rows: (from, to) } = it;
            format!("{table} of {whose} differ: {from} rows left, {to} arrived")
        })
        .collect();
    let more = differences.len().saturating_sub(MOST_TOLD);
    let and_more = if more > 0 { format!("\nand {more} more") } else { String::new() };
    format!("{}{and_more}", told.join("\n"))
}
