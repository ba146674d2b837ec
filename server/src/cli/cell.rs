//! `doorward cell`: what an operator tells the other cells of this one.

use super::Failure;
use super::ask::{Format, configuration, show};
use crate::admin::Answer;
use crate::config::Config;
use crate::wiring::keyring;
use clap::Subcommand;
use doorward_crypto::CellKey;
use serde_json::json;
use std::path::Path;

/// `doorward cell …`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  doorward cell key     a line for cell.peers of every other cell")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Print this cell's public key, as the other cells list it.
    Key,
}

pub(super) fn run(args: &Args, file: Option<&Path>) -> Result<(), Failure> {
    let config = configuration(file)?;
    match args.action {
        Action::Key => show(&key(&config)?, args.format),
    }
}

fn key(config: &Config) -> Result<Answer, Failure> {
    let Some(region) = &config.node.region else {
        return Err(Failure::new("This installation names no region.")
            .hint("`region` of [node] says which cell it is."));
    };
    let keys = keyring(config)?;
    let key = CellKey::of(&keys).map_err(|error| Failure::new(format!("{error}.")))?;
    let printed: Vec<String> = key.public().iter().map(ToString::to_string).collect();
    let (name, url) = (region.as_str(), &config.house.public_url);
    let line = format!("{name} {url} {}", printed.join(" "));
    let text = format!("For cell.peers of every other cell:\n\n  {line:?}\n");
    Ok(Answer { text, data: json!({ "name": name, "url": url, "keys": printed, "line": line }) })
}
