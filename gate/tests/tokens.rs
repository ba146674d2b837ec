//! Bearer tokens: a program speaks for itself, at the routes it was given a token for.

use crate::stage::{Credential, Stage, client, forwarded, new_token, reason};
use doorward_core::application_tokens::NewToken;
use doorward_model::Audience;
use doorward_testkit::{Answer, Client, Request};
use serde_json::{Value, json};

fn bearing(credential: &Credential) -> &str {
    credential.headers.first().map(|(_, value)| value.as_str()).unwrap()
}

fn token(credential: &Credential) -> &str {
    bearing(credential).strip_prefix("Bearer ").unwrap()
}

#[tokio::test]
async fn the_upstream_learns_which_program_calls_and_of_no_person() {
    let stage = Stage::start().await;
    let credential = stage.credential("token").await;
    assert!(token(&credential).starts_with("dwt_") && token(&credential).len() == 47);
    let answer = stage.ask(&credential).await;
    assert_eq!(reason(&answer), (200, "-"));
    for (name, value) in [
        ("x-doorward-application", "till0001"),
        ("x-doorward-tenant", "harbour"),
        ("x-doorward-person", ""),
        ("x-doorward-session", ""),
        ("x-doorward-roles", ""),
        ("remote-user", ""),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
}

#[tokio::test]
async fn a_token_is_good_at_the_route_it_is_for() {
    let stage = Stage::with(&[
        "app.example/crm name=crm",
        "app.example/shop name=shop",
        "app.example/boss role=user",
    ])
    .await;
    let crm = Audience::parse("crm").unwrap();
    let narrow = stage.token(NewToken { audience: crm, ..new_token() }).await;
    let wide = stage.token(new_token()).await;
    for (path, credential, wanted) in [
        ("/crm/x", &narrow, (200, "-")),
        ("/shop/x", &narrow, (401, "wrong_host")),
        ("/crm/x", &narrow, (200, "-")),
        ("/crm/x", &wide, (200, "-")),
        ("/shop/x", &wide, (200, "-")),
        ("/boss", &wide, (403, "role")),
    ] {
        assert_eq!(reason(&stage.ask_at(credential, "app.example", path).await), wanted, "{path}");
    }
}

#[tokio::test]
async fn the_upstream_learns_what_a_token_may_be_used_for() {
    let stage = Stage::start().await;
    let scopes = vec!["people:write".to_owned(), "people:read".to_owned(), "100%".to_owned()];
    let token = stage.token(NewToken { scopes, ..new_token() }).await;
    let told = stage.ask(&token).await;
    assert_eq!(told.header("x-doorward-scopes"), Some("100%25 people:read people:write"));
    for kind in ["token", "cookie"] {
        let told = stage.ask(&stage.credential(kind).await).await;
        assert_eq!((reason(&told), told.header("x-doorward-scopes")), ((200, "-"), Some("")), "{kind}");
    }
}

#[tokio::test]
async fn a_route_asks_programs_for_scopes_and_people_for_places() {
    let stage = Stage::with(&[
        "app.example/read scope=people:read|people:all",
        "app.example/both role=admin scope=people:read",
        "app.example/owners role=owner scope=people:read",
        "app.example/here scope=people:read tenant=harbour",
        "app.example/elsewhere scope=people:read tenant=quayside",
        "app.example/admins role=admin",
        "app.example/all",
    ])
    .await;
    stage.house.pool("quayside").await;
    let with = |scopes: &[&str]| NewToken {
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        ..new_token()
    };
    let reader = stage.token(with(&["orders:read", "people:read"])).await;
    let other = stage.token(with(&["people:read.all", "people"])).await;
    let ada = stage.credential("cookie").await;
    for (path, passing) in [
        ("/read", [true, false, false]),
        ("/both", [true, false, true]),
        ("/owners", [true, false, false]),
        ("/here", [true, false, false]),
        ("/elsewhere", [false, false, false]),
        ("/admins", [false, false, true]),
        ("/all", [true, true, true]),
    ] {
        for ((credential, who), passes) in
            [(&reader, "reader"), (&other, "other"), (&ada, "ada")].into_iter().zip(passing)
        {
            let wanted = if passes { (200, "-") } else { (403, "role") };
            let told = stage.ask_at(credential, "app.example", path).await;
            assert_eq!(reason(&told), wanted, "{who} at {path}");
        }
    }
}

#[tokio::test]
async fn what_is_no_token_of_ours_is_invalid_and_another_scheme_is_no_credential() {
    let stage = Stage::start().await;
    let good = stage.credential("token").await;
    let changed = format!("{}x", &bearing(&good)[..bearing(&good).len() - 1]);
    let lower = bearing(&good).replace("Bearer", "bearer");
    for (value, wanted) in [
        (lower.as_str(), (200, "-")),
        (changed.as_str(), (401, "invalid")),
        ("Bearer dwt_", (401, "invalid")),
        ("Bearer", (401, "invalid")),
        ("Bearer eyJhbGciOiJub25lIn0.e30.", (401, "invalid")),
        ("Digest username=ada", (401, "none")),
        ("Basic YWRhOng=", (401, "none")),
    ] {
        let asked = forwarded("GET", "book.example", "/x").header("authorization", value);
        assert_eq!(reason(&stage.send(asked).await), wanted, "{value}");
    }
}

#[tokio::test]
async fn a_program_and_a_person_or_a_token_given_twice_are_nobody() {
    let stage = Stage::with(&["app.example"]).await;
    let (bearer, cookie) = (stage.credential("token").await, stage.credential("cookie").await);
    let with = |values: &[&str]| {
        let ask = forwarded("GET", "app.example", "/x");
        values.iter().fold(ask, |ask, value| ask.header("authorization", value))
    };
    assert_eq!(reason(&stage.send(with(&[bearing(&bearer)])).await), (200, "-"));
    let both = with(&[bearing(&bearer)]).header("cookie", &cookie.headers[0].1);
    assert_eq!(reason(&stage.send(both).await), (401, "ambiguous"));
    let twice = with(&[bearing(&bearer), bearing(&bearer)]);
    assert_eq!(reason(&stage.send(twice).await), (401, "ambiguous"));
}

async fn asked(client: &Client, bearer: Option<&str>, question: &Value) -> Answer {
    let ask = Request::post("doorward.internal", "/verify").json(question);
    client.send(bearer.map_or(ask.clone(), |value| ask.header("authorization", value))).await
}

#[tokio::test]
async fn a_service_is_told_scopes_and_may_name_the_audience() {
    let stage = Stage::start().await;
    let service = client(&stage.house, &[], "127.0.0.0/8");
    let scopes = vec!["people:write".to_owned(), "people:read".to_owned(), "people:read".to_owned()];
    let audience = Audience::parse("crm").unwrap();
    let credential = stage.token(NewToken { scopes, audience, ..new_token() }).await;
    let bare = json!({ "credential": { "kind": "bearer", "value": token(&credential) } });
    let told = asked(&service, None, &bare).await.json();
    assert_eq!(told["active"], true);
    assert_eq!(told["scopes"], json!(["people:read", "people:write"]));
    assert_eq!((&told["person"], &told["session"]), (&Value::Null, &Value::Null));
    assert_eq!((&told["application"], &told["method"]), (&json!("till0001"), &json!("token")));
    for (audience, active) in [("crm", true), ("shop", false)] {
        let mut narrow = bare.clone();
        narrow["audience"] = json!(audience);
        assert_eq!(asked(&service, None, &narrow).await.json()["active"], active, "{audience}");
        let headers = json!({ "Authorization": bearing(&credential) });
        let whole = json!({
            "method": "GET", "url": "https://app.example/x", "headers": headers, "audience": audience,
        });
        assert_eq!(asked(&service, None, &whole).await.json()["active"], active, "{audience}");
    }
}

#[tokio::test]
async fn a_service_with_a_token_of_the_scope_may_ask_from_anywhere() {
    let stage = Stage::start().await;
    let elsewhere = client(&stage.house, &["doors"], "10.0.0.0/8");
    let verify = stage.token(NewToken { scopes: vec!["verify".to_owned()], ..new_token() }).await;
    let other = stage.token(NewToken { scopes: vec!["verifying".to_owned()], ..new_token() }).await;
    let session = stage.credential("session").await;
    let question = json!({ "credential": { "kind": "session", "value": session.headers[0].1 } });
    for _ in 0..2 {
        let told = asked(&elsewhere, Some(bearing(&verify)), &question).await;
        assert_eq!((told.status.as_u16(), &told.json()["active"]), (200, &json!(true)));
    }
    assert_eq!(asked(&elsewhere, Some(bearing(&other)), &question).await.status.as_u16(), 401);
    assert_eq!(asked(&elsewhere, Some("Bearer dwt_made-up"), &question).await.status.as_u16(), 401);
    assert_eq!(asked(&elsewhere, Some("Bearer other"), &question).await.text(), "no question");
    assert_eq!(asked(&elsewhere, None, &question).await.text(), "no question");
    let as_a_proxy = forwarded("GET", "book.example", "/x").header("authorization", bearing(&verify));
    assert_eq!(elsewhere.send(as_a_proxy).await.text(), "no question", "it is for services only");
    let (core, caller) = (&stage.house.core, &stage.house.caller);
    let whose = (stage.pool.pool(), stage.program.id);
    let id = verify.token.unwrap();
    doorward_core::application_tokens::revoke(core, caller, &stage.house.operator, whose, id).await.unwrap();
    assert_eq!(asked(&elsewhere, Some(bearing(&verify)), &question).await.status.as_u16(), 401);
}
