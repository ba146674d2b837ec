//! The order of checks (path, method, transport, application, body), and how paths and methods are matched.

use crate::toy::{ask, front_with};
use doorward_web::WebSettings;
use serde_json::json;

#[tokio::test]
async fn each_check_comes_before_the_next() {
    let broken = "{\"a\":";
    let no_path = ask("POST /nowhere").json(broken).over_plain_http().send().await;
    assert_eq!(no_path.refusal(), (404, "unknown path".to_owned()));
    let no_method = ask("DELETE /echo").json(broken).over_plain_http().send().await;
    assert_eq!(no_method.refusal(), (405, "method not allowed".to_owned()));
    let plain = ask("POST /echo").json(broken).over_plain_http().send().await;
    assert_eq!(plain.refusal(), (403, "this address is served over https only".to_owned()));
    let stranger = ask("POST /echo").json(broken).send().await;
    assert_eq!(stranger.refusal(), (401, "application refused".to_owned()));
    let unreadable = ask("POST /echo").json(broken).admitted().send().await;
    assert_eq!(unreadable.refusal(), (400, "the JSON is broken".to_owned()));
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let seen = ask("DELETE /things/7").send().await;
    assert_eq!(seen.status, 405);
    assert_eq!(seen.header("allow"), Some("GET, PATCH, HEAD, OPTIONS"));
    let seen = ask("BREW /echo").send().await;
    assert_eq!(seen.header("allow"), Some("POST, OPTIONS"));
    let seen = ask("OPTIONS /echo").send().await;
    assert_eq!((seen.status.as_u16(), seen.header("allow")), (204, Some("POST, OPTIONS")));
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let get = ask("GET /things/7").send().await;
    let head = ask("HEAD /things/7").send().await;
    assert_eq!((head.status.as_u16(), head.text.as_str()), (200, ""));
    assert_eq!(head.header("content-length"), Some(get.text.len().to_string().as_str()));
    assert_eq!(ask("HEAD /nowhere").send().await.status, 404);
    assert_eq!(ask("HEAD /echo").send().await.status, 405);
}

#[tokio::test]
async fn a_word_beats_a_parameter_whatever_the_order_of_routes() {
    assert_eq!(ask("GET /things/new").send().await.json(), json!("new"));
    assert_eq!(ask("GET /things/newer").send().await.json()["id"], "newer");
    // The word's route lacks the method, the parameter's has it.
    assert_eq!(ask("PATCH /things/new").admitted().send().await.json()["id"], "new");
}

#[tokio::test]
async fn paths_are_normalised_by_the_dialect_and_parameters_decoded() {
    assert_eq!(ask("GET /api/things/a%20b%2Fc").send().await.json()["id"], "a b/c");
    for path in ["/things/", "/things/%FF", "/things/%00", "/things/a/b", "//things/7", "/things/7/", "*"] {
        assert_eq!(ask(&format!("GET {path}")).send().await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn plain_http_is_for_this_machine_trusted_proxies_and_those_who_allow_it() {
    let plain = || ask("GET /caller").over_plain_http();
    assert_eq!(plain().send().await.status, 403);
    assert_eq!(plain().header("x-forwarded-proto", "https").send().await.status, 403);
    assert_eq!(plain().peer("127.0.0.1:9").send().await.status, 200);
    assert_eq!(plain().peer("[::1]:9").send().await.status, 200);
    let allowing = front_with(WebSettings { allow_plain_http: true, ..WebSettings::default() });
    assert_eq!(plain().send_to(allowing).await.status, 200);
}
