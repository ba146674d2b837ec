//! Everything arrives and goes on: sessions, passwords, numbers, and what was revoked stays so.

use super::Pair;
use crate::operations::postgres::{is_signed_in, is_verified};
use crate::operations::{OWNER, mode, sign_in};
use crate::process::Ask;
use serde_json::Value;

#[test]
fn sessions_go_on_in_the_new_place_and_back_again() {
    let Some(mut pair) = Pair::new() else { return };
    let mut server = pair.serve();
    let kept = sign_in(&server).expect("the owner signs in");
    let ended = sign_in(&server).expect("the owner signs in twice");
    server.stop();
    let told = pair.site.done(&Pair::there(&[]));
    for words in
        ["38 rows, the same on both sides", "[store.postgres]", "doorward.keys", "cannot be served any more"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
    let is_told = told.lines().any(|line| {
        let cells: Vec<&str> = line.split_whitespace().collect();
        matches!(cells.as_slice(), ["sessions", "harbour", "2", hash] if hash.len() == 16)
    });
    assert!(is_told, "{told}");

    pair.use_server();
    let mut server = pair.serve();
    for cookie in [&kept, &ended] {
        assert!(is_signed_in(&server, cookie) && is_verified(&server, cookie));
    }
    let out = server.send(&Ask::new("DELETE", super::super::CRM, "/api/logout").header("cookie", &ended));
    assert!(out.status < 400, "{}", out.text());
    let newer = sign_in(&server).expect("the password is the same");
    let made = ["person", "create", "harbour", "ana@harbour.example", "--generate-password"];
    pair.site.done(&made);
    server.stop();

    let moved: Value = pair.site.json(&Pair::back(&[]));
    let sessions = moved["verified"].as_array().unwrap().iter().find(|it| it["table"] == "sessions").unwrap();
    assert_eq!((&sessions["tenant"], &sessions["rows"]), (&"harbour".into(), &2.into()), "{moved}");
    assert_eq!(sessions["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(mode(&pair.site.path("doorward-data/back.db")), 0o600);
    pair.use_file("back.db");
    let server = pair.serve();
    for cookie in [&kept, &newer] {
        assert!(is_signed_in(&server, cookie) && is_verified(&server, cookie));
    }
    assert!(!is_signed_in(&server, &ended) && !is_verified(&server, &ended), "what ended stays so");
    let listed = pair.site.json(&["person", "list", "harbour"]).to_string();
    assert!(listed.contains(OWNER) && listed.contains("ana@harbour.example"), "{listed}");
}

#[test]
fn the_old_place_says_where_everything_has_gone() {
    let Some(mut pair) = Pair::new() else { return };
    pair.site.done(&Pair::there(&[]));
    for command in [["serve"].as_slice(), &["tenant", "list"], &["backup", "copy.db"]] {
        let refusal = pair.site.refused(command);
        assert!(refusal.contains("doorward.db was moved to "), "{refusal}");
        assert!(refusal.contains("hint: [store] in the configuration"), "{refusal}");
    }
    pair.use_server();
    pair.site.done(&["tenant", "list"]);
    pair.site.done(&Pair::back(&[]));
    let refusal = pair.site.refused(&["serve"]);
    assert!(refusal.contains(" was moved to ") && refusal.contains("back.db"), "{refusal}");
}

/// A copy of before the move knows even less of what was revoked since.
#[test]
fn a_backup_does_not_bring_the_old_place_back() {
    let Some(pair) = Pair::new() else { return };
    pair.site.done(&["backup", "copy.db"]);
    pair.site.done(&Pair::there(&[]));
    pair.site.done(&["restore", "copy.db"]);
    let refusal = pair.site.refused(&["tenant", "list"]);
    assert!(refusal.contains("doorward.db was moved to "), "{refusal}");
}

#[test]
fn the_trail_of_events_says_that_it_was_moved() {
    let Some(pair) = Pair::new() else { return };
    pair.site.done(&Pair::there(&[]));
    let told = pair.database.sql("SELECT actor, detail FROM events WHERE kind = 'installation_moved'");
    assert!(told.starts_with("operator|from ") && told.contains("doorward.db to "), "{told}");
    let left = rusqlite::Connection::open(pair.site.database()).unwrap();
    let kinds = "SELECT count(*) FROM events WHERE kind = 'installation_moved'";
    assert_eq!(
        left.query_row(kinds, [], |row| row.get::<_, i64>(0)).unwrap(),
        0,
        "the source has its mark only"
    );
}

/// The commands of the operators' page, in the places of this test.
#[test]
fn the_page_about_moving_shows_commands_that_work() {
    let Some(mut pair) = Pair::new() else { return };
    let page = include_str!("../../../../../docs/operators/move.md")
        .replace("/var/lib/doorward", "doorward-data")
        .replace("/etc/doorward-database", "url");
    let shown =
        page.lines().filter_map(|line| line.strip_prefix("doorward ")).filter(|it| it.starts_with("move "));
    let shown: Vec<Vec<&str>> = shown.map(|line| line.split_whitespace().collect()).collect();
    let [there, back, abandon] = shown.as_slice() else { panic!("{shown:?}") };
    pair.site.done(there);
    pair.site.done(abandon);
    pair.site.done(&[there.as_slice(), &["--restart"]].concat());
    pair.use_server();
    pair.site.done(&["tenant", "list"]);
    pair.site.done(back);
    pair.use_file("new.db");
    assert_eq!(pair.site.json(&["tenant", "list"])[0]["slug"], "harbour");
}
