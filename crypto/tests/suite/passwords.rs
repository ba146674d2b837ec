//! Passwords through the queue, as sign-in uses it.

use doorward_crypto::password::{HashQueue, HashQueueSettings, Params, PasswordHash, Pepper, Verdict};
use doorward_model::Secret;

fn settings() -> HashQueueSettings {
    HashQueueSettings::sized(2, 64 * 1024 * 1024, Params::cheap())
}

#[tokio::test]
async fn a_password_is_hashed_stored_and_recognised() {
    let queue = HashQueue::start(settings()).unwrap();
    let hash = queue.hash(1, Secret::new("correct horse battery")).await.unwrap();
    let stored = PasswordHash::parse(hash.as_str()).unwrap();
    let right = queue.verify(1, Secret::new("correct horse battery"), Some(stored.clone())).await;
    assert_eq!(right, Ok(Verdict::Match { rehash: false }));
    let wrong = queue.verify(1, Secret::new("correct horse batterz"), Some(stored)).await;
    assert_eq!(wrong, Ok(Verdict::Mismatch));
    assert_eq!(queue.stats().threads, 2);
}

#[tokio::test]
async fn the_same_password_never_has_the_same_hash() {
    let queue = HashQueue::start(settings()).unwrap();
    let first = queue.hash(1, Secret::new("correct horse battery")).await.unwrap();
    let second = queue.hash(1, Secret::new("correct horse battery")).await.unwrap();
    assert_ne!(first, second);
}

#[tokio::test]
async fn the_pepper_is_part_of_the_hash() {
    let pepper = Pepper::new(Secret::new("a pepper of enough bytes")).unwrap();
    let plain = HashQueue::start(settings()).unwrap();
    let peppered = HashQueue::start(HashQueueSettings { pepper: Some(pepper), ..settings() }).unwrap();
    let old = plain.hash(1, Secret::new("correct horse")).await.unwrap();
    let verdict = peppered.verify(1, Secret::new("correct horse"), Some(old)).await;
    assert_eq!(verdict, Ok(Verdict::Match { rehash: true }));
    assert!(Pepper::new(Secret::new("salt")).is_err());
}

#[tokio::test]
async fn a_hash_of_the_reference_implementation_verifies() {
    // Of the Argon2 reference implementation's own test suite: "password", salt "somesalt".
    let text = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
    let queue = HashQueue::start(settings()).unwrap();
    let verdict = queue.verify(1, Secret::new("password"), Some(PasswordHash::parse(text).unwrap())).await;
    assert!(matches!(verdict, Ok(Verdict::Match { .. })));
}
