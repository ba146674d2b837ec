//! `doorward serve`: the server itself.

use super::Failure;
use crate::admin::{LOOK, LOOKS};
use crate::config::{self, Environment};
use crate::reload::Reread;
use crate::serve::{Server, Sockets, block_on};
use crate::telemetry::Traces;
use crate::wiring::{Purpose, Wired};
use crate::{config::Config, logging};
use std::path::Path;

const AFTER_HELP: &str = "\
Before the first start:
  doorward config example > doorward.toml   a commented file to edit
  doorward init                             keys and the first operator

While it runs: SIGHUP reads again the certificate, the doors, the mail templates and log.level; what is broken keeps
its old state and is logged. SIGTERM stops after the requests in progress.";

/// Run the server.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {}

pub(super) fn run(_: &Args, file: Option<&Path>) -> Result<(), Failure> {
    block_on(serve(file))
}

async fn serve(file: Option<&Path>) -> Result<(), Failure> {
    let environment = Environment::of_process();
    let config = config::load(file, &environment)?.config;
    let traces = config.telemetry.otlp_endpoint.as_ref().map(Traces::start).transpose()?;
    let level = logging::start(&config.log, traces.as_ref())?;
    let reread = Reread { file: file.map(Path::to_owned), environment, level };
    let served = until_stopped(&config, reread).await;
    if let Some(traces) = traces {
        traces.stop().await;
    }
    served
}

async fn until_stopped(config: &Config, reread: Reread) -> Result<(), Failure> {
    let sockets = Sockets::bind(config).await?;
    let wired = opened(config).await?;
    if wired.mailer.is_none() {
        tracing::warn!("no mail server is configured ([mail.smtp]): mails wait in the outbox");
    }
    let server = Server::new(wired, sockets, config)?;
    for address in server.addresses() {
        tracing::info!(%address, "listening");
    }
    server.run(config, Some(reread)).await
}

/// A command of the moment, or a server that is just stopping, may still have the database.
async fn opened(config: &Config) -> Result<Wired, Failure> {
    for look in 0..LOOKS {
        match Wired::open(config, Purpose::Serve).await {
            Err(failure) if failure.is_locked() => {
                if look == 0 {
                    tracing::warn!(reason = failure.sentence(), "the database is in use; waiting a moment");
                }
                tokio::time::sleep(LOOK).await;
            }
            outcome => return outcome,
        }
    }
    Wired::open(config, Purpose::Serve).await
}
