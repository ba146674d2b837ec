//! Pages of other origins: what a browser is told.

use crate::toy::{Ask, ask};

const GRANT: &str = "access-control-allow-origin";

fn preflight(origin: &str) -> Ask {
    ask("OPTIONS /things/7").header("origin", origin).header("access-control-request-method", "PATCH")
}

#[tokio::test]
async fn an_allowed_origin_may_call() {
    let seen = preflight("https://app.example").send().await;
    assert_eq!((seen.status.as_u16(), seen.text.as_str()), (204, ""));
    assert_eq!(seen.header(GRANT), Some("https://app.example"));
    assert_eq!(seen.header("access-control-allow-credentials"), Some("true"));
    assert_eq!(seen.header("access-control-allow-methods"), Some("GET, PATCH, HEAD, OPTIONS"));
    assert_eq!(seen.header("access-control-allow-headers"), Some("App-Id, Content-Type"));
    assert_eq!(seen.header("vary"), Some("Origin"));
}

#[tokio::test]
async fn an_allowed_origin_may_read_answers_and_refusals() {
    for path in ["/things/7", "/nowhere", "/fault", "/panic"] {
        let seen = ask(&format!("GET {path}")).header("origin", "https://app.example").send().await;
        assert_eq!(seen.header(GRANT), Some("https://app.example"), "{path}");
        assert_eq!(seen.header("access-control-expose-headers"), Some("Auth-Token"));
        assert_eq!(seen.header("vary"), Some("Origin"));
    }
}

#[tokio::test]
async fn every_other_origin_is_granted_nothing() {
    for origin in [
        "https://app.example.evil",
        "http://app.example",
        "https://app.example:8443",
        "https://APP.example",
        "https://evil.app.example",
        "null",
        "*",
        "",
    ] {
        for ask in [preflight(origin), ask("GET /things/7").header("origin", origin)] {
            let seen = ask.send().await;
            let granted = seen.headers.keys().filter(|name| name.as_str().starts_with("access-control"));
            assert_eq!(granted.count(), 0, "{origin}");
            assert_eq!(seen.header("vary"), Some("Origin"));
        }
    }
}

#[tokio::test]
async fn a_preflight_for_an_unknown_path_is_an_unknown_path() {
    let ask = ask("OPTIONS /nowhere").header("origin", "https://app.example");
    assert_eq!(ask.header("access-control-request-method", "GET").send().await.status, 404);
}

#[tokio::test]
async fn programs_see_nothing_of_it() {
    let seen = ask("GET /things/7").send().await;
    assert_eq!((seen.header(GRANT), seen.header("vary")), (None, None));
}
