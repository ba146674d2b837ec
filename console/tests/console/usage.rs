//! Who still uses what, as administrators read it.

use super::{operator, shows, signed_in};
use doorward_core::sign_in::{self, PasswordAttempt, SessionWish, Wanted};
use doorward_core::{Branch, Caller, usage};
use doorward_model::{Dialect, Kind, Role, Secret, SessionScheme};
use doorward_testkit::{House, PASSWORD};
use doorward_web::StatusCode;
use std::time::Duration;

async fn come(house: &House, at: &Branch, email: &str, host: &str) {
    house.person(at, email, Kind::Member, Role::User).await;
    let door = house.core.doors().resolve(host).unwrap().door.id;
    let attempt = PasswordAttempt {
        wanted: Wanted::Tenant { pool: at.pool(), tenant: at.tenant().id, kinds: &[Kind::Member] },
        email: email.to_owned(),
        password: Secret::new(PASSWORD),
        application: None,
        session: SessionWish::Open(SessionScheme::Cookie),
    };
    let caller = Caller { door: Some(door), ..house.caller.clone() };
    sign_in::with_password(&house.core, &caller, attempt).await.unwrap();
    usage::flush(&house.core).await.unwrap();
}

#[tokio::test]
async fn one_sentence_says_whether_a_door_can_be_retired_and_who_is_in_the_way() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    house.door(Dialect::Salesseek, "old.example", None).await;
    come(&house, &pool, "uma@harbour.example", "old.example").await;
    let browser = operator(&house).await;
    let list = format!("/console/tenants/{}/usage", pool.tenant().id);
    let page = browser.get(&list).await;
    shows(&page, "1 person still uses it.");
    shows(&page, "New passwords are made like this; 1 person has one.");
    let door = house.core.doors().resolve("old.example").unwrap().door.id;
    let one = format!("{list}/doors/{door}");
    let page = browser.get(&one).await;
    shows(&page, "uma@harbour.example");
    shows(&page, "1, up from none");
    shows(&page, r#"role="img""#);
    shows(&page, "<td>2026-11-22</td>");
    let file = browser.get(&format!("{one}/people/export/csv?days=30")).await;
    assert!(file.text().contains("uma@harbour.example"), "{}", file.text());
    let file = browser.get(&format!("{list}/export/csv")).await;
    assert!(file.text().contains("old.example") && file.text().contains("hashes"), "{}", file.text());
    // Whoever takes names and addresses away is in the audit trail.
    let trail = browser.get(&format!("/console/tenants/{}/events", pool.tenant().id)).await;
    shows(&trail, "took a file of what is kept at Harbour (usage, directly)");
    shows(&trail, "took a file of what is kept at Harbour (usage people, directly)");
    // A kind of password has a page of its own, whatever signs are in its name.
    let hashes = browser.get(&format!("{list}/hashes")).await;
    let href = hashes.text().split("href=\"").find_map(|rest| {
        rest.split('"').next().filter(|href| href.contains("/hashes/")).map(|href| href.replace("&#38;", "&"))
    });
    let page = browser.get(&href.unwrap()).await;
    shows(&page, "uma@harbour.example");
    house.clock.advance(Duration::from_secs(43 * 24 * 60 * 60));
    let browser = signed_in(&house, "", super::OPERATOR).await;
    shows(&browser.get(&list).await, "Nobody used it for 43 days: it can be retired.");
    shows(&browser.get(&one).await, "Nobody.");
}

#[tokio::test]
async fn a_tenants_administrator_sees_their_own_and_nothing_of_others() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let (spa, gym) = (house.child("spa", &pool).await, house.child("gym", &pool).await);
    let other = house.pool("quayside").await;
    house.door(Dialect::Salesseek, "crm.example", None).await;
    come(&house, &spa, "sue@spa.example", "crm.example").await;
    come(&house, &gym, "gus@gym.example", "crm.example").await;
    house.person(&spa, "boss@spa.example", Kind::Administrator, Role::Admin).await;
    let browser = signed_in(&house, "spa", "boss@spa.example").await;
    let door = house.core.doors().resolve("crm.example").unwrap().door.id;
    let at = |branch: &Branch| format!("/console/tenants/{}/usage", branch.tenant().id);
    shows(&browser.get(&at(&spa)).await, "1 person still uses it.");
    let page = browser.get(&format!("{}/doors/{door}", at(&spa))).await;
    shows(&page, "sue@spa.example");
    assert!(!page.text().contains("gus@gym.example"));
    for branch in [&pool, &gym, &other] {
        for path in ["", "/doors", &format!("/doors/{door}"), "/export/csv"] {
            let refused = browser.get(&format!("{}{path}", at(branch))).await;
            assert!(
                matches!(refused.status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND),
                "{path}: {}",
                refused.status
            );
            assert!(!refused.text().contains("gus@"), "{path}");
        }
    }
    // Their overview has their own sign-ins by door, and how many are signed in.
    let overview = browser.get("/console").await;
    shows(&overview, "At Spa and below it in the last 30 days.");
    shows(&overview, "crm.example");
    shows(&overview, "2 sessions are alive.");
    assert!(!overview.text().contains("Password hashes"), "what is the node's is the operators'");
}

#[tokio::test]
async fn an_operator_sees_every_tenant_that_keeps_a_door_in_use() {
    let house = House::start().await;
    let (pool, other) = (house.pool("harbour").await, house.pool("quayside").await);
    house.door(Dialect::Salesseek, "old.example", None).await;
    come(&house, &pool, "uma@harbour.example", "old.example").await;
    come(&house, &other, "quinn@quayside.example", "old.example").await;
    let browser = operator(&house).await;
    let door = house.core.doors().resolve("old.example").unwrap().door.id;
    let page = format!("/console/doors/{door}/usage");
    shows(&browser.get("/console/doors").await, &format!(r#"href="{page}""#));
    let told = browser.get(&page).await;
    shows(&told, "It was used 2 times in the last 30 days.");
    for top in [&pool, &other] {
        let people = format!("/console/tenants/{}/usage/doors/{door}?days=30", top.tenant().id);
        shows(&told, &format!(r#"<a href="{people}">{}</a>"#, top.tenant().display_name));
    }
    let file = browser.get(&format!("{page}/export/csv")).await;
    assert!(file.text().contains("harbour") && file.text().contains("quayside"), "{}", file.text());
    // Whoever is about to take it away is told.
    shows(
        &browser.get(&format!("/console/doors/{door}/remove")).await,
        "It was used 2 times in the last 30 days.",
    );
    let trail = browser.get("/console/events").await;
    shows(&trail, "(use of the door");
    // It says what other tenants do.
    house.person(&pool, "boss@harbour.example", Kind::Administrator, Role::Owner).await;
    let boss = signed_in(&house, "harbour", "boss@harbour.example").await;
    for path in [page.clone(), format!("{page}/export/csv")] {
        assert_eq!(boss.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}
