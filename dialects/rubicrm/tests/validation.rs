//! `Validation`: true once, for this door, and never for a mailed code's price.

use crate::guild::{Guild, KEY, OPEN, TRUSTED, UNVERIFIED, classic, row, said, said_classic};
use doorward_core::{people, validation};
use doorward_model::Verified;
use doorward_testkit::Request;
use serde_json::{Value, json};

async fn codes(guild: &Guild) -> (String, String) {
    let row = row(&guild.login(UNVERIFIED).await);
    let text = |name: &str| row[name].as_str().unwrap().to_owned();
    (text("ValidationVal"), text("ValidationID"))
}

async fn verified(guild: &Guild) -> Verified {
    people::by_id(&guild.house.core, guild.branch.pool(), guild.unverified.id).await.unwrap().verified
}

#[tokio::test]
async fn codes_are_good_once_and_then_the_contact_is_verified_at_this_door() {
    let guild = Guild::open().await;
    let (val, id) = codes(&guild).await;
    let named = json!({ "val": val, "id": id });
    assert_eq!(said(&guild.call("Validation", named.clone()).await), (200, json!(true)));
    assert_eq!(said(&guild.call("Validation", named).await), (200, json!(false)));
    let after = guild.login(UNVERIFIED).await;
    assert_eq!(row(&after)["LoginVerified"], json!(true));
    assert_eq!(row(&after)["ValidationVal"], Value::Null);
    assert!(after.header("doorward-session").is_some());
    assert_eq!(verified(&guild).await, Verified::BySelf);
}

#[tokio::test]
async fn the_classic_framing_and_the_names_of_the_login_answer_work_too() {
    let guild = Guild::open().await;
    let (val, id) = codes(&guild).await;
    let wrong = guild.classic(KEY, "Validation", &[&id, &val]).await;
    assert_eq!(said_classic(&wrong), ("200".to_owned(), json!(false)));
    assert_eq!(wrong.text(), r#""{\"ResponseCode\":\"200\",\"ResponseMessage\":\"false\"}""#);
    let named = json!({ "ValidationVal": val, "ValidationID": id });
    assert_eq!(said(&guild.call("validation", named).await), (200, json!(true)));
    let used = guild.client.send(classic(OPEN, "Validation", &json!([val, id]))).await;
    assert_eq!(said_classic(&used).1, json!(false));
}

#[tokio::test]
async fn of_fifty_at_once_one_is_true() {
    let guild = Guild::open().await;
    let (val, id) = codes(&guild).await;
    let calls = (0..50).map(|_| {
        let (client, fields) = (guild.client.clone(), json!({ "val": val, "id": id }));
        tokio::spawn(async move { client.send(Request::post(OPEN, "/api/Validation").json(&fields)).await })
    });
    let mut truths = 0;
    for call in calls.collect::<Vec<_>>() {
        truths += usize::from(said(&call.await.unwrap()) == (200, json!(true)));
    }
    assert_eq!(truths, 1);
}

#[tokio::test]
async fn wrong_missing_and_foreign_codes_are_refused() {
    let guild = Guild::open().await;
    let (val, id) = codes(&guild).await;
    let status = async |fields: Value| said(&guild.call("Validation", fields).await);
    assert_eq!(status(json!({ "val": val })).await.0, 400);
    assert_eq!(status(json!({ "val": "", "id": id })).await.0, 400);
    assert_eq!(status(json!({ "val": val, "id": "12" })).await, (200, json!(false)));
    assert_eq!(status(json!({ "val": "ab".repeat(32), "id": id })).await, (200, json!(false)));
    let other = guild.house.pool("other").await;
    crate::guild::application(&guild.house, &other, "the-key-of-another-pool", false).await;
    let foreign = json!({ "val": val, "id": id, "apikey": "the-key-of-another-pool" });
    let foreign =
        guild.client.send(Request::post(crate::guild::SHARED, "/api/Validation").json(&foreign)).await;
    assert_eq!(said(&foreign), (200, json!(false)));
    guild.house.clock.advance(std::time::Duration::from_secs(60 * 60));
    assert_eq!(status(json!({ "val": val, "id": id })).await, (200, json!(false)), "an hour later");
    assert_eq!(verified(&guild).await, Verified::No);
}

#[tokio::test]
async fn a_mailed_link_verifies_for_every_door_and_codes_do_not_take_that_back() {
    let guild = Guild::open().await;
    let (val, id) = codes(&guild).await;
    let (core, caller) = (&guild.house.core, &guild.house.caller);
    drop(guild.house.mails().await); // The link of the fixture's own making, which the next one voids.
    validation::request(core, caller, &guild.branch, guild.unverified.id).await.unwrap();
    let mails = guild.house.mails().await;
    let link = mails[0].content.link.clone().unwrap();
    assert!(link.starts_with("https://id.example/validate?user_id="), "{link}");
    let token = doorward_model::Secret::new(link.rsplit_once("token=").unwrap().1);
    let by_codes = json!({ "val": token.expose(), "id": id });
    assert_eq!(
        said(&guild.call_with(TRUSTED, "Validation", by_codes).await).1,
        json!(false),
        "another purpose"
    );
    assert!(validation::confirm_mail(core, caller, &token, None).await.unwrap());
    assert!(!validation::confirm_mail(core, caller, &token, None).await.unwrap());
    assert_eq!(said(&guild.call("Validation", json!({ "val": val, "id": id })).await).1, json!(true));
    assert_eq!(verified(&guild).await, Verified::ByMail);
}
