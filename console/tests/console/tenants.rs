//! Tenants: made, changed, closed, and seen by those alone who may.

use super::{operator, shows, signed_in};
use doorward_core::tenants;
use doorward_model::{Kind, Role, Slug};
use doorward_testkit::{House, PASSWORD};
use doorward_web::StatusCode;
use std::time::Duration;

async fn id(house: &House, slug: &str) -> String {
    tenants::by_slug(&house.core, &Slug::parse(slug).unwrap()).await.unwrap().tenant().id.to_string()
}

#[tokio::test]
async fn an_operator_makes_a_tenant_and_one_below_it() {
    let house = House::start().await;
    let browser = operator(&house).await;
    let made = browser
        .submit(
            "/console/tenants/new",
            &[("display_name", "Harbour & Sons"), ("slug", "harbour"), ("number", "37001")],
        )
        .await;
    shows(&made, "Harbour &#38; Sons");
    shows(&made, "37001");
    shows(&made, "Done: it is made.");
    let top = id(&house, "harbour").await;
    let below = browser
        .submit("/console/tenants/new", &[("parent", &top), ("display_name", "Spa"), ("slug", "harbour-spa")])
        .await;
    shows(&below, &format!("/console/tenants/{top}"));
    shows(&browser.get(&format!("/console/tenants/{top}")).await, "harbour-spa");
    shows(&browser.get("/console/tenants").await, "Harbour &#38; Sons");
}

#[tokio::test]
async fn a_form_that_does_not_fit_says_why_and_keeps_what_was_typed() {
    let house = House::start().await;
    house.pool("taken").await;
    let browser = operator(&house).await;
    for (slug, number, why) in [
        ("no slug!", "", "Short name: expected 1 to 63"),
        ("taken", "", "Short name: this slug or number is taken"),
        ("fine", "many", "Number: expected a whole number"),
        ("fine", "-1", "Number: expected a whole number"),
    ] {
        let fields = [("display_name", "\"><script>alert(1)</script>"), ("slug", slug), ("number", number)];
        let refused = browser.post("/console/tenants/new", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        shows(&refused, why);
        assert!(!refused.text().contains("<script>alert"), "what was typed is text");
        shows(&refused, "alert(1)");
    }
}

#[tokio::test]
async fn closing_asks_first_and_for_the_password_of_whoever_signed_in_a_while_ago() {
    let house = House::start().await;
    house.pool("harbour").await;
    let browser = operator(&house).await;
    let tenant = format!("/console/tenants/{}", id(&house, "harbour").await);
    let close = format!("{tenant}/close");
    let question = browser.get(&format!("{close}?step=suspend")).await;
    shows(&question, "Nobody signs in and no key works there");
    assert!(!question.text().contains("your_password"), "they have just signed in");
    shows(&browser.submit(&close, &[("step", "suspend")]).await, "Suspended. Nobody signs in there");

    house.clock.advance(Duration::from_secs(11 * 60));
    shows(&browser.get(&format!("{close}?step=resume")).await, "your_password");
    let unproven = browser.post(&close, &[("step", "resume")]).await;
    assert_eq!(unproven.status, StatusCode::UNPROCESSABLE_ENTITY);
    shows(&unproven, "so that we know it is you");
    let wrong = browser.post(&close, &[("step", "resume"), ("your_password", "wrong")]).await;
    shows(&wrong, "That is not your password");
    shows(&browser.get(&tenant).await, "Suspended: nobody signs in here");
    let before = browser.cookie();
    let resumed = browser.submit(&close, &[("step", "resume"), ("your_password", PASSWORD)]).await;
    shows(&resumed, "Open again. Its people sign in anew.");
    assert_ne!(browser.cookie(), before, "whoever proves themselves gets another session");

    let gone = browser.submit(&close, &[("step", "delete")]).await;
    shows(&gone, "Deleted. Its history stays");
    assert_eq!(browser.get(&tenant).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_administrator_sees_their_tenant_and_what_is_below_and_nothing_else() {
    let house = House::start().await;
    let top = house.pool("harbour").await;
    let spa = house.child("harbour-spa", &top).await;
    house.child("harbour-gym", &top).await;
    house.child("spa-annex", &spa).await;
    house.pool("stranger").await;
    house.person(&spa, "ben@spa.example", Kind::Administrator, Role::Admin).await;
    let browser = signed_in(&house, "harbour-spa", "ben@spa.example").await;

    let own = browser.get("/console/tenants").await;
    shows(&own, "harbour-spa");
    for other in ["stranger", "harbour-gym", "New tenant"] {
        assert!(!own.text().contains(other), "{other}");
    }
    shows(&browser.get(&format!("/console/tenants/{}", id(&house, "harbour-spa").await)).await, "spa-annex");
    for (slug, status) in [
        ("harbour", StatusCode::FORBIDDEN),
        ("harbour-gym", StatusCode::FORBIDDEN),
        ("stranger", StatusCode::NOT_FOUND),
    ] {
        let tenant = format!("/console/tenants/{}", id(&house, slug).await);
        for page in ["", "/people", "/edit", "/people/new", "/close?step=delete"] {
            assert_eq!(browser.get(&format!("{tenant}{page}")).await.status, status, "{slug}{page}");
        }
        for page in ["/edit", "/people/new", "/close"] {
            let fields = [
                ("step", "delete"),
                ("display_name", "Evil"),
                ("email", "e@evil.example"),
                ("kind", "user"),
                ("role", "user"),
            ];
            assert_eq!(
                browser.post(&format!("{tenant}{page}"), &fields).await.status,
                status,
                "{slug}{page}"
            );
        }
    }
    let root = [("display_name", "Mine"), ("slug", "mine")];
    assert_eq!(browser.post("/console/tenants/new", &root).await.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.get("/console/tenants/new").await.status, StatusCode::FORBIDDEN);
    let own = browser.get(&format!("/console/tenants/{}", id(&house, "harbour-spa").await)).await;
    assert!(!own.text().contains("/close?"), "what is decided from above is not offered");
    // Their mails are the tree's, and not theirs to see.
    let mails = browser.get(&format!("/console/tenants/{}/mails", id(&house, "harbour-spa").await)).await;
    assert_eq!(mails.status, StatusCode::SEE_OTHER);
    let refused = browser.get(mails.header("location").unwrap()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    shows(&refused, r#"href="/console""#);
    let own = format!("/console/tenants/{}/close", id(&house, "harbour-spa").await);
    let locked_out = browser.post(&own, &[("step", "suspend")]).await;
    assert_eq!(locked_out.status, StatusCode::FORBIDDEN, "closing is decided from above");
}

#[tokio::test]
async fn whoever_administers_nothing_is_shown_their_account_instead() {
    let house = House::start().await;
    let pool = house.pool("harbour").await;
    house.person(&pool, "uma@harbour.example", Kind::User, Role::User).await;
    let browser = signed_in(&house, "harbour", "uma@harbour.example").await;
    assert_eq!(browser.get("/console").await.header("location"), Some("/account"));
    for page in ["", "/people", "/edit", "/events", "/close?step=delete"] {
        let page = format!("/console/tenants/{}{page}", pool.tenant().id);
        assert_eq!(browser.get(&page).await.status, StatusCode::FORBIDDEN, "{page}");
    }
    assert_eq!(browser.get("/console/tenants").await.status, StatusCode::FORBIDDEN);
}
