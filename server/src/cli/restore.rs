//! `doorward restore`: put a backup in the database's place. The server must not run.

use super::Failure;
use super::ask::{Format, configuration, show};
use super::restored;
use crate::admin::Answer;
use crate::config::Config;
use doorward_core::Clock;
use doorward_crypto::Random;
use doorward_store::{Replaced, Restore, RestoreError, Restored};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const AFTER_HELP: &str = "\
Examples:
  doorward restore /var/backups/doorward-2026-11-22.db
  doorward restore --in-place                             after pg_restore, on PostgreSQL

Nothing revoked since the backup works again: everybody signs in anew, and disabled people, keys and applications,
rotated keys, newer passwords and suspended tenants are carried over from the database that is replaced. When there is
no readable one, access keys and application keys are disabled, because nobody knows which were revoked;
--trust-keys lets them work all the same. The replaced database is kept beside the new one.

On PostgreSQL, stop every node, put the database back with PostgreSQL's own tools, and run this with --in-place before
any node starts again: it ends what may have been revoked since, as where there is no readable database. On either engine it
also lets a database be used again that was moved away with `doorward move`.";

/// Put a backup in the database's place; nothing revoked since works again.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// The backup.
    #[arg(required_unless_present = "in_place")]
    file: Option<PathBuf>,
    /// End what the database would revive that PostgreSQL's own tools put back, or that was moved away.
    #[arg(long, conflicts_with = "file")]
    in_place: bool,
    /// Let keys work that may have been revoked since the backup.
    #[arg(long)]
    trust_keys: bool,
    #[command(flatten)]
    format: Format,
}

pub(super) fn run(args: &Args, file: Option<&Path>) -> Result<(), Failure> {
    let config = configuration(file)?;
    let answer = match (&config.store.postgres, &args.file) {
        (None, Some(backup)) => replace(&config, backup, args.trust_keys)?,
        (None, None) if !config.store.sqlite.path.exists() => return Err(restored::not_in_place()),
        (None | Some(_), None) => restored::end(&config, args.trust_keys)?,
        (Some(_), Some(backup)) => return Err(restored::no_file(&config, backup)),
    };
    show(&answer, args.format)
}

/// Puts a copy in the embedded database's place.
fn replace(config: &Config, backup: &Path, trust_keys: bool) -> Result<Answer, Failure> {
    let id = Random::os().bytes().map_err(|error| Failure::new(format!("{error}.")))?;
    let restore = Restore {
        database: config.store.sqlite.path.clone(),
        backup: backup.to_owned(),
        trust_keys,
        event: uuid::Builder::from_random_bytes(id).into_uuid(),
        now: Clock::system().now(),
    };
    let restored = doorward_store::restore(&restore).map_err(|error| refused(&error))?;
    Ok(answer(&restore, &restored))
}

fn refused(error: &RestoreError) -> Failure {
    let failure = Failure::new(format!("{error}."));
    match error {
        RestoreError::Open(doorward_store::OpenError::Locked { .. }) => {
            failure.hint("A backup is restored while the server is stopped. Nothing was changed.")
        }
        RestoreError::Open(_)
        | RestoreError::Damaged { .. }
        | RestoreError::OtherInstallation { .. }
        | RestoreError::Failed { .. } => failure.hint("Nothing was changed."),
    }
}

fn answer(restore: &Restore, restored: &Restored) -> Answer {
    let mut text = format!("{} was restored. Everybody signs in anew.\n", restore.backup.display());
    for (count, what) in &restored.carried {
        let _written_to_memory = writeln!(text, "  {count} {what}");
    }
    if restored.replaced != Replaced::Readable {
        text.push_str(&uncompared(restore.trust_keys));
    }
    if let Some(kept) = &restored.kept {
        let _written_to_memory = writeln!(text, "The replaced database is {}.", kept.display());
    }
    let carried = counted(&restored.carried);
    let data = json!({
        "epoch": restored.epoch,
        "compared": restored.replaced == Replaced::Readable,
        "carried": carried,
        "replaced": restored.kept.as_ref().map(|kept| kept.display().to_string()),
    });
    Answer { text, data }
}

/// What an operator is told where nothing could say what was revoked since the backup.
pub(super) fn uncompared(trust_keys: bool) -> String {
    let what_now = if trust_keys {
        ": keys revoked since the backup work again.\n"
    } else {
        ". Enable the keys you know to be good, one by one:\n  \
         doorward key enable …, doorward application enable …\n\
         Passwords are those of the backup.\n"
    };
    format!("There was no readable database to compare with{what_now}")
}

/// How many of what, for programs.
pub(super) fn counted(rows: &[(u64, &str)]) -> Vec<Value> {
    rows.iter().map(|(count, what)| json!({ "count": count, "what": what })).collect()
}
