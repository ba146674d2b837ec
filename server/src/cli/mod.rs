//! The command line: one file per subcommand, one frame for errors and exit codes.
//!
//! A subcommand's file owns its arguments and what it prints on standard output. It returns a [`Failure`] instead of
//! printing errors, so that every error is one sentence and a hint. The files of the nouns hold arguments only: what
//! comes of them is `crate::admin`'s. Start with [`run`].

pub mod application;
mod apply;
mod ask;
mod backup;
mod cell;
mod completions;
mod config;
mod demo;
mod failure;
pub(crate) mod init;
pub mod key;
pub mod membership;
mod moving;
pub mod operator;
mod password;
pub mod person;
pub mod picture;
mod restore;
mod restored;
mod serve;
pub mod session;
pub mod tenant;

pub use failure::Failure;

use crate::admin::Command as Asked;
use ask::{Noun, ask};
use clap::{Parser, Subcommand};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// What `doorward` was asked to do.
#[derive(Debug, Parser)]
#[command(
    name = "doorward",
    version,
    about = "One identity server with many doors: existing login contracts in front, one modern core behind.",
    after_help = AFTER_HELP,
    propagate_version = true,
    arg_required_else_help = true
)]
pub struct Cli {
    /// The configuration file [default: $DOORWARD_CONFIG, else ./doorward.toml if it exists].
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The subcommand.
    #[command(subcommand)]
    pub command: Command,
}

const AFTER_HELP: &str = "\
Begin here:
  doorward demo                             everything, on this machine, to try
  doorward config example > doorward.toml   a commented file to edit
  doorward config check                     is it right?
  doorward init                             keys, database, first operator
  doorward apply FILE                       tenants, people, doors
  doorward serve                            open

Exit codes: 0 done, 1 failed, 2 wrong usage.";

/// The subcommands, in the order in which people meet them.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Try everything: one embedded database, four doors, people with passwords.
    Demo(demo::Args),
    /// Make the data directory, the keys, the database and the first operator.
    Init(init::Args),
    /// Run the server.
    Serve(serve::Args),
    /// Bring regions, doors, tenants, applications, people, keys and terms to what a file says.
    Apply(apply::Args),
    /// List, make, change and close tenants.
    #[command(after_help = tenant::AFTER_HELP)]
    Tenant(Noun<tenant::Action>),
    /// List, make, invite, change and end people.
    #[command(after_help = person::AFTER_HELP)]
    Person(Noun<person::Action>),
    /// Say who belongs to a tenant: give, change and take people's places.
    #[command(after_help = membership::AFTER_HELP)]
    Membership(Noun<membership::Action>),
    /// List, make, change and stop applications.
    #[command(after_help = application::AFTER_HELP)]
    Application(Noun<application::Action>),
    /// List, make, rotate, change and stop access keys.
    #[command(after_help = key::AFTER_HELP)]
    Key(Noun<key::Action>),
    /// List and end sessions.
    #[command(after_help = session::AFTER_HELP)]
    Session(Noun<session::Action>),
    /// List operators, and make, list and revoke their tokens for the management API.
    #[command(after_help = operator::AFTER_HELP)]
    Operator(Noun<operator::Action>),
    /// Print what the other cells must know of this one.
    Cell(cell::Args),
    /// Copy the database to a file, also while the server runs.
    Backup(backup::Args),
    /// Put a backup in the database's place; nothing revoked since works again.
    Restore(restore::Args),
    /// Move the whole installation to the other engine; sessions stay valid.
    Move(moving::Args),
    /// Check, show or begin a configuration file.
    Config(config::Args),
    /// Print a completion script for a shell.
    Completions(completions::Args),
}

/// Does what the arguments of this process ask for.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(usage) => return report_usage(&usage),
    };
    match dispatch(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => report(&failure),
    }
}

fn dispatch(cli: Cli) -> Result<(), Failure> {
    let file = cli.config.as_deref();
    match cli.command {
        Command::Demo(args) => demo::run(args),
        Command::Init(args) => init::run(args, file),
        Command::Serve(args) => serve::run(&args, file),
        Command::Apply(args) => apply::run(&args, file),
        Command::Tenant(it) => ask(file, Asked::Tenant(it.action), it.format),
        Command::Person(it) => ask(file, Asked::Person(person::with_password(it.action)?), it.format),
        Command::Membership(it) => ask(file, Asked::Membership(it.action), it.format),
        Command::Application(it) => ask(file, Asked::Application(it.action), it.format),
        Command::Key(it) => ask(file, Asked::Key(it.action), it.format),
        Command::Session(it) => ask(file, Asked::Session(it.action), it.format),
        Command::Operator(it) => ask(file, Asked::Operator(it.action), it.format),
        Command::Cell(args) => cell::run(&args, file),
        Command::Backup(args) => backup::run(&args, file),
        Command::Restore(args) => restore::run(&args, file),
        Command::Move(args) => moving::run(&args, file),
        Command::Config(args) => config::run(&args, file),
        Command::Completions(args) => completions::run(&args),
    }
}

/// Standard output in one piece. A reader that has gone away (`| head`) is no error.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::new(format!("Standard output cannot be written: {error}."))),
        Ok(()) => Ok(()),
    }
}

/// Where standard error is closed, the exit code still says it.
fn report(failure: &Failure) -> ExitCode {
    drop(writeln!(std::io::stderr(), "{failure}"));
    ExitCode::from(failure.exit_code())
}

/// clap words its own errors and knows which of them (`--help`) are none.
fn report_usage(usage: &clap::Error) -> ExitCode {
    match usage.print() {
        Ok(()) => ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(1)),
        Err(_) => ExitCode::FAILURE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
