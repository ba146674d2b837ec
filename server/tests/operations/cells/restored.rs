//! Cells whose names are not where their directory was: put back in time, or made by nodes that know no directory.

use super::{Cell, ask, cells, soon, wait_for_directory};
use crate::process::Doorward;
use std::fs;
use std::path::PathBuf;

/// A key that is made after the state a cell returns to was saved, and one that is made after the return: it takes the first
/// one's number.
const LOST: u8 = 7;
const LATER: u8 = 8;

fn status(server: &Doorward, at: &Cell, key: &str) -> u16 {
    ask(server, at, key).status
}

/// Makes a key at home, beside those that are there, and waits until it is answered abroad.
fn make(home: &Cell, abroad: &Cell, two: &Doorward, key: u8) {
    home.site.apply(&format!("{}{}", home.house(), home.key(key)));
    soon("a new key is not known abroad", || status(two, abroad, &home.key_name(key)) == 200);
}

fn files(cell: &Cell) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|end| PathBuf::from(format!("{}{end}", cell.site.database().display())))
}

#[test]
fn a_restored_cell_is_read_anew_and_its_lost_names_are_nobodys() {
    let [home, abroad] = cells();
    let (mut one, two) = (home.serve(), abroad.serve_with(&home));
    home.site.done(&["backup", "copy.db"]);
    make(&home, &abroad, &two, LOST);
    one.kill();
    home.site.done(&["restore", "copy.db"]);
    let one = home.serve();
    two.hear("its directory begins anew, and is read from the start");
    make(&home, &abroad, &two, LATER);
    assert_eq!(status(&two, &abroad, &home.key_name(0)), 200);
    soon("a lost key is still answered", || status(&two, &abroad, &home.key_name(LOST)) == 401);
    assert_eq!(status(&one, &home, &home.key_name(LOST)), 401);
    wait_for_directory(&one, abroad.name);
    assert_eq!(status(&one, &home, &abroad.key_name(0)), 200, "and it hears the other again");
    assert_eq!(two.figure("doorward_cell_conflicts"), 0);
}

#[test]
fn a_cell_that_was_put_back_by_hand_is_noticed_and_read_anew() {
    let [home, abroad] = cells();
    let (mut one, two) = (home.serve(), abroad.serve_with(&home));
    soon("it is answered", || status(&two, &abroad, &home.key_name(1)) == 200);
    one.stop();
    let saved: Vec<_> = files(&home).into_iter().map(|file| (fs::read(&file).ok(), file)).collect();
    one = home.serve();
    make(&home, &abroad, &two, LOST);
    one.stop();
    for (content, file) in &saved {
        match content {
            Some(content) => fs::write(file, content).unwrap(),
            None if file.exists() => fs::remove_file(file).unwrap(),
            None => {}
        }
    }
    let one = home.serve();
    let said = two.hear("its directory is shorter than it was");
    assert!(said.contains("in21"), "{said}");
    make(&home, &abroad, &two, LATER);
    assert_eq!(status(&two, &abroad, &home.key_name(0)), 200);
    soon("a lost key is still asked about", || {
        let before = two.figure("doorward_cell_asked_total{cell=\"in21\"}");
        let refused = status(&two, &abroad, &home.key_name(LOST)) == 401;
        refused && two.figure("doorward_cell_asked_total{cell=\"in21\"}") == before
    });
    assert_eq!(status(&one, &home, &home.key_name(LATER)), 200);
}

#[test]
fn names_that_a_node_without_cells_made_are_told_after_a_start() {
    let [home, abroad] = cells();
    let (mut one, two) = (home.serve(), abroad.serve_with(&home));
    let database = || rusqlite::Connection::open(home.site.database()).unwrap();
    let is_filled =
        || database().query_row("SELECT filled FROM directory_head", [], |row| row.get(0)).unwrap();
    soon("what was there before is not taken in", is_filled);
    one.stop();
    home.site.apply(&format!("{}{}", home.house(), home.key(LATER)));
    // As if a program had made the key that writes no directory.
    let newest = "DELETE FROM directory_own WHERE number = (SELECT MAX(number) FROM directory_own)";
    assert_eq!(database().execute(newest, []).unwrap(), 1);
    let one = home.serve();
    let said = one.hear("names that an older node made are told to the other cells");
    assert!(said.contains("names=1"), "{said}");
    soon("it is not told", || status(&two, &abroad, &home.key_name(LATER)) == 200);
}
