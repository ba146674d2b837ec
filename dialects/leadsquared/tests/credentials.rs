//! Key pairs as clients get them wrong.

use crate::office::{HOME, Office, USER, exception, with_headers};
use doorward_core::{access_keys, people, tenants};
use doorward_testkit::Request;

const UNAUTHORIZED: &str = "MXUnAuthorizedAccessException";

#[tokio::test]
async fn unknown_wrong_disabled_and_inactive_are_one_answer() {
    let office = Office::open().await;
    let (house, org) = (&office.house, &office.org);
    let disabled = office.key(None).await;
    let (pool, id) = (disabled.key.pool, disabled.key.id);
    access_keys::disable(&house.core, &house.caller, &house.operator, pool, id).await.unwrap();
    let inactive = office.key(None).await;

    let unknown = office.ask(HOME, "u$r00000000000000000000000000000000", office.secret_key()).await;
    let wrong = office.ask(HOME, office.access_key(), &"0".repeat(64)).await;
    let shapeless = office.ask(HOME, "invalid", "invalid").await;
    let disabled = office.ask_with(&disabled).await;
    people::disable(&house.core, &house.caller, &house.operator, org, office.person.id).await.unwrap();
    let inactive = office.ask_with(&inactive).await;

    assert_eq!(exception(&unknown).1, UNAUTHORIZED);
    for other in [&wrong, &shapeless, &disabled, &inactive] {
        assert_eq!((other.status, &other.body), (unknown.status, &unknown.body));
        assert_eq!(other.headers.len(), unknown.headers.len());
    }
    assert_eq!(unknown.status, 401);
    assert_eq!(
        unknown.text(),
        r#"{"Status":"Error","ExceptionType":"MXUnAuthorizedAccessException","ExceptionMessage":"Invalid access credentials. Check your AccessKey and SecretKey."}"#
    );
}

#[tokio::test]
async fn a_suspended_organisation_is_refused_and_a_deleted_person_too() {
    let office = Office::open().await;
    let house = &office.house;
    tenants::suspend(&house.core, &house.caller, &house.operator, &office.org).await.unwrap();
    assert_eq!(office.ask_with(&office.key).await.status, 401);
    let other = Office::open().await;
    let house = &other.house;
    people::delete(&house.core, &house.caller, &house.operator, &other.org, other.person.id).await.unwrap();
    assert_eq!(other.ask_with(&other.key).await.status, 401);
}

#[tokio::test]
async fn a_missing_or_empty_half_is_named() {
    let office = Office::open().await;
    let secret = office.secret_key();
    let key = office.access_key();
    let cases = [
        (USER.to_owned(), "accessKey"),
        (format!("{USER}?secretKey={secret}"), "accessKey"),
        (format!("{USER}?accessKey=&secretKey={secret}"), "accessKey"),
        (format!("{USER}?accessKey={key}"), "secretKey"),
        (format!("{USER}?accessKey={key}&secretKey="), "secretKey"),
    ];
    for (path, half) in cases {
        let answer = office.client.send(Request::get(HOME, &path)).await;
        let expected =
            (400, "MXMandatoryAttributeMissingException".to_owned(), format!("{half}: is required."));
        assert_eq!(exception(&answer), expected, "{path}");
    }
}

#[tokio::test]
async fn what_cannot_be_a_key_is_bad_input() {
    let office = Office::open().await;
    let (key, secret) = (office.access_key(), office.secret_key());
    let long = "f".repeat(300);
    let pairs = [
        format!("accessKey=not%20a%20key&secretKey={secret}"),
        format!("accessKey={key}%00&secretKey={secret}"),
        format!("accessKey={key}&secretKey=%FF%FE"),
        format!("accessKey={key}&secretKey=%0d%0a{secret}"),
        format!("accessKey={key}&secretKey={long}"),
        format!("accessKey={key}&accessKey={key}&secretKey={secret}"),
        format!("accessKey={key}&AccessKey={key}&secretKey={secret}"),
    ];
    for pair in pairs {
        let answer = office.client.send(Request::get(HOME, &format!("{USER}?{pair}"))).await;
        let (status, kind, message) = exception(&answer);
        assert_eq!((status, kind.as_str()), (400, "MXInvalidInputException"), "{pair}: {message}");
        assert!(!message.contains(secret), "{message}");
    }
}

#[tokio::test]
async fn a_pair_in_the_headers_and_another_in_the_query_are_refused_unless_equal() {
    let office = Office::open().await;
    let other = office.key(None).await;
    let path = format!("{USER}?accessKey={}&secretKey={}", office.access_key(), office.secret_key());
    let both = with_headers(Request::get(HOME, &path), &office.key);
    assert_eq!(office.client.send(both).await.status, 200);
    let torn = with_headers(Request::get(HOME, &path), &other);
    let (status, kind, _) = exception(&office.client.send(torn).await);
    assert_eq!((status, kind.as_str()), (400, "MXInvalidInputException"));
}
