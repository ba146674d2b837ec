//! Other cells: what a line of `cell.peers` must say, and what does not go together.

use super::{read, refused};

const KEY: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
const OTHER_KEY: &str = "1bqYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

fn with(lines: &[&str]) -> String {
    format!("[node]\nregion = \"in21\"\n[cell]\npeers = {lines:?}\n")
}

#[test]
fn without_peers_there_are_no_cells() {
    assert_eq!(read("").unwrap().config.cell.peers, []);
}

#[test]
fn a_peer_has_a_name_an_address_and_keys() {
    let line = format!("us11 https://id.us11.example.com {KEY} {OTHER_KEY}");
    let cell = read(&with(&[&line])).unwrap().config.cell;
    assert_eq!((cell.peers.len(), cell.peers[0].keys.len()), (1, 2));
    assert_eq!(cell.peers[0].name.as_str(), "us11");
    assert_eq!(cell.peers[0].url.as_str(), "https://id.us11.example.com/");
    let on_this_machine = format!("us11 http://127.0.0.1:8080 {KEY}");
    assert!(read(&with(&[&on_this_machine])).is_ok());
}

#[test]
fn what_is_no_peer_is_refused_with_the_reason() {
    for (line, reason) in [
        ("us11".to_owned(), "expected a region, an address and a public key"),
        (format!("US https://id.example.com {KEY}"), "is no region's code"),
        (format!("us11 id.example.com {KEY}"), "is no address"),
        (format!("us11 https://id.example.com/path {KEY}"), "is no address"),
        (format!("us11 http://id.example.com {KEY}"), "must begin with https"),
        ("us11 https://id.example.com".to_owned(), "its public key is missing"),
        (format!("us11 https://id.example.com {KEY}x"), "is no public key of a cell"),
        (format!("in21 https://id.example.com {KEY}"), "in21 is this cell itself"),
    ] {
        let said = refused(&with(&[&line]));
        assert!(said.contains(reason), "{line}: {said}");
    }
}

#[test]
fn peers_are_told_apart() {
    let one = format!("us11 https://id.us11.example.com {KEY}");
    let twice = refused(&with(&[&one, &format!("us11 https://id.example.com {OTHER_KEY}")]));
    assert!(twice.contains("us11 is listed twice"), "{twice}");
    let same = refused(&with(&[&one, &format!("ca12 https://id.ca12.example.com {KEY}")]));
    assert!(same.contains("ca12 and us11 have the same key"), "{same}");
}

#[test]
fn a_cell_needs_a_name_and_a_sound_block_of_numbers() {
    let line = format!("us11 https://id.us11.example.com {KEY}");
    let nameless = refused(&format!("[cell]\npeers = [{line:?}]\n"));
    assert!(nameless.contains("`region` of [node]"), "{nameless}");
    let number = refused("[cell]\nfirst_company = 0\n");
    assert!(number.contains("cell.first_company"), "{number}");
}
