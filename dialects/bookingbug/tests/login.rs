//! Signing in: the seed's own samples, and every way to fail.

use crate::harbour::{HARBOUR, Harbour, NOT_FOUND, SPA, STRANGER, UNAUTHORIZED, said};
use doorward_testkit::{Answer, PASSWORD};
use serde_json::{Value, json};

const GOLDEN: &str = include_str!("golden/login.json");

/// The body with its token put out of sight, after checking that it is the header's.
fn without_token(answer: &Answer) -> String {
    let mut body = answer.json();
    let token = body["auth_token"].as_str().unwrap().to_owned();
    assert_eq!(answer.header("auth-token"), Some(token.as_str()));
    assert!(token.len() >= 22 && token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
    body["auth_token"] = json!("<auth-token>");
    serde_json::to_string_pretty(&body).unwrap() + "\n"
}

#[tokio::test]
async fn the_seeds_curl_sample_answers_the_seeds_body() {
    let harbour = Harbour::open().await;
    let body = json!({ "email": "owner@harbour.example", "password": PASSWORD });
    let request = harbour.call("POST", "/login").header("Cache-Control", "no-cache").json(&body);
    let answer = harbour.send(request).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(without_token(&answer), GOLDEN);
}

#[tokio::test]
async fn the_seeds_multipart_samples_answer_the_same() {
    let harbour = Harbour::open().await;
    let part = |name: &str, value: &str| {
        format!(
            "-----011000010111000001101001\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        )
    };
    let body = part("email", "owner@harbour.example") + &part("password", PASSWORD);
    let body = body + "-----011000010111000001101001--";
    let content_type = "multipart/form-data; boundary=---011000010111000001101001";
    let answer = harbour.send(harbour.call("POST", "/login").body(content_type, body)).await;
    assert_eq!(answer.status, 201);
    assert_eq!(without_token(&answer), GOLDEN);
}

#[tokio::test]
async fn every_way_to_name_the_company_leads_there() {
    let harbour = Harbour::open().await;
    let owner = "owner@harbour.example";
    for (path, company) in [
        ("/login", Some(SPA)),
        ("/login/37002", None),
        ("/login/admin", Some(SPA)),
        ("/login/admin/37002", None),
        ("/login/37002/", None),
    ] {
        let answer = harbour.log_in(path, owner, company).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["company_id"]), (201, &json!(SPA)), "{path}");
        let administrator = &answer.json()["_embedded"]["administrators"][0];
        assert_eq!((&administrator["role"], &administrator["company_id"]), (&json!("owner"), &json!(SPA)));
    }
    let as_text = json!({ "email": owner, "password": PASSWORD, "id": "37002" });
    assert_eq!(harbour.send(harbour.call("POST", "/login").json(&as_text)).await.status, 201);
}

#[tokio::test]
async fn other_versions_of_the_api_print_their_own_addresses() {
    let harbour = Harbour::open().await;
    let body = json!({ "email": "owner@harbour.example", "password": PASSWORD });
    for version in ["v3", "v4", "v5"] {
        let path = format!("/api/{version}/login");
        let request = doorward_testkit::Request::post(crate::harbour::HOST, &path).json(&body);
        let key = harbour.app.key.as_ref().unwrap().expose();
        let answer = harbour.send(request.header("app-id", "f6b16c23").header("APP-KEY", key)).await;
        assert_eq!(answer.status, 201);
        assert_eq!(answer.json()["path"], format!("http://bookingbug.example/api/{version}"));
    }
}

#[tokio::test]
async fn members_sign_in_as_members() {
    let harbour = Harbour::open().await;
    for path in ["/login", "/login/member", "/login/37002", "/login/member/37002"] {
        let answer = harbour.log_in(path, "member@harbour.example", None).await;
        let body = answer.json();
        assert_eq!((answer.status.as_u16(), &body["company_id"]), (201, &json!(SPA)), "{path}");
        assert_eq!(body["_embedded"]["administrators"], json!([]));
        let member = &body["_embedded"]["members"][0];
        assert_eq!(body["_links"]["member"]["href"], member["_links"]["self"]["href"]);
        assert!(body["_links"].get("administrator").is_none());
    }
    let answer = harbour.log_in("/login/admin", "member@harbour.example", None).await;
    assert_eq!(said(&answer), (401, UNAUTHORIZED.to_owned()));
}

#[tokio::test]
async fn hal_is_answered_to_whoever_asks_for_it() {
    let harbour = Harbour::open().await;
    let body = json!({ "email": "owner@harbour.example", "password": PASSWORD });
    let request =
        harbour.call("POST", "/login").header("Accept", "application/hal+json, */*;q=0.1").json(&body);
    assert_eq!(harbour.send(request).await.header("content-type"), Some("application/hal+json"));
    let refused = harbour.call("GET", "/company/1");
    for (accept, label) in
        [("application/hal+json", "application/hal+json"), ("application/hal+json;q=0", "application/json")]
    {
        let answer = harbour.send(refused.clone().header("Accept", accept)).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (404, Some(label)), "{accept}");
    }
}

#[tokio::test]
async fn every_failure_of_credentials_is_one_answer() {
    let harbour = Harbour::open().await;
    let people = &harbour.house;
    let gone = people.person(
        &harbour.spa,
        "gone@harbour.example",
        doorward_model::Kind::Administrator,
        doorward_model::Role::Admin,
    );
    let gone = gone.await;
    doorward_core::people::disable(&people.core, &people.caller, &people.operator, &harbour.spa, gone.id)
        .await
        .unwrap();
    let attempts: [Value; 6] = [
        json!({ "email": "nobody@harbour.example", "password": PASSWORD }),
        json!({ "email": "owner@harbour.example", "password": "wrong" }),
        json!({ "email": "owner@harbour.example", "password": "" }),
        json!({ "email": "gone@harbour.example", "password": PASSWORD }),
        json!({ "email": "boss@quayside.example", "password": PASSWORD }),
        json!({ "email": "no address", "password": PASSWORD }),
    ];
    let mut seen = Vec::new();
    for body in attempts {
        let answer = harbour.send(harbour.call("POST", "/login").json(&body)).await;
        assert!(answer.header("auth-token").is_none());
        let mut headers: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        headers.sort();
        seen.push((said(&answer), headers));
    }
    assert_eq!(seen[0].0, (401, UNAUTHORIZED.to_owned()));
    assert!(seen.iter().all(|one| *one == seen[0]), "{seen:?}");
}

#[tokio::test]
async fn an_unknown_company_is_not_found_whatever_the_credentials() {
    let harbour = Harbour::open().await;
    for path in
        ["/login/99999", "/login/admin/38001", "/login/0", "/login/037002", "/login/99999999999999999999"]
    {
        let answer = harbour.log_in(path, "owner@harbour.example", None).await;
        assert_eq!(said(&answer), (404, NOT_FOUND.to_owned()), "{path}");
    }
    for company in [STRANGER, -1, 0, i64::MAX] {
        let answer = harbour.log_in("/login", "nobody@harbour.example", Some(company)).await;
        assert_eq!(said(&answer), (404, NOT_FOUND.to_owned()), "{company}");
    }
}

#[tokio::test]
async fn a_broken_body_is_refused_in_this_dialects_words() {
    let harbour = Harbour::open().await;
    for body in
        [json!({}), json!({ "email": "a@b.example" }), json!({ "email": ["a@b.example"], "password": "x" })]
    {
        let answer = harbour.send(harbour.call("POST", "/login").json(&body)).await;
        assert_eq!(answer.status, 400);
        assert!(answer.json()["error"].is_string() && answer.json()["details"].is_array());
    }
    for (content_type, body, status) in [("application/json", "{", 400), ("text/csv", "a,b", 415)] {
        let answer = harbour.send(harbour.call("POST", "/login").body(content_type, body)).await;
        assert_eq!(answer.status, status);
        assert!(answer.json()["error"].is_string());
    }
    assert_eq!(said(&harbour.send(harbour.call("GET", "/nowhere")).await), (404, NOT_FOUND.to_owned()));
    assert_eq!(harbour.send(harbour.call("PATCH", "/login")).await.status, 405);
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    let harbour = Harbour::open().await;
    let body = json!({ "email": "owner@harbour.example", "password": "wrong" });
    let mut last = 401;
    for _ in 0..6 {
        let answer = harbour.send(harbour.call("POST", "/login").json(&body)).await;
        last = answer.status.as_u16();
        if last == 429 {
            assert!(answer.header("retry-after").is_some() && answer.json()["error"].is_string());
        }
    }
    assert_eq!(last, 429);
}

#[tokio::test]
async fn a_suspended_company_admits_nobody() {
    let harbour = Harbour::open().await;
    let token = harbour.token("shared@harbour.example", SPA).await;
    let house = &harbour.house;
    doorward_core::tenants::suspend(&house.core, &house.caller, &house.operator, &harbour.spa).await.unwrap();
    assert_eq!(harbour.with(&token, "GET", "/login").await.status, 401);
    let answer = harbour.log_in("/login/37002", "shared@harbour.example", None).await;
    assert_eq!(said(&answer), (401, UNAUTHORIZED.to_owned()));
    assert_eq!(harbour.log_in("/login", "owner@harbour.example", Some(HARBOUR)).await.status, 201);
}

#[tokio::test]
async fn forms_and_json_under_a_forms_name_are_read_too() {
    let harbour = Harbour::open().await;
    let form = format!("email=owner%40harbour.example&password={PASSWORD}");
    let json = json!({ "email": "owner@harbour.example", "password": PASSWORD }).to_string();
    for (content_type, body) in [
        ("application/x-www-form-urlencoded", form.clone()),
        ("application/x-www-form-urlencoded; charset=UTF-8", form),
        ("application/x-www-form-urlencoded", json),
    ] {
        let answer = harbour.send(harbour.call("POST", "/login").body(content_type, body)).await;
        assert_eq!(answer.status, 201, "{content_type}");
        assert_eq!(without_token(&answer), GOLDEN);
    }
    let as_digits = format!("email=owner%40harbour.example&password={PASSWORD}&id=37002");
    let request = harbour.call("POST", "/login").body("application/x-www-form-urlencoded", as_digits);
    assert_eq!(harbour.send(request).await.json()["company_id"], SPA);
}

#[tokio::test]
async fn printed_addresses_come_from_configuration_whatever_a_request_says() {
    let harbour = Harbour::open().await;
    let body = json!({ "email": "owner@harbour.example", "password": PASSWORD });
    let mut request = harbour.call("POST", "/login").json(&body);
    for (name, value) in [
        ("X-Forwarded-Host", "evil.example"),
        ("X-Forwarded-Proto", "https"),
        ("Forwarded", "host=evil.example;proto=https"),
        ("Origin", "https://f6b16c23.example"),
    ] {
        request = request.header(name, value);
    }
    assert_eq!(without_token(&harbour.send(request).await), GOLDEN);
}

#[tokio::test]
async fn throttled_answers_are_the_same_for_everybody() {
    let harbour = Harbour::open().await;
    let mut answers = Vec::new();
    for email in ["owner@harbour.example", "nobody@harbour.example"] {
        let body = json!({ "email": email, "password": "wrong" });
        for _ in 0..5 {
            assert_eq!(harbour.send(harbour.call("POST", "/login").json(&body)).await.status, 401);
        }
        let answer = harbour.log_in("/login", email, None).await;
        assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, Some("1")));
        answers.push(said(&answer));
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_in_this_dialects_words() {
    let harbour = Harbour::open().await;
    let body = json!({ "email": "x".repeat(70_000), "password": PASSWORD });
    let answer = harbour.send(harbour.call("POST", "/login").json(&body)).await;
    assert_eq!(answer.status, 413);
    assert!(answer.json()["error"].is_string());
}
