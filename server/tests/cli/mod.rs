//! The binary as a person runs it: what it prints, where, and its exit code.

use std::path::Path;
use std::process::{Command, Output};

/// Runs `doorward` in a folder of its own, with an empty environment.
fn doorward(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_doorward"));
    command.current_dir(folder).env_clear().args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn the_example_it_prints_is_the_file_it_accepts() {
    let folder = tempfile::tempdir().unwrap();
    let example = doorward(folder.path(), &["config", "example"]);
    assert_eq!(example.status.code(), Some(0));
    std::fs::write(folder.path().join("doorward.toml"), &example.stdout).unwrap();
    let check = doorward(folder.path(), &["config", "check"]);
    assert_eq!(check.status.code(), Some(0), "{}", text(&check.stderr));
    assert_eq!(text(&check.stdout), "doorward.toml is in order.\n");
}

#[test]
fn a_broken_file_is_one_sentence_a_hint_and_exit_code_1() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("broken.toml"), "[log]\nlevle = \"info\"\n").unwrap();
    let check = doorward(folder.path(), &["config", "check", "--config", "broken.toml"]);
    assert_eq!(check.status.code(), Some(1));
    assert_eq!(text(&check.stdout), "");
    assert_eq!(
        text(&check.stderr),
        "error: broken.toml:2:1: log.levle: unknown key; did you mean level?\n\
         hint: `doorward config example` prints every key with its meaning.\n"
    );
}

#[test]
fn a_certificate_that_cannot_be_used_is_found_before_the_server_starts() {
    let folder = tempfile::tempdir().unwrap();
    let file = "[listen.tls]\ncertificate = \"none.pem\"\nkey = \"none.key\"\n";
    std::fs::write(folder.path().join("doorward.toml"), file).unwrap();
    let check = doorward(folder.path(), &["config", "check"]);
    assert_eq!(check.status.code(), Some(1));
    let message = text(&check.stderr);
    assert!(message.starts_with("error: none.pem cannot be read"), "{message}");
}

#[test]
fn wrong_usage_is_exit_code_2_and_help_teaches() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(doorward(folder.path(), &["confg"]).status.code(), Some(2));
    assert_eq!(doorward(folder.path(), &[]).status.code(), Some(2));
    let help = doorward(folder.path(), &["--help"]);
    assert_eq!(help.status.code(), Some(0));
    assert!(text(&help.stdout).contains("doorward config example > doorward.toml"));
}

#[test]
fn completions_are_made_for_every_shell() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = doorward(folder.path(), &["completions", shell]);
        assert_eq!(script.status.code(), Some(0), "{shell}");
        assert!(text(&script.stdout).contains("completions"), "{shell}");
    }
}
