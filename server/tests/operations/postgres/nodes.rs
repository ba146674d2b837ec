//! Several nodes over one database: one set of keys, one set of sessions.

use super::{Installation, is_signed_in, is_verified, sections};
use crate::operations::sign_in;
use crate::operations::{CONFIGURATION, HOUSE, Site};
use crate::process::{Ask, Doorward};
use serde_json::json;
use std::time::{Duration, Instant};

#[test]
fn a_node_without_keys_does_not_join_with_new_ones() {
    let Some(first) = Installation::new() else { return };
    let second = Site::bare_with(&sections(&first.database.url()));
    let refusal = second.refused(&["init"]);
    assert!(refusal.contains("is in use already, but its key file"), "{refusal}");
    assert!(refusal.contains("Copy the key file from another node"), "{refusal}");
    assert!(!second.path("doorward-data/doorward.keys").exists());
    let joined = first.another_node().json(&["init"]);
    assert_eq!(joined["keys_made"], json!(false));
    assert_eq!(joined["database"], first.node.json(&["init"])["database"]);
}

#[test]
fn a_restart_ends_no_session() {
    let Some(Installation { node, database: _database }) = Installation::new() else { return };
    let mut server = node.serve();
    let cookie = sign_in(&server).expect("the owner signs in");
    assert!(is_signed_in(&server, &cookie) && is_verified(&server, &cookie));
    server.stop();
    let mut server = node.serve();
    assert!(is_signed_in(&server, &cookie) && is_verified(&server, &cookie));
    server.kill();
    let server = node.serve();
    assert!(is_signed_in(&server, &cookie) && is_verified(&server, &cookie), "not asked to stop, either");
    let out = server.send(&Ask::new("DELETE", super::CRM, "/api/logout").header("cookie", &cookie));
    assert!(out.status < 400, "{}", out.text());
    assert!(!is_signed_in(&server, &cookie) && !is_verified(&server, &cookie));
}

#[test]
fn a_session_of_one_node_is_one_of_all() {
    let Some(first) = Installation::new() else { return };
    let second = first.another_node();
    let (one, two) = (first.node.serve(), second.serve());
    for (opened, other) in [(&one, &two), (&two, &one)] {
        let cookie = sign_in(opened).expect("the owner signs in");
        for server in [opened, other] {
            assert!(is_signed_in(server, &cookie) && is_verified(server, &cookie));
        }
        let out = opened.send(&Ask::new("DELETE", super::CRM, "/api/logout").header("cookie", &cookie));
        assert!(out.status < 400, "{}", out.text());
        assert!(!is_signed_in(opened, &cookie) && !is_signed_in(other, &cookie));
    }
}

/// The newest version has taken away what this one needs, while it was left running.
#[test]
fn a_node_of_a_version_that_may_serve_no_more_stops() {
    let Some(first) = Installation::new() else { return };
    let server = first.node.serve();
    let next =
        "INSERT INTO migrations (version, name, checksum) SELECT max(version) + 1, 'next', 1 FROM migrations";
    first.database.sql(next);
    first.database.sql("UPDATE serving SET oldest = (SELECT max(version) FROM migrations)");
    server.hear("a newer Doorward has taken over the database; this node stops");
    server.hear("was migrated while this node ran: versions from ");
    server.hear("Start the newer Doorward here.");
    let refusal = first.node.refused(&["serve"]);
    assert!(refusal.contains("use the newer Doorward"), "{refusal}");
}

/// Longer than it takes on a busy machine; the promise itself is measured by the bench.
const PATIENCE: Duration = Duration::from_secs(30);

fn soon(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "{what}");
    }
}

/// Questions about one session: more than the server's own jobs read meanwhile.
const ASKED: u64 = 100;

/// The other node answers from memory, where nothing of its own says that the session ended.
#[test]
fn what_one_node_ends_the_other_forgets_by_the_bell_and_without_it() {
    // Trust outlasts the patience of this test, so nothing but hearing of it ends the session there.
    for (notify, poll) in [(true, "50s"), (false, "20ms")] {
        let Some(first) = Installation::new() else { return };
        let keys = format!(
            "revocation_bound = \"60s\"\nrevocation_notify = {notify}\nrevocation_poll = \"{poll}\"\n"
        );
        let (one, two) = (first.node.serve_with(&keys), first.another_node().serve_with(&keys));
        let cookie = sign_in(&one).expect("the owner signs in");
        let read = two.figure("doorward_store_reads_total");
        assert!((0..ASKED).all(|_| is_verified(&two, &cookie)));
        let read = two.figure("doorward_store_reads_total") - read;
        assert!(read < ASKED, "{read} reads for {ASKED} questions");
        let out = one.send(&Ask::new("DELETE", super::CRM, "/api/logout").header("cookie", &cookie));
        assert!(out.status < 400 && !is_verified(&one, &cookie), "{}", out.text());
        soon("the other node refuses it too", || !is_verified(&two, &cookie));
    }
}

#[test]
fn doors_that_are_applied_at_one_node_open_at_the_other() {
    let Some(first) = Installation::bare() else { return };
    first.node.done(&["init"]);
    let second = first.another_node();
    let (_one, two) = (first.node.serve(), second.serve());
    assert_eq!(sign_in(&two), None);
    first.node.apply(HOUSE);
    soon("the door opens", || sign_in(&two).is_some());
}

#[test]
fn two_nodes_of_one_machine_need_an_admin_socket_each() {
    let Some(first) = Installation::new() else { return };
    let _one = first.node.serve();
    let refusal = first.node.refused(&["serve"]);
    assert!(refusal.contains("Another Doorward runs with the admin socket"), "{refusal}");
    assert!(refusal.contains("`socket` in [admin]"), "{refusal}");
    // The one that runs still has it.
    assert_eq!(first.node.json(&["tenant", "list"])[0]["slug"], "harbour");
    let apart =
        format!("{CONFIGURATION}{}[admin]\nsocket = \"second.sock\"\n", sections(&first.database.url()));
    let _two = Doorward::serve(&first.node.path("."), &apart);
    assert_eq!(first.node.json(&["tenant", "list"])[0]["slug"], "harbour");
}
