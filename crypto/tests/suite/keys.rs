//! The key file and what its keys make.

use doorward_crypto::{DerivePurpose, HashPurpose, KeyFileError, Keyring, OpenError, Random, SealPurpose};
use doorward_model::Secret;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

const TOKEN: HashPurpose = HashPurpose::SessionToken;
const MAIL: SealPurpose = SealPurpose::MailPayload;

#[expect(clippy::unwrap_used, reason = "a test without a folder has nothing to test")]
fn key_file() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("doorward.keys");
    (folder, path)
}

fn from_text(text: &str) -> Result<Keyring, KeyFileError> {
    Keyring::from_text(&Secret::new(text))
}

#[test]
fn a_new_file_is_the_owners_alone_and_reads_back() {
    let (_folder, path) = key_file();
    let made = Keyring::create(&path, 1, &Random::os()).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let loaded = Keyring::load(&path).unwrap();
    assert_eq!(loaded.hash(TOKEN, b"token"), made.hash(TOKEN, b"token"));
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(from_text(&text).unwrap().hash(TOKEN, b"token"), made.hash(TOKEN, b"token"));
}

#[test]
fn a_file_is_never_overwritten() {
    let (_folder, path) = key_file();
    Keyring::create(&path, 1, &Random::os()).unwrap();
    let before = fs::read(&path).unwrap();
    assert!(matches!(Keyring::create(&path, 2, &Random::os()), Err(KeyFileError::Exists(_))));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_file_others_can_read_is_refused_with_the_remedy() {
    let (_folder, path) = key_file();
    Keyring::create(&path, 1, &Random::os()).unwrap();
    for mode in [0o640, 0o604, 0o660, 0o620] {
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        let message = Keyring::load(&path).unwrap_err().to_string();
        assert!(message.contains(&format!("chmod 600 {}", path.display())), "{message}");
    }
}

#[test]
fn a_missing_file_says_how_to_make_one() {
    let (_folder, path) = key_file();
    assert!(Keyring::load(&path).unwrap_err().to_string().contains("doorward init"));
    assert!(matches!(Keyring::rotate(&path, 1, &Random::os()), Err(KeyFileError::Missing(_))));
}

#[test]
fn after_a_rotation_old_tokens_and_seals_still_work() {
    let (_folder, path) = key_file();
    let random = Random::os();
    let old = Keyring::create(&path, 1, &random).unwrap();
    let sealed = old.seal(MAIL, b"mail 1", b"hello", &random).unwrap();
    let new = Keyring::rotate(&path, 2, &random).unwrap();
    assert_ne!(new.hash(TOKEN, b"token"), old.hash(TOKEN, b"token"));
    let hashes: Vec<_> = new.hashes(TOKEN, b"token").collect();
    assert_eq!(hashes, [new.hash(TOKEN, b"token"), old.hash(TOKEN, b"token")]);
    let codes: Vec<_> = new.derive_all(DerivePurpose::TicketCode, &[b"id"]).collect();
    assert_eq!(
        codes,
        [new.derive(DerivePurpose::TicketCode, &[b"id"]), old.derive(DerivePurpose::TicketCode, &[b"id"])]
    );
    assert_eq!(*new.open(MAIL, b"mail 1", &sealed).unwrap(), b"hello");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(Keyring::load(&path).unwrap().hashes(TOKEN, b"token").count(), 2);
}

#[test]
fn two_rotations_at_once_do_not_lose_a_key() {
    let (folder, path) = key_file();
    Keyring::create(&path, 1, &Random::os()).unwrap();
    fs::write(folder.path().join("doorward.keys.new"), "").unwrap();
    assert!(matches!(Keyring::rotate(&path, 2, &Random::os()), Err(KeyFileError::Rotating(_))));
}

#[test]
fn a_damaged_text_says_what_is_wrong_and_quotes_no_secret() {
    let secret = "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlYzE=";
    let key = format!(r#"{{"id": "3fa91c02", "created": 1, "secret": "{secret}"}}"#);
    assert!(from_text(&format!(r#"{{"version": 1, "keys": [{key}]}}"#)).is_ok());
    for (text, part) in [
        (r#"{"version": 2, "rings": []}"#.to_owned(), "use a newer Doorward"),
        (format!(r#"{{"version": 1, "keys": [{key}], "colour": "red"}}"#), "unknown field `colour`"),
        (r#"{"version": 1}"#.to_owned(), "missing field `keys`"),
        (r#"{"version": 1, "keys": []}"#.to_owned(), "empty"),
        (format!(r#"{{"version": 1, "keys": [{key}, {key}]}}"#), "two keys have the id 3fa91c02"),
        (format!(r#"{{"version": 1, "keys": [{}]}}"#, key.replace("c2Vj", "?")), "key number 1"),
        (format!(r#"{{"version": 1, "keys": ["{secret}"]}}"#), "wrong type"),
        (format!(r#"{{"version": "{secret}"}}"#), "wrong type"),
        ("{".to_owned(), "line 1"),
    ] {
        let message = from_text(&text).unwrap_err().to_string();
        assert!(message.contains(part), "{message}");
        assert!(!message.contains(secret), "{message}");
    }
}

#[test]
fn one_purpose_is_nothing_for_another() {
    let keys = Keyring::ephemeral(&Random::os()).unwrap();
    let hashes = [
        HashPurpose::SessionToken,
        HashPurpose::AccessKeySecret,
        HashPurpose::ApplicationKey,
        HashPurpose::TicketCode,
        HashPurpose::AttemptKey,
        HashPurpose::DeviceToken,
        HashPurpose::OperatorToken,
        HashPurpose::FeedToken,
        HashPurpose::ApplicationToken,
        HashPurpose::CellAnswer,
        HashPurpose::Cursor,
        HashPurpose::RequestName,
    ]
    .map(|purpose| keys.hash(purpose, b"token"));
    let distinct: std::collections::HashSet<_> = hashes.into_iter().collect();
    assert_eq!(distinct.len(), hashes.len());
    let code = keys.derive(DerivePurpose::TicketCode, &[b"id"]);
    assert_ne!(code, keys.derive(DerivePurpose::FeedToken, &[b"id"]));
    assert_ne!(code, keys.derive(DerivePurpose::DeviceCookie, &[b"id"]));
    assert_ne!(code, keys.derive(DerivePurpose::AssertionKey, &[b"id"]));
    assert_ne!(
        keys.derive(DerivePurpose::CellKey, &[b"id"]),
        keys.derive(DerivePurpose::AssertionKey, &[b"id"])
    );
}

#[test]
fn parts_cannot_run_into_each_other() {
    let keys = Keyring::ephemeral(&Random::os()).unwrap();
    let derive = |parts: &[&[u8]]| keys.derive(DerivePurpose::TicketCode, parts);
    assert_ne!(derive(&[b"ab", b"c"]), derive(&[b"a", b"bc"]));
    assert_ne!(derive(&[b"a"]), derive(&[b"a", b""]));
    assert_eq!(derive(&[b"a", b"b"]), derive(&[b"a", b"b"]));
}

#[test]
fn a_sealed_value_opens_only_where_it_belongs() {
    let random = Random::os();
    let keys = Keyring::ephemeral(&random).unwrap();
    let sealed = keys.seal(MAIL, b"mail 1", b"hello", &random).unwrap();
    assert_eq!(*keys.open(MAIL, b"mail 1", &sealed).unwrap(), b"hello");
    assert_eq!(keys.open(MAIL, b"mail 2", &sealed), Err(OpenError::Forged));
    let other = Keyring::ephemeral(&random).unwrap();
    assert_eq!(other.open(MAIL, b"mail 1", &sealed), Err(OpenError::UnknownKey));
    for place in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[place] ^= 1;
        assert!(keys.open(MAIL, b"mail 1", &changed).is_err(), "byte {place}");
        assert!(keys.open(MAIL, b"mail 1", &sealed[..place]).is_err(), "cut at {place}");
    }
    assert_ne!(keys.seal(MAIL, b"mail 1", b"hello", &random).unwrap(), sealed);
}

#[test]
fn nothing_secret_is_printed() {
    let keys = Keyring::ephemeral(&Random::os()).unwrap();
    assert_eq!(format!("{:?}", keys.hash(TOKEN, b"token")), "KeyedHash(…)");
    assert!(format!("{keys:?}").len() < 80);
}
