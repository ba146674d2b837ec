//! `doorward restore`: put a backup in the database's place. The server must not run.

use super::Failure;
use super::ask::{Format, quiet_logging, show};
use crate::admin::Answer;
use crate::config::{self, Environment};
use doorward_core::Clock;
use doorward_crypto::Random;
use doorward_store::{Replaced, Restore, RestoreError, Restored};
use serde_json::json;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const AFTER_HELP: &str = "\
Example:
  doorward restore /var/backups/doorward-2026-11-22.db

Nothing revoked since the backup works again: everybody signs in anew, and disabled people, keys and applications,
rotated keys, newer passwords and suspended tenants are carried over from the database that is replaced. When there is
no readable one, access keys and application keys are disabled, because nobody knows which were revoked;
--trust-keys lets them work all the same. The replaced database is kept beside the new one.";

/// Put a backup in the database's place; nothing revoked since works again.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// The backup.
    file: PathBuf,
    /// Let keys work that may have been revoked since the backup.
    #[arg(long)]
    trust_keys: bool,
    #[command(flatten)]
    format: Format,
}

pub(super) fn run(args: &Args, file: Option<&Path>) -> Result<(), Failure> {
    let config = config::load(file, &Environment::of_process())?.config;
    quiet_logging(&config)?;
    let id = Random::os().bytes().map_err(|error| Failure::new(format!("{error}.")))?;
    let restore = Restore {
        database: config.store.sqlite.path.clone(),
        backup: args.file.clone(),
        trust_keys: args.trust_keys,
        event: uuid::Builder::from_random_bytes(id).into_uuid(),
        now: Clock::system().now(),
    };
    let restored = doorward_store::restore(&restore).map_err(|error| refused(&error))?;
    show(&answer(&restore, &restored), args.format)
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
        text.push_str(if restore.trust_keys {
            "There was no readable database to compare with: keys revoked since the backup work again.\n"
        } else {
            "There was no readable database to compare with. Enable the keys you know to be good, one by one:\n  \
             doorward key enable …, doorward application enable …\n\
             Passwords are those of the backup.\n"
        });
    }
    if let Some(kept) = &restored.kept {
        let _written_to_memory = writeln!(text, "The replaced database is {}.", kept.display());
    }
    let carried: Vec<_> =
        restored.carried.iter().map(|(count, what)| json!({ "count": count, "what": what })).collect();
    let data = json!({
        "epoch": restored.epoch,
        "compared": restored.replaced == Replaced::Readable,
        "carried": carried,
        "replaced": restored.kept.as_ref().map(|kept| kept.display().to_string()),
    });
    Answer { text, data }
}
