//! `POST /api/login`.

use crate::stage::{ADMIN, NORTH, SOUTH, STRANGER, Stage, USER, cookie_of, essence, get, post, refusal};
use doorward_core::people;
use doorward_testkit::{PASSWORD, Request};
use serde_json::{Value, json};

/// The seed's sample answer.
const SEED: &str = include_str!("golden/seed_login.json");

#[tokio::test]
async fn the_answer_has_the_seeds_fields_in_the_seeds_order_and_types() {
    let stage = Stage::set().await;
    let answer = stage.log_in(NORTH, USER, PASSWORD).await.json();
    let seed: Value = serde_json::from_str(SEED).unwrap();
    let shape = |value: &Value| -> Vec<(String, &'static str)> {
        let kind = |value: &Value| match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "text",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        value.as_object().unwrap().iter().map(|(name, value)| (name.clone(), kind(value))).collect()
    };
    let mut expected = shape(&seed);
    expected.push(("client".to_owned(), "object"));
    assert_eq!(shape(&answer), expected);
    assert_eq!(shape(&answer["notification_settings"]), shape(&seed["notification_settings"]));
}

#[tokio::test]
async fn the_ids_name_one_user_and_one_client() {
    let stage = Stage::set().await;
    let answer = stage.log_in(NORTH, USER, PASSWORD).await.json();
    let id = stage.user.id.to_string();
    assert_eq!(answer["id"], id);
    assert_eq!(answer["short_id"], id);
    assert_eq!(answer["uri"], format!("users/{id}"));
    assert!(answer["ical_url"].as_str().unwrap().starts_with(&format!("/users/{id}/icalendar_feed?token=")));
    assert_eq!(answer["client_id"], stage.north.tenant().id.to_string());
    assert_eq!(answer["client"]["short_id"], "northwind");
    assert_eq!(answer["created"], "2026-11-22T10:00:00.123456");
    assert_eq!(answer["is_admin"], false);
}

#[tokio::test]
async fn one_cookie_is_set_that_scripts_cannot_read() {
    let stage = Stage::set().await;
    let answer = stage.log_in(NORTH, USER, PASSWORD).await;
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    assert_eq!(cookies.len(), 1);
    let text = cookies[0].to_str().unwrap();
    let (pair, attributes) = text.split_once("; ").unwrap();
    assert_eq!(attributes, "Path=/; HttpOnly; SameSite=Lax");
    let token = pair.strip_prefix("salesseek=").unwrap();
    let lengths: Vec<usize> = token.split('-').map(str::len).collect();
    assert_eq!(lengths, [8, 4, 4, 4, 12], "UUID text form");
    let again = stage.log_in(NORTH, USER, PASSWORD).await;
    assert_ne!(cookie_of(&again), pair, "each sign-in has a token of its own");
}

#[tokio::test]
async fn every_encoding_that_clients_send_is_read() {
    let stage = Stage::set().await;
    let json = json!({ "email_address": USER, "password": PASSWORD }).to_string();
    let form = format!("email_address=user%40northwind.example&password={PASSWORD}");
    let part = |name: &str, value: &str| {
        format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let multipart = format!("{}{}--cut--\r\n", part("email_address", USER), part("password", PASSWORD));
    let alias = json!({ "email": USER, "password": PASSWORD }).to_string();
    for (content_type, body) in [
        ("application/json", json.clone()),
        ("application/x-www-form-urlencoded", json),
        ("application/x-www-form-urlencoded", form.clone()),
        ("application/x-www-form-urlencoded; charset=UTF-8", form),
        ("multipart/form-data; boundary=cut", multipart),
        ("application/json", alias),
    ] {
        let answer = stage.send(post("/api/login").body(content_type, body)).await;
        assert_eq!(answer.status, 200, "{content_type}: {}", answer.text());
    }
}

#[tokio::test]
async fn the_client_id_header_names_the_tenant_where_the_host_names_none() {
    let stage = Stage::set().await;
    let ask = |slug: Option<&str>, path| {
        let request = Request::post("salesseek.test", path);
        let request = match slug {
            Some(slug) => request.header("ClientId", slug),
            None => request,
        };
        request.json(&json!({ "email_address": USER, "password": PASSWORD }))
    };
    assert_eq!(stage.send(ask(Some("northwind"), "/api/login")).await.status, 200);
    assert_eq!(stage.send(ask(Some("southwind"), "/api/login")).await.status, 401);
    assert_eq!(stage.send(ask(Some("nowhere"), "/api/login")).await.status, 404);
    assert_eq!(stage.send(ask(None, "/api/login")).await.status, 404);
    let host_wins = post("/api/login").header("ClientId", "southwind");
    let host_wins = host_wins.json(&json!({ "email_address": USER, "password": PASSWORD }));
    assert_eq!(stage.send(host_wins).await.status, 200);
}

#[tokio::test]
async fn nobody_can_tell_why_a_sign_in_was_refused() {
    let stage = Stage::set().await;
    let (house, north) = (&stage.house, &stage.north);
    people::disable(&house.core, &house.caller, &house.operator, north, stage.admin.id).await.unwrap();
    let wrong = stage.log_in(NORTH, USER, "not the password at all").await;
    assert_eq!(refusal(&wrong), (401, "The e-mail address or password is wrong.".to_owned()));
    for (email, password, why) in [
        ("nobody@northwind.example", PASSWORD, "unknown"),
        (ADMIN, PASSWORD, "inactive"),
        (STRANGER, PASSWORD, "of another tenant"),
        ("not an address", PASSWORD, "no address"),
        (USER, "", "an empty password"),
    ] {
        let refused = stage.log_in(NORTH, email, password).await;
        assert_eq!(essence(&refused), essence(&wrong), "{why}");
    }
}

#[tokio::test]
async fn what_is_missing_or_of_the_wrong_kind_is_said() {
    let stage = Stage::set().await;
    for (body, detail) in [
        (json!({}), "email_address: is required."),
        (json!({ "email_address": USER }), "password: is required."),
        (json!({ "email_address": [USER], "password": PASSWORD }), "email_address: expected text."),
        (json!({ "email_address": USER, "password": 4711 }), "password: expected text."),
    ] {
        let answer = stage.send(post("/api/login").json(&body)).await;
        assert_eq!(refusal(&answer), (400, detail.to_owned()), "{body}");
    }
    let broken = stage.send(post("/api/login").body("application/json", "{\"email_address\":")).await;
    assert_eq!(refusal(&broken).0, 400);
}

#[tokio::test]
async fn too_many_failures_are_throttled_alike_for_known_and_unknown_accounts() {
    let stage = Stage::set().await;
    let mut answers = Vec::new();
    for email in [USER, "nobody@northwind.example"] {
        for _ in 0..5 {
            assert_eq!(stage.log_in(NORTH, email, "wrong, and long enough").await.status, 401);
        }
        let throttled = stage.log_in(NORTH, email, PASSWORD).await;
        assert_eq!(throttled.header("retry-after"), Some("1"));
        answers.push(essence(&throttled));
    }
    assert_eq!(answers[0].0, 429);
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn the_order_of_checks_is_path_method_tenant_body() {
    let stage = Stage::set().await;
    let broken =
        |method: &str, host: &str, path: &str| Request::new(method, host, path).body("application/json", "{");
    assert_eq!(stage.send(broken("POST", "nowhere.salesseek.test", "/api/nothing")).await.status, 404);
    let method = stage.send(broken("PUT", "nowhere.salesseek.test", "/api/login")).await;
    assert_eq!(refusal(&method), (405, "This address does not answer that method.".to_owned()));
    assert_eq!(stage.send(broken("POST", "nowhere.salesseek.test", "/api/login")).await.status, 404);
    assert_eq!(stage.send(broken("POST", SOUTH, "/api/login")).await.status, 400);
    let signed_out = stage.send(get("/api/users")).await;
    assert_eq!(refusal(&signed_out), (401, "You are not signed in.".to_owned()));
}
