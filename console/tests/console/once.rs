//! Forms that are sent twice: by a second press, a reload, a step back.

use super::{copied, operator, shows};
use crate::browser::Browser;
use doorward_core::access_keys::{self, ListedKey};
use doorward_core::{Branch, applications, verify};
use doorward_model::{AccessKeyId, ApplicationId, Kind, MailKind, Role, Secret};
use doorward_testkit::{Answer, House};
use doorward_web::StatusCode;
use uuid::Uuid;

const BEFORE: &str = "This form was sent before, and what it asks for was made then.";

/// A hidden field of a page.
fn hidden(page: &Answer, name: &str) -> String {
    let text = page.text();
    let (_, rest) = text.split_once(&format!(r#"name="{name}" value=""#)).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// What a browser sends with the form of a page, and again with the same.
async fn twice(browser: &Browser, page: &str, to: &str, typed: &[(&str, &str)]) -> (Answer, Answer) {
    let once = hidden(&browser.get(page).await, "once");
    let fields = [typed, &[("once", once.as_str())]].concat();
    (browser.post(to, &fields).await, browser.post(to, &fields).await)
}

async fn keys(house: &House, branch: &Branch) -> Vec<ListedKey> {
    let first = (AccessKeyId::new(Uuid::nil()), 10);
    access_keys::list_after(&house.core, &house.operator, branch, None, first).await.unwrap()
}

#[tokio::test]
async fn what_has_a_secret_is_made_once_and_the_second_answer_says_so() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    house.person(&pool, "uma@harbour.example", Kind::User, Role::User).await;
    let browser = operator(&house).await;
    let at = format!("/console/tenants/{}", pool.tenant().id);

    let list = format!("{at}/keys");
    let typed = [("email", "uma@harbour.example"), ("label", "export")];
    let (first, second) = twice(&browser, &list, &list, &typed).await;
    assert_eq!(copied(&first, "Secret key").len(), 64);
    shows(&second, BEFORE);
    assert_eq!(keys(&house, &pool).await.len(), 1);
    // A step back, and another one typed into the same form.
    let once = hidden(&browser.get(&list).await, "once");
    for label in ["import", "sync"] {
        let fields = [("email", "uma@harbour.example"), ("label", label), ("once", once.as_str())];
        assert_eq!(copied(&browser.post(&list, &fields).await, "Secret key").len(), 64, "{label}");
    }
    assert_eq!(keys(&house, &pool).await.len(), 3);

    let new = format!("{at}/applications/new");
    let (first, second) = twice(&browser, &new, &new, &[("name", "Shop"), ("with_key", "1")]).await;
    assert!(!copied(&first, "App-Key").is_empty());
    shows(&second, BEFORE);
    let (first, second) = twice(&browser, &new, &new, &[("name", "Kiosk")]).await;
    assert_eq!(first.header("location"), second.header("location"));
    let nil = ApplicationId::new(Uuid::nil());
    let programs = applications::list_after(&house.core, &house.operator, &pool, nil, 10).await.unwrap();
    assert_eq!(programs.len(), 2);

    let here = format!("{at}/applications/{}", programs[0].application.id);
    let (first, second) =
        twice(&browser, &here, &format!("{here}/tokens"), &[("label", "nightly"), ("audience", "*")]).await;
    assert!(!copied(&first, "Token").is_empty());
    shows(&second, BEFORE);
    assert_eq!(browser.get(&here).await.text().matches("nightly").count(), 1);
}

#[tokio::test]
async fn people_tenants_and_places_are_made_once_and_led_to_twice() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    house.child("harbour-spa", &pool).await;
    let browser = operator(&house).await;
    let at = format!("/console/tenants/{}", pool.tenant().id);

    let new = format!("{at}/people/new");
    let typed = [("email", "ida@harbour.example"), ("kind", "user"), ("role", "user")];
    let (first, second) = twice(&browser, &new, &new, &typed).await;
    assert_eq!(second.status, StatusCode::SEE_OTHER, "{}", second.text());
    assert_eq!(first.header("location"), second.header("location"));
    let invited = house.mails().await.iter().filter(|mail| mail.kind == MailKind::Invitation).count();
    assert_eq!(invited, 1);

    let person = first.header("location").unwrap().split('?').next().unwrap().to_owned();
    let place = [("at", "harbour-spa"), ("kind", "member"), ("role", "user")];
    let (first, second) =
        twice(&browser, &format!("{person}/places/new"), &format!("{person}/places/new"), &place).await;
    assert_eq!(second.status, StatusCode::SEE_OTHER, "{}", second.text());
    assert_eq!(first.header("location"), second.header("location"));

    let new = "/console/tenants/new";
    let (first, second) =
        twice(&browser, new, new, &[("display_name", "Quayside"), ("slug", "quayside")]).await;
    assert_eq!(second.status, StatusCode::SEE_OTHER, "{}", second.text());
    assert_eq!(first.header("location"), second.header("location"));
}

#[tokio::test]
async fn a_link_for_an_operator_and_a_file_are_made_once() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let browser = operator(&house).await;
    let new = "/console/operators/new";
    let (first, second) = twice(&browser, new, new, &[]).await;
    assert!(copied(&first, "Link").contains("code="));
    shows(&second, BEFORE);
    assert_eq!(browser.get("/console/operators").await.text().matches("Take back</button>").count(), 1);

    let works = format!("/console/tenants/{}/works", pool.tenant().id);
    let (first, second) = twice(&browser, &works, &format!("{works}/export"), &[("of", "people")]).await;
    let page = |answer: &Answer| answer.header("location").unwrap().split('?').next().unwrap().to_owned();
    assert_eq!(page(&first), page(&second), "not told that it was not begun");
}

#[tokio::test]
async fn a_secret_that_is_renewed_twice_by_mistake_lets_the_program_go_on() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    house.person(&pool, "uma@harbour.example", Kind::User, Role::User).await;
    let browser = operator(&house).await;
    let list = format!("/console/tenants/{}/keys", pool.tenant().id);
    let made = browser.post(&list, &[("email", "uma@harbour.example"), ("label", "export")]).await;
    let (name, secret) = (copied(&made, "Access key"), Secret::new(copied(&made, "Secret key")));
    let act = format!("{list}/{}/act", keys(&house, &pool).await[0].key.id);
    let version = hidden(&browser.get(&format!("{act}?step=rotate")).await, "version");
    let fields = [("step", "rotate"), ("version", version.as_str()), ("overlap", "day")];
    let newer = Secret::new(copied(&browser.post(&act, &fields).await, "Secret key"));
    let again = browser.post(&act, &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    shows(&again, "it may have its new secret already");
    for good in [&secret, &newer] {
        verify::access_key(&house.core, &house.caller, &name, good).await.unwrap();
    }

    let new = format!("/console/tenants/{}/applications/new", pool.tenant().id);
    browser.post(&new, &[("name", "Shop"), ("app_id", "shop-1"), ("with_key", "1")]).await;
    let nil = ApplicationId::new(Uuid::nil());
    let program = async || {
        let listed = applications::list_after(&house.core, &house.operator, &pool, nil, 10).await.unwrap();
        listed[0].application.clone()
    };
    let act = format!("/console/tenants/{}/applications/{}/act", pool.tenant().id, program().await.id);
    let version = hidden(&browser.get(&format!("{act}?step=rotate")).await, "version");
    let fields = [("step", "rotate"), ("version", version.as_str()), ("overlap", "day")];
    assert!(!copied(&browser.post(&act, &fields).await, "App-Key").is_empty());
    let rotated = program().await.version;
    let again = browser.post(&act, &fields).await;
    shows(&again, "it may have its new secret already");
    assert_eq!(program().await.version, rotated);
}
