//! What the HTTP road refuses, in LeadSquared's words.

use crate::office::{HOME, Office, USER, exception};
use doorward_testkit::Request;

#[tokio::test]
async fn unknown_paths_are_not_found_before_anything_else() {
    let office = Office::open().await;
    let paths = [
        "/",
        "/v2",
        "/v2/",
        "/v2/.svc",
        "/v2/Authentication.svc",
        "/v2/Authentication.svc/",
        "/v2/authentication.svc/userbyaccesskey.get",
        "/v2/Authentication.svc/UserByAccessKey.Get/",
        "/v2/Authentication.svc/UserByAccessKey%2EGet",
        "/v1/Authentication.svc/UserByAccessKey.Get",
        "/v2/x/y",
    ];
    for path in paths {
        let (status, kind, _) = exception(&office.client.send(Request::get(HOME, path)).await);
        assert_eq!((status, kind.as_str()), (404, "MXResourceNotFoundException"), "{path}");
    }
}

#[tokio::test]
async fn other_methods_are_refused_before_the_pair_is_looked_at() {
    let office = Office::open().await;
    for method in ["POST", "PUT", "DELETE"] {
        let answer = office.client.send(Request::new(method, HOME, USER)).await;
        let (status, kind, _) = exception(&answer);
        assert_eq!((status, kind.as_str()), (405, "MXMethodNotAllowedException"), "{method}");
        assert_eq!(answer.header("allow"), Some("GET, HEAD, OPTIONS"));
    }
}

#[tokio::test]
async fn an_endless_address_is_refused() {
    let office = Office::open().await;
    let path = format!("{USER}?accessKey={}", "f".repeat(9_000));
    let (status, kind, _) = exception(&office.client.send(Request::get(HOME, &path)).await);
    assert_eq!((status, kind.as_str()), (414, "MXInvalidInputException"));
}

#[tokio::test]
async fn a_get_with_a_body_of_any_kind_is_fine() {
    let office = Office::open().await;
    let path = format!("{USER}?accessKey={}&secretKey={}", office.access_key(), office.secret_key());
    for body in ["", "null", "{broken"] {
        let request = Request::get(HOME, &path).body("application/json", body);
        assert_eq!(office.client.send(request).await.status, 200, "{body:?}");
    }
}
