//! Pastes the examples of a page into one shell.

use super::markdown::Example;
use super::printed;
use crate::clients::program;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Stdio;

/// Printed after every example, so that their outputs can be told apart.
const END: &str = "==== end of an example ====";

/// What each example printed. An example that fails, fails the test with everything printed so far.
pub(super) fn paste(page: &str, folder: &Path, examples: &[Example]) -> Vec<String> {
    let mut script = "set -euo pipefail\n".to_owned();
    for example in examples {
        writeln!(script, "echo '{page}:{}' >&2", example.line).unwrap();
        writeln!(script, "{}\nprintf '\\n%s\\n' '{END}'", example.script).unwrap();
    }
    for used in ["curl", "jq"] {
        program(used);
    }
    let mut bash = program("bash");
    bash.arg("-c").arg(script).current_dir(folder).stdin(Stdio::null());
    let printed = printed(page, &bash.output().unwrap());
    printed.split_terminator(&format!("\n{END}\n")).map(str::to_owned).collect()
}
