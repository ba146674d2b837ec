//! What proxies are told: every identity header set or empty, in values that are safe in a header.

use crate::stage::{ADA, Stage, client_with, forwarded, reason};
use doorward_core::people;
use doorward_gate::{IdentityHeaders, Preset};
use doorward_testkit::{House, Request};
use http::HeaderName;
use serde_json::{Value, json};

#[tokio::test]
async fn the_upstream_learns_who_is_calling_in_every_preset() {
    let stage = Stage::start().await;
    let credential = stage.credential("auth_token").await;
    let answer = stage.ask(&credential).await;
    let ada = stage.ada.id.to_string();
    let session = credential.identity.unwrap().session().unwrap().id.to_string();
    let number = stage.pool.tenant().number.get().to_string();
    for (name, value) in [
        ("remote-user", ADA),
        ("remote-groups", "administrator:admin"),
        ("remote-name", "Ada Example"),
        ("remote-email", ADA),
        ("x-auth-request-user", ada.as_str()),
        ("x-forwarded-preferred-username", ADA),
        ("x-doorward-person", ada.as_str()),
        ("x-doorward-tenant", "harbour"),
        ("x-doorward-company", number.as_str()),
        ("x-doorward-roles", "administrator:admin"),
        ("x-doorward-application", "till0001"),
        ("x-doorward-session", session.as_str()),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    assert!(answer.body.is_empty());
}

/// The proxies' files let nobody through without it: a stranger's 200 names no route.
#[tokio::test]
async fn whoever_passes_is_told_by_which_route_and_nobody_else_is() {
    let stage = Stage::with(&["app.example/open public name=küche", "app.example/x", "doors"]).await;
    let credential = stage.credential("cookie").await;
    for (host, path, wanted) in [
        ("app.example", "/open/y", "k%C3%BCche"),
        ("app.example", "/x/y", "app.example/x"),
        (credential.host, "/x", "doors"),
    ] {
        let told = stage.ask_at(&credential, host, path).await;
        assert_eq!((reason(&told), told.header("x-doorward-route")), ((200, "-"), Some(wanted)), "{host}");
    }
    for (host, path) in [("app.example", "/x"), ("app.example", "/none"), ("app.example", "/../x")] {
        let lying = forwarded("GET", host, path).header("x-doorward-route", "doors");
        let told = stage.send(lying).await;
        assert_ne!(told.status.as_u16(), 200);
        assert_eq!(told.header("x-doorward-route"), Some(""), "{path}");
    }
}

/// What a service is told names people; proxies are told in headers, which are as little to be kept.
#[tokio::test]
async fn no_answer_may_be_kept() {
    let stage = Stage::start().await;
    let credential = stage.credential("session").await;
    let question = json!({ "credential": { "kind": "session", "value": credential.headers[0].1 } });
    let service = |body: &Value| Request::post("doorward.internal", "/verify").json(body);
    for (asked, status) in [
        (service(&question), 200),
        (service(&json!([question])), 200),
        (service(&json!({})), 400),
        (service(&question).header("x-forwarded-for", "203.0.113.7"), 401),
        (Request::get("doorward.internal", "/verify/else"), 404),
    ] {
        let answer = stage.send(asked).await;
        assert_eq!(answer.status.as_u16(), status);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{status}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{status}");
    }
    let envoy = Request::get(credential.host, "/verify/ext-authz/x");
    for asked in [
        forwarded("GET", credential.host, "/x"),
        forwarded("GET", credential.host, "/../x"),
        forwarded("GET", "elsewhere.example", "/x"),
        Request::get("doorward.internal", "/verify/auth-request"),
        envoy.clone(),
        envoy.header(credential.headers[0].0, &credential.headers[0].1),
    ] {
        let answer = stage.send(asked).await;
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{}", answer.status);
        assert!(answer.body.is_empty(), "{}", answer.status);
    }
}

#[tokio::test]
async fn a_header_without_a_value_is_there_and_empty() {
    let stage = Stage::start().await;
    let credential = stage.credential("cookie").await;
    let answer = stage.ask(&credential).await;
    assert_eq!(answer.header("x-doorward-application"), Some(""));
    let refused =
        stage.send(forwarded("GET", "harbour.crm.example", "/x").header("remote-user", "root")).await;
    assert_eq!(reason(&refused), (401, "none"));
    for name in ["remote-user", "x-auth-request-user", "x-forwarded-email", "x-doorward-person"] {
        assert_eq!(refused.header(name), Some(""), "{name}");
    }
}

#[tokio::test]
async fn a_renamed_header_is_always_there_under_its_new_name_only() {
    let stage = Stage::start().await;
    let credential = stage.credential("cookie").await;
    let name = HeaderName::from_static;
    let names = [
        (name("remote-user"), name("x-user")),
        (name("x-forwarded-user"), name("x-id")),
        (name("x-doorward-tenant"), name("x-shop")),
    ];
    let headers = IdentityHeaders::named(&[Preset::Remote], &names).unwrap();
    let routes = ["open.example public", "doors"];
    let client = client_with(&stage.house, &routes, "127.0.0.0/8", |settings| settings.headers = headers);
    let (carrier, cookie) = &credential.headers[0];
    let ada = stage.ada.id.to_string();
    let asked = |host| forwarded("GET", host, "/x").header("x-user", "root").header("remote-user", "root");
    let told = [
        (client.send(asked(credential.host).header(carrier, cookie)).await, [ADA, ada.as_str(), "harbour"]),
        (client.send(asked(credential.host)).await, ["", "", ""]),
        (client.send(asked("open.example")).await, ["", "", ""]),
    ];
    for (answer, values) in told {
        for (name, value) in ["x-user", "x-id", "x-shop"].into_iter().zip(values) {
            assert_eq!(answer.header(name), Some(value), "{name}");
        }
        for gone in ["remote-user", "x-forwarded-user", "x-doorward-tenant", "x-forwarded-email"] {
            assert_eq!(answer.header(gone), None, "{gone}");
        }
        assert!(answer.header("remote-email").is_some());
    }
}

#[tokio::test]
async fn names_are_escaped_so_that_decoding_gives_them_back() {
    let stage = Stage::start().await;
    let credential = stage.credential("cookie").await;
    let House { core, caller, operator, .. } = &stage.house;
    let edit = people::Edit { first_name: Some("Zoë 100%".to_owned()), ..people::Edit::default() };
    people::edit(core, caller, operator, &stage.pool, stage.ada.id, edit).await.unwrap();
    let answer = stage.ask(&credential).await;
    assert_eq!(answer.header("remote-name"), Some("Zo%C3%AB 100%25 Example"));
}

#[tokio::test]
async fn an_api_is_told_how_to_sign_in_and_a_browser_where() {
    let stage = Stage::with(&["app.example sign_in=https://id.example/sign-in"]).await;
    let page = |uri| forwarded("GET", "app.example", uri).header("accept", "text/html,*/*");
    let browser = stage.send(page("/start")).await;
    assert_eq!(reason(&browser), (302, "none"));
    assert_eq!(browser.header("location"), Some("https://id.example/sign-in"));
    let api =
        stage.send(forwarded("GET", "app.example", "/start").header("accept", "application/json")).await;
    assert_eq!(reason(&api), (401, "none"));
    assert_eq!(api.header("www-authenticate"), Some("Bearer realm=\"doorward\""));
    let stale = stage.send(page("/start").header("cookie", "salesseek=stale")).await;
    assert_eq!(reason(&stale), (302, "invalid"), "a cookie of last week leads to a dead end else");
    let nginx = Request::get("doorward.internal", "/verify/auth-request")
        .header("x-original-method", "GET")
        .header("x-original-url", "https://app.example/start")
        .header("accept", "text/html");
    let nginx = stage.send(nginx).await;
    assert_eq!(reason(&nginx), (401, "none"));
    assert_eq!(nginx.header("location"), Some("https://id.example/sign-in"));
}

#[tokio::test]
async fn each_asker_gets_statuses_it_understands() {
    let stage = Stage::start().await;
    let credential = stage.credential("cookie").await;
    let (name, value) = credential.headers[0].clone();
    let nginx = |host: &str| {
        Request::get("doorward.internal", "/verify/auth-request")
            .header("x-original-method", "POST")
            .header("x-original-url", &format!("https://{host}/api/people"))
            .header(name, &value)
    };
    assert_eq!(reason(&stage.send(nginx("harbour.crm.example:8443")).await), (200, "-"));
    assert_eq!(reason(&stage.send(nginx("elsewhere.example")).await), (403, "route"));
    let envoy = Request::new("DELETE", "harbour.crm.example", "/verify/ext-authz/api/people/7?x=1");
    assert_eq!(reason(&stage.send(envoy.clone().header(name, &value)).await), (200, "-"));
    assert_eq!(reason(&stage.send(envoy).await), (401, "none"));
}
