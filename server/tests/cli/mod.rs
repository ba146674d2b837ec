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

#[test]
fn a_closed_standard_error_changes_no_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = Command::new(env!("CARGO_BIN_EXE_doorward"));
    command.current_dir(folder.path()).env_clear().args(["config", "check", "--config", "none.toml"]);
    assert_eq!(command.stderr(writer).status().unwrap().code(), Some(1));
}

#[test]
fn the_demo_knows_what_a_log_level_is() {
    let folder = tempfile::tempdir().unwrap();
    let demo = doorward(folder.path(), &["demo", "--log", "warning"]);
    assert_eq!(demo.status.code(), Some(2));
    assert!(text(&demo.stderr).contains("expected a level like"), "{}", text(&demo.stderr));
}

#[test]
fn a_password_is_made_or_read_but_not_both() {
    let folder = tempfile::tempdir().unwrap();
    let both = ["person", "create", "a", "b@c.example", "--generate-password", "--password-file", "p"];
    assert_eq!(doorward(folder.path(), &both).status.code(), Some(2));
    let nowhere = ["person", "invite", "a", "b@c.example", "--password-file", "p"];
    assert_eq!(doorward(folder.path(), &nowhere).status.code(), Some(2));
}

#[test]
fn secrets_that_the_server_would_stop_at_are_found_by_the_check() {
    let folder = tempfile::tempdir().unwrap();
    let file = "[hashing]\npepper = \"short\"\n[keys]\ntext = \"no keys\"\n";
    std::fs::write(folder.path().join("doorward.toml"), file).unwrap();
    let check = doorward(folder.path(), &["config", "check"]);
    assert_eq!(check.status.code(), Some(1));
    let message = text(&check.stderr);
    assert!(message.contains("hashing.pepper: the pepper needs at least 16 bytes"), "{message}");
    assert_eq!(message.lines().count(), 2, "{message}");
    assert!(!message.contains("no keys"), "{message}");
}
