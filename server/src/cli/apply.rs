//! `doorward apply`: bring the installation to what a file says.

use super::Failure;
use super::ask::{Format, ask};
use crate::admin::{Command, Hidden};
use crate::apply::LARGEST_FILE;
use std::path::{Path, PathBuf};

const AFTER_HELP: &str = "\
A file names regions, doors, tenants, applications, people, keys and terms:

  [[tenant]]
  slug = \"harbour\"
  display_name = \"Harbour Group\"

  [[person]]
  tenant = \"harbour\"
  email = \"owner@harbour.example\"
  kind = \"administrator\"
  role = \"owner\"
  invite = true

  [[door]]
  name = \"bookings\"
  host = \"bookings.example.com\"
  base_url = \"https://bookings.example.com\"
  dialect = \"bookingbug\"

  [[application]]
  tenant = \"harbour\"
  name = \"web shop\"          its id and key are made and shown once

What the file does not name stays as it is, and so does what an entry does not say. A second run changes nothing. One
mistake anywhere, and nothing is applied. A given password is set for who has none; `set_password = true` replaces.
docs/operators/apply.md describes every key.";

/// Bring regions, doors, tenants, applications, people, keys and terms to what a file says.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// The file; `-` reads standard input.
    file: PathBuf,
    /// Say what would change, and change nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    format: Format,
}

pub(super) fn run(args: &Args, file: Option<&Path>) -> Result<(), Failure> {
    let (name, text) = read(&args.file)?;
    ask(file, Command::Apply { name, text: Hidden::new(text), dry_run: args.dry_run }, args.format)
}

fn read(path: &Path) -> Result<(String, String), Failure> {
    let (name, read) = if path == Path::new("-") {
        ("standard input".to_owned(), std::io::read_to_string(std::io::stdin()))
    } else {
        (path.display().to_string(), std::fs::read_to_string(path))
    };
    let text = read.map_err(|error| Failure::new(format!("{name} cannot be read: {error}.")))?;
    if u64::try_from(text.len()).is_ok_and(|bytes| bytes <= LARGEST_FILE) {
        return Ok((name, text));
    }
    Err(Failure::new(format!("{name} is larger than 4 MiB."))
        .hint("Split it: what a file does not name stays as it is."))
}
