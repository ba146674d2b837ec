//! Clients as they are in the field, against the real binary over real sockets.
//!
//! `languages.rs` runs the seeds' own languages, each with the encodings its programs use; `pages.rs` runs every example
//! of `docs/clients/` as a reader would paste it, mailed links and their forms included; `welcome.rs` pastes what the demo
//! prints, and `moved.rs` starts it a second time.

mod languages;
mod moved;
pub(crate) mod pages;
mod welcome;

use std::process::{Command, Output};

/// The programs, the Debian package that brings each, and what else it must be able to do.
const PROGRAMS: [(&str, &str, &[&str]); 7] = [
    ("bash", "bash", &["--version"]),
    ("curl", "curl", &["--version"]),
    ("jq", "jq", &["--version"]),
    ("python3", "python3", &["-c", "import http.client, urllib.request"]),
    ("node", "nodejs", &["--eval", "fetch"]),
    ("php", "php-cli and php-curl", &["-r", "exit(function_exists('curl_init') ? 0 : 1);"]),
    ("ruby", "ruby", &["-rnet/http", "-rjson", "-e", ""]),
];

/// A command for one of the programs. A missing one fails the test: what is skipped silently is not known to work.
fn program(name: &str) -> Command {
    let (_, package, probe) = PROGRAMS.iter().find(|(program, ..)| *program == name).expect("it is listed");
    let answer = Command::new(name).args(*probe).output();
    let works = answer.is_ok_and(|answer| answer.status.success());
    assert!(works, "`{name}` is missing or too small for this test: install the Debian package {package}.");
    Command::new(name)
}

/// What a program printed; anything but success fails the test with both of its streams.
fn printed(what: &str, output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{what} ended with {}:\n{stdout}{stderr}", output.status);
    stdout
}
