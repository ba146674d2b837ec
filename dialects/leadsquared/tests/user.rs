//! `UserByAccessKey.Get`: the seed's body.

use crate::office::{HOME, Office, USER, with_headers};
use doorward_core::access_keys::{self, NewKey};
use doorward_model::{Kind, Role};
use doorward_testkit::Request;
use serde_json::Value;

const SEED: &str = include_str!("golden/user_by_access_key.json");

#[tokio::test]
async fn the_body_is_the_seeds_key_by_key_in_its_order() {
    let office = Office::open().await;
    let answer = office.ask_with(&office.key).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let mut expected: Value = serde_json::from_str(SEED).unwrap();
    expected["Id"] = office.person.id.to_string().into();
    expected["OrgId"] = office.org.tenant().id.to_string().into();
    assert_eq!(answer.text(), expected.to_string());
}

#[tokio::test]
async fn headers_and_encoded_queries_carry_a_pair_as_well() {
    let office = Office::open().await;
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let name = office.access_key().strip_prefix("u$r").unwrap();
    assert!(name.len() == 32 && is_hex(name), "{name}");
    assert!(office.secret_key().len() >= 40 && is_hex(office.secret_key()));
    let by_header = with_headers(Request::get(HOME, USER), &office.key);
    assert_eq!(office.client.send(by_header).await.status, 200);
    let encoded = office.access_key().replace('$', "%24");
    assert_eq!(office.ask(HOME, &encoded, office.secret_key()).await.status, 200);
    let path = format!("{USER}?ACCESSKEY={}&secretkey={}", office.access_key(), office.secret_key());
    assert_eq!(office.client.send(Request::get(HOME, &path)).await.status, 200);
}

#[tokio::test]
async fn head_answers_like_get_without_a_body() {
    let office = Office::open().await;
    let request = with_headers(Request::new("HEAD", HOME, USER), &office.key);
    let answer = office.client.send(request).await;
    assert_eq!((answer.status.as_u16(), answer.body.len()), (200, 0));
}

#[tokio::test]
async fn what_nobody_wrote_down_is_printed_with_the_seeds_types() {
    let office = Office::open().await;
    let house = &office.house;
    let bare = house.pool("bare").await;
    let person = house
        .person_with(&bare, "sam@bare.example", Kind::User, Role::User, |new| {
            new.profile = doorward_model::Profile::default();
        })
        .await;
    let new = NewKey { person: person.id, label: "One".to_owned(), rate: None, expires_at: None };
    let key = access_keys::create(&house.core, &house.caller, &house.operator, &bare, new).await.unwrap();
    let body = office.ask_with(&key).await.json();
    let seed: Value = serde_json::from_str(SEED).unwrap();
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&body), names(&seed));
    for (name, value) in seed.as_object().unwrap() {
        let same_type = std::mem::discriminant(value) == std::mem::discriminant(&body[name]);
        assert!(same_type, "{name}: {}", body[name]);
    }
    let said = ["Name", "Role", "TimeZone", "OrgUniqueName", "Phone", "UserType"].map(|name| &body[name]);
    assert_eq!(said, ["sam", "Sales_User", "UTC", "bare", "", "Regular"]);
}
