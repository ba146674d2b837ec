//! Access keys: a pair that is shown once, renewed with an overlap, disabled.

use super::{copied, operator, shows};
use doorward_core::{access_keys, verify};
use doorward_model::{AccessKeyId, Kind, Role, Secret};
use doorward_testkit::{House, PASSWORD};
use doorward_web::StatusCode;
use std::time::Duration;
use uuid::Uuid;

#[tokio::test]
async fn a_key_pair_is_made_used_renewed_and_disabled() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    house.person(&pool, "uma@harbour.example", Kind::User, Role::User).await;
    let browser = operator(&house).await;
    let list = format!("/console/tenants/{}/keys", pool.tenant().id);
    for (field, value, why) in [
        ("email", "nobody@harbour.example", "nobody here has it"),
        ("email", "no address", "E-mail address"),
        ("days", "soon", "For how many days: expected a whole number"),
        ("days", "99999999", "expected a whole number, 36500 at most"),
        ("label", "", "Label"),
    ] {
        let wish = [("email", "uma@harbour.example"), ("label", "export"), ("days", "")];
        let wish = wish.map(|(name, typed)| (name, if name == field { value } else { typed }));
        let refused = browser.post(&list, &wish).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        shows(&refused, why);
    }
    let made = browser
        .post(&list, &[("email", "UMA@harbour.example"), ("label", "nightly export"), ("days", "30")])
        .await;
    let (name, secret) = (copied(&made, "Access key"), Secret::new(copied(&made, "Secret key")));
    let works =
        async |secret: &Secret| verify::access_key(&house.core, &house.caller, &name, secret).await.is_ok();
    assert!(works(&secret).await);
    let page = browser.get(&list).await;
    shows(&page, "nightly export");
    assert!(!page.text().contains(secret.expose()));

    let first = (AccessKeyId::new(Uuid::nil()), 10);
    let keys = access_keys::list_after(&house.core, &house.operator, &pool, None, first).await.unwrap();
    let act = format!("{list}/{}/act", keys[0].key.id);
    shows(&browser.get(&format!("{act}?step=rotate")).await, "stops working at once");
    let renewed = browser.post(&act, &[("step", "rotate"), ("version", "1"), ("overlap", "day")]).await;
    let newer = Secret::new(copied(&renewed, "Secret key"));
    assert!(works(&secret).await && works(&newer).await);
    house.clock.advance(Duration::from_secs(25 * 60 * 60));
    assert!(!works(&secret).await && works(&newer).await);
    let browser = super::signed_in(&house, "", super::OPERATOR).await;
    shows(&browser.submit(&act, &[("step", "disable")]).await, "disabled");
    assert!(!works(&newer).await);
    browser.submit(&act, &[("step", "enable")]).await;
    assert!(works(&newer).await);
}

#[tokio::test]
async fn whoever_signed_in_a_while_ago_proves_themselves_before_any_new_credential() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    house.person(&pool, "uma@harbour.example", Kind::User, Role::User).await;
    let browser = operator(&house).await;
    house.clock.advance(Duration::from_secs(11 * 60));
    let at = format!("/console/tenants/{}", pool.tenant().id);
    let key = [("email", "uma@harbour.example"), ("label", "export"), ("days", "")];
    let program = [("name", "Shop"), ("app_id", "shop-1"), ("with_key", "1")];
    let admin = [("email", "eve@harbour.example"), ("kind", "administrator"), ("role", "owner")];
    let door = [("name", "crm"), ("host", "{slug}.crm.example"), ("dialect", "salesseek")];
    for (path, fields) in [
        (format!("{at}/keys"), key),
        (format!("{at}/applications/new"), program),
        (format!("{at}/people/new"), admin),
        ("/console/doors/new".to_owned(), door),
    ] {
        let unproven = browser.post(&path, &fields).await;
        assert_eq!(unproven.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        shows(&unproven, "so that we know it is you");
        shows(&unproven, r#"name="your_password""#);
    }
    let cookie = browser.cookie();
    let proven = [&key[..], &[("your_password", PASSWORD)]].concat();
    let made = browser.post(&format!("{at}/keys"), &proven).await;
    assert_eq!(copied(&made, "Secret key").len(), 64);
    assert_ne!(browser.cookie(), cookie, "the proof is a sign-in of its own");
}

#[tokio::test]
async fn a_chosen_overlap_stays_chosen_when_the_password_was_mistyped() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    house.person(&pool, "uma@harbour.example", Kind::User, Role::User).await;
    let browser = operator(&house).await;
    let list = format!("/console/tenants/{}/keys", pool.tenant().id);
    browser.post(&list, &[("email", "uma@harbour.example"), ("label", "export")]).await;
    let first = (AccessKeyId::new(Uuid::nil()), 10);
    let keys = access_keys::list_after(&house.core, &house.operator, &pool, None, first).await.unwrap();
    let act = format!("{list}/{}/act", keys[0].key.id);
    shows(&browser.get(&format!("{act}?step=rotate")).await, r#"<option value="day" selected>"#);
    house.clock.advance(Duration::from_secs(11 * 60));
    let fields = [("step", "rotate"), ("version", "1"), ("overlap", "month"), ("your_password", "mistyped")];
    let again = browser.post(&act, &fields).await;
    shows(&again, "That is not your password");
    shows(&again, r#"<option value="month" selected>"#);
}
