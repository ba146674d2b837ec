//! Doors, as two operators have them open at once.

use super::{operator, shows};
use crate::browser::Browser;
use doorward_model::Dialect;
use doorward_testkit::{Answer, House, PASSWORD};
use doorward_web::StatusCode;
use std::time::Duration;

const DOOR: [(&str, &str); 3] = [("name", "crm"), ("host", "crm.example"), ("dialect", "rubicrm")];

/// Which version a form says it was filled in for.
fn version(page: &Answer) -> String {
    let text = page.text();
    let (_, rest) = text.split_once("name=\"version\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// The address of the page of the one door there is.
fn page(house: &House) -> String {
    format!("/console/doors/{}", house.core.doors().iter().next().unwrap().id)
}

fn at_host<'a>(host: &'a str, version: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("name", "crm"), ("host", host), ("dialect", "rubicrm"), ("version", version)]
}

async fn opened() -> (House, Browser, String) {
    let house = House::start().await;
    let browser = operator(&house).await;
    shows(&browser.submit("/console/doors/new", &DOOR).await, "crm.example");
    let page = page(&house);
    (house, browser, page)
}

#[tokio::test]
async fn whoever_saves_a_door_second_is_told_and_keeps_what_they_typed() {
    let (house, browser, page) = opened().await;
    let (one, two) = (version(&browser.get(&page).await), version(&browser.get(&page).await));
    shows(&browser.submit(&page, &at_host("one.example", &one)).await, "one.example");

    let stale = browser.post(&page, &at_host("two.example", &two)).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    shows(&stale, "Changed meanwhile: look whether what stands here is still right");
    shows(&stale, "value=\"two.example\"");
    shows(&stale, "<dt>Host</dt><dd>one.example</dd>");
    assert!(!stale.text().contains("<dt>Name</dt>"), "what is as it was typed is not told of");
    let blind = browser.post(&page, &at_host("two.example", "")).await;
    shows(&blind, "Changed meanwhile");
    let doors = house.core.doors();
    assert!(doors.resolve("one.example").is_some() && doors.resolve("two.example").is_none());

    let again = version(&stale);
    assert_ne!(again, two, "who was told goes on from what is there now");
    shows(&browser.submit(&page, &at_host("two.example", &again)).await, "two.example");
    assert!(house.core.doors().resolve("two.example").is_some());
}

#[tokio::test]
async fn a_form_that_comes_back_for_want_of_a_password_overwrites_nothing_unseen() {
    let (house, browser, page) = opened().await;
    let old = version(&browser.get(&page).await);
    house.clock.advance(Duration::from_secs(11 * 60));
    let unproven = browser.post(&page, &at_host("mine.example", &old)).await;
    shows(&unproven, "so that we know it is you");
    assert_eq!(version(&unproven), old);

    house.door(Dialect::Rubicrm, "crm", None).await;
    let told = browser.post(&page, &at_host("mine.example", &version(&unproven))).await;
    shows(&told, "Changed meanwhile");
    let proven = [at_host("mine.example", &old), vec![("your_password", PASSWORD)]].concat();
    shows(&browser.post(&page, &proven).await, "Changed meanwhile");
    assert!(house.core.doors().resolve("mine.example").is_none());
}

#[tokio::test]
async fn a_door_that_was_changed_meanwhile_is_not_taken_away() {
    let (house, browser, page) = opened().await;
    let remove = format!("{page}/remove");
    let asked = version(&browser.get(&remove).await);
    browser.submit(&page, &at_host("one.example", &asked)).await;

    let stale = browser.post(&remove, &[("version", &asked)]).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    shows(&stale, "Changed meanwhile: check that it is still the door you mean");
    shows(&stale, "Nobody signs in at one.example any more");
    assert!(house.core.doors().resolve("one.example").is_some());

    browser.submit(&remove, &[("version", &version(&stale))]).await;
    assert!(house.core.doors().resolve("one.example").is_none());
}
