//! When it is we who fail: the door's own words, and when to come back.

use crate::stage::{NORTH, Stage, USER, get, refusal};
use doorward_testkit::PASSWORD;

#[tokio::test]
async fn a_fault_of_ours_says_nothing_of_what_it_is() {
    let stage = Stage::set().await;
    let cookie = stage.cookie(USER).await;
    stage.house.spoil_people().await;
    let expected = (500, "Something went wrong on our side.".to_owned());
    assert_eq!(refusal(&stage.log_in(NORTH, USER, PASSWORD).await), expected);
    assert_eq!(refusal(&stage.send(get("/api/users").header("cookie", &cookie)).await), expected);
}

#[tokio::test]
async fn without_a_database_clients_are_told_when_to_come_back() {
    let stage = Stage::set().await;
    let cookie = stage.cookie(USER).await;
    stage.house.core.db().close().await;
    let login = stage.log_in(NORTH, USER, PASSWORD).await;
    let users = stage.send(get("/api/users").header("cookie", &cookie)).await;
    for answer in [login, users] {
        let expected = (503, "The service is busy. Please try again shortly.".to_owned());
        assert_eq!(refusal(&answer), expected);
        assert_eq!(answer.header("retry-after"), Some("5"));
    }
}
