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

#[tokio::test]
async fn a_page_of_another_site_cannot_sign_its_visitor_in_nor_use_their_cookie_for_anything() {
    let stage = Stage::set().await;
    let cookie = stage.cookie(USER).await;
    let credentials = json!({ "email_address": USER, "password": PASSWORD });
    let forgotten = json!({ "email_address": USER });
    let login = || Request::post(NORTH, "/api/login").json(&credentials);
    let ask = || Request::post(NORTH, "/api/forgotten").json(&forgotten);
    let reset = || Request::post(NORTH, "/api/reset").json(&json!({}));
    for request in [login(), login().header("cookie", &cookie), ask().header("cookie", &cookie)] {
        let refused = stage.send(request.header("origin", "https://evil.example")).await;
        assert_eq!(refusal(&refused), (403, "Cross-site request refused.".to_owned()));
        assert_eq!(refused.header("set-cookie"), None);
    }
    let refused = reset().header("cookie", &cookie).header("sec-fetch-site", "cross-site");
    assert_eq!(stage.send(refused).await.status, 403);
    let own = login().header("cookie", &cookie).header("sec-fetch-site", "same-origin");
    assert_eq!(stage.send(own).await.status, 200);
    assert_eq!(stage.send(ask()).await.status, 200, "a program without a cookie");
}
