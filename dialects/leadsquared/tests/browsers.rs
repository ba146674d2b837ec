//! Pages of other origins: only those the operator lists, and never with cookies.

use crate::office::{Office, USER, with_headers};
use doorward_model::{Dialect, DoorSettings};
use doorward_testkit::Request;

const HOST: &str = "api.pages.example";
const PAGE: &str = "https://app.example";

async fn office() -> Office {
    let office = Office::open().await;
    let settings = DoorSettings { origins: vec![PAGE.to_owned()], ..DoorSettings::default() };
    office.house.door_with(Dialect::Leadsquared, HOST, None, settings).await;
    office
}

#[tokio::test]
async fn a_listed_page_may_send_the_pair_in_its_headers() {
    let office = office().await;
    let preflight = Request::new("OPTIONS", HOST, USER)
        .header("origin", PAGE)
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "x-lsq-accesskey,x-lsq-secretkey");
    let answer = office.client.send(preflight).await;
    assert_eq!(answer.header("access-control-allow-origin"), Some(PAGE));
    let allowed = answer.header("access-control-allow-headers").unwrap_or_default().to_lowercase();
    assert!(allowed.contains("x-lsq-accesskey") && allowed.contains("x-lsq-secretkey"), "{allowed}");

    let call = with_headers(Request::get(HOST, USER), &office.key).header("origin", PAGE);
    let answer = office.client.send(call).await;
    assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (200, Some(PAGE)));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
}

#[tokio::test]
async fn other_pages_read_nothing() {
    let office = office().await;
    let call = with_headers(Request::get(HOST, USER), &office.key).header("origin", "https://evil.example");
    assert_eq!(office.client.send(call).await.header("access-control-allow-origin"), None);
}
