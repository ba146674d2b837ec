//! Trees and branches: another tree is not there, a sideways or upward company is forbidden.

use crate::harbour::{FORBIDDEN, HOST, Harbour, NOT_FOUND, SPA, UNAUTHORIZED, said};
use doorward_testkit::Request;

const PATHS: [(&str, &str); 9] = [
    ("GET", "/admin/{c}/company"),
    ("PUT", "/admin/{c}/company"),
    ("GET", "/admin/{c}/administrators"),
    ("POST", "/admin/{c}/administrators"),
    ("GET", "/admin/{c}/administrators/new"),
    ("GET", "/admin/{c}/administrators/1001"),
    ("DELETE", "/admin/{c}/administrators/1001"),
    ("GET", "/{c}/members/1003"),
    ("GET", "/login/admin/{c}"),
];

async fn sweep(harbour: &Harbour, token: &str, company: &str, expected: (u16, &str)) {
    for (method, path) in PATHS {
        let path = path.replace("{c}", company);
        let answer = harbour.with(token, method, &path).await;
        assert_eq!(said(&answer), (expected.0, expected.1.to_owned()), "{method} {path}");
    }
}

#[tokio::test]
async fn another_tree_answers_like_no_company_at_all() {
    let harbour = Harbour::open().await;
    let owner = harbour.token("owner@harbour.example", 37_001).await;
    sweep(&harbour, &owner, "38001", (404, NOT_FOUND)).await;
    sweep(&harbour, &owner, "99999", (404, NOT_FOUND)).await;
}

#[tokio::test]
async fn sideways_and_upwards_is_forbidden() {
    let harbour = Harbour::open().await;
    let admin = harbour.token("shared@harbour.example", SPA).await;
    sweep(&harbour, &admin, "37001", (403, FORBIDDEN)).await;
    // They have a place at the gym too, but this sign-in is for the spa.
    sweep(&harbour, &admin, "37003", (403, FORBIDDEN)).await;
}

#[tokio::test]
async fn a_person_of_another_tree_is_nobody() {
    let harbour = Harbour::open().await;
    let owner = harbour.token("owner@harbour.example", 37_001).await;
    // Numbers begin anew in every tree, so this one exists in both and must be ours.
    assert_eq!(harbour.foreigner.number, harbour.owner.number);
    let seen = harbour.with(&owner, "GET", "/admin/37001/administrators/1001").await.json();
    assert_eq!(seen["email"], "owner@harbour.example");
    for id in ["1999", "0", "-1", "1001x", "99999999999999999999"] {
        let answer = harbour.with(&owner, "GET", &format!("/admin/37001/administrators/{id}")).await;
        assert_eq!(said(&answer), (404, NOT_FOUND.to_owned()), "{id}");
    }
}

#[tokio::test]
async fn a_token_of_another_trees_application_is_nobodys() {
    let harbour = Harbour::open().await;
    let foreign =
        |request: Request| request.header("App-Id", harbour.foreign_app.application.app_id.as_str());
    let owner = harbour.token("owner@harbour.example", 37_001).await;
    for path in ["/api/v1/login", "/api/v1/admin/37001/company"] {
        let answer = harbour.send(foreign(Request::get(HOST, path)).header("Auth-Token", &owner)).await;
        assert_eq!(said(&answer), (401, UNAUTHORIZED.to_owned()), "{path}");
    }
    assert_eq!(harbour.send(foreign(Request::get(HOST, "/api/v1/company/37001"))).await.status, 404);
    assert_eq!(harbour.stranger.tenant().number.get(), 38_001);
    assert_eq!(harbour.send(foreign(Request::get(HOST, "/api/v1/company/38001"))).await.status, 200);
}
