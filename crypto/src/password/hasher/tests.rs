use super::*;

fn hasher(target: Params, pepper: Option<&str>) -> Hasher {
    let pepper = pepper.map(|text| Pepper::new(Secret::new(text)).unwrap());
    Hasher::new(Engine::fastest(), target, pepper, Random::os()).unwrap()
}

fn verify(hasher: &Hasher, password: &str, stored: &PasswordHash) -> Result<Verdict, HashRefused> {
    hasher.verify(&mut Arena::new(), &Secret::new(password), Some(stored))
}

#[test]
fn an_arena_that_was_used_before_changes_nothing() {
    let mut arena = Arena::new();
    for engine in [Engine::plain(), Engine::fastest()] {
        let cheap = Params::cheap();
        let mut hash = || hash_once(engine, &cheap, &mut arena, None, b"correct horse", &[7; 16]).unwrap();
        assert_eq!(hash(), hash());
    }
}

#[test]
fn a_hash_from_before_the_pepper_verifies_and_is_made_anew() {
    let plain = hasher(Params::cheap(), None);
    let peppered = hasher(Params::cheap(), Some("a pepper of enough bytes"));
    let password = Secret::new("correct horse battery");
    let old = plain.hash(&mut Arena::new(), &password).unwrap();
    assert_eq!(verify(&peppered, "correct horse battery", &old), Ok(Verdict::Match { rehash: true }));
    let new = peppered.hash(&mut Arena::new(), &password).unwrap();
    assert!(new.as_str().contains("keyid="));
    let read_back = PasswordHash::parse(new.as_str()).unwrap();
    assert_eq!(verify(&peppered, "correct horse battery", &read_back), Ok(Verdict::Match { rehash: false }));
    assert_eq!(verify(&peppered, "wrong horse battery", &read_back), Ok(Verdict::Mismatch));
}

#[test]
fn a_lost_pepper_is_the_operators_error_and_no_wrong_password() {
    let peppered = hasher(Params::cheap(), Some("a pepper of enough bytes"));
    let other = hasher(Params::cheap(), Some("another pepper, as long"));
    let stored = peppered.hash(&mut Arena::new(), &Secret::new("correct horse")).unwrap();
    assert!(matches!(verify(&other, "correct horse", &stored), Err(HashRefused::Broken(_))));
}

#[test]
fn a_risen_target_asks_for_a_new_hash_and_a_fallen_one_does_not() {
    let weak = hasher(Params::cheap(), None);
    let strong = hasher(Params::stored(128, 2, 1).unwrap(), None);
    let password = Secret::new("correct horse");
    let weak_hash = weak.hash(&mut Arena::new(), &password).unwrap();
    let strong_hash = strong.hash(&mut Arena::new(), &password).unwrap();
    assert_eq!(verify(&strong, "correct horse", &weak_hash), Ok(Verdict::Match { rehash: true }));
    assert_eq!(verify(&weak, "correct horse", &strong_hash), Ok(Verdict::Match { rehash: false }));
}

#[test]
fn memory_beyond_the_target_is_given_back_at_once() {
    let strong = hasher(Params::stored(128, 1, 1).unwrap(), None);
    let password = Secret::new("correct horse");
    let stored = strong.hash(&mut Arena::new(), &password).unwrap();
    let mut arena = Arena::new();
    hasher(Params::cheap(), None).verify(&mut arena, &password, Some(&stored)).unwrap();
    assert_eq!(arena.bytes(), 0);
}
