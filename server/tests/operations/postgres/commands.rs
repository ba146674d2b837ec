//! Commands with a running node, without one, and from another machine.

use super::{HOUSE, Installation, OWNER, is_signed_in, is_verified, sign_in};
use crate::operations::mode;
use serde_json::json;
use std::fs;

#[test]
fn without_a_node_a_command_opens_the_database_itself() {
    let Some(Installation { node, database: _database }) = Installation::new() else { return };
    assert_eq!(node.json(&["tenant", "list"])[0]["slug"], "harbour");
    let made = node.json(&["person", "create", "harbour", "ana@harbour.example", "--generate-password"]);
    assert_eq!(made["memberships"][0]["tenant"], "harbour");
    node.done(&["person", "disable", "harbour", OWNER]);
    let server = node.serve();
    assert_eq!(sign_in(&server), None);
    let again = node.apply(HOUSE);
    assert_eq!(again["changes"], json!([]), "{again}");
}

#[test]
fn a_running_node_carries_commands_out_itself() {
    let Some(Installation { node, database: _database }) = Installation::bare() else { return };
    node.done(&["init"]);
    let server = node.serve();
    assert_eq!(mode(&node.path("doorward-data/admin.sock")), 0o600);
    assert_eq!(mode(&node.path("doorward-data/admin.sock.lock")), 0o600);
    node.apply(HOUSE);
    let cookie = sign_in(&server).expect("doors that are applied while it runs open at once");
    assert!(is_verified(&server, &cookie));
    let held = node.json(&["session", "list", "harbour", OWNER]);
    assert_eq!(held.as_array().unwrap().len(), 1);
    node.done(&["person", "disable", "harbour", OWNER]);
    assert!(!is_verified(&server, &cookie) && !is_signed_in(&server, &cookie), "the next request is refused");
}

#[test]
fn a_command_on_another_machine_reaches_every_door() {
    let Some(first) = Installation::new() else { return };
    let server = first.node.serve();
    let cookie = sign_in(&server).expect("the owner signs in");
    let elsewhere = first.another_node();
    let held = elsewhere.json(&["session", "list", "harbour", OWNER]);
    assert_eq!(held.as_array().unwrap().len(), 1);
    elsewhere.done(&["session", "end-all", "harbour", OWNER]);
    assert!(!is_signed_in(&server, &cookie));
    elsewhere.done(&["person", "disable", "harbour", OWNER]);
    assert_eq!(sign_in(&server), None);
}

#[test]
fn a_node_that_cannot_be_reached_is_not_gone_past() {
    let Some(Installation { node, database: _database }) = Installation::new() else { return };
    let mut server = node.serve();
    fs::remove_file(node.path("doorward-data/admin.sock")).unwrap();
    let refusal = node.refused(&["tenant", "list"]);
    assert!(refusal.contains("The running server cannot be reached"), "{refusal}");
    assert!(refusal.contains("Another Doorward runs with the admin socket"), "{refusal}");
    server.kill();
    assert_eq!(node.json(&["tenant", "list"])[0]["slug"], "harbour", "nobody runs: done here");
}

#[test]
fn before_init_a_command_says_what_to_do() {
    let Some(Installation { node, database }) = Installation::bare() else { return };
    let refusal = node.refused(&["tenant", "list"]);
    assert!(refusal.contains("doorward init"), "{refusal}");
    assert_eq!(database.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), "0");
}

#[test]
fn a_copy_is_left_to_postgresqls_own_tools() {
    let Some(Installation { node, database: _database }) = Installation::new() else { return };
    for _server in [None, Some(node.serve())] {
        let refusal = node.refused(&["backup", "copy.db"]);
        assert!(refusal.contains("pg_dump") && refusal.contains("pg_basebackup"), "{refusal}");
        let refusal = node.refused(&["restore", "copy.db"]);
        assert!(refusal.contains("pg_restore") && refusal.contains("restore --in-place"), "{refusal}");
        assert!(!node.path("copy.db").exists());
    }
}
