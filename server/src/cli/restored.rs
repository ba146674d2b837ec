//! `doorward restore --in-place`: a database is of another day, and this ends what it would revive. On PostgreSQL the
//! server's own tools have put it back; on either engine it may have been moved away and be wanted all the same.

use super::Failure;
use super::restore::{counted, uncompared};
use crate::admin::Answer;
use crate::config::Config;
use crate::serve::block_on;
use crate::wiring::{Purpose, Wired};
use doorward_core::restored::{Ended, end_revived};
use doorward_core::{Actor, Caller};
use doorward_store::{Db, moving};
use serde_json::json;
use std::fmt::Write as _;
use std::path::Path;

pub(super) fn no_file(config: &Config, backup: &Path) -> Failure {
    let sentence = format!(
        "{} is a PostgreSQL database: PostgreSQL's own tools put {} in its place.",
        config.store.place(),
        backup.display()
    );
    Failure::new(sentence).hint(
        "Stop every node and use pg_restore, or recover a base backup. Then run `doorward restore --in-place`, so that \
         nothing that was revoked since the backup works again.",
    )
}

/// Ends what may have been revoked since the backup.
pub(super) fn end(config: &Config, trust_keys: bool) -> Result<Answer, Failure> {
    let ended = block_on(async {
        let wired = Wired::open(config, Purpose::Restore).await.map_err(|failure| {
            if failure.is_locked() {
                failure.hint("Stop every node first, those of other machines too. Nothing was changed.")
            } else {
                failure
            }
        })?;
        if config.store.postgres.is_none() && !is_moved_away(wired.core.db()).await? {
            wired.core.db().close().await;
            return Err(not_in_place());
        }
        let caller = Caller::local("restore");
        let ended = end_revived(&wired.core, &caller, &Actor::Operator, trust_keys).await;
        wired.core.db().close().await;
        ended.map_err(|error| {
            Failure::new(format!("{error}.")).hint("The log says more. Run it again before any node starts.")
        })
    })?;
    Ok(answer(config, trust_keys, &ended))
}

pub(super) fn not_in_place() -> Failure {
    Failure::usage("--in-place is for PostgreSQL; here a backup is put back from its file.")
}

async fn is_moved_away(db: &Db) -> Result<bool, Failure> {
    let mark = db.read_house(moving::find).await;
    let mark = mark.map_err(|error| Failure::new(format!("{error}.")))?;
    Ok(mark.is_some_and(|mark| mark.state == moving::State::Left))
}

fn answer(config: &Config, trust_keys: bool, ended: &Ended) -> Answer {
    let mut text = format!("{} may serve again. Everybody signs in anew.\n", config.store.place());
    for (count, what) in &ended.shut {
        let _written_to_memory = writeln!(text, "  {count} {what}");
    }
    text.push_str(&uncompared(trust_keys));
    let data = json!({
        "epoch": ended.epoch,
        "compared": false,
        "carried": counted(&ended.shut),
        "replaced": null,
    });
    Answer { text, data }
}
