//! What only a server that the tenant trusts may do: look addresses up, and sign people in with a code.

use crate::guild::{Guild, KEY, OPEN, TRUSTED, UNVERIFIED, VERIFIED, classic, row, said, said_classic};
use doorward_core::verify;
use doorward_model::{Secret, SessionScheme};
use doorward_testkit::Request;
use serde_json::{Value, json};

#[tokio::test]
async fn an_address_is_told_to_trusted_servers_only() {
    let guild = Guild::open().await;
    let check = json!({ "EmailAddress": VERIFIED });
    assert_eq!(said(&guild.call("EmailCheck", check.clone()).await), (200, json!([])));
    let open = guild.client.send(Request::post(OPEN, "/EmailCheck").json(&check)).await;
    assert_eq!(said(&open), (200, json!([])));
    let row = row(&guild.call_with(TRUSTED, "EmailCheck", check).await);
    let fields: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, ["uid", "Company", "LoginVerified", "LoginTokenVal", "LoginTokenID"]);
    assert_eq!(row["uid"], json!(guild.verified.id.to_string()));
    for unknown in ["nobody@guild.example", "no address"] {
        let answer = guild.call_with(TRUSTED, "EmailCheck", json!({ "EmailAddress": unknown })).await;
        assert_eq!(said(&answer), (200, json!([])));
    }
    assert_eq!(said(&guild.call_with(TRUSTED, "EmailCheck", json!({})).await).0, 400);
    let classic = guild.classic(TRUSTED, "EmailCheck", &[UNVERIFIED]).await;
    assert_eq!(said_classic(&classic).1[0]["LoginVerified"], json!(false));
}

#[tokio::test]
async fn a_server_that_asks_too_often_has_to_wait() {
    let guild = Guild::open().await;
    let check = || guild.call_with(TRUSTED, "EmailCheck", json!({ "EmailAddress": "nobody@guild.example" }));
    for _ in 0..120 {
        assert_eq!(check().await.status, 200);
    }
    let refused = check().await;
    assert_eq!(said(&refused).0, 429);
    assert_eq!(refused.header("retry-after"), Some("60"));
    guild.house.clock.advance(std::time::Duration::from_secs(60));
    assert_eq!(check().await.status, 200);
}

async fn token(guild: &Guild, email: &str) -> Value {
    let row =
        row(&guild.call_with(TRUSTED, "PluginCreateLoginToken", json!({ "emailaddress": email })).await);
    json!({ "uid": row["uid"], "LoginTokenVal": row["LoginTokenVal"], "LoginTokenID": row["LoginTokenID"] })
}

#[tokio::test]
async fn a_login_token_signs_its_owner_in_once() {
    let guild = Guild::open().await;
    let fields = token(&guild, VERIFIED).await;
    let answer = guild.call_with(TRUSTED, "PluginSubmitLoginToken", fields.clone()).await;
    let row = row(&answer);
    let names: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
    let documented =
        ["uid", "EmailAddress", "FirstName", "LastName", "KnownAs", "Company", "WebAdmin", "UserStatus"];
    assert_eq!(names, documented);
    let session = Secret::new(answer.header("doorward-session").unwrap());
    let identity =
        verify::session(&guild.house.core, SessionScheme::DoorwardSession, &session).await.unwrap();
    assert_eq!(identity.person.id, guild.verified.id);
    let again = guild.call_with(TRUSTED, "PluginSubmitLoginToken", fields).await;
    assert_eq!(said(&again), (401, json!([])));
}

#[tokio::test]
async fn of_fifty_at_once_one_is_signed_in() {
    let guild = Guild::open().await;
    let mut fields = token(&guild, VERIFIED).await;
    fields["apikey"] = json!(TRUSTED);
    let calls = (0..50).map(|_| {
        let (client, fields) = (guild.client.clone(), fields.clone());
        let request = Request::post(OPEN, "/PluginSubmitLoginToken").json(&fields);
        tokio::spawn(async move { client.send(request).await.status.as_u16() })
    });
    let mut good = 0;
    for call in calls.collect::<Vec<_>>() {
        good += usize::from(call.await.unwrap() == 200);
    }
    assert_eq!(good, 1);
}

#[tokio::test]
async fn login_tokens_are_for_trusted_servers_one_person_and_a_while() {
    let guild = Guild::open().await;
    let create = guild.call("PluginCreateLoginToken", json!({ "emailaddress": VERIFIED })).await;
    assert_eq!(said(&create).0, 403);
    let keyless = guild.client.send(classic(OPEN, "PluginCreateLoginToken", &json!([VERIFIED]))).await;
    assert_eq!(said_classic(&keyless).0, "403");
    let unknown = json!({ "emailaddress": "nobody@guild.example" });
    assert_eq!(said(&guild.call_with(TRUSTED, "PluginCreateLoginToken", unknown).await), (200, json!([])));

    let submit =
        async |fields: Value| said(&guild.call_with(TRUSTED, "PluginSubmitLoginToken", fields).await).0;
    let good = token(&guild, VERIFIED).await;
    assert_eq!(said(&guild.call_with(KEY, "PluginSubmitLoginToken", good.clone()).await).0, 403);
    for (field, wrong) in [
        ("uid", json!(guild.unverified.id.to_string())),
        ("uid", json!("me")),
        ("LoginTokenVal", json!("ab".repeat(32))),
        ("LoginTokenID", json!(guild.unverified.id.to_string())),
    ] {
        let mut fields = good.clone();
        fields[field] = wrong;
        assert_eq!(submit(fields).await, 401, "{field}");
    }
    let newer = token(&guild, VERIFIED).await;
    assert_eq!(submit(good).await, 401, "a newer one voids it");
    guild.house.clock.advance(std::time::Duration::from_secs(30 * 60));
    assert_eq!(submit(newer).await, 401, "half an hour later");
}

#[tokio::test]
async fn an_unverified_contact_is_shown_but_gets_no_session() {
    let guild = Guild::open().await;
    let fields = token(&guild, UNVERIFIED).await;
    let answer = guild.call_with(TRUSTED, "PluginSubmitLoginToken", fields).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("doorward-session"), None);
}
