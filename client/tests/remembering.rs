//! Remembering: what is asked once, what is asked again, and when.

use crate::stage::{HARBOUR, Stage, head};
use doorward_client::{Client, Clock, Credential};
use std::time::{Duration, UNIX_EPOCH};

const HOUR: Duration = Duration::from_secs(3600);

async fn known(client: &Client, path: &str, cookie: &str) -> bool {
    client.verify(&head(path, &[("cookie", cookie)])).await.is_ok()
}

#[tokio::test]
async fn requests_of_one_caller_are_one_question_and_those_of_two_are_two() {
    let stage = Stage::start().await;
    let client = stage.remembering();
    let twin = client.clone();
    let cookie = stage.sign_in().await;
    let (first, second, third) = tokio::join!(
        known(&client, "/a", &cookie),
        known(&client, "/b?x=1", &cookie),
        known(&twin, "/a", &cookie)
    );
    assert!(first && second && third);
    assert_eq!(stage.questions(), 1, "who asks at the same time shares the answer");
    assert!(known(&client, "/c", &cookie).await);
    assert_eq!(stage.questions(), 1);
    assert!(known(&client, "/a", &stage.sign_in().await).await);
    assert_eq!(stage.questions(), 2);
    assert!(!known_at(&client, "other.crm.example", &cookie).await, "the host belongs to the question");
    assert_eq!(stage.questions(), 3);
}

async fn known_at(client: &Client, host: &str, cookie: &str) -> bool {
    let request = http::Request::get("/a").header("host", host).header("cookie", cookie).body(()).unwrap();
    client.verify(&request).await.is_ok()
}

#[tokio::test]
async fn an_answer_is_used_until_its_assertion_expires_however_young_the_answer_is() {
    let stage = Stage::start().await;
    let cookie = stage.sign_in().await;
    // Doorward signs once for half a minute: this one is 25 seconds old when the second service gets it.
    assert!(known(&stage.remembering(), "/", &cookie).await);
    stage.advance(Duration::from_secs(25));
    let client = stage.remembering();
    assert!(known(&client, "/", &cookie).await);
    stage.advance(Duration::from_secs(34));
    assert!(known(&client, "/", &cookie).await);
    assert_eq!(stage.questions(), 2);
    stage.advance(Duration::from_secs(1));
    assert!(known(&client, "/", &cookie).await);
    assert_eq!(stage.questions(), 3);
}

#[tokio::test]
async fn a_clock_that_is_wrong_makes_nothing_last_longer() {
    let stage = Stage::start().await;
    let cookie = stage.sign_in().await;
    let now = UNIX_EPOCH + Duration::from_micros(u64::try_from(stage.house.clock.now().micros()).unwrap());
    let slow = Clock::manual(now - HOUR);
    let client = stage.builder().audience("billing").clock(slow.clone()).build().unwrap();
    assert!(known(&client, "/", &cookie).await);
    stage.sign_out(&cookie).await;
    slow.advance(Duration::from_secs(60));
    assert!(!known(&client, "/", &cookie).await, "a minute is a minute");
    let cookie = stage.sign_in().await;
    let fast = stage.builder().audience("billing").clock(Clock::manual(now + HOUR)).build().unwrap();
    let before = stage.questions();
    assert!(known(&fast, "/", &cookie).await && known(&fast, "/", &cookie).await);
    assert_eq!(stage.questions() - before, 2, "it is over as soon as it comes");
}

#[tokio::test]
async fn what_is_refused_is_asked_again() {
    let stage = Stage::start().await;
    let client = stage.remembering();
    for asked in 1..=2 {
        assert!(client.verify(Credential::session("made-up")).await.is_err());
        assert_eq!(stage.questions(), asked);
    }
}

#[tokio::test]
async fn what_doorward_counts_is_asked_each_time() {
    let stage = Stage::start().await;
    let client = stage.remembering();
    let (name, secret) = stage.key_pair().await;
    for asked in 1..=2 {
        client.verify(Credential::access_key(&name, &secret)).await.unwrap();
        assert_eq!(stage.questions(), asked);
    }
    // ada@harbour.example:mild-otter-sings-4711
    let basic = "Basic YWRhQGhhcmJvdXIuZXhhbXBsZTptaWxkLW90dGVyLXNpbmdzLTQ3MTE=";
    for asked in 3..=4 {
        client.verify(&head("/", &[("authorization", basic)])).await.unwrap();
        assert_eq!(stage.questions(), asked);
    }
}

#[tokio::test]
async fn nothing_is_remembered_where_nothing_is_signed_or_no_audience_is_named() {
    let unsigned = Stage::with(|settings| settings.assertions = false).await;
    let signed = Stage::start().await;
    for (stage, client) in [(&unsigned, unsigned.remembering()), (&signed, signed.client())] {
        let value = stage.sign_in().await;
        let value = value.split_once('=').unwrap().1;
        for asked in 1..=2 {
            client.verify(Credential::cookie(value).at_host(HARBOUR)).await.unwrap();
            assert_eq!(stage.questions(), asked);
        }
    }
}
