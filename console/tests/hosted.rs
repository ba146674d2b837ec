//! Pages in a tenant's name, for somebody who is not signed in.

use crate::{FORM, HOST, browser, someone};
use doorward_model::MailKind;
use doorward_testkit::{Client, House, Request};
use doorward_web::StatusCode;

async fn forgot(browser: &Client, email: &str) -> doorward_testkit::Answer {
    let body = format!("email={}", email.replace('@', "%40").replace('+', "%2B"));
    browser.send(Request::post(HOST, "/t/northwind/forgot").body(FORM, body)).await
}

#[tokio::test]
async fn asking_for_a_reset_is_answered_alike_whoever_has_the_address() {
    let house = House::start().await;
    someone(&house).await;
    let browser = browser(&house);
    let page = browser.send(Request::get(HOST, "/t/northwind/forgot")).await.text();
    assert!(page.contains("autocomplete=\"username\"") && page.contains("/t/northwind/sign-in"), "{page}");

    let known = forgot(&browser, "ada@northwind.example").await;
    let unknown = forgot(&browser, "eve@northwind.example").await;
    assert_eq!((known.status, unknown.status), (StatusCode::OK, StatusCode::OK));
    assert_eq!(known.text(), unknown.text().replace("eve@", "ada@"));
    let mails = house.mails().await;
    assert_eq!(mails.iter().filter(|mail| mail.kind == MailKind::Reset).count(), 1);
    assert_eq!(mails[0].content.to, "ada@northwind.example");
}

#[tokio::test]
async fn what_is_no_address_is_said_so_and_typed_again() {
    let house = House::start().await;
    someone(&house).await;
    let browser = browser(&house);
    for typed in ["", "ada", "\"><script>alert(1)</script>"] {
        let page = forgot(&browser, typed).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{typed}");
        assert!(
            page.text().contains("does not look like") && page.text().contains("aria-invalid"),
            "{typed}"
        );
        assert!(!page.text().contains("<script>alert"), "{typed}");
    }
    assert!(house.mails().await.is_empty());
}

#[tokio::test]
async fn a_tenant_that_is_unknown_closed_or_misspelt_has_no_pages() {
    let house = House::start().await;
    let branch = house.pool("harbour").await;
    doorward_core::tenants::suspend(&house.core, &house.caller, &house.operator, &branch).await.unwrap();
    let browser = browser(&house);
    let mut bodies = Vec::new();
    for slug in ["harbour", "nobody", "a..b", "%00", "%2e%2e"] {
        for page in [
            browser.send(Request::get(HOST, &format!("/t/{slug}/forgot"))).await,
            browser
                .send(Request::post(HOST, &format!("/t/{slug}/forgot")).body(FORM, "email=a%40b.example"))
                .await,
        ] {
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{slug}");
            let id = page.header("x-request-id").unwrap().to_owned();
            assert!(page.text().contains(&id), "the number of the request is told: {slug}");
            bodies.push(page.text().replace(&id, "").replace(slug, ""));
        }
    }
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]), "one answer");
}
