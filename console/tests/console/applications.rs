//! Programs: made with a key that is shown once, given another with an overlap, tokens, and turned off.

use super::{copied, operator, shows, signed_in};
use doorward_core::{applications, verify};
use doorward_model::{AppId, Kind, Role, Secret};
use doorward_testkit::House;
use doorward_web::StatusCode;
use std::time::Duration;

#[tokio::test]
async fn a_program_is_made_used_given_another_key_and_turned_off() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let browser = operator(&house).await;
    let list = format!("/console/tenants/{}/applications", pool.tenant().id);
    shows(&browser.get(&list).await, "No program is known here yet");
    let wish = [
        ("name", "Web shop <1>"),
        ("app_id", "web-shop"),
        ("with_key", "1"),
        ("origins", "https://shop.example\n"),
    ];
    let made = browser.post(&format!("{list}/new"), &wish).await;
    assert_eq!(made.status, StatusCode::OK);
    let key = Secret::new(copied(&made, "App-Key"));
    let app_id = AppId::parse("web-shop").unwrap();
    let admitted =
        async |key: &Secret| applications::admit(&house.core, app_id.as_str(), Some(key)).await.is_ok();
    assert!(admitted(&key).await);
    let page = browser.get(&list).await;
    shows(&page, "Web shop &#60;1&#62;");
    assert!(!page.text().contains(key.expose()), "a key is shown once");

    let id = applications::by_app_id(&house.core, &app_id).await.unwrap().id;
    let here = format!("{list}/{id}");
    shows(&browser.get(&format!("{here}/act?step=rotate")).await, "goes on for an hour");
    let renewed = browser
        .post(&format!("{here}/act"), &[("step", "rotate"), ("version", "1"), ("overlap", "hour")])
        .await;
    let newer = Secret::new(copied(&renewed, "App-Key"));
    assert!(admitted(&key).await && admitted(&newer).await);
    shows(&browser.get(&here).await, "the one before works until");
    house.clock.advance(Duration::from_secs(2 * 60 * 60));
    assert!(!admitted(&key).await && admitted(&newer).await);

    let browser = signed_in(&house, "", super::OPERATOR).await;
    let issued = browser
        .post(
            &format!("{here}/tokens"),
            &[("label", "sync"), ("scopes", "crm:read"), ("audience", "*"), ("days", "7")],
        )
        .await;
    let token = Secret::new(copied(&issued, "Token"));
    let from = Some(house.caller.address);
    assert!(verify::by_token(&house.core, from, &token, Some("crm")).await.is_ok());
    let shown = browser.get(&here).await;
    shows(&shown, "sync");
    assert!(!shown.text().contains(token.expose()));
    let revoke = shown.text();
    let (_, rest) = revoke
        .split_once("step=revoke&#38;token=")
        .or_else(|| revoke.split_once("step=revoke&amp;token="))
        .unwrap();
    let token_id = rest.split('"').next().unwrap();
    shows(
        &browser.submit(&format!("{here}/act"), &[("step", "revoke"), ("token", token_id)]).await,
        "Revoked",
    );
    assert!(verify::by_token(&house.core, from, &token, Some("crm")).await.is_err());

    shows(&browser.submit(&format!("{here}/act"), &[("step", "disable")]).await, "refused everywhere");
    assert!(!admitted(&newer).await);
    browser.submit(&format!("{here}/act"), &[("step", "enable")]).await;
    assert!(admitted(&newer).await);
    let saved =
        browser.submit(&here, &[("name", "Shop"), ("origins", "https://a.example\nhttps://b.example")]).await;
    shows(&saved, "https://b.example");
    // A form that was opened before that: what it does not touch stays.
    let before = [("name", "The shop"), ("name_was", "Shop"), ("origins", ""), ("origins_was", "")];
    let saved = browser.submit(&here, &before).await;
    shows(&saved, "The shop");
    shows(&saved, "https://b.example");
}

#[tokio::test]
async fn what_does_not_fit_is_said_and_what_is_not_theirs_refused() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let other = house.pool("stranger").await;
    house.person(&pool, "ben@harbour.example", Kind::Administrator, Role::Admin).await;
    let browser = signed_in(&house, "harbour", "ben@harbour.example").await;
    let list = format!("/console/tenants/{}/applications", pool.tenant().id);
    for (field, value, why) in [
        ("app_id", "no!", "App-Id: expected 4 to 64"),
        ("origins", "javascript:alert(1)", "Web origins"),
        ("name", "", "Name"),
    ] {
        let wish = [("name", "Shop"), ("app_id", "shop-1"), ("origins", "")];
        let wish = wish.map(|(name, typed)| (name, if name == field { value } else { typed }));
        let refused = browser.post(&format!("{list}/new"), &wish).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        shows(&refused, why);
    }
    let theirs = format!("/console/tenants/{}/applications", other.tenant().id);
    assert_eq!(browser.get(&theirs).await.status, StatusCode::NOT_FOUND);
    let made = browser.post(&format!("{theirs}/new"), &[("name", "Shop"), ("with_key", "1")]).await;
    assert_eq!(made.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_was_typed_stands_there_again_when_something_must_be_mended() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let browser = operator(&house).await;
    let list = format!("/console/tenants/{}/applications", pool.tenant().id);
    browser.post(&format!("{list}/new"), &[("name", "Shop"), ("app_id", "shop-1")]).await;
    let id = applications::by_app_id(&house.core, &AppId::parse("shop-1").unwrap()).await.unwrap().id;
    let here = format!("{list}/{id}");
    let token =
        [("label", "nightly \"sync\""), ("scopes", "crm:read"), ("audience", "crm"), ("days", "soon")];
    let refused = browser.post(&format!("{here}/tokens"), &token).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for text in ["nightly &#34;sync&#34;", "value=\"crm:read\"", "value=\"crm\"", "value=\"soon\""] {
        shows(&refused, text);
    }
    shows(&refused, "<details class=\"card\" open>\n<summary>Make a token");
    let change = [("name", "Shop of shops"), ("origins", "https://shop.example\njavascript:alert(1)")];
    let refused = browser.post(&here, &change).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    shows(&refused, "value=\"Shop of shops\"");
    shows(&refused, "https://shop.example\njavascript:alert(1)</textarea>");
}
