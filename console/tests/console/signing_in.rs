//! The way in: the first operator's link, the form, its limits, and the way out.

use super::{OPERATOR, operator, shows, signed_in};
use crate::browser::{Browser, HOST};
use doorward_core::operators;
use doorward_model::{Kind, Role};
use doorward_testkit::{House, PASSWORD, Request};
use doorward_web::StatusCode;
use std::time::Duration;

#[tokio::test]
async fn the_link_of_init_makes_the_first_operator_who_is_then_signed_in() {
    let house = House::start().await;
    let link = operators::invite_first(&house.core, &house.caller).await.unwrap();
    let link = link.url.expose().strip_prefix("https://id.example").unwrap().to_owned();
    let code = link.split_once("code=").unwrap().1;
    let browser = Browser::at(&house);
    assert!(browser.get("/console/sign-in").await.text().contains("doorward operator link"));
    let page = browser.get(&link).await;
    assert_eq!(page.status, StatusCode::OK);

    let fill = |password| {
        [("code", code), ("email", OPERATOR), ("password", password), ("password_again", password)]
    };
    let short = browser.post("/console/welcome", &fill("short")).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        short.text().contains("at least 15 characters") && short.text().contains(OPERATOR),
        "{}",
        short.text()
    );
    let mut differs = fill(PASSWORD);
    differs[3].1 = "another one altogether";
    assert!(browser.post("/console/welcome", &differs).await.text().contains("not the same"));

    let inside = browser.submit("/console/welcome", &fill(PASSWORD)).await;
    assert_eq!(inside.status, StatusCode::OK);
    assert!(inside.text().contains("Make the first tenant"), "{}", inside.text());
    let again = Browser::at(&house).get(&link).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    assert!(again.text().contains("works once"));
}

#[tokio::test]
async fn strangers_are_led_to_the_sign_in_and_back_to_the_page_they_wanted() {
    let house = House::start().await;
    operator(&house).await;
    let browser = Browser::at(&house);
    let led = browser.get("/console/tenants?after=7").await;
    assert_eq!(led.status, StatusCode::SEE_OTHER);
    let form = led.header("location").unwrap().to_owned();
    assert_eq!(form, "/console/sign-in?to=%2Fconsole%2Ftenants%3Fafter%3D7");
    let page = browser.get(&form).await;
    assert!(page.text().contains(r#"name="to" value="/console/tenants?after=7""#), "{}", page.text());
    let sign_in = |to| [("organisation", ""), ("email", OPERATOR), ("password", PASSWORD), ("to", to)];
    let entered = browser.post("/console/sign-in", &sign_in("/console/tenants?after=7")).await;
    assert_eq!(entered.header("location"), Some("/console/tenants?after=7"));
    let elsewhere = browser.post("/console/sign-in", &sign_in("https://evil.example/console")).await;
    assert_eq!(elsewhere.header("location"), Some("/console"), "nobody is sent to another site");
}

#[tokio::test]
async fn what_is_wrong_with_a_sign_in_is_nobodys_to_learn() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    house.person(&pool, "ben@harbour.example", Kind::Administrator, Role::Admin).await;
    operator(&house).await;
    let browser = Browser::at(&house);
    let mut pages = Vec::new();
    for (organisation, email, password) in [
        ("harbour", "ben@harbour.example", "wrong"),
        ("harbour", "nobody@harbour.example", PASSWORD),
        ("nowhere", "ben@harbour.example", PASSWORD),
        ("no slug!", "ben@harbour.example", PASSWORD),
        ("", "ben@harbour.example", PASSWORD),
        ("", OPERATOR, "wrong"),
    ] {
        let fields = [("organisation", organisation), ("email", email), ("password", password)];
        let refused = browser.post("/console/sign-in", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains("That did not match"), "{}", refused.text());
        assert!(!refused.text().contains(password), "a password is never shown again");
        let shown = [("organisation", organisation), ("email", email)];
        let shown = shown.map(|(name, typed)| format!("{name}\" value=\"{typed}\""));
        pages.push(shown.iter().fold(refused.text(), |text, typed| text.replace(typed, "")));
    }
    pages.dedup();
    assert_eq!(pages.len(), 1, "all of them are told the same");
    assert_eq!(browser.cookie(), None);
}

#[tokio::test]
async fn a_session_is_left_by_its_button_by_time_and_by_nothing_else() {
    let house = House::start().await;
    let browser = operator(&house).await;
    assert_eq!(browser.get("/console").await.status, StatusCode::OK);
    // A link somewhere else signs nobody out.
    assert_eq!(browser.get("/console/sign-out").await.status, StatusCode::METHOD_NOT_ALLOWED);
    let cookie = browser.cookie().unwrap();
    browser.submit("/console/sign-out", &[]).await;
    assert_eq!(browser.cookie(), None, "the browser forgets it");
    let kept = Browser::at(&house);
    let old = Request::get(HOST, "/console").header("cookie", &cookie);
    assert_eq!(kept.send(old).await.status, StatusCode::SEE_OTHER, "and so did the server");

    let browser = signed_in(&house, "", OPERATOR).await;
    house.clock.advance(Duration::from_secs(31 * 60));
    assert_eq!(browser.get("/console").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_form_that_comes_too_late_is_said_to_have_done_nothing_and_leads_back() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let browser = operator(&house).await;
    house.clock.advance(Duration::from_secs(31 * 60));
    let new = format!("/console/tenants/{}/people/new", pool.tenant().id);
    let late = [("email", "ida@harbour.example"), ("kind", "user"), ("role", "user")];
    let told = browser.submit(&new, &late).await;
    shows(&told, "What you sent came too late and did nothing");
    shows(&told, &format!(r#"name="to" value="{new}""#));
    assert!(house.mails().await.is_empty());
    let door = "/console/doors/01a21f24-070d-7e7c-ad6a-f27e5582c05b";
    let told = browser.submit(&format!("{door}?done=saved"), &[("name", "crm")]).await;
    shows(&told, &format!(r#"name="to" value="{door}""#));
    // Back to the form below a tenant, with the tenant.
    let below = format!("/console/tenants/new?parent={}", pool.tenant().id);
    let told = browser.submit(&below, &[("display_name", "Spa")]).await;
    shows(&told, &format!(r#"name="to" value="{below}""#));
}

#[tokio::test]
async fn the_second_press_of_a_step_with_ones_password_is_not_told_that_nothing_was_done() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    house.person(&pool, "uma@harbour.example", Kind::User, Role::User).await;
    let browser = operator(&house).await;
    house.clock.advance(Duration::from_secs(11 * 60));
    // Both presses carry the sign-in that the first one's password replaces.
    let cookie = browser.cookie().unwrap();
    let keys = format!("/console/tenants/{}/keys", pool.tenant().id);
    let body =
        format!("email=uma%40harbour.example&label=export&your_password={}", PASSWORD.replace(' ', "+"));
    let press = || {
        let request =
            Request::post(HOST, &keys).header("sec-fetch-site", "same-origin").header("cookie", &cookie);
        request.body("application/x-www-form-urlencoded", body.clone())
    };
    let presser = Browser::at(&house);
    assert_eq!(presser.send(press()).await.status, StatusCode::OK);
    let second = Browser::at(&house).send(press()).await;
    let told = Browser::at(&house).get(second.header("location").unwrap()).await;
    shows(&told, "the first press may have done it");
    shows(&told, &format!(r#"name="to" value="{keys}""#));
}

#[tokio::test]
async fn forms_of_other_sites_change_nothing() {
    let house = House::start().await;
    let browser = operator(&house).await;
    let body = "display_name=Evil&slug=evil";
    let form = || Request::post(HOST, "/console/tenants/new").body("application/x-www-form-urlencoded", body);
    for foreign in [
        form().header("sec-fetch-site", "cross-site").header("origin", "https://evil.example"),
        form().header("sec-fetch-site", "same-site").header("origin", "https://other.id.example"),
        form().header("origin", "https://evil.example"),
        form().header("origin", "null"),
        // What no browser leaves out.
        form(),
    ] {
        let refused = browser.send(foreign).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text());
    }
    assert!(!browser.get("/console/tenants").await.text().contains("Evil"));
    let own = browser.send(form().header("origin", "https://id.example")).await;
    assert_eq!(own.status, StatusCode::SEE_OTHER, "older browsers say the origin alone");
}

#[tokio::test]
async fn every_page_is_under_the_strict_policy_and_kept_by_nobody() {
    let house = House::start().await;
    let browser = operator(&house).await;
    for path in ["/console", "/console/tenants", "/console/sign-in", "/console/tenants/none"] {
        let page = browser.get(path).await;
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe-inline"), "{path}");
        assert_eq!(page.header("cache-control"), Some("no-store"), "{path}");
        let text = page.text();
        assert!(
            !text.contains("<script>") && !text.contains(" style=") && !text.contains(" onclick"),
            "{path}"
        );
    }
}
