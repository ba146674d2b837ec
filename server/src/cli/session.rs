//! `doorward session`: where somebody is signed in.

use serde::{Deserialize, Serialize};

pub(super) const AFTER_HELP: &str = "\
Examples:
  doorward session list harbour ana@harbour.example
  doorward session end-all harbour ana@harbour.example";

/// What is done with somebody's sessions at a tenant and below.
#[derive(Debug, Clone, clap::Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Where they are signed in.
    List {
        /// At this tenant and below.
        tenant: String,
        /// Whose.
        email: String,
    },
    /// End one session.
    End {
        /// At this tenant and below.
        tenant: String,
        /// Whose.
        email: String,
        /// The session's id, as `list` prints it.
        session: String,
    },
    /// End all of them.
    EndAll {
        /// At this tenant and below.
        tenant: String,
        /// Whose.
        email: String,
    },
}
