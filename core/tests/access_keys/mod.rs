//! Who may handle whose keys, what the keys may be told, and what is left behind of it.

mod rights;
mod told;
mod trail;

use doorward_core::access_keys::{self, IssuedKey, NewKey};
use doorward_core::{Actor, Branch, Error, Result, verify};
use doorward_model::{Kind, Person, Role};
use doorward_testkit::House;
use std::time::Duration;

/// Whoever holds a key, as an actor.
async fn holding(house: &House, key: &IssuedKey) -> Actor {
    let name = key.key.name.as_str();
    let identity = verify::access_key(&house.core, &house.caller, name, &key.secret).await.unwrap();
    Actor::Person(Box::new(identity))
}

/// A person of this role with a key the operator made, a second after whatever was before.
async fn member(house: &House, at: &Branch, role: Role) -> (Person, IssuedKey) {
    house.clock.advance(Duration::from_secs(1));
    let person =
        house.person(at, &format!("{}@{}.example", role.as_str(), at.tenant().slug), Kind::User, role).await;
    let key = create(house, &house.operator, at, &person).await.unwrap();
    (person, key)
}

async fn create(house: &House, actor: &Actor, at: &Branch, person: &Person) -> Result<IssuedKey> {
    access_keys::create(&house.core, &house.caller, actor, at, new_key(person)).await
}

fn new_key(person: &Person) -> NewKey {
    NewKey { person: person.id, label: "Nightly export".to_owned(), rate: None, expires_at: None }
}

fn is_not_allowed<T>(outcome: Result<T>) -> bool {
    matches!(outcome, Err(Error::NotAllowed))
}

fn is_not_found<T>(outcome: Result<T>) -> bool {
    matches!(outcome, Err(Error::NotFound))
}
