//! Pages that call from a browser: which origins may (CORS), and who may use somebody's cookie (CSRF).

use crate::stage::{NORTH, Stage, USER, delete, get, refusal};
use doorward_testkit::{PASSWORD, Request};
use serde_json::json;

const ALLOWED: &str = "https://mail.northwind.example";

#[tokio::test]
async fn a_page_of_an_allowed_origin_signs_in_with_credentials() {
    let stage = Stage::set().await;
    let preflight = Request::new("OPTIONS", NORTH, "/api/login")
        .header("origin", ALLOWED)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type");
    let preflight = stage.send(preflight).await;
    assert_eq!(preflight.status, 204);
    assert_eq!(preflight.header("access-control-allow-origin"), Some(ALLOWED));
    assert_eq!(preflight.header("access-control-allow-credentials"), Some("true"));
    let login = Request::post(NORTH, "/api/login").header("origin", ALLOWED);
    let login = stage.send(login.json(&json!({ "email_address": USER, "password": PASSWORD }))).await;
    assert_eq!(login.status, 200);
    assert_eq!(login.header("access-control-allow-origin"), Some(ALLOWED));
    let exposed = login.header("access-control-expose-headers");
    assert_eq!(exposed, Some("Records-Total, Records-Start, Records-Rows"));
}

#[tokio::test]
async fn other_origins_read_nothing() {
    let stage = Stage::set().await;
    for origin in ["https://evil.example", "https://mail.northwind.example.evil", "null"] {
        let answer = stage.send(get("/api/users").header("origin", origin)).await;
        assert_eq!(answer.header("access-control-allow-origin"), None, "{origin}");
    }
}

#[tokio::test]
async fn a_page_of_another_site_cannot_use_the_cookie_to_change_anything() {
    let stage = Stage::set().await;
    let cookie = stage.cookie(USER).await;
    let with = |headers: &[(&str, &str)]| {
        let request = delete("/api/logout").header("cookie", &cookie);
        headers.iter().fold(request, |request, (name, value)| request.header(name, value))
    };
    for headers in [
        &[("origin", "https://evil.example")][..],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "cross-site"), ("origin", "null")],
        &[("sec-fetch-site", "same-site"), ("origin", "http://southwind.salesseek.test")],
    ] {
        let refused = stage.send(with(headers)).await;
        assert_eq!(refusal(&refused), (403, "Cross-site request refused.".to_owned()), "{headers:?}");
        assert!(stage.is_signed_in(&cookie).await);
    }
    let allowed = [("sec-fetch-site", "cross-site"), ("origin", ALLOWED)];
    assert_eq!(stage.send(with(&allowed)).await.status, 200);
}
