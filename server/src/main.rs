//! The binary `doorward`. Everything it does is in the library, where tests reach it.

use std::process::ExitCode;

fn main() -> ExitCode {
    doorward_server::cli::run()
}
