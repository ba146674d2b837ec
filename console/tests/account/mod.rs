//! The account page: what somebody sees of themselves, and changes.

mod sign_ins;

use crate::browser::{Browser, HOST};
use crate::{link, someone};
use doorward_core::access_keys::{self, NewKey};
use doorward_core::people;
use doorward_model::{Dialect, Language, MailKind};
use doorward_testkit::{House, PASSWORD, Request};
use doorward_web::StatusCode;

const ADA: &str = "ada@northwind.example";
const NEW: &str = "brave kettle hums 1968";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0";

/// A browser that Ada is signed in with.
async fn signed_in(house: &House) -> Browser {
    let browser = Browser::at(house);
    let page = browser.submit("/t/northwind/sign-in", &[("email", ADA), ("password", PASSWORD)]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    browser
}

#[tokio::test]
async fn a_password_is_changed_with_the_present_one_and_ends_other_sign_ins() {
    let house = House::start().await;
    someone(&house).await;
    let (browser, other) = (signed_in(&house).await, signed_in(&house).await);
    let sends = async |current: &str, new: &str, again: &str| {
        let fields = [("current_password", current), ("password", new), ("password_again", again)];
        browser.post("/account/password", &fields).await
    };
    assert!(sends("wrong", NEW, NEW).await.text().contains("not your present password"));
    assert!(sends("", NEW, NEW).await.text().contains("not your present password"));
    assert!(sends(PASSWORD, NEW, "other").await.text().contains("not the same"));
    assert!(sends(PASSWORD, "short", "short").await.text().contains("at least 15"));
    assert!(sends(PASSWORD, "", "").await.text().contains("choose a password"));
    assert_eq!(other.get("/account").await.status, StatusCode::OK);

    let done = sends(PASSWORD, NEW, NEW).await;
    assert_eq!(done.header("location"), Some("/account/password?done=password"));
    assert_eq!(browser.get("/account").await.status, StatusCode::OK, "this sign-in stays");
    assert_eq!(other.get("/account").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_address_is_changed_by_the_link_that_the_new_one_gets() {
    let house = House::start().await;
    let (branch, ada) = someone(&house).await;
    let browser = signed_in(&house).await;
    let asks = async |email: &str, password: &str| {
        browser.post("/account/email", &[("email", email), ("current_password", password)]).await
    };
    assert!(asks("new@northwind.example", "wrong").await.text().contains("not your present password"));
    assert!(asks("no address", PASSWORD).await.text().contains("does not look like"));
    assert!(asks(ADA, PASSWORD).await.text().contains("This is your present address"));
    let asked = asks("new@northwind.example", PASSWORD).await;
    assert_eq!(asked.header("location"), Some("/account/email?done=email"));

    let link = link(&house, MailKind::EmailChange).await;
    // Opened in another browser, where nobody is signed in.
    let phone = Browser::at(&house);
    for _ in 0..2 {
        let page = phone.get(&link).await;
        assert!(page.text().contains("Use this address?") && page.text().contains("new@northwind.example"));
    }
    let is = async |email: &str| {
        let person = people::by_id(&house.core, branch.pool(), ada.id).await.unwrap();
        person.email.as_written() == email
    };
    assert!(is(ADA).await, "mail scanners open links");
    let (page, query) = link.split_once('?').unwrap();
    let fields: Vec<(&str, &str)> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
    let done = phone.post(page, &fields).await;
    assert!(done.text().contains("Your address is changed"), "{}", done.text());
    assert!(done.text().contains("name=\"back\" value=\"/account\""), "the code is no way back any more");
    assert!(is("new@northwind.example").await);
    assert_eq!(phone.post(page, &fields).await.status, StatusCode::BAD_REQUEST);
    assert!(browser.get("/account/email").await.text().contains("new@northwind.example"));
}

#[tokio::test]
async fn a_new_sign_in_is_mailed_once_somebody_wants_it() {
    let house = House::start().await;
    let (branch, ada) = someone(&house).await;
    let browser = signed_in(&house).await;
    assert!(browser.submit("/account/mails", &[("instant", "yes")]).await.text().contains("saved"));
    let page = browser.get("/account/mails").await.text();
    assert!(page.contains("value=\"yes\" checked"), "{page}");
    let person = people::by_id(&house.core, branch.pool(), ada.id).await.unwrap();
    assert!(person.notifications.instant && !person.notifications.wants_digest());
    browser.submit("/account/mails", &[("morning", "yes"), ("evening", "yes")]).await;
    let person = people::by_id(&house.core, branch.pool(), ada.id).await.unwrap().notifications;
    assert!(!person.instant && person.morning && person.evening);
    assert_eq!(browser.get("/account/mails").await.text().matches("checked").count(), 2);
    browser.submit("/account/mails", &[]).await;
    assert!(!browser.get("/account/mails").await.text().contains("checked"));
}

#[tokio::test]
async fn mails_come_in_the_language_that_somebody_chose() {
    let house = House::start().await;
    let (branch, ada) = someone(&house).await;
    let browser = signed_in(&house).await;
    assert!(browser.get("/account/mails").await.text().contains("value=\"en\" lang=\"en\" selected"));
    browser.submit("/account/mails", &[("language", "fr")]).await;
    assert!(browser.get("/account/mails").await.text().contains("value=\"fr\" lang=\"fr\" selected"));
    let person = people::by_id(&house.core, branch.pool(), ada.id).await.unwrap();
    assert_eq!(person.language, Some(Language::Fr));
    browser.submit("/account/mails", &[("language", "xx")]).await;
    let person = people::by_id(&house.core, branch.pool(), ada.id).await.unwrap();
    assert_eq!(person.language, Some(Language::Fr), "what is no language changes nothing");
}

#[tokio::test]
async fn keys_are_shown_without_secrets_and_the_calendar_gets_a_new_address() {
    let house = House::start().await;
    let (branch, ada) = someone(&house).await;
    let new =
        NewKey { person: ada.id, label: "Nightly <b>sync</b>".to_owned(), rate: None, expires_at: None };
    let issued =
        access_keys::create(&house.core, &house.caller, &house.operator, &branch, new).await.unwrap();
    let browser = signed_in(&house).await;
    let page = browser.get("/account/keys").await.text();
    assert!(page.contains(issued.key.name.as_str()) && page.contains("never used"), "{page}");
    assert!(!page.contains(issued.secret.expose()) && !page.contains("<b>sync"));
    assert!(page.contains("no calendar feed"), "no door serves one");

    house.door(Dialect::Salesseek, "northwind.crm.example", Some(&branch)).await;
    let address = async || {
        let page = browser.get("/account/keys").await.text();
        let (_, rest) = page.split_once("http://northwind.crm.example/").unwrap();
        rest.split_once('<').unwrap().0.to_owned()
    };
    let before = address().await;
    assert!(before.starts_with(&format!("users/{}/icalendar_feed?token=", ada.id)), "{before}");
    browser.submit("/account/keys/calendar", &[]).await;
    assert_ne!(address().await, before);
}

#[tokio::test]
async fn everything_is_taken_away_as_one_file_without_secrets() {
    let house = House::start().await;
    someone(&house).await;
    let browser = signed_in(&house).await;
    assert!(browser.get("/account/data").await.text().contains("Ada Example"));
    let file = browser.get("/account/data.json").await;
    assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"account.json\""));
    assert_eq!(file.header("cache-control"), Some("no-store"));
    let all = file.json();
    assert_eq!(all["person"]["email"], ADA);
    assert_eq!(all["places"][0]["role"], "user");
    assert_eq!(all["sign_ins"].as_array().unwrap().len(), 1);
    assert!(all["history"].as_array().unwrap().iter().any(|event| event["what"] == "signed_in"), "{all}");
    let token = browser.cookie().unwrap().split_once('=').unwrap().1.to_owned();
    assert!(!file.text().contains(&token) && !file.text().contains("argon2"));
}

#[tokio::test]
async fn every_page_of_an_account_is_for_its_person_only_and_every_form_from_here() {
    let house = House::start().await;
    someone(&house).await;
    let browser = signed_in(&house).await;
    let cookie = browser.cookie().unwrap();
    let pages = [
        "/account",
        "/account/password",
        "/account/email",
        "/account/mails",
        "/account/keys",
        "/account/data",
        "/account/data.json",
        "/account/terms",
    ];
    let stranger = Browser::at(&house);
    for page in pages {
        let back = format!("?to={}", page.replace('/', "%2F"));
        // The first page is where a sign-in leads anyway.
        let sign_in = format!("/account/sign-in{}", if page == "/account" { "" } else { &back });
        assert_eq!(stranger.get(page).await.header("location"), Some(sign_in.as_str()), "{page}");
        let forged = stranger.send(Request::get(HOST, page).header("cookie", "doorward=forged")).await;
        assert_eq!(forged.header("location"), Some(sign_in.as_str()), "{page}");
    }
    let forms = [
        "/account/sign-ins/end",
        "/account/sign-ins/end-others",
        "/account/password",
        "/account/email",
        "/account/mails",
        "/account/keys/calendar",
        "/account/terms",
        "/account/sign-out",
    ];
    for form in forms {
        let led = stranger.post(form, &[]).await.header("location").unwrap().to_owned();
        if form == "/account/sign-out" {
            assert_eq!(led, "/account/sign-in", "whoever wants to be signed out is");
        } else {
            assert!(led.starts_with("/account/sign-in?") && led.ends_with("lost=yes"), "{form}: {led}");
            assert!(stranger.get(&led).await.text().contains("came too late and did nothing"), "{form}");
        }
        for (name, value) in
            [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example"), ("x-none", "1")]
        {
            let request = Request::post(HOST, form).header("cookie", &cookie).header(name, value);
            let sent = browser_less(&house, request.body(crate::FORM, "instant=yes")).await;
            assert_eq!(sent, StatusCode::FORBIDDEN, "{form} {name}");
        }
        for body in
            [vec![b'a'; 1024 * 1024], b"id=%00&email=%00".to_vec(), b"id=%ff".to_vec(), b"id=1&id=2".to_vec()]
        {
            let request =
                Request::post(HOST, form).header("cookie", &cookie).header("sec-fetch-site", "same-origin");
            let sent = browser_less(&house, request.body("text/plain", body)).await;
            assert!(sent.is_client_error(), "{form}: {sent}");
        }
    }
    assert_eq!(browser.get("/account").await.status, StatusCode::OK, "still signed in");
}

async fn browser_less(house: &House, request: Request) -> StatusCode {
    crate::browser(house).send(request).await.status
}

#[tokio::test]
async fn administrators_find_the_console_and_nobody_else_is_shown_it() {
    let house = House::start().await;
    let (branch, _) = someone(&house).await;
    let (kind, role) = (doorward_model::Kind::Administrator, doorward_model::Role::Admin);
    house.person(&branch, "boss@northwind.example", kind, role).await;
    let boss = Browser::at(&house);
    let fields = [("email", "boss@northwind.example"), ("password", PASSWORD)];
    assert!(boss.submit("/t/northwind/sign-in", &fields).await.text().contains("href=\"/console\""));
    assert!(!signed_in(&house).await.get("/account").await.text().contains("href=\"/console\""));
}
