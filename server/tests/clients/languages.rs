//! The seeds' own languages at every door. A script prints one line per answer, and whatever the language and the
//! encoding of its bodies, a door's lines are the same.

use super::{printed, program};
use crate::process::Demo;
use std::path::Path;
use std::process::Stdio;

/// Each language's program, and how the scripts of its client library end.
const CLIENTS: [(&str, &str); 5] = [
    ("python3", "http_client.py"),
    ("python3", "urllib.py"),
    ("node", "fetch.mjs"),
    ("php", "curl.php"),
    ("ruby", "net_http.rb"),
];

#[test]
fn salesseek_signs_in_reads_a_user_asks_for_a_reset_and_signs_out() {
    every_client_prints(
        "salesseek",
        "wrong password 401 The e-mail address or password is wrong.\n\
         login 200 Nora Winter\n\
         user 200 admin@northwind.example\n\
         forgotten 200 null\n\
         logout 200 null\n\
         after logout 401 You are not signed in.\n",
    );
}

#[test]
fn bookingbug_signs_in_follows_a_link_and_signs_out() {
    every_client_prints(
        "bookingbug",
        "wrong password 401 401 Unauthorized\n\
         login 201 owner@harbour.example 37001\n\
         administrator 200 Olga Harms\n\
         logout 200\n\
         after logout 401 401 Unauthorized\n",
    );
}

#[test]
fn rubicrm_signs_in_and_records_consent() {
    every_client_prints(
        "rubicrm",
        "wrong password 401 []\n\
         login 200 Vera Guild of Bookbinders\n\
         consent 200 true\n\
         login again 200 consent true\n",
    );
}

#[test]
fn leadsquared_finds_the_home_region_in_every_spelling_of_the_key() {
    every_client_prints(
        "leadsquared",
        "raw dollar 200 Education 101\n\
         escaped dollar 200 Education 101\n\
         headers 200 Education 101\n\
         another region 200 api-in21.leadsquared.com\n\
         wrong secret 401 MXUnAuthorizedAccessException\n",
    );
}

/// Runs a door's script of every client against one demo.
fn every_client_prints(door: &str, expected: &str) {
    let demo = Demo::start();
    for (language, library) in CLIENTS {
        let script = format!("{door}_{library}");
        assert_eq!(run(&demo, language, &script), expected, "{script}");
    }
}

/// Runs a script with `demo.json` as its only argument.
fn run(demo: &Demo, language: &str, script: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/scripts").join(script);
    let mut command = program(language);
    command.arg(file).arg(demo.data().join("demo.json")).stdin(Stdio::null());
    printed(script, &command.output().unwrap())
}
