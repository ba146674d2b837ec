//! What a move refuses, what it notices, and what it says.

use super::{BACK, FILE, Pair};
use crate::operations::postgres::{is_signed_in, is_verified};
use crate::operations::{Site, sign_in};

#[test]
fn a_database_that_holds_anything_is_not_written_over() {
    let Some(mut pair) = Pair::new() else { return };
    pair.use_server();
    pair.site.done(&["tenant", "list"]);
    for more in [[].as_slice(), &["--restart"]] {
        let refusal = pair.fails(&Pair::there(more));
        assert!(refusal.contains(" is not empty.") && refusal.contains("an empty database"), "{refusal}");
    }
    assert_eq!(pair.database.sql("SELECT count(*) FROM installation"), "1");
    assert_eq!(pair.database.sql("SELECT count(*) FROM people"), "0");
    let refusal = pair.fails(&["move", "--from-url-file", "url", "--to", FILE]);
    assert!(refusal.contains("doorward.db is not empty."), "{refusal}");
    pair.site.done(&["tenant", "list"]);
    pair.use_file("doorward.db");
    pair.site.done(&["tenant", "list"]);
}

/// A version that may serve over a newer schema still does not know what is in it.
#[test]
fn what_a_newer_version_migrated_is_not_moved_by_this_one() {
    let Some(mut pair) = Pair::new() else { return };
    pair.migrate();
    pair.database.sql(
        "INSERT INTO migrations (version, name, checksum) SELECT max(version) + 1, 'next', 1 FROM migrations",
    );
    let refusal = pair.fails(&Pair::there(&[]));
    assert!(
        refusal.contains("was migrated by a newer Doorward") && refusal.contains("Move with"),
        "{refusal}"
    );
    pair.site.done(&["tenant", "list"]);
    pair.use_server();
    pair.site.done(&["tenant", "list"]);
}

#[test]
fn a_running_node_keeps_the_move_out_and_works_on() {
    let Some(mut pair) = Pair::new() else { return };
    let mut server = pair.serve();
    let refusal = pair.fails(&Pair::there(&[]));
    assert!(refusal.contains("is in use by process") && refusal.contains("server is stopped"), "{refusal}");
    server.stop();
    pair.site.done(&Pair::there(&[]));
    pair.use_server();
    let mut server = pair.serve();
    let cookie = sign_in(&server).expect("the owner signs in");
    let refusal = pair.fails(&Pair::back(&[]));
    assert!(refusal.contains(" is in use: doorward") && refusal.contains("Stop every node"), "{refusal}");
    assert!(is_signed_in(&server, &cookie) && is_verified(&server, &cookie));
    assert_eq!(pair.database.sql("SELECT count(*) FROM moves"), "0", "no mark is left");
    server.stop();
    pair.site.done(&Pair::back(&[]));
}

/// Such as one whose connections were cut when the move looked for nodes.
#[test]
fn a_node_that_was_not_seen_stops_by_itself() {
    let Some(mut pair) = Pair::new() else { return };
    pair.site.done(&Pair::there(&[]));
    pair.use_server();
    let server = pair.serve();
    pair.site.done(&Pair::back(&["--nodes-are-stopped"]));
    server.hear("the database was moved away; this node stops");
    server.hear("was moved to ");
}

#[test]
fn a_row_that_is_not_what_it_was_is_noticed_and_named() {
    let Some(mut pair) = Pair::new() else { return };
    pair.migrate();
    pair.at_insert("people", "true", "NEW.email := 'someone@else.example'");
    for _again in 0..2 {
        let refusal = pair.fails(&Pair::there(&[]));
        let words = "people of harbour differ: 1 rows left, 1 arrived.";
        assert!(refusal.contains(words) && refusal.contains("--restart"), "{refusal}");
        pair.use_server();
        let refusal = pair.site.refused(&["tenant", "list"]);
        assert!(refusal.contains("is being filled from "), "{refusal}");
        pair.use_file("doorward.db");
    }
    pair.calm("people");
    pair.site.done(&Pair::there(&["--restart"]));
    assert_eq!(pair.database.sql("SELECT email FROM people"), "owner@harbour.example");
}

#[test]
fn a_row_that_is_lost_or_added_is_noticed_too() {
    let Some(mut pair) = Pair::new() else { return };
    pair.migrate();
    pair.at_insert("memberships", "true", "DELETE FROM tallies; INSERT INTO tallies VALUES ('', '', 1, 1)");
    let refusal = pair.fails(&Pair::there(&[]));
    assert!(refusal.contains("tallies of the installation differ: 0 rows left, 1 arrived."), "{refusal}");
}

#[test]
fn what_makes_no_sense_is_said_before_anything_is_touched() {
    let Some(pair) = Pair::new() else { return };
    let refusal = pair.fails(&["move", "--from", FILE, "--to", BACK]);
    assert!(refusal.contains("are the same engine"), "{refusal}");
    let refusal = pair.fails(&["move", "--from", "sqlite:none.db", "--to-url-file", "url"]);
    assert!(refusal.contains("none.db is not there, or empty."), "{refusal}");
    assert!(!pair.site.path("none.db").exists());
    let fresh = Site::bare();
    fresh.write("url", &pair.database.url());
    let refusal = fresh.refused(&["move", "--from-url-file", "url", "--to", "sqlite:new.db"]);
    assert!(refusal.contains("holds no installation."), "{refusal}");
}

#[test]
fn no_password_of_a_url_is_printed() {
    let site = Site::bare();
    for url in [
        "postgress://ana:canary@127.0.0.1/hers",
        "postgresql://ana:canary@127.0.0.1:1/hers?sslmode=disable",
        "postgresql://ana:canary@x@127.0.0.1/hers",
        "postgres:ana:canary",
    ] {
        for arguments in [["move", "--from", url, "--to", BACK], ["move", "--from", BACK, "--to", url]] {
            let refusal = site.refused(&arguments);
            assert!(!refusal.contains("canary"), "{refusal}");
        }
    }
    let seen = "postgresql://ana:canary@127.0.0.1:1/hers?sslmode=disable";
    let refusal = site.refused(&["move", "--from", seen, "--to", BACK]);
    assert!(refusal.contains("every user of this machine can see the password in --from"), "{refusal}");
}

#[test]
fn help_teaches_what_to_do_before_and_after() {
    let help = Site::bare().done(&["move", "--help"]);
    for words in
        ["stop the server", "every node", "--restart", "--abandon", "[store]", "key file", "--to-url-file"]
    {
        assert!(help.contains(words), "{words}: {help}");
    }
}
