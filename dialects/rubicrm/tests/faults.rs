//! When it is we who fail: in both framings, with nothing told of what it is, and when to come back.

use crate::guild::{Guild, KEY, PASSWORD, VERIFIED, said, said_classic};
use serde_json::json;

#[tokio::test]
async fn a_fault_of_ours_is_a_sentence_in_either_framing() {
    let guild = Guild::open().await;
    guild.house.spoil_people().await;
    let sentence = json!("Something went wrong on our side.");
    assert_eq!(said(&guild.login(VERIFIED).await), (500, sentence.clone()));
    let classic = guild.classic(KEY, "Login", &[VERIFIED, PASSWORD]).await;
    assert_eq!(said_classic(&classic), ("500".to_owned(), sentence));
}

#[tokio::test]
async fn without_a_database_clients_are_told_when_to_come_back() {
    let guild = Guild::open().await;
    guild.house.core.db().close().await;
    let sentence = json!("The service is busy. Please try again shortly.");
    let named = guild.login(VERIFIED).await;
    assert_eq!(said(&named), (503, sentence.clone()));
    let classic = guild.classic(KEY, "Login", &[VERIFIED, PASSWORD]).await;
    assert_eq!(said_classic(&classic), ("503".to_owned(), sentence));
    for answer in [named, classic] {
        assert_eq!(answer.header("retry-after"), Some("5"));
    }
}
