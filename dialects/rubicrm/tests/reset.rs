//! `LoginReset` and `PasswordReset`: who is told codes, what a mail brings, and how a new password is wrapped.

use crate::guild::{Guild, KEY, PASSWORD, TRUSTED, UNVERIFIED, VERIFIED, row, said, said_classic};
use doorward_core::{passwords, verify};
use doorward_model::{Secret, SessionScheme};
use doorward_testkit::Request;
use serde_json::{Value, json};

/// `calm-heron-walks-0815`.
const NEW: &str = "Y2FsbS1oZXJvbi13YWxrcy0wODE1";

fn asked(guild: &Guild) -> Value {
    json!({ "emailaddress": VERIFIED, "uid": guild.verified.id.to_string() })
}

async fn codes(guild: &Guild) -> (String, String) {
    let row = row(&guild.call_with(TRUSTED, "LoginReset", asked(guild)).await);
    let text = |name: &str| row[name].as_str().unwrap().to_owned();
    (text("PasswordResetVal"), text("PasswordResetID"))
}

#[tokio::test]
async fn a_trusted_server_is_told_codes_that_set_a_new_password_once() {
    let guild = Guild::open().await;
    let session = Secret::new(guild.session(VERIFIED).await);
    let (val, id) = codes(&guild).await;
    let fields = json!({ "val": val, "id": id, "newpassword": NEW });
    assert_eq!(said(&guild.call("PasswordReset", fields.clone()).await), (200, json!(true)));
    assert_eq!(said(&guild.call("PasswordReset", fields).await), (200, json!(false)));
    assert!(verify::session(&guild.house.core, SessionScheme::DoorwardSession, &session).await.is_err());
    assert_eq!(guild.login(VERIFIED).await.status, 401);
    let new = json!({ "emailaddress": VERIFIED, "password": NEW });
    assert_eq!(guild.call("Login", new).await.status, 200);
}

#[tokio::test]
async fn every_other_key_is_told_nothing_and_the_person_gets_a_mail() {
    let guild = Guild::open().await;
    // The unverified contact has the link that verifies their address; mails of one moment come in any order.
    assert_eq!(guild.house.mails().await.len(), 1);
    let answer = guild.call("LoginReset", asked(&guild)).await;
    let expected = json!({
        "uid": guild.verified.id.to_string(), "LoginVerified": true, "PasswordResetVal": null, "PasswordResetID": null
    });
    assert_eq!(row(&answer), expected);
    let uid = guild.verified.id.to_string();
    assert_eq!(said_classic(&guild.classic(KEY, "LoginReset", &[VERIFIED, &uid]).await).1[0], expected);
    let mails = guild.house.mails().await;
    let theirs = mails.iter().find(|letter| letter.content.to == VERIFIED).unwrap();
    assert!(theirs.content.link.as_ref().unwrap().starts_with("https://id.example/reset?"));
}

#[tokio::test]
async fn an_address_without_its_uid_tells_nothing_and_mails_nobody() {
    let guild = Guild::open().await;
    // The unverified contact has the link that verifies their address.
    assert_eq!(guild.house.mails().await.len(), 1);
    let cases = [
        json!({ "emailaddress": VERIFIED, "uid": guild.unverified.id.to_string() }),
        json!({ "emailaddress": "nobody@guild.example", "uid": guild.verified.id.to_string() }),
        json!({ "emailaddress": UNVERIFIED, "uid": "1" }),
    ];
    for fields in cases {
        for key in [KEY, TRUSTED] {
            let answer = guild.call_with(key, "LoginReset", fields.clone()).await;
            assert_eq!(said(&answer), (200, json!([])), "{fields}");
        }
    }
    assert_eq!(said(&guild.call("LoginReset", json!({ "emailaddress": VERIFIED })).await).0, 400);
    assert!(guild.house.mails().await.is_empty());
}

#[tokio::test]
async fn a_new_password_may_come_wrapped_and_must_keep_the_rules() {
    let guild = Guild::open().await;
    let (val, id) = codes(&guild).await;
    let reset = async |new: &str| {
        let fields = json!({ "PasswordResetVal": val, "PasswordResetID": id, "newpassword": new });
        said(&guild.call("PasswordReset", fields).await)
    };
    for broken in ["Y2FsbS1oZXJvbi13YWxrcy0wODE1x", "abc", "", "1234567890", &"QUFB".repeat(38)] {
        assert_eq!(reset(broken).await.0, 400, "{broken}");
    }
    let (code, reason) = reset("c2hvcnQ=").await;
    assert_eq!((code, reason), (400, json!("The password needs at least 15 characters.")));
    assert_eq!(reset(&format!("q7Xz0-{NEW}8Kp!")).await, (200, json!(true)));
    let new = json!({ "emailaddress": VERIFIED, "password": NEW });
    assert_eq!(guild.call("Login", new).await.status, 200);
}

#[tokio::test]
async fn codes_of_a_reset_belong_to_their_ticket_and_pool() {
    let guild = Guild::open().await;
    let (val, _) = codes(&guild).await;
    let wrong = guild.verified.id.to_string();
    let answer = guild.classic(KEY, "PasswordReset", &[&val, &wrong, NEW]).await;
    assert_eq!(said_classic(&answer), ("200".to_owned(), json!(false)));
    assert_eq!(guild.login(VERIFIED).await.status, 200, "{PASSWORD} still opens");
}

#[tokio::test]
async fn of_fifty_at_once_one_is_true() {
    let guild = Guild::open().await;
    let (val, id) = codes(&guild).await;
    let fields = json!({ "val": val, "id": id, "newpassword": NEW, "apikey": KEY });
    let calls = (0..50).map(|_| {
        let client = guild.client.clone();
        let request = Request::post(crate::guild::HOST, "/api/PasswordReset").json(&fields);
        tokio::spawn(async move { client.send(request).await })
    });
    let mut truths = 0;
    for call in calls.collect::<Vec<_>>() {
        truths += usize::from(said(&call.await.unwrap()) == (200, json!(true)));
    }
    assert_eq!(truths, 1);
}

#[tokio::test]
async fn a_password_this_door_cannot_carry_is_refused_when_it_is_set() {
    let guild = Guild::open().await;
    let (core, caller, operator) = (&guild.house.core, &guild.house.caller, &guild.house.operator);
    let set = async |bytes: usize| {
        let new: String = "calm-heron-walks-0815-".chars().cycle().take(bytes).collect();
        let new = Secret::new(new);
        passwords::set(core, caller, operator, &guild.branch, guild.verified.id, new, false).await.is_ok()
    };
    assert!(!set(106).await);
    assert!(set(105).await, "what 150 characters carry, wrapped");
}
