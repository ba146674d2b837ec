//! A new installation: private, without any account, and with one first operator.

use super::{PASSWORD, Site, mode};
use std::fs;

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
