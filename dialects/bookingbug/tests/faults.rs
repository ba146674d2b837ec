//! When it is we who fail: the dialect's own words, and when to come back.

use crate::harbour::{Harbour, said};

#[tokio::test]
async fn a_fault_of_ours_says_nothing_of_what_it_is() {
    let harbour = Harbour::open().await;
    let token = harbour.token("owner@harbour.example", 37_001).await;
    harbour.house.spoil_people().await;
    let expected = (500, r#"{"error":"Internal Server Error"}"#.to_owned());
    assert_eq!(said(&harbour.log_in("/login", "owner@harbour.example", None).await), expected);
    assert_eq!(said(&harbour.with(&token, "GET", "/login").await), expected);
}

#[tokio::test]
async fn without_a_database_clients_are_told_when_to_come_back() {
    let harbour = Harbour::open().await;
    let token = harbour.token("owner@harbour.example", 37_001).await;
    harbour.house.core.db().close().await;
    let login = harbour.log_in("/login", "owner@harbour.example", None).await;
    for answer in [login, harbour.with(&token, "GET", "/admin/37001/company").await] {
        assert_eq!(said(&answer), (503, r#"{"error":"Busy, try again shortly"}"#.to_owned()));
        assert_eq!(answer.header("retry-after"), Some("5"));
    }
}
