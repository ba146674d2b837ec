//! Links that were real and work no more: what their page says, and where it leads.

use crate::{HOST, browser, link, reset_link, someone, submit};
use doorward_core::invite;
use doorward_core::links::LinkForm;
use doorward_core::people::{NewPassword, NewPerson};
use doorward_core::{Branch, tenants};
use doorward_model::{Email, Kind, MailKind, NotificationSettings, Profile, Role, Verified};
use doorward_testkit::{Answer, Client, House, PASSWORD, Request};
use doorward_web::StatusCode;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The page of a dead link, opened.
async fn opened(browser: &Client, link: &str) -> Answer {
    let page = browser.send(Request::get(HOST, link)).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "{link}");
    page
}

fn tells(page: &Answer, all: &[&str]) {
    for told in all {
        assert!(page.text().contains(told), "{told}: {}", page.text());
    }
    assert!(!page.text().contains("@northwind.example"), "it says nothing of the person");
}

#[tokio::test]
async fn a_reset_link_leads_to_the_sign_in_and_to_a_new_one() {
    let house = House::start().await;
    let (branch, person) = someone(&house).await;
    let (browser, replaced) = (browser(&house), reset_link(&house, &branch, &person).await);
    let used = reset_link(&house, &branch, &person).await;
    let fields = "password=brave+kettle+hums+1968&password_again=brave+kettle+hums+1968";
    assert_eq!(submit(&browser, &used, fields).await.status, StatusCode::OK);
    let ways = ["Northwind", r#"href="/t/northwind/forgot""#, r#"href="/t/northwind/sign-in""#];
    for link in [&replaced, &used] {
        tells(&opened(&browser, link).await, &ways);
    }
    // Pressed a second time.
    tells(&submit(&browser, &used, fields).await, &ways);
    let expired = reset_link(&house, &branch, &person).await;
    house.clock.advance(DAY);
    let page = opened(&browser, &expired).await;
    tells(&page, &ways);
    // Choosing a language there leads on, and takes the code nowhere.
    tells(&page, &[r#"name="back" value="/t/northwind/forgot""#]);
}

#[tokio::test]
async fn a_code_of_another_purpose_or_of_a_closed_tenant_leads_nowhere() {
    let house = House::start().await;
    let (branch, person) = someone(&house).await;
    let child = house.child("northwind-shop", &branch).await;
    let (browser, dead) = (browser(&house), reset_link(&house, &child, &person).await);
    let live = reset_link(&house, &child, &person).await;
    let leads_nowhere = async |link: &str| {
        let page = opened(&browser, link).await.text();
        assert!(!page.contains("Northwind") && !page.contains("ada@"), "{page}");
    };
    leads_nowhere(&dead.replacen("/reset", "/invitation", 1)).await;
    tells(&opened(&browser, &dead).await, &["northwind-shop"]);
    assert_eq!(browser.send(Request::get(HOST, &live)).await.status, StatusCode::OK);
    // What is below a closed tenant is closed.
    tenants::suspend(&house.core, &house.caller, &house.operator, &branch).await.unwrap();
    for link in [&dead, &live] {
        leads_nowhere(link).await;
    }
}

/// Somebody who is invited, and the link that they got.
async fn invited(house: &House, branch: &Branch) -> String {
    let new = NewPerson {
        email: Email::parse("ida@northwind.example").unwrap(),
        profile: Profile::default(),
        kind: Kind::User,
        role: Role::User,
        standing: None,
        verified: Verified::No,
        password: NewPassword::None,
        notifications: NotificationSettings::default(),
        language: None,
    };
    let (core, caller, operator) = (&house.core, &house.caller, &house.operator);
    invite::invite(core, caller, operator, branch, new, LinkForm::INVITATION).await.unwrap();
    link(house, MailKind::Invitation).await
}

#[tokio::test]
async fn an_invitation_leads_to_a_password_or_to_the_sign_in() {
    let house = House::start().await;
    let branch = house.pool("northwind").await;
    let (browser, invitation) = (browser(&house), invited(&house, &branch).await);
    house.clock.advance(branch.policy().invitation_lifetime + DAY);
    tells(&opened(&browser, &invitation).await, &["It is too old", r#"href="/t/northwind/forgot""#]);
    // That way works for somebody who never had a password.
    let asked = Request::post(HOST, "/t/northwind/forgot").body(crate::FORM, "email=ida%40northwind.example");
    assert_eq!(browser.send(asked).await.status, StatusCode::OK);
    let reset = link(&house, MailKind::Reset).await;
    let fields = "password=brave+kettle+hums+1968&password_again=brave+kettle+hums+1968";
    assert_eq!(submit(&browser, &reset, fields).await.status, StatusCode::OK);
    let page = opened(&browser, &invitation).await;
    tells(&page, &["You have chosen your password already", r#"href="/t/northwind/sign-in""#]);
}

#[tokio::test]
async fn a_validation_link_gets_another_until_the_address_is_confirmed() {
    let house = House::start().await;
    let branch = house.pool("northwind").await;
    let change = |new: &mut NewPerson| new.verified = Verified::No;
    house.person_with(&branch, "ida@northwind.example", Kind::Contact, Role::User, change).await;
    let (browser, old) = (browser(&house), link(&house, MailKind::Validation).await);
    house.clock.advance(DAY);
    let page = opened(&browser, &old).await;
    tells(&page, &["We can send you another", r#"action="/validate/again""#]);
    // What waited until now.
    house.mails().await;
    let (_, parameters) = old.split_once('?').unwrap();
    let again = Request::post(HOST, "/validate/again").body(crate::FORM, parameters.to_owned());
    let sent = browser.send(again.clone()).await;
    assert_eq!(sent.status, StatusCode::OK);
    tells(&sent, &["a mail with a new link is on its way", r#"name="back" value="/t/northwind/sign-in""#]);
    let newer = link(&house, MailKind::Validation).await;
    assert_ne!(newer, old);
    assert_eq!(submit(&browser, &newer, "").await.status, StatusCode::OK);
    for link in [&old, &newer] {
        tells(&opened(&browser, link).await, &["is confirmed already"]);
    }
    // Whoever asks is told the same, and nothing is sent.
    let sent = browser.send(again).await;
    tells(&sent, &["a mail with a new link is on its way"]);
    assert!(house.mails().await.is_empty());
    let forged =
        Request::post(HOST, "/validate/again").body(crate::FORM, format!("token={}", "0".repeat(64)));
    assert_eq!(browser.send(forged).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_link_that_changes_an_address_leads_to_where_another_is_asked_for() {
    let house = House::start().await;
    someone(&house).await;
    let browser = browser(&house);
    let signed_in = crate::browser::Browser::at(&house);
    let fields = [("email", "ada@northwind.example"), ("password", PASSWORD)];
    signed_in.submit("/t/northwind/sign-in", &fields).await;
    signed_in
        .post("/account/email", &[("email", "new@elsewhere.example"), ("current_password", PASSWORD)])
        .await;
    let link = link(&house, MailKind::EmailChange).await;
    house.clock.advance(DAY);
    let page = opened(&browser, &link).await;
    tells(&page, &["Sign in to see which address", r#"href="/t/northwind/sign-in?to=%2Faccount%2Femail""#]);
}
