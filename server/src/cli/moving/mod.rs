//! `doorward move`: the whole installation to the other engine. No server may run.
//!
//! `places.rs` reads and opens the two ends, `progress.rs` tells how far it has come, `report.rs` what was moved and what to do
//! next; `doorward_core::moving` does the work.

mod places;
mod progress;
mod report;

use super::Failure;
use super::ask::{Format, configuration, show};
use crate::config::Config;
use crate::serve::block_on;
use doorward_core::Clock;
use doorward_core::moving::{self, Error, Move};
use doorward_crypto::Random;
use doorward_model::{EventId, Secret};
use places::Place;
use progress::Teller;
use std::path::{Path, PathBuf};
use uuid::Uuid;

const AFTER_HELP: &str = "\
Examples:
  doorward move --from sqlite:/var/lib/doorward/doorward.db --to-url-file /etc/doorward-database
  doorward move --from-url-file /etc/doorward-database --to sqlite:/var/lib/doorward/doorward.db
  doorward move --from sqlite:doorward.db --to 'postgresql:///doorward?host=/run/postgresql'

Before: stop the server, on PostgreSQL every node. A running one keeps the move out, and the move keeps servers and other
commands out of both databases until it is done. The target must be a new file or an empty database.

It copies every table, reads both sides again, and compares a count and a SHA-256 of each table and tenant. Only then can the
target be used. Passwords, keys, sessions and numbers are the same there, and so is the event trail: nobody is signed out.

If it stops, run the same command again: it goes on where it stopped, after a kill -9 too.
  --restart   empties a half-filled target and begins anew; a database that was ever used is never emptied
  --abandon   gives the move up, so that the source can be used again as it was; also afterwards, as long as nobody has
              used the target

Afterwards: name the new place under [store] in the configuration, leave the key file where it is, and start the server. The
source stays as it was, but for a mark: a server that is started on it by mistake says where everything has gone.

A URL holds a password, and every user of this machine can see arguments: --to-url-file and --from-url-file read it from a
file, like `url_file` in [store.postgres].";

/// Move the whole installation to the other engine; sessions stay valid.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// Where everything is: sqlite:PATH, or postgresql://… .
    // A mistyped URL must not be printed with its password, so it is read later.
    #[arg(long, value_name = "DATABASE", value_parser = secret, required_unless_present = "from_url_file")]
    from: Option<Secret>,
    /// Reads the URL of the PostgreSQL database to move from from this file.
    #[arg(long, value_name = "FILE", conflicts_with = "from")]
    from_url_file: Option<PathBuf>,
    /// Where it shall be: sqlite:PATH, or postgresql://… .
    #[arg(long, value_name = "DATABASE", value_parser = secret, required_unless_present = "to_url_file")]
    to: Option<Secret>,
    /// Reads the URL of the PostgreSQL database to move to from this file.
    #[arg(long, value_name = "FILE", conflicts_with = "to")]
    to_url_file: Option<PathBuf>,
    /// Empty the target of what an unfinished move left there, and begin anew.
    #[arg(long)]
    restart: bool,
    /// Give the move up: the source can be used again.
    #[arg(long, conflicts_with = "restart")]
    abandon: bool,
    /// Move although others are connected to the PostgreSQL database as the same user, such as an idle pooler.
    #[arg(long)]
    nodes_are_stopped: bool,
    #[command(flatten)]
    format: Format,
}

fn secret(text: &str) -> Result<Secret, std::convert::Infallible> {
    Ok(Secret::new(text))
}

pub(super) fn run(args: &Args, file: Option<&Path>) -> Result<(), Failure> {
    let config = configuration(file)?;
    let from = Place::read("--from", args.from.as_ref(), args.from_url_file.as_deref())?;
    let to = Place::read("--to", args.to.as_ref(), args.to_url_file.as_deref())?;
    if from.is_file() == to.is_file() {
        return Err(Failure::usage("--from and --to are the same engine.").hint(
            "A SQLite database is copied with `doorward backup`, a PostgreSQL database with PostgreSQL's own tools.",
        ));
    }
    let answer = if args.abandon {
        block_on(abandon(&from, &to))
    } else {
        block_on(move_all(args, &config, &from, &to))
    };
    show(&answer?, args.format)
}

async fn move_all(
    args: &Args,
    config: &Config,
    from: &Place,
    to: &Place,
) -> Result<crate::admin::Answer, Failure> {
    let (clock, id) = (Clock::system(), new_id()?);
    let source = from.open_source(id)?;
    let target = match to.open(id) {
        Ok(target) => target,
        Err(failure) => {
            source.db.close().await;
            return Err(failure);
        }
    };
    let event = EventId::new(new_id()?);
    let Args { restart, nodes_are_stopped, .. } = *args;
    let it = Move { from: source, to: target, id, event, clock, restart, nodes_are_stopped };
    let mut teller = Teller::new();
    let moved = moving::run(&it, |progress| teller.tell(&progress)).await;
    teller.end();
    it.from.db.close().await;
    it.to.db.close().await;
    Ok(report::moved(config, &it, to, &moved.map_err(|error| failed(&error))?))
}

/// The target is opened only where it is needed: it may be out of reach for good.
async fn abandon(from: &Place, to: &Place) -> Result<crate::admin::Answer, Failure> {
    let (now, id) = (Clock::system().now(), new_id()?);
    let source = from.open_source(id)?;
    let mut outcome = moving::abandon(&source, None, id, now).await;
    if matches!(outcome, Err(Error::OtherEndNeeded { .. })) && to.is_there() {
        let target = to.open(id)?;
        outcome = moving::abandon(&source, Some(&target), id, now).await;
        target.db.close().await;
    }
    source.db.close().await;
    outcome.map_err(|error| failed(&error))?;
    Ok(report::abandoned(&source))
}

fn new_id() -> Result<Uuid, Failure> {
    let bytes = Random::os().bytes().map_err(|error| Failure::new(format!("{error}.")))?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

fn failed(error: &Error) -> Failure {
    Failure::new(format!("{error}.")).hint(error.hint())
}
