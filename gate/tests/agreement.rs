//! Several credentials in one request: they stand for one person, or for nobody.

use crate::stage::{Stage, forwarded, reason};
use doorward_model::{Kind, Role};

fn carrying(credentials: &[&crate::stage::Credential]) -> doorward_testkit::Request {
    let mut request = forwarded("GET", "app.example", "/x");
    for credential in credentials {
        for (name, value) in &credential.headers {
            request = request.header(name, value);
        }
    }
    request
}

#[tokio::test]
async fn one_person_by_two_credentials_is_known_by_the_first_of_the_order() {
    let stage = Stage::with(&["app.example"]).await;
    let (cookie, session) = (stage.credential("cookie").await, stage.credential("session").await);
    let told = stage.send(carrying(&[&session, &cookie])).await;
    assert_eq!(reason(&told), (200, "-"));
    let first = cookie.identity.as_ref().unwrap().session().unwrap().id.to_string();
    assert_eq!(told.header("x-doorward-session"), Some(first.as_str()));
}

#[tokio::test]
async fn two_people_or_one_bad_credential_are_nobody() {
    let stage = Stage::with(&["app.example"]).await;
    let email = "bob@harbour.example";
    let bob = stage.house.person(&stage.pool, email, Kind::User, Role::User).await;
    let cookie = stage.credential("cookie").await;
    let others = stage.credential_of("session", email, &bob).await;
    assert_eq!(reason(&stage.send(carrying(&[&cookie, &others])).await), (401, "ambiguous"));
    let half = carrying(&[&cookie]).header("doorward-session", "not-a-token");
    assert_eq!(reason(&stage.send(half).await), (401, "ambiguous"));
    let twice = carrying(&[&cookie, &cookie]);
    assert_eq!(reason(&stage.send(twice).await), (401, "ambiguous"));
    let pair = stage.credential("access_key").await;
    let mut two_pairs = forwarded("GET", "app.example", "/x?accessKey=u%24rother&secretKey=x");
    for (name, value) in &pair.headers {
        two_pairs = two_pairs.header(name, value);
    }
    assert_eq!(reason(&stage.send(two_pairs).await), (401, "ambiguous"));
}

#[tokio::test]
async fn a_pair_may_stand_in_the_originals_query() {
    let stage = Stage::start().await;
    let pair = stage.credential("access_key").await;
    let (name, secret) = (&pair.headers[0].1, &pair.headers[1].1);
    let uri = format!("/v2/Leads.svc/Get?accessKey={}&secretKey={secret}", name.replace('$', "%24"));
    assert_eq!(reason(&stage.send(forwarded("GET", pair.host, &uri)).await), (200, "-"));
    let raw = format!("/v2/Leads.svc/Get?accessKey={name}&secretKey={secret}");
    assert_eq!(reason(&stage.send(forwarded("GET", pair.host, &raw)).await), (200, "-"));
    let wrong = format!("/v2/Leads.svc/Get?accessKey={name}&secretKey={secret}0");
    assert_eq!(reason(&stage.send(forwarded("GET", pair.host, &wrong)).await), (401, "invalid"));
}

#[tokio::test]
async fn calls_with_a_key_count_in_its_window() {
    let stage = Stage::start().await;
    let pair = stage.credential("access_key").await;
    for _ in 0..25 {
        assert_eq!(reason(&stage.ask(&pair).await), (200, "-"));
    }
    let told = stage.ask(&pair).await;
    assert_eq!(reason(&told), (429, "rate"));
    assert!(told.header("retry-after").is_some());
}
