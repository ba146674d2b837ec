//! A move that is given up, or was a mistake.

use super::Pair;
use crate::operations::postgres::{is_signed_in, is_verified};
use crate::operations::{OWNER, sign_in};

#[test]
fn a_move_whose_new_place_nobody_used_is_taken_back_with_every_session() {
    let Some(mut pair) = Pair::new() else { return };
    let mut server = pair.serve();
    let cookie = sign_in(&server).expect("the owner signs in");
    server.stop();
    pair.site.done(&Pair::there(&[]));
    let told = pair.site.done(&Pair::there(&["--abandon"]));
    assert!(told.contains("can be used again, with every session as it was"), "{told}");
    pair.use_server();
    let refusal = pair.site.refused(&["serve"]);
    assert!(refusal.contains("is being filled from "), "what was copied is of no use any more: {refusal}");
    pair.use_file("doorward.db");
    let mut server = pair.serve();
    assert!(is_signed_in(&server, &cookie) && is_verified(&server, &cookie));
    server.stop();
    let refusal = pair.fails(&Pair::there(&[]));
    assert!(refusal.contains("holds a part of another move") && refusal.contains("--restart"), "{refusal}");
    pair.site.done(&Pair::there(&["--restart"]));
    pair.use_server();
    let server = pair.serve();
    assert!(is_signed_in(&server, &cookie) && is_verified(&server, &cookie));
}

#[test]
fn a_move_that_failed_half_way_is_given_up_without_the_new_place() {
    let Some(mut pair) = Pair::new() else { return };
    pair.migrate();
    pair.at_insert("people", "true", "RAISE EXCEPTION 'no room'");
    let refusal = pair.fails(&Pair::there(&[]));
    assert!(refusal.contains("people: ") && refusal.contains("Run the same command again"), "{refusal}");
    pair.site.write("url", "postgresql://nobody@127.0.0.1:1/gone?sslmode=disable");
    pair.site.done(&Pair::there(&["--abandon"]));
    pair.site.done(&["tenant", "list"]);
    let refusal = pair.fails(&Pair::there(&["--abandon"]));
    assert!(refusal.contains("is not being moved"), "{refusal}");
}

/// P2: what the new place revoked does not revive in the old one.
#[test]
fn an_old_place_is_used_again_only_after_what_may_have_been_revoked_has_ended() {
    let Some(mut pair) = Pair::new() else { return };
    let mut server = pair.serve();
    let cookie = sign_in(&server).expect("the owner signs in");
    server.stop();
    let refusal = pair.site.refused(&["restore", "--in-place"]);
    assert!(refusal.contains("--in-place is for PostgreSQL"), "{refusal}");
    pair.site.done(&Pair::there(&[]));
    pair.use_server();
    pair.site.done(&["session", "end-all", "harbour", OWNER]);
    pair.use_file("doorward.db");
    let refusal = pair.fails(&Pair::there(&["--abandon"]));
    assert!(
        refusal.contains("has been used since the move") && refusal.contains("restore --in-place"),
        "{refusal}"
    );
    let told = pair.site.done(&["restore", "--in-place"]);
    assert!(told.contains("may serve again. Everybody signs in anew."), "{told}");
    let server = pair.serve();
    assert!(!is_signed_in(&server, &cookie) && !is_verified(&server, &cookie));
    assert!(sign_in(&server).is_some());
}
