//! When it is we who fail: LeadSquared's name for it, with nothing told of what it is.

use crate::office::{Office, exception};

#[tokio::test]
async fn a_fault_of_ours_says_nothing_of_what_it_is() {
    let office = Office::open().await;
    office.house.spoil_people().await;
    let said = exception(&office.ask_with(&office.key).await);
    assert_eq!(said, (500, "MXInternalException".to_owned(), "Something went wrong on our side.".to_owned()));
}

#[tokio::test]
async fn without_a_database_clients_are_told_when_to_come_back() {
    let office = Office::open().await;
    office.house.core.db().close().await;
    let answer = office.ask_with(&office.key).await;
    let expected = "The service is busy. Please try again shortly.".to_owned();
    assert_eq!(exception(&answer), (503, "MXInternalException".to_owned(), expected));
    assert_eq!(answer.header("retry-after"), Some("5"));
}
