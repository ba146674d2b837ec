//! `doorward demo`: the whole server with tenants, people and keys to try, on this machine only.

use super::Failure;
use crate::config::{Log, LogFormat};
use crate::serve::block_on;
use crate::{demo, logging};
use doorward_gate::Route;
use std::net::SocketAddr;
use std::path::PathBuf;

const AFTER_HELP: &str = "\
Example:
  doorward demo                        in a temporary directory, on 127.0.0.1:8080
  doorward demo --data ./demo          keeps its data; a second start goes on with it
  doorward demo --route \"doors/shop/ public\"
                                       lets everybody see the paths of /shop/, to try a proxy with

It prints one line to paste per door, catches mails (GET /demo/mail) instead of sending them, and writes what it made
to demo.json in its data directory. It binds this machine's own addresses only.";

/// Try everything: one embedded database, four doors, people with passwords.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// The address to listen at; a loopback address.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where to keep the data [default: a temporary directory that goes with the process].
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Protects paths of the doors' hosts in another way, written as in `[verify] routes`; may be given again. Paths that
    /// match none of them need any identity.
    #[arg(long = "route", value_name = "ROUTE")]
    routes: Vec<Route>,
    /// How much to tell on standard error: "error", "warn", "info", "debug" or "trace", also by part.
    #[arg(long, value_name = "LEVEL", default_value = "warn", value_parser = level)]
    log: String,
}

fn level(text: &str) -> Result<String, String> {
    logging::filter(text).map(|_| text.to_owned()).map_err(|error| error.to_string())
}

pub(super) fn run(args: Args) -> Result<(), Failure> {
    if !args.listen.ip().is_loopback() {
        return Err(Failure::usage(format!(
            "The demo listens on this machine only, and {} is not of it.",
            args.listen
        ))
        .hint("Use 127.0.0.1 or [::1]; `doorward serve` is for real."));
    }
    logging::start(&Log { format: LogFormat::Human, level: args.log }, None)?;
    block_on(demo::run(args.listen, args.data, args.routes))
}
