//! Pages of other origins: the door's and the application's own may call, nobody else's.

use crate::harbour::{HOST, Harbour};
use doorward_testkit::Request;

const GRANT: &str = "access-control-allow-origin";

fn preflight(origin: &str) -> Request {
    let request = Request::new("OPTIONS", HOST, "/api/v1/login").header("Origin", origin);
    request.header("Access-Control-Request-Method", "POST")
}

#[tokio::test]
async fn configured_origins_are_granted_what_clients_need() {
    let harbour = Harbour::open().await;
    for origin in ["https://door.example", "https://f6b16c23.example", "https://aaaa1111.example"] {
        let answer = harbour.send(preflight(origin)).await;
        assert_eq!((answer.status.as_u16(), answer.header(GRANT)), (204, Some(origin)));
        assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
        let allowed = answer.header("access-control-allow-headers");
        assert_eq!(allowed, Some("Content-Type, App-Id, App-Key, Auth-Token"));
    }
}

#[tokio::test]
async fn an_answer_is_readable_by_its_own_applications_pages_only() {
    let harbour = Harbour::open().await;
    for (origin, granted) in [
        ("https://door.example", true),
        ("https://f6b16c23.example", true),
        ("https://aaaa1111.example", false),
        ("https://evil.example", false),
    ] {
        let answer = harbour.send(harbour.call("GET", "/login").header("Origin", origin)).await;
        assert_eq!(answer.header(GRANT), Some(origin).filter(|_| granted));
        assert_eq!(answer.header("access-control-expose-headers"), Some("Auth-Token").filter(|_| granted));
    }
}

#[tokio::test]
async fn a_look_alike_is_granted_nothing() {
    let harbour = Harbour::open().await;
    for origin in
        ["https://f6b16c2_.example", "https://%.example", "https://F6B16C23.example", "null", "", "\""]
    {
        assert_eq!(harbour.send(preflight(origin)).await.header(GRANT), None, "{origin}");
    }
}
