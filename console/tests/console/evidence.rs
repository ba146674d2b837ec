//! What happened, and who consented: as sentences, as records, and as files.

use super::{operator, shows, signed_in};
use doorward_core::Speaker;
use doorward_core::browser;
use doorward_core::consent;
use doorward_model::{Kind, Role, Secret};
use doorward_testkit::{House, PASSWORD};
use doorward_web::StatusCode;
use std::time::Duration;

#[tokio::test]
async fn a_sign_in_is_seen_arriving_and_told_in_a_sentence_and_as_a_record() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    let uma = house.person(&pool, "uma@harbour.example", Kind::User, Role::User).await;
    let browser = operator(&house).await;
    let events = format!("/console/tenants/{}/events", pool.tenant().id);
    let email = "uma@harbour.example".to_owned();
    browser::person(&house.core, &house.caller, &pool, email, Secret::new(PASSWORD)).await.unwrap();

    let list = browser.get(&events).await;
    shows(&list, "Ada Example signed in at Harbour");
    let sign_ins = browser.get(&format!("{events}?kind=signed_in&person={}", uma.id)).await;
    shows(&sign_ins, "Ada Example signed in at Harbour");
    assert!(!sign_ins.text().contains("made the account"));
    shows(&browser.get(&format!("{events}?kind=signed_in&to=2020-01-01")).await, "Nothing that fits");
    for wrong in ["kind=unheard_of", "person=uma", "from=yesterday", "cursor=forged"] {
        let refused = browser.get(&format!("{events}?{wrong}")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }

    let text = sign_ins.text();
    let (_, rest) = text.split_once(r#"data-label="What" class="free"><a href=""#).unwrap();
    let record = browser.get(rest.split('"').next().unwrap()).await;
    shows(&record, "<dt>kind</dt><dd><code>signed_in</code></dd>");
    shows(&record, &format!("<dt>person</dt><dd><code>{}</code></dd>", uma.id));

    let file = browser.get(&format!("{events}/export/csv?kind=signed_in")).await;
    assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"events.csv\""));
    assert_eq!(file.text().lines().count(), 2, "{}", file.text());
    let whole = browser.get(&format!("{events}/export/jsonl")).await;
    assert!(whole.text().lines().count() >= 3, "{}", whole.text());
    assert_eq!(browser.get(&format!("{events}/export/xls")).await.status, StatusCode::NOT_FOUND);
    shows(&browser.get("/console/events").await, "signed in");
}

#[tokio::test]
async fn terms_are_published_consented_to_and_kept_as_evidence() {
    let house = House::start().await;
    let pool = house.pool("guild").await;
    let zoe = house
        .person_with(&pool, "zoe@guild.example", Kind::Contact, Role::User, |new| {
            new.profile.first_name = Some("=HYPERLINK(\"http://evil.example\")".to_owned());
        })
        .await;
    let browser = operator(&house).await;
    let terms = format!("/console/tenants/{}/terms", pool.tenant().id);
    let wrong = browser.post(&terms, &[("version", "2026-11"), ("url", "javascript:alert(1)")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let version = [("version", "2026-11"), ("url", "https://guild.example/terms"), ("sure", "yes")];
    // It stands in front of everybody's next sign-in, so one press is not enough.
    let asked = browser.post(&terms, &version[..2]).await;
    shows(&asked, "Publish version 2026-11?");
    shows(&asked, "They are led to https://guild.example/terms");
    assert!(!browser.get(&terms).await.text().contains("holds now"));
    shows(&browser.post(&terms, &version[..1]).await, "There is no address of the text");
    house.clock.advance(Duration::from_secs(11 * 60));
    shows(&browser.post(&terms, &version).await, "so that we know it is you");
    let proven = [&version[..], &[("your_password", PASSWORD)]].concat();
    shows(&browser.submit(&terms, &proven).await, "holds now");
    shows(&browser.post(&terms, &version).await, "published already");

    let email = "zoe@guild.example".to_owned();
    let hers =
        browser::person(&house.core, &house.caller, &pool, email, Secret::new(PASSWORD)).await.unwrap();
    let current = consent::current(&house.core, &pool).await.unwrap().unwrap();
    let speaker = Speaker::Themselves(Box::new(hers.identity));
    consent::give(&house.core, &house.caller, &speaker, &pool, zoe.id).await.unwrap();

    let here = format!("{terms}/{}", current.id);
    let consents = browser.get(&here).await;
    shows(&consents, "zoe@guild.example");
    let csv = browser.get(&format!("{here}/export/csv")).await.text();
    assert!(csv.starts_with("\u{feff}\""), "a spreadsheet knows it as UTF-8");
    assert_eq!(csv.lines().count(), 2, "{csv}");
    assert!(
        csv.contains("zoe@guild.example") && !csv.contains(",=HYPERLINK") && !csv.contains(",\"=HYPERLINK"),
        "{csv}"
    );
    let json = browser.get(&format!("{here}/export/json")).await.json();
    assert_eq!(json[0]["version"], "2026-11");
    assert_eq!(json[0]["person"], zoe.id.to_string());
}

#[tokio::test]
async fn an_administrator_reads_what_happened_at_their_own_tenant_alone() {
    let house = House::start().await;
    let top = house.pool("harbour").await;
    let (spa, gym) = (house.child("harbour-spa", &top).await, house.child("harbour-gym", &top).await);
    house.person(&spa, "ben@spa.example", Kind::Administrator, Role::Admin).await;
    house.person(&gym, "gil@gym.example", Kind::User, Role::User).await;
    let browser = signed_in(&house, "harbour-spa", "ben@spa.example").await;
    let events = browser.get(&format!("/console/tenants/{}/events", spa.tenant().id)).await;
    shows(&events, "signed in at Harbour spa");
    assert!(!events.text().contains("gym"));
    for closed in [
        format!("/console/tenants/{}/events", top.tenant().id),
        format!("/console/tenants/{}/events/export/csv", gym.tenant().id),
        format!("/console/tenants/{}/terms", gym.tenant().id),
        "/console/events".to_owned(),
        "/console/events/export/csv".to_owned(),
        "/console/operators".to_owned(),
    ] {
        assert_eq!(browser.get(&closed).await.status, StatusCode::FORBIDDEN, "{closed}");
    }
}
