//! `doorward backup`: copy the database while it is in use.

use super::Failure;
use super::ask::{Format, ask};
use crate::admin::Command;
use std::path::{Path, PathBuf};

const AFTER_HELP: &str = "\
Example:
  doorward backup /var/backups/doorward-2026-11-22.db

The copy is one moment of the whole database, also while the server runs, and appears under its name when it is
complete and on disk. It is readable by its owner only. The key file is not in it: without that, no backup can be used.";

/// Copy the database to a file, also while the server runs.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// The new file.
    file: PathBuf,
    /// Replace a file of that name.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    format: Format,
}

pub(super) fn run(args: &Args, file: Option<&Path>) -> Result<(), Failure> {
    // The server may have another working directory.
    let to = std::path::absolute(&args.file)
        .map_err(|error| Failure::new(format!("{} is no path: {error}.", args.file.display())))?;
    if to.exists() && !args.force {
        return Err(Failure::new(format!("{} exists already.", to.display()))
            .hint("Choose another name, or replace it with --force."));
    }
    ask(file, Command::Backup { to }, args.format)
}
