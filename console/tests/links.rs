//! The forms behind mailed links.

use crate::{HOST, browser, link, reset_link, someone, submit};
use doorward_core::sign_in;
use doorward_model::{Kind, MailKind, Role, Secret, SessionScheme, Verified};
use doorward_testkit::{House, Request};
use doorward_web::StatusCode;

const NEW: &str = "brave kettle hums 1968";

async fn signs_in(house: &House, branch: &doorward_core::Branch, password: &str) -> bool {
    let attempt = sign_in::PasswordAttempt {
        wanted: sign_in::Wanted::Tenant {
            pool: branch.pool(),
            tenant: branch.tenant().id,
            kinds: &[Kind::User],
        },
        email: "ada@northwind.example".to_owned(),
        password: Secret::new(password),
        application: None,
        session: sign_in::SessionWish::Open(SessionScheme::Cookie),
    };
    sign_in::with_password(&house.core, &house.caller, attempt).await.is_ok()
}

#[tokio::test]
async fn a_reset_link_sets_a_password_once() {
    let house = House::start().await;
    let (branch, person) = someone(&house).await;
    let (browser, link) = (browser(&house), reset_link(&house, &branch, &person).await);

    let page = browser.send(Request::get(HOST, &link)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("ada@northwind.example") && page.text().contains("At least 15 characters"));
    assert!(page.header("content-security-policy").unwrap().contains("frame-ancestors 'none'"));

    let differs = submit(&browser, &link, "password=one+long+password+here&password_again=another").await;
    assert_eq!(differs.status, StatusCode::BAD_REQUEST);
    assert!(differs.text().contains("not the same"));
    let short = submit(&browser, &link, "password=short&password_again=short").await;
    assert!(short.text().contains("at least 15 characters"), "the reason is told, and the link still works");

    let fields = format!("password={0}&password_again={0}", NEW.replace(' ', "+"));
    let done = submit(&browser, &link, &fields).await;
    assert_eq!(done.status, StatusCode::OK);
    assert!(
        done.text().contains(r#"href="/t/northwind/sign-in""#),
        "whoever has no usual place finds this one"
    );
    assert!(signs_in(&house, &branch, NEW).await);
    assert_eq!(submit(&browser, &link, &fields).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.send(Request::get(HOST, &link)).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn opening_a_validation_link_confirms_nothing_and_its_button_does() {
    let house = House::start().await;
    let branch = house.pool("guild").await;
    let change = |new: &mut doorward_core::people::NewPerson| new.verified = Verified::No;
    let person = house.person_with(&branch, "uwe@guild.example", Kind::Contact, Role::User, change).await;
    let (browser, link) = (browser(&house), link(&house, MailKind::Validation).await);
    let verified = async || {
        let id = person.id;
        doorward_core::people::by_id(&house.core, branch.pool(), id).await.unwrap().verified
    };

    for _ in 0..2 {
        assert_eq!(browser.send(Request::get(HOST, &link)).await.status, StatusCode::OK);
    }
    assert_eq!(verified().await, Verified::No, "mail scanners open links");
    let stranger = link.replace(&person.id.to_string(), "0b0e6f9c-7d3a-4c55-8a51-2f1f4f6f9a10");
    assert_ne!(stranger, link);
    assert_eq!(browser.send(Request::get(HOST, &stranger)).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(submit(&browser, &stranger, "").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(verified().await, Verified::No, "the link names somebody else");
    assert_eq!(submit(&browser, &link, "").await.status, StatusCode::OK);
    assert_eq!(verified().await, Verified::ByMail);
    assert_eq!(submit(&browser, &link, "").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_code_of_one_purpose_opens_no_other_page() {
    let house = House::start().await;
    let (branch, person) = someone(&house).await;
    let (browser, link) = (browser(&house), reset_link(&house, &branch, &person).await);
    for page in ["/validate", "/invitation"] {
        let other = link.replacen("/reset", page, 1);
        assert_eq!(browser.send(Request::get(HOST, &other)).await.status, StatusCode::BAD_REQUEST, "{page}");
    }
}

#[tokio::test]
async fn broken_links_and_foreign_forms_are_told_what_to_do() {
    let house = House::start().await;
    let browser = browser(&house);
    for link in [
        "/reset",
        "/reset?token=",
        "/reset?token=00",
        "/validate?token=zz",
        "/invitation?token=%00",
        "/reset?token=a&token=b",
    ] {
        let page = browser.send(Request::get(HOST, link)).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{link}");
        assert!(page.text().contains("Ask for a new one"), "{link}");
    }
    let foreign = Request::post(HOST, "/reset")
        .header("origin", "https://evil.example")
        .header("sec-fetch-site", "cross-site")
        .body("application/x-www-form-urlencoded", "token=00");
    assert_eq!(browser.send(foreign).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn names_are_text_never_markup() {
    let house = House::start().await;
    let branch = house.pool("northwind").await;
    let person = house.person(&branch, "a&b'c@northwind.example", Kind::User, Role::User).await;
    let page = browser(&house).send(Request::get(HOST, &reset_link(&house, &branch, &person).await)).await;
    assert!(!page.text().contains("a&b'c@"), "an address is escaped inside an attribute");
}
