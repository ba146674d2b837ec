//! A new installation: private, without any account, and with one first operator.

use super::{PASSWORD, Site, mode, text};
use crate::process::{Ask, Doorward};
use std::fs;
use std::process::Command;

#[test]
fn everything_it_makes_is_for_nobody_else() {
    let site = Site::bare();
    site.write("password", &format!("{PASSWORD}\n"));
    let told = site.json(&["init", "--operator", "ana@example.com", "--password-file", "password"]);
    assert_eq!((&told["operator"], &told["keys_made"]), (&"ana@example.com".into(), &true.into()));
    assert_eq!(mode(&site.path("doorward-data")), 0o700);
    for file in ["doorward.keys", "doorward.db"] {
        assert_eq!(mode(&site.path("doorward-data").join(file)), 0o600, "{file}");
    }
}

#[test]
fn there_is_one_first_operator_and_keys_are_never_replaced() {
    let site = Site::new();
    let keys = fs::read(site.path("doorward-data/doorward.keys")).unwrap();
    site.write("password", PASSWORD);
    site.done(&["init", "--operator", "ana@example.com", "--password-file", "password"]);
    let again = site.refused(&["init", "--operator", "eve@example.com", "--password-file", "password"]);
    assert!(again.contains("has its first operator already"), "{again}");
    assert_eq!(fs::read(site.path("doorward-data/doorward.keys")).unwrap(), keys);
}

#[test]
fn a_weak_password_makes_no_operator() {
    let site = Site::new();
    site.write("password", "secret");
    let init = ["init", "--operator", "ana@example.com", "--password-file", "password"];
    assert!(site.refused(&init).contains("the password needs at least 15 characters"));
    site.write("password", PASSWORD);
    site.done(&init);
}

#[test]
fn lost_keys_are_not_replaced_by_new_ones() {
    let site = Site::new();
    fs::remove_file(site.path("doorward-data/doorward.keys")).unwrap();
    let refusal = site.refused(&["init"]);
    assert!(refusal.contains("Put the key file back"), "{refusal}");
    assert!(!site.path("doorward-data/doorward.keys").exists());
}

#[test]
fn before_init_a_command_says_what_to_do() {
    let refusal = Site::bare().refused(&["tenant", "list"]);
    assert!(refusal.contains("doorward init"), "{refusal}");
}

#[test]
fn the_commands_of_the_consoles_page_lead_into_the_console() {
    let page = include_str!("../../../docs/operators/console.md");
    let blocks: Vec<&str> =
        page.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let [begin, forgotten] = blocks[..] else { panic!("another block of the page wants a test: {blocks:?}") };
    let (init, serve) = begin.split_once('\n').unwrap();
    let site = Site::bare();
    let first = link(&paste(&site, init));
    // The second command does not end, so it is not pasted.
    assert_eq!(serve.split('#').next().unwrap().trim(), "doorward serve");
    let server = site.serve();
    assert_eq!(choose(&server, &first, PASSWORD), 303);
    assert_eq!(sign_in(&server, PASSWORD), 303);

    let again = link(&paste(&site, forgotten));
    assert_ne!(sign_in(&server, PASSWORD), 303, "who was taken away is gone");
    assert_eq!(choose(&server, &again, "five grey geese at noon"), 303);
    assert_eq!(sign_in(&server, "five grey geese at noon"), 303);
    assert_eq!(server.send(&Ask::get("localhost", &first)).status, 404, "a link works once");
}

/// The operator of the page.
const ANA: &str = "ana@operators.example";

/// What a block of a page prints in a shell.
fn paste(site: &Site, block: &str) -> String {
    let script = format!("set -eu\ndoorward() {{ \"$0\" \"$@\"; }}\n{block}");
    let mut bash = Command::new("bash");
    bash.args(["-c", &script, env!("CARGO_BIN_EXE_doorward")]).current_dir(site.path("."));
    let output = bash.env_remove("DOORWARD_CONFIG").output().unwrap();
    assert!(output.status.success(), "{block}: {}", text(&output.stderr));
    text(&output.stdout)
}

/// The link that was printed, without its host: the server listens on a port of the test's.
fn link(printed: &str) -> String {
    let lines = printed.lines().map(str::trim);
    let found: Vec<&str> = lines.filter_map(|line| line.strip_prefix("http://localhost:8080")).collect();
    let [link] = found[..] else { panic!("one link is to be printed: {printed}") };
    link.to_owned()
}

/// Opens a link, and chooses a password on its page.
fn choose(server: &Doorward, link: &str, password: &str) -> u16 {
    let page = server.send(&Ask::get("localhost", link));
    assert!(page.status == 200 && page.text().contains("password_again"), "{}", page.text());
    let (path, code) = link.split_once("?code=").unwrap();
    let fields = [("code", code), ("email", ANA), ("password", password), ("password_again", password)];
    server.send(&Ask::post("localhost", path).form(&fields)).status
}

fn sign_in(server: &Doorward, password: &str) -> u16 {
    let fields = [("organisation", ""), ("email", ANA), ("password", password), ("to", "/console")];
    server.send(&Ask::post("localhost", "/console/sign-in").form(&fields)).status
}
