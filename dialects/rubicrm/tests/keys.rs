//! API keys: when one is required, whose tenant it leads to, and pages of other origins.

use crate::guild::{Guild, HOST, KEY, OPEN, PASSWORD, SHARED, VERIFIED, application, row, said};
use doorward_model::{Dialect, DoorSettings};
use doorward_testkit::Request;
use serde_json::{Value, json};

async fn login(guild: &Guild, host: &str, key: Value) -> (u16, Value) {
    let fields = json!({ "emailaddress": VERIFIED, "password": PASSWORD, "apikey": key });
    said(&guild.client.send(Request::post(host, "/api/Login").json(&fields)).await)
}

#[tokio::test]
async fn a_missing_or_wrong_key_is_one_refusal() {
    let guild = Guild::open().await;
    let refused = (401, json!("The API key is missing or wrong."));
    for host in [HOST, SHARED] {
        for key in [Value::Null, json!(""), json!("wrong"), json!("the-key-of-the-guild-websit")] {
            assert_eq!(login(&guild, host, key).await, refused, "{host}");
        }
        assert_eq!(login(&guild, host, json!(KEY)).await.0, 200);
    }
    assert_eq!(login(&guild, OPEN, Value::Null).await.0, 200);
    assert_eq!(login(&guild, OPEN, json!("wrong")).await, refused, "a key that is sent must be right");
    let number = json!({ "emailaddress": VERIFIED, "password": PASSWORD, "apikey": 7 });
    assert_eq!(guild.client.send(Request::post(HOST, "/api/Login").json(&number)).await.status, 400);
}

#[tokio::test]
async fn a_key_is_checked_before_the_parameters() {
    let guild = Guild::open().await;
    let answer = guild.client.send(Request::post(HOST, "/api/Login").json(&json!({}))).await;
    assert_eq!(answer.status, 401);
    assert_eq!(guild.call("Login", json!({})).await.status, 400);
    assert_eq!(guild.call("PluginSubmitLoginToken", json!({})).await.status, 403);
}

#[tokio::test]
async fn a_key_of_another_tenant_opens_nothing_here() {
    let guild = Guild::open().await;
    let stranger = guild.house.pool("stranger").await;
    application(&guild.house, &stranger, "the-key-of-a-stranger", true).await;
    let child = guild.house.child("chapter", &guild.branch).await;
    application(&guild.house, &child, "the-key-of-a-chapter", false).await;
    for key in ["the-key-of-a-stranger", "the-key-of-a-chapter"] {
        assert_eq!(login(&guild, HOST, json!(key)).await.0, 401, "{key}");
    }
    assert_eq!(login(&guild, SHARED, json!("the-key-of-a-stranger")).await, (401, json!([])), "nobody there");
    assert_eq!(
        login(&guild, SHARED, json!("the-key-of-a-chapter")).await.0,
        200,
        "the place above reaches down"
    );
}

#[tokio::test]
async fn a_door_without_a_tenant_requires_a_key_whatever_it_says() {
    let guild = Guild::open().await;
    let keyless = DoorSettings { require_api_key: false, ..DoorSettings::default() };
    guild.house.door_with(Dialect::Rubicrm, "any.example", None, keyless).await;
    assert_eq!(login(&guild, "any.example", Value::Null).await.0, 401);
}

#[tokio::test]
async fn pages_of_configured_origins_may_call_without_credentials() {
    let guild = Guild::open().await;
    let settings =
        DoorSettings { origins: vec!["https://guild.example".to_owned()], ..DoorSettings::default() };
    guild.house.door_with(Dialect::Rubicrm, "pages.example", Some(&guild.branch), settings).await;
    let preflight = |origin: &str| {
        let request = Request::new("OPTIONS", "pages.example", "/api/Login").header("origin", origin);
        guild.client.send(request.header("access-control-request-method", "POST"))
    };
    let allowed = preflight("https://guild.example").await;
    assert_eq!(allowed.header("access-control-allow-origin"), Some("https://guild.example"));
    assert_eq!(allowed.header("access-control-allow-credentials"), None);
    assert_eq!(preflight("https://evil.example").await.header("access-control-allow-origin"), None);
    let fields = json!({ "emailaddress": VERIFIED, "password": PASSWORD, "apikey": KEY });
    let call = Request::post("pages.example", "/api/Login").header("origin", "https://guild.example");
    let answer = guild.client.send(call.json(&fields)).await;
    assert_eq!(row(&answer)["LoginVerified"], json!(true));
    assert_eq!(answer.header("access-control-expose-headers"), Some("Doorward-Session"));
}
