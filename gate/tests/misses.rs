//! Tokens that are nobody's: what a flood of them costs, and what it costs those who share the address.

use crate::stage::{Credential, Stage, client, forwarded, forwarded_from, new_token, reason};
use doorward_core::{Clock, application_tokens, passwords};
use doorward_model::{Secret, Timestamp};
use doorward_testkit::{Answer, House, PASSWORD, Request};
use serde_json::json;
use std::time::Duration;

/// Misses that an address may cause, and in which time (docs/operators/verify.md).
const MISSES: usize = 25;
const WINDOW: Duration = Duration::from_secs(5);
/// How long a token is known to lead nowhere.
const GONE_FOR: Duration = Duration::from_secs(10);

const BUSY: &str = "203.0.113.7";
const QUIET: &str = "198.51.100.23";

/// A credential that is well formed and nobody's.
fn made_up(kind: &str, number: usize) -> Credential {
    let secret = format!("{number:043}");
    let (host, headers) = match kind {
        "cookie" => ("harbour.crm.example", vec![("cookie", format!("salesseek={secret}"))]),
        "auth_token" => ("book.example", vec![("auth-token", secret), ("app-id", "till0001".to_owned())]),
        "app_id" => ("book.example", vec![("auth-token", secret), ("app-id", format!("{number:08x}"))]),
        "session" => ("guild.example", vec![("doorward-session", secret)]),
        "token" => ("book.example", vec![("authorization", format!("Bearer dwt_{secret}"))]),
        _ => {
            let name = ("x-lsq-accesskey", format!("u$r{number:029}"));
            ("api.keys.example", vec![name, ("x-lsq-secretkey", secret)])
        }
    };
    Credential { host, headers, identity: None, key: None, token: None }
}

const ALL: [&str; 6] = ["cookie", "auth_token", "app_id", "session", "token", "access_key"];

async fn ask_from(stage: &Stage, credential: &Credential, address: &str) -> Answer {
    let ask = forwarded_from("GET", credential.host, "/x", address);
    stage.send(credential.headers.iter().fold(ask, |ask, (name, value)| ask.header(name, value))).await
}

async fn fill(stage: &Stage, kind: &str) {
    for number in 0..MISSES {
        let told = ask_from(stage, &made_up(kind, number), BUSY).await;
        assert_eq!(reason(&told), (401, "invalid"), "{kind} {number}");
    }
}

#[tokio::test]
async fn an_address_that_made_up_too_many_is_refused_without_a_look() {
    for kind in ALL {
        let stage = Stage::start().await;
        fill(&stage, kind).await;
        // With the database closed, whoever is looked for is answered 503.
        stage.house.core.db().close().await;
        // Among several nodes, one that hears nothing any more believes nothing, so even a known program is looked for.
        let believes = stage.house.core.db().hearing().is_current();
        for other in
            ALL.into_iter().filter(|other| believes || (*other, kind) != ("auth_token", "auth_token"))
        {
            // The program is remembered where it was asked about; else it is looked for first.
            let told = ask_from(&stage, &made_up(other, MISSES), BUSY).await;
            assert_eq!(reason(&told), (429, "rate"), "{other} after {kind}");
            assert_eq!(told.header("retry-after"), Some("5"));
            let elsewhere = ask_from(&stage, &made_up(other, MISSES), QUIET).await;
            assert_eq!(reason(&elsewhere), (503, "unavailable"), "{other} after {kind}");
        }
    }
}

#[tokio::test]
async fn nginx_is_told_in_a_status_it_knows() {
    let stage = Stage::start().await;
    fill(&stage, "session").await;
    let nginx = Request::get("doorward.internal", "/verify/auth-request")
        .header("x-original-method", "GET")
        .header("x-original-url", "https://guild.example/x")
        .header("x-forwarded-for", BUSY)
        .header("doorward-session", "made-up");
    assert_eq!(reason(&stage.send(nginx).await), (403, "rate"));
}

#[tokio::test]
async fn who_is_remembered_goes_on_and_who_is_not_waits() {
    for kind in ["cookie", "auth_token", "session", "token", "access_key"] {
        let stage = Stage::start().await;
        let (known, fresh) = (stage.credential(kind).await, stage.credential(kind).await);
        assert_eq!(reason(&stage.ask(&known).await), (200, "-"), "{kind}");
        fill(&stage, "session").await;
        assert_eq!(reason(&ask_from(&stage, &known, BUSY).await), (200, "-"), "{kind}");
        assert_eq!(reason(&ask_from(&stage, &fresh, BUSY).await), (429, "rate"), "{kind}");
        assert_eq!(reason(&ask_from(&stage, &fresh, QUIET).await), (200, "-"), "{kind}");
        assert_eq!(reason(&ask_from(&stage, &fresh, BUSY).await), (200, "-"), "{kind}: remembered by now");
        stage.house.clock.advance(WINDOW);
        let late = stage.credential(kind).await;
        assert_eq!(reason(&ask_from(&stage, &late, BUSY).await), (200, "-"), "{kind}");
    }
}

/// With the database closed, who is looked for is answered 503.
#[tokio::test]
async fn who_is_remembered_is_answered_without_a_look() {
    let stage = Stage::start().await;
    let mut known = Vec::new();
    for kind in ["cookie", "auth_token", "session", "token", "access_key"] {
        known.push((kind, stage.credential(kind).await));
    }
    for (kind, credential) in &known {
        assert_eq!(reason(&stage.ask(credential).await), (200, "-"), "{kind}");
    }
    let stranger = stage.credential("cookie").await;
    let db = stage.house.core.db();
    db.close().await;
    // Among several nodes, one that hears nothing any more believes nothing.
    let wanted = if db.hearing().is_current() { (200, "-") } else { (503, "unavailable") };
    for (kind, credential) in &known {
        assert_eq!(reason(&stage.ask(credential).await), wanted, "{kind}");
    }
    assert_eq!(reason(&stage.ask(&stranger).await), (503, "unavailable"));
}

/// Somebody who was known a moment ago and must be read anew is no guess.
#[tokio::test]
async fn a_changed_caller_is_read_anew_beyond_the_limit() {
    let stage = Stage::start().await;
    let known = stage.credential("cookie").await;
    assert_eq!(reason(&stage.ask(&known).await), (200, "-"));
    fill(&stage, "session").await;
    let House { core, caller, operator, .. } = &stage.house;
    let edit = doorward_core::people::Edit { first_name: Some("Grace".to_owned()), ..Default::default() };
    doorward_core::people::edit(core, caller, operator, &stage.pool, stage.ada.id, edit).await.unwrap();
    let told = stage.ask(&known).await;
    assert_eq!((reason(&told), told.header("remote-name")), ((200, "-"), Some("Grace Example")));
}

#[tokio::test]
async fn a_token_that_is_nobodys_counts_once_however_often_it_comes() {
    let stage = Stage::start().await;
    for _ in 0..4 * MISSES {
        let told = ask_from(&stage, &made_up("session", 7), BUSY).await;
        assert_eq!(reason(&told), (401, "invalid"));
    }
    let fresh = stage.credential("cookie").await;
    assert_eq!(reason(&ask_from(&stage, &fresh, BUSY).await), (200, "-"));
}

#[tokio::test]
async fn a_token_counts_once_under_however_many_keys_it_is_looked_for() {
    let key = |id: u8, end: &str| {
        format!(
            r#"{{"id": "0000000{id}", "created": {id}, "secret": "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY{end}="}}"#
        )
    };
    let keys = format!(r#"{{"version": 1, "keys": [{}, {}]}}"#, key(1, "zE"), key(2, "zI"));
    let clock = Clock::manual(Timestamp::from_micros(1_795_341_600_123_456));
    let stage = Stage::in_house(House::with_keys(clock, &keys).await, &["doors"]).await;
    fill(&stage, "session").await;
    assert_eq!(reason(&ask_from(&stage, &made_up("session", MISSES), BUSY).await), (429, "rate"));
}

/// The clients that were not told: each request of theirs would cost a read.
#[tokio::test]
async fn what_ended_is_known_to_have_ended_without_a_look() {
    let stage = Stage::start().await;
    let House { core, caller, operator, clock, .. } = &stage.house;
    let day = Duration::from_secs(24 * 60 * 60);
    let ending = application_tokens::NewToken { expires_at: Some(clock.now().plus(day)), ..new_token() };
    let expired = stage.token(ending).await;
    clock.advance(day);
    let (session, revoked) = (stage.credential("session").await, stage.credential("token").await);
    let whose = (stage.pool.pool(), stage.program.id);
    application_tokens::revoke(core, caller, operator, whose, revoked.token.unwrap()).await.unwrap();
    let new = Secret::new(format!("{PASSWORD}-anew"));
    passwords::set(core, caller, operator, &stage.pool, stage.ada.id, new, false).await.unwrap();
    let ended = [(&session, (401, "revoked")), (&revoked, (401, "revoked")), (&expired, (401, "expired"))];
    for (credential, wanted) in ended {
        assert_eq!(reason(&stage.ask(credential).await), wanted);
    }
    core.db().close().await;
    for (credential, wanted) in ended {
        assert_eq!(reason(&stage.ask(credential).await), wanted, "without the database");
    }
    clock.advance(GONE_FOR);
    for (credential, _) in ended {
        assert_eq!(reason(&stage.ask(credential).await), (503, "unavailable"), "looked for again");
    }
}

#[tokio::test]
async fn a_service_that_names_no_client_is_not_taken_for_one() {
    let stage = Stage::start().await;
    let ask = |batch: Vec<serde_json::Value>| {
        stage.send(Request::post("doorward.internal", "/verify").json(&serde_json::Value::Array(batch)))
    };
    let guesses = |address: Option<&str>, salt: &str| {
        let guess = |number: usize| {
            let credential = json!({ "kind": "session", "value": format!("{salt}{number}") });
            address.map_or(
                json!({ "credential": credential }),
                |address| json!({ "credential": credential, "address": address }),
            )
        };
        (0..=MISSES).map(guess).collect::<Vec<_>>()
    };
    let last = |told: Answer| told.json().as_array().unwrap().last().unwrap().clone();
    assert_eq!(last(ask(guesses(None, "a")).await)["reason"], "invalid", "nobody is counted");
    let told = last(ask(guesses(Some(BUSY), "b")).await);
    assert_eq!((&told["reason"], &told["retry_after"]), (&json!("rate"), &json!(5)));
    assert_eq!(last(ask(guesses(Some(QUIET), "c")[..1].to_vec()).await)["reason"], "invalid");
}

#[tokio::test]
async fn a_proxy_that_names_no_client_is_not_taken_for_one() {
    let stage = Stage::start().await;
    for number in 0..=MISSES {
        let ask = Request::get("doorward.internal", "/verify/forward-auth")
            .header("x-forwarded-method", "GET")
            .header("x-forwarded-proto", "https")
            .header("x-forwarded-host", "guild.example")
            .header("x-forwarded-uri", "/x")
            .header("doorward-session", &format!("made-up-{number}"));
        assert_eq!(reason(&stage.send(ask).await), (401, "invalid"));
    }
    let asked = forwarded("GET", "guild.example", "/x").header("doorward-session", "made-up");
    assert_eq!(reason(&stage.send(asked).await), (401, "invalid"));
}

#[tokio::test]
async fn whoever_makes_up_a_services_token_is_slowed_down() {
    let stage = Stage::start().await;
    let elsewhere = client(&stage.house, &["doors"], "10.0.0.0/8");
    let ask = |number: usize| {
        let bearer = format!("Bearer dwt_{number:043}");
        let question = json!({ "credential": { "kind": "session", "value": "x" } });
        let request = Request::post("doorward.internal", "/verify").json(&question);
        elsewhere.send(request.header("authorization", &bearer))
    };
    for number in 0..MISSES {
        assert_eq!(ask(number).await.status.as_u16(), 401);
    }
    let told = ask(MISSES).await;
    assert_eq!((told.status.as_u16(), told.header("retry-after")), (429, Some("5")));
}
