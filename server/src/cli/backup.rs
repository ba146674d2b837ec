//! `doorward backup`: copy the database while it is in use.

use super::Failure;
use super::ask::{Format, carry_out, configuration};
use crate::admin::Command;
use std::path::{Path, PathBuf};

const AFTER_HELP: &str = "\
Example:
  doorward backup /var/backups/doorward-2026-11-22.db

The copy is one moment of the whole database, also while the server runs, and appears under its name when it is
complete and on disk. It is readable by its owner only. The key file is not in it: without that, no backup can be used.

A PostgreSQL database is backed up with its own tools: pg_dump, or pg_basebackup and the write-ahead log.";

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
    let config = configuration(file)?;
    if config.store.postgres.is_some() {
        return Err(Failure::new(format!(
            "{} is a PostgreSQL database, and is backed up with PostgreSQL's own tools.",
            config.store.place()
        ))
        .hint(
            "pg_dump --format=custom makes one file; pg_basebackup and the write-ahead log lead to any moment. \
             The key file is in neither: keep a copy apart.",
        ));
    }
    // The server may have another working directory.
    let to = std::path::absolute(&args.file)
        .map_err(|error| Failure::new(format!("{} is no path: {error}.", args.file.display())))?;
    if to.exists() && !args.force {
        return Err(Failure::new(format!("{} exists already.", to.display()))
            .hint("Choose another name, or replace it with --force."));
    }
    carry_out(&config, Command::Backup { to }, args.format)
}
