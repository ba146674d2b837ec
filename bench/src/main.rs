//! `cargo run --release -p doorward-bench`: the speed and memory that `README.md` promises, as ratios measured in one run.
//!
//! One file per job (`hash.rs`, `sign_in.rs`, `inserts/`, `footprint.rs`, `verify/`, `scale/`, `search/`); `table.rs` is the result, `machine.rs` what it was
//! measured on. A new job is a variant of [`Job`] and a file. Only loopback is used, and only processes that were
//! started here are ended.

mod accounts;
mod binary;
mod client;
mod footprint;
mod hash;
mod hashing;
mod inserts;
mod machine;
mod plan;
mod process;
mod progress;
mod rate;
mod scale;
mod search;
mod server_process;
mod sign_in;
mod spread;
mod table;
mod verify;

use clap::{Parser, ValueEnum};
use machine::Machine;
use plan::Plan;
use progress::Progress;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use table::Row;

/// A measurement that cannot be made ends the run; nobody tells its errors apart.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Doorward's speed and memory, as ratios measured in one run.
#[derive(Debug, Parser)]
struct Args {
    /// Measure these jobs only; all but `scale` and `search`, which need PostgreSQL's programs, unless named.
    #[arg(value_name = "JOB")]
    jobs: Vec<Job>,
    /// Measure this job only; may be given several times.
    #[arg(long, value_name = "JOB")]
    only: Vec<Job>,
    /// See that everything runs, in seconds; the figures are worth little.
    #[arg(long)]
    quick: bool,
    /// Print JSON with every round instead of the table.
    #[arg(long)]
    json: bool,
    /// Measure this binary instead of building the checkout's.
    #[arg(long, value_name = "PATH")]
    server: Option<PathBuf>,
    /// Be the peer of verify at this address, with so many sessions.
    #[arg(long, hide = true, requires = "sessions")]
    baseline: Option<SocketAddr>,
    #[arg(long, hide = true)]
    sessions: Option<u64>,
}

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Job {
    /// One hash on one thread, three ways.
    Hash,
    /// Sign-ins through the doors, against bare hashes.
    SignIn,
    /// Durable session inserts, against contending connections.
    Inserts,
    /// Memory, start and size of the binary.
    Footprint,
    /// Who is calling?, against what axum alone reaches.
    Verify,
    /// Nodes over a private PostgreSQL.
    Scale,
    /// Finding people among a million, on both engines.
    Search,
}

/// What is measured when no job is named.
const USUAL: [Job; 5] = [Job::Hash, Job::SignIn, Job::Inserts, Job::Footprint, Job::Verify];

fn main() -> ExitCode {
    let args = Args::parse();
    let printed = run(&args).and_then(|text| Ok(std::io::stdout().write_all(text.as_bytes())?));
    match printed {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where even this cannot be written, the exit code says it.
            drop(writeln!(std::io::stderr(), "doorward-bench: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<String> {
    if let Some((address, sessions)) = args.baseline.zip(args.sessions) {
        verify::baseline::serve(address, sessions)?;
        return Ok(String::new());
    }
    let machine = Machine::here();
    let plan = if args.quick { Plan::QUICK } else { Plan::FULL };
    let chosen = [args.jobs.as_slice(), &args.only].concat();
    let jobs = if chosen.is_empty() { USUAL.as_slice() } else { chosen.as_slice() };
    let directory = binary::beside()?;
    let server = match &args.server {
        Some(path) => Some(path.canonicalize()?),
        None if jobs.iter().any(|job| job.needs_server()) => Some(binary::built()?),
        None => None,
    };
    let progress = Progress::start();
    let mut rows = Vec::new();
    for job in jobs {
        rows.extend(job.measure(&plan, server.as_deref(), &directory, &progress)?);
    }
    progress.finish();
    if args.json {
        Ok(format!("{:#}\n", table::json(&machine, &rows)))
    } else {
        Ok(table::markdown(&machine, &rows))
    }
}

impl Job {
    fn needs_server(self) -> bool {
        match self {
            Self::Hash | Self::Inserts | Self::Search => false,
            Self::SignIn | Self::Footprint | Self::Verify | Self::Scale => true,
        }
    }

    fn measure(
        self,
        plan: &Plan,
        server: Option<&Path>,
        directory: &Path,
        progress: &Progress,
    ) -> Result<Vec<Row>> {
        let server = || server.ok_or("this job needs the server's binary");
        match self {
            Self::Hash => hash::run(plan, progress),
            Self::SignIn => sign_in::run(plan, server()?, directory, progress),
            Self::Inserts => inserts::run(plan, directory, progress),
            Self::Footprint => footprint::run(plan, server()?, directory, progress),
            Self::Verify => verify::run(plan, server()?, directory, progress),
            Self::Scale => scale::run(plan, server()?, directory, progress),
            Self::Search => search::run(plan, directory, progress),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quick_run_without_a_server_prints_a_table() {
        let args = Args::parse_from(["doorward-bench", "--quick", "--only", "inserts"]);
        let table = run(&args).unwrap();
        assert!(table.contains("| session inserts | 16 clients, durable: "), "{table}");
        assert!(!table.contains("not measured"), "{table}");
    }
}
