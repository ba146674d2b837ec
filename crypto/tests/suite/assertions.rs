//! Keys that sign assertions, as the rest of Doorward uses them.

use doorward_crypto::{AssertionKeys, Keyring, PUBLISHED_FOR, PublicKey, Random};
use doorward_model::Timestamp;
use std::time::Duration;

const CREATED: i64 = 1_700_000_000_000_000;
const ROTATED: i64 = CREATED + 1_000_000;

fn published(keys: &AssertionKeys, at: Timestamp) -> Vec<&PublicKey> {
    keys.published(at).collect()
}

#[test]
fn rotating_the_key_file_changes_the_signer_and_publishes_the_one_before_for_a_while() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("doorward.keys");
    let old = AssertionKeys::of(&Keyring::create(&path, CREATED, &Random::os()).unwrap()).unwrap();
    let new = AssertionKeys::of(&Keyring::rotate(&path, ROTATED, &Random::os()).unwrap()).unwrap();
    let now = Timestamp::from_micros(ROTATED);
    let [current, previous] = published(&new, now)[..] else { panic!("{:?}", published(&new, now)) };
    let [before] = published(&old, now)[..] else { panic!("{:?}", published(&old, now)) };
    assert_eq!((&before.kid, &before.x), (&previous.kid, &previous.x));
    assert_ne!(current.kid, previous.kid);
    assert_ne!(current.x, previous.x);
    assert_ne!(old.sign(b"{}").unwrap(), new.sign(b"{}").unwrap());
    let end = now.plus(PUBLISHED_FOR);
    assert_eq!(published(&new, end.minus(Duration::from_micros(1))).len(), 2);
    assert_eq!(published(&new, end), [current]);
    assert_eq!(
        published(&old, end.plus(PUBLISHED_FOR)),
        [before],
        "without a newer one it signs, however old"
    );
}

#[test]
fn every_node_with_the_same_key_file_has_the_same_keys() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("doorward.keys");
    let made = AssertionKeys::of(&Keyring::create(&path, CREATED, &Random::os()).unwrap()).unwrap();
    let read = AssertionKeys::of(&Keyring::load(&path).unwrap()).unwrap();
    let now = Timestamp::from_micros(CREATED);
    assert_eq!(published(&made, now), published(&read, now));
    assert_eq!(made.sign(b"{}").unwrap(), read.sign(b"{}").unwrap());
}

#[test]
fn signatures_are_counted_and_nothing_secret_is_printed() {
    let keys = AssertionKeys::of(&Keyring::ephemeral(&Random::os()).unwrap()).unwrap();
    assert_eq!(keys.signed(), 0);
    keys.sign(b"{}").unwrap();
    keys.sign(b"{}").unwrap();
    assert_eq!(keys.signed(), 2);
    let printed = format!("{keys:?}");
    assert!(
        printed.contains(&published(&keys, Timestamp::from_micros(CREATED))[0].kid) && printed.len() < 240,
        "{printed}"
    );
}
