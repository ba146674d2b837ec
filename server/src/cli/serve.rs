//! `doorward serve`: the server itself.

use super::Failure;
use crate::config::{self, Environment};
use crate::serve::{Server, Sockets, block_on};
use crate::wiring::{Purpose, Wired};
use crate::{config::Config, logging};
use std::path::Path;

const AFTER_HELP: &str = "\
Before the first start:
  doorward config example > doorward.toml   a commented file to edit
  doorward init                             keys and the first operator

While it runs: SIGHUP reads the certificate again, SIGTERM stops after the requests in progress.";

/// Run the server.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {}

pub(super) fn run(_: &Args, file: Option<&Path>) -> Result<(), Failure> {
    let config = config::load(file, &Environment::of_process())?.config;
    logging::start(&config.log)?;
    block_on(serve(config))
}

async fn serve(config: Config) -> Result<(), Failure> {
    let sockets = Sockets::bind(&config).await?;
    let wired = Wired::open(&config, Purpose::Serve).await?;
    let server = Server::new(wired, sockets, &config)?;
    for address in server.addresses() {
        tracing::info!(%address, "listening");
    }
    server.run(&config).await
}
