//! Keys that sign assertions, as the rest of Doorward uses them.

use doorward_crypto::{AssertionKeys, Keyring, Random};

#[test]
fn rotating_the_key_file_changes_the_signer_and_still_publishes_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("doorward.keys");
    let old = AssertionKeys::of(&Keyring::create(&path, 1, &Random::os()).unwrap()).unwrap();
    let new = AssertionKeys::of(&Keyring::rotate(&path, 2, &Random::os()).unwrap()).unwrap();
    let [current, previous] = new.published() else { panic!("{:?}", new.published()) };
    assert_eq!(old.published(), std::slice::from_ref(previous));
    assert_ne!(current.kid, previous.kid);
    assert_ne!(current.x, previous.x);
    assert_ne!(old.sign(b"{}").unwrap(), new.sign(b"{}").unwrap());
}

#[test]
fn every_node_with_the_same_key_file_has_the_same_keys() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("doorward.keys");
    let made = AssertionKeys::of(&Keyring::create(&path, 1, &Random::os()).unwrap()).unwrap();
    let read = AssertionKeys::of(&Keyring::load(&path).unwrap()).unwrap();
    assert_eq!(made.published(), read.published());
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
    assert!(printed.contains(&keys.published()[0].kid) && printed.len() < 220, "{printed}");
}
