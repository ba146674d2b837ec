//! What an operator is told at the end: what was compared, and what to do next.

use super::places::Place;
use crate::admin::{Answer, table};
use crate::config::Config;
use doorward_core::moving::{End, Move, Verified};
use doorward_crypto::hex;
use serde_json::json;
use std::collections::BTreeMap;

/// Lines by table and tenant that a person reads; above, there is one for each table, and --json has all of them.
const MOST_LINES: usize = 500;

/// Hexadecimal digits of a hash that are shown to a person; programs get all of them.
const DIGITS: usize = 16;

pub(super) fn moved(config: &Config, it: &Move, to: &Place, verified: &[Verified]) -> Answer {
    let (from, place) = (&it.from.place, &it.to.place);
    let rows: u64 = verified.iter().map(|it| it.side.rows).sum();
    let text = format!(
        "{}\nMoved {from} to {place}: {rows} rows, the same on both sides.\n\n{}",
        if verified.len() <= MOST_LINES { by_tenant(verified) } else { by_table(verified) },
        next(config, from, to)
    );
    let compared: Vec<_> = verified
        .iter()
        .map(|it| json!({ "table": it.table, "tenant": it.whose, "rows": it.side.rows, "sha256": hex(&it.side.hash) }))
        .collect();
    Answer { text, data: json!({ "from": from, "to": place, "rows": rows, "verified": compared }) }
}

pub(super) fn abandoned(source: &End) -> Answer {
    let place = &source.place;
    let text = format!("The move was given up. {place} can be used again, with every session as it was.\n");
    Answer { text, data: json!({ "from": place, "abandoned": true }) }
}

fn by_tenant(verified: &[Verified]) -> String {
    let row = |it: &Verified| {
        let hash: String = hex(&it.side.hash).chars().take(DIGITS).collect();
        [it.table.clone(), it.whose.clone(), it.side.rows.to_string(), hash]
    };
    let rows: Vec<_> = verified.iter().map(row).collect();
    table(["table", "tenant", "rows", "sha-256"], &rows, "Nothing was there to be moved.")
}

fn by_table(verified: &[Verified]) -> String {
    let mut tables: BTreeMap<&str, (u64, usize)> = BTreeMap::new();
    for it in verified {
        let (rows, tenants) = tables.entry(&it.table).or_default();
        *rows += it.side.rows;
        *tenants += 1;
    }
    let rows: Vec<_> = tables
        .into_iter()
        .map(|(table, (rows, tenants))| [table.to_owned(), tenants.to_string(), rows.to_string()])
        .collect();
    table(["table", "tenants", "rows"], &rows, "Nothing was there to be moved.")
}

fn next(config: &Config, from: &str, to: &Place) -> String {
    let section = match to {
        Place::Sqlite(_) => format!("[store.sqlite]\n     path = {:?}", to.name()),
        Place::Postgres(_) => {
            "[store.postgres]\n     url_file = \"…\"   # a file that holds the URL".to_owned()
        }
    };
    let keys = match &config.keys.text {
        Some(_) => "The keys of the configuration stay as they are".to_owned(),
        None => format!("The key file stays where it is ({})", config.keys.file.display()),
    };
    format!(
        "What to do now:\n  \
         1. In the configuration, in place of what is under [store]:\n     {section}\n  \
         2. {keys}: with it every session, key and code goes on.\n  \
         3. Start the server.\n\
         {from} is as it was and cannot be served any more. Keep it until you have a backup of the new one.\n"
    )
}
