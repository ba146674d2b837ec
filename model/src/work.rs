//! Works: what takes longer than anybody waits for a page, done in the background and found again.

use crate::{PoolId, TenantId, Timestamp, WorkId};
use std::net::IpAddr;

/// Long work of a tenant.
#[derive(Clone, Debug, PartialEq)]
pub struct Work {
    /// The id.
    pub id: WorkId,
    /// The tenant's pool.
    pub pool: PoolId,
    /// For which tenant.
    pub tenant: TenantId,
    /// What is done.
    pub kind: WorkKind,
    /// How it stands.
    pub state: WorkState,
    /// How exactly, in the core's own words.
    pub wish: String,
    /// Who began it, as the core checks their rights again.
    pub maker: String,
    /// Who began it, as the audit trail names them.
    pub actor: String,
    /// From where they did.
    pub address: Option<IpAddr>,
    /// The installation's epoch they did it in: a restored backup begins another.
    pub epoch: i64,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it goes on; means something while it runs.
    pub due_at: Timestamp,
    /// Grows with everything that is written of it, so that whoever read an older state writes nothing.
    pub step: i64,
    /// Where an export reads on.
    pub place: Option<Vec<u8>>,
    /// Rows that are done.
    pub done: i64,
    /// Rows that cannot be done.
    pub refused: i64,
    /// Rows there are in all, where that is known before the end.
    pub total: Option<i64>,
    /// Bytes that an export takes.
    pub bytes: i64,
    /// What it waits for, or why it ended before its end.
    pub reason: Option<String>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Until when its rows are kept; after that only these figures, for a while.
    pub erase_at: Timestamp,
    /// Whether its rows are gone.
    pub is_erased: bool,
}

impl Work {
    /// Until when its rows may be asked for; `None` for what ended without any, or has none any more.
    pub fn kept_until(&self) -> Option<Timestamp> {
        let has_rows = !self.is_erased && self.finished_at.is_none_or(|end| self.erase_at > end);
        has_rows.then_some(self.erase_at)
    }
}

/// What is done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WorkKind {
    /// People of a file become people of a tenant.
    ImportPeople,
    /// A tenant's people become a file.
    ExportPeople,
    /// What happened at a tenant and below it becomes a file.
    ExportEvents,
    /// Who consented to a version of terms becomes a file.
    ExportConsents,
}

impl WorkKind {
    /// Every kind.
    pub const ALL: [Self; 4] =
        [Self::ImportPeople, Self::ExportPeople, Self::ExportEvents, Self::ExportConsents];

    /// The stored and printed word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ImportPeople => "import_people",
            Self::ExportPeople => "export_people",
            Self::ExportEvents => "export_events",
            Self::ExportConsents => "export_consents",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether it makes a file.
    pub const fn is_export(self) -> bool {
        match self {
            Self::ImportPeople => false,
            Self::ExportPeople | Self::ExportEvents | Self::ExportConsents => true,
        }
    }
}

/// How a work stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WorkState {
    /// It was looked through, and nothing is written before somebody starts it.
    Checked,
    /// It is being done.
    Running,
    /// It is done.
    Done,
    /// It ended before its end, and not by anybody's wish.
    Stopped,
    /// Somebody ended it.
    Canceled,
}

impl WorkState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Checked, Self::Running, Self::Done, Self::Stopped, Self::Canceled];

    /// The stored and printed word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Checked => "checked",
            Self::Running => "running",
            Self::Done => "done",
            Self::Stopped => "stopped",
            Self::Canceled => "canceled",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether anything may still come of it.
    pub const fn is_open(self) -> bool {
        match self {
            Self::Checked | Self::Running => true,
            Self::Done | Self::Stopped | Self::Canceled => false,
        }
    }
}
