//! `doorward session`: where somebody is signed in.

use super::Failure;
use super::ask::{Format, ask};
use crate::admin::Command;
use serde::{Deserialize, Serialize};
use std::path::Path;

const AFTER_HELP: &str = "\
Examples:
  doorward session list harbour ana@harbour.example
  doorward session end-all harbour ana@harbour.example";

/// List and end sessions.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    format: Format,
}

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

pub(super) fn run(args: Args, file: Option<&Path>) -> Result<(), Failure> {
    ask(file, Command::Session(args.action), args.format)
}
