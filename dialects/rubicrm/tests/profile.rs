//! `UserActions` with `UserProfileUpdate`: names change, and nothing else does (mass assignment).

use crate::guild::{Guild, HOST, KEY, TRUSTED, VERIFIED, row, said, said_classic};
use doorward_core::people;
use doorward_testkit::{Answer, Request};
use serde_json::{Value, json};

async fn update(guild: &Guild, values: Value) -> Answer {
    let session = guild.session(VERIFIED).await;
    let fields = json!({
        "uid": guild.verified.id.to_string(), "calltype": "UserProfileUpdate", "updatevalues": values, "apikey": KEY
    });
    let request = Request::post(HOST, "/api/UserActions").header("doorward-session", &session);
    guild.client.send(request.json(&fields)).await
}

#[tokio::test]
async fn names_change_for_oneself_and_through_a_trusted_server() {
    let guild = Guild::open().await;
    let values = json!([{ "FirstName": "Grace", "KnownAs": "Amazing" }]);
    assert_eq!(said(&update(&guild, json!(values.to_string())).await), (200, json!(true)));
    let after = row(&guild.login(VERIFIED).await);
    assert_eq!((&after["FirstName"], &after["LastName"]), (&json!("Grace"), &json!("Example")));
    assert_eq!(after["KnownAs"], json!("Amazing"));
    assert_eq!(said(&update(&guild, json!([{ "LastName": "Hopper" }])).await), (200, json!(true)));

    let uid = guild.verified.id.to_string();
    let values = r#"[{"FirstName":"Ada"}]"#;
    let answer = guild.classic(TRUSTED, "UserActions", &[&uid, "UserProfileUpdate", values]).await;
    assert_eq!(said_classic(&answer), ("200".to_owned(), json!(true)));
    let after = row(&guild.login(VERIFIED).await);
    assert_eq!((&after["FirstName"], &after["LastName"]), (&json!("Ada"), &json!("Hopper")));
}

#[tokio::test]
async fn nothing_but_names_can_be_changed() {
    let guild = Guild::open().await;
    let before = people::by_id(&guild.house.core, guild.branch.pool(), guild.verified.id).await.unwrap();
    for field in [
        "LoginVerified",
        "AllowLogin",
        "WebAdmin",
        "UserStatus",
        "EmailAddress",
        "uid",
        "Company",
        "ConsentReceived",
        "password",
        "role",
    ] {
        let mut values = json!([{ "FirstName": "Mallory" }]);
        values[0][field] = json!("True");
        assert_eq!(said(&update(&guild, values).await).0, 400, "{field}");
    }
    let after = people::by_id(&guild.house.core, guild.branch.pool(), guild.verified.id).await.unwrap();
    assert_eq!(after, before);
}

#[tokio::test]
async fn what_is_no_name_is_refused() {
    let guild = Guild::open().await;
    for values in [
        json!("[]"),
        json!("{}"),
        json!("["),
        json!(""),
        json!("[7]"),
        json!([{ "FirstName": "" }]),
        json!([{ "FirstName": null }]),
        json!([{ "FirstName": ["a"] }]),
        json!([{ "FirstName": "a".repeat(101) }]),
        json!([{ "FirstName": "a\nb" }]),
        json!([{ "FirstName": "a", "firstname": "b" }]),
        json!([{ "FirstName": "a" }, { "LastName": "b" }]),
    ] {
        assert_eq!(said(&update(&guild, values.clone()).await).0, 400, "{values}");
    }
    let (_, message) = said(&update(&guild, json!([{ "KnownAs": "a\nb" }])).await);
    assert_eq!(message, json!("KnownAs: expected one line of at most 250 characters."));
    let fields =
        json!({ "uid": guild.verified.id.to_string(), "calltype": "UserAdded", "updatevalues": "[]" });
    let (code, message) = said(&guild.call_with(TRUSTED, "UserActions", fields).await);
    assert_eq!((code, message), (400, json!("calltype: expected UserConsent or UserProfileUpdate.")));
}
