//! `doorward completions`: a script that lets the shell complete `doorward`'s arguments.

use super::{Cli, Failure, print};
use clap::CommandFactory as _;
use clap_complete::Shell;

/// `doorward completions SHELL`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  doorward completions bash > /etc/bash_completion.d/doorward
  doorward completions zsh > ~/.zfunc/_doorward
  doorward completions fish > ~/.config/fish/completions/doorward.fish")]
pub struct Args {
    /// Which shell.
    shell: Shell,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "doorward", &mut script);
    print(&String::from_utf8_lossy(&script))
}
