//! What every subcommand that asks the installation does alike: find it, wait, print text or JSON.

use super::{Failure, print};
use crate::admin::{self, Answer, Command};
use crate::config::{self, Config, Environment, Log};
use crate::serve::block_on;
use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal as _;
use std::path::Path;
use tokio::sync::watch;

/// How an answer is printed.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct Format {
    /// Print JSON, for programs.
    #[arg(long, global = true)]
    pub(super) json: bool,
}

/// The arguments of a subcommand about one noun.
#[derive(Debug, clap::Args)]
pub struct Noun<A: Subcommand> {
    #[command(subcommand)]
    pub(super) action: A,
    #[command(flatten)]
    pub(super) format: Format,
}

/// Carries a command out and prints what came of it.
pub(super) fn ask(file: Option<&Path>, command: Command, format: Format) -> Result<(), Failure> {
    carry_out(&configuration(file)?, command, format)
}

/// The same with a configuration that was read.
pub(super) fn carry_out(config: &Config, command: Command, format: Format) -> Result<(), Failure> {
    show(&block_on(waiting(config, command))?, format)
}

/// Reads the configuration; from here on only warnings and errors are logged, because the answer is what the operator
/// came for.
pub(super) fn configuration(file: Option<&Path>) -> Result<Config, Failure> {
    let config = config::load(file, &Environment::of_process())?.config;
    let level = if config.log.level == "error" { "error" } else { "warn" };
    crate::logging::start(&Log { level: level.to_owned(), ..config.log.clone() }, None)?;
    Ok(config)
}

/// Prints an answer.
pub(super) fn show(answer: &Answer, format: Format) -> Result<(), Failure> {
    if !format.json {
        return print(&answer.text);
    }
    let text = serde_json::to_string_pretty(&answer.data);
    let text = text.map_err(|error| Failure::new(format!("The answer cannot be printed: {error}.")))?;
    print(&format!("{text}\n"))
}

async fn waiting(config: &Config, command: Command) -> Result<Answer, Failure> {
    let (progress, seen) = watch::channel(None);
    let bar = tokio::spawn(draw(seen));
    let answer = admin::ask(config, command, progress).await;
    if bar.await.is_err() {
        tracing::debug!("the progress bar ended in a panic");
    }
    answer
}

/// Shows progress on a terminal until the work is over.
async fn draw(mut seen: watch::Receiver<Option<(u64, u64)>>) {
    if !std::io::stderr().is_terminal() {
        return;
    }
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent}%  {eta} left") {
        bar.set_style(style);
    }
    while seen.changed().await.is_ok() {
        let step = *seen.borrow_and_update();
        if let Some((done, total)) = step {
            bar.set_length(total);
            bar.set_position(done);
        }
    }
    bar.finish_and_clear();
}
