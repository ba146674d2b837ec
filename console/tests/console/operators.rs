//! Operators: another is invited, one is taken away, a password is changed.

use super::{OPERATOR, copied, operator, shows, signed_in};
use crate::browser::Browser;
use doorward_model::{Kind, Role};
use doorward_testkit::{House, PASSWORD};
use doorward_web::StatusCode;
use std::time::Duration;

const NEW: &str = "gentle harbour lamps 88";

#[tokio::test]
async fn another_operator_comes_by_a_link_and_is_taken_away_again() {
    let house = House::start().await;
    let browser = operator(&house).await;
    let link = copied(&browser.post("/console/operators/new", &[]).await, "Link");
    let path = link.strip_prefix("https://id.example").unwrap();
    let code = path.split_once("code=").unwrap().1;
    let theirs = Browser::at(&house);
    let fill = [
        ("code", code),
        ("email", "bob@operators.example"),
        ("password", PASSWORD),
        ("password_again", PASSWORD),
    ];
    theirs.submit("/console/welcome", &fill).await;
    let list = browser.get("/console/operators").await;
    shows(&list, "bob@operators.example");
    let text = list.text();
    let bobs = text.split("bob@operators.example").nth(1).unwrap().split("href=\"").nth(1).unwrap();
    let remove = bobs.split('"').next().unwrap();
    shows(&browser.get(remove).await, "Take bob@operators.example away?");
    shows(&browser.submit(remove, &[]).await, "Taken away");
    assert_eq!(theirs.get("/console").await.status, StatusCode::SEE_OTHER, "signed out at once");
    let own = text.split(OPERATOR).nth(2).unwrap().split("href=\"").nth(1).unwrap();
    let last = browser.post(own.split('"').next().unwrap(), &[]).await;
    assert_eq!(last.status, StatusCode::UNPROCESSABLE_ENTITY);
    shows(&last, "the last operator stays");
}

#[tokio::test]
async fn a_link_that_nobody_opened_is_seen_and_taken_back() {
    let house = House::start().await;
    let browser = operator(&house).await;
    assert!(!browser.get("/console/operators").await.text().contains("nobody has opened"));
    let link = copied(&browser.post("/console/operators/new", &[]).await, "Link");
    let path = link.strip_prefix("https://id.example").unwrap();
    let list = browser.get("/console/operators").await;
    shows(&list, "Links that nobody has opened yet");
    let text = list.text();
    assert!(!text.contains(path.split_once("code=").unwrap().1), "its code is not known any more");
    let withdraw = text.split("/console/operators/links/").nth(1).unwrap().split('"').next().unwrap();
    let withdraw = format!("/console/operators/links/{withdraw}");
    shows(&browser.submit(&withdraw, &[]).await, "No such link is open any more.");
    shows(&browser.submit(&withdraw, &[]).await, "No such link is open any more.");
    shows(&Browser::at(&house).get(path).await, "does not work any more");
    shows(&browser.get("/console/events").await, "took back a link for a new operator");
    let pool = house.pool("harbour").await;
    house.person(&pool, "boss@harbour.example", Kind::Administrator, Role::Owner).await;
    let boss = signed_in(&house, "harbour", "boss@harbour.example").await;
    assert_eq!(boss.post(&withdraw, &[]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_link_is_made_with_the_password_of_whoever_signed_in_a_while_ago() {
    let house = House::start().await;
    let browser = operator(&house).await;
    house.clock.advance(Duration::from_secs(11 * 60));
    let unproven = browser.post("/console/operators/new", &[]).await;
    assert_eq!(unproven.status, StatusCode::UNPROCESSABLE_ENTITY);
    let proven = browser.post("/console/operators/new", &[("your_password", PASSWORD)]).await;
    assert!(copied(&proven, "Link").contains("/console/welcome?code="));
}

#[tokio::test]
async fn a_new_password_takes_the_old_ones_place_and_signs_out_elsewhere() {
    let house = House::start().await;
    let browser = operator(&house).await;
    let elsewhere = signed_in(&house, "", OPERATOR).await;
    let change = |present, new, again| [("present", present), ("password", new), ("password_again", again)];
    for (fields, why) in [
        (change("wrong", NEW, NEW), "That is not your password"),
        (change(PASSWORD, NEW, "another"), "not the same"),
        (change(PASSWORD, "short", "short"), "Please choose another password"),
    ] {
        let refused = browser.post("/console/operators/password", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        shows(&refused, why);
    }
    shows(
        &browser.submit("/console/operators/password", &change(PASSWORD, NEW, NEW)).await,
        "Your new password is set",
    );
    assert_eq!(browser.get("/console").await.status, StatusCode::OK);
    assert_eq!(elsewhere.get("/console").await.status, StatusCode::SEE_OTHER);
    let old = [("organisation", ""), ("email", OPERATOR), ("password", PASSWORD)];
    let refused = Browser::at(&house).post("/console/sign-in", &old).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn an_administrator_makes_no_operators() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    house.person(&pool, "ben@harbour.example", Kind::Administrator, Role::Owner).await;
    let browser = signed_in(&house, "harbour", "ben@harbour.example").await;
    assert!(!browser.get("/console").await.text().contains("/console/operators"));
    for path in ["/console/operators/new", "/console/operators/password"] {
        assert_eq!(browser.post(path, &[]).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}
