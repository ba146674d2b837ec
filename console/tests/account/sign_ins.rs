//! Where somebody is signed in: seen, recognised and ended.

use super::{ADA, FIREFOX, signed_in};
use crate::browser::{Browser, HOST};
use crate::someone;
use doorward_core::sign_in::{self, PasswordAttempt, SessionWish, Wanted};
use doorward_core::tenants::{self, TenantChanges};
use doorward_core::{Caller, PlaceDatabase};
use doorward_model::{Kind, Role, Secret, SessionScheme};
use doorward_testkit::{House, Names, PASSWORD, Request, location_database};
use doorward_web::StatusCode;

/// The ids that a page's forms would end.
fn ids(page: &str) -> Vec<String> {
    let parts = page.split("name=\"id\" value=\"").skip(1);
    parts.filter_map(|part| part.split_once('"')).map(|(id, _)| id.to_owned()).collect()
}

#[tokio::test]
async fn two_browsers_and_one_ends_the_others_session() {
    let house = House::start().await;
    someone(&house).await;
    let (mine, other) = (signed_in(&house).await, signed_in(&house).await);
    let page = mine.get("/account").await.text();
    assert_eq!(page.matches("This browser").count(), 1);
    let others = ids(&page);
    assert_eq!(others.len(), 1, "one's own is signed out of, not ended");

    let done = mine.submit("/account/sign-ins/end", &[("id", &others[0])]).await;
    assert!(done.text().contains("Signed out there") && done.text().contains("signed in nowhere else"));
    assert_eq!(other.get("/account").await.header("location"), Some("/account/sign-in"), "at once");
    assert_eq!(mine.get("/account").await.status, StatusCode::OK);

    let (two, three) = (signed_in(&house).await, signed_in(&house).await);
    mine.submit("/account/sign-ins/end-others", &[]).await;
    for gone in [two, three] {
        assert_eq!(gone.get("/account").await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(mine.get("/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_sign_in_is_near_a_place_where_the_operator_supplies_a_database() {
    let house = House::start().await;
    let (branch, _) = someone(&house).await;
    let attempt = PasswordAttempt {
        wanted: Wanted::Tenant { pool: branch.pool(), tenant: branch.tenant().id, kinds: &[Kind::User] },
        email: ADA.to_owned(),
        password: Secret::new(PASSWORD),
        application: None,
        session: SessionWish::Open(SessionScheme::Cookie),
    };
    let caller = Caller { address: "203.0.113.7".parse().unwrap(), ..house.caller.clone() };
    sign_in::with_password(&house.core, &caller, attempt).await.unwrap();
    let browser = signed_in(&house).await;
    assert!(browser.get("/account").await.text().contains("from 203.0.113.7 "), "an address alone");
    let names: [Names<'_>; 2] = [&[("en", "Lyon <b>")], &[("en", "France")]];
    let [city, country] = names;
    let database = location_database(&[("203.0.113.0/24", city, country)]);
    house.core.places().ask(Some(PlaceDatabase::of(database).unwrap()));
    let page = browser.get("/account").await.text();
    assert!(page.contains("from 203.0.113.7, near Lyon &#60;b&#62;, France"), "{page}");
    assert!(page.contains("from 127.0.0.1 "), "this machine is nowhere");
    let file = browser.get("/account/data.json").await.json();
    let near = |of: &str, address: &str| {
        let found = file[of].as_array().unwrap().iter().find(|it| it["address"] == address).unwrap();
        found["near"].clone()
    };
    for of in ["sign_ins", "history"] {
        assert_eq!(near(of, "203.0.113.7"), "Lyon <b>, France", "{of} are taken away with their places");
        assert!(near(of, "127.0.0.1").is_null(), "{of}");
    }
}

#[tokio::test]
async fn nobody_ends_somebody_elses_session() {
    let house = House::start().await;
    let (branch, _) = someone(&house).await;
    house
        .person(&branch, "bob@northwind.example", doorward_model::Kind::User, doorward_model::Role::User)
        .await;
    let (ada, other) = (signed_in(&house).await, signed_in(&house).await);
    let of_ada = ids(&ada.get("/account").await.text());
    let bob = Browser::at(&house);
    bob.submit("/t/northwind/sign-in", &[("email", "bob@northwind.example"), ("password", PASSWORD)]).await;
    bob.post("/account/sign-ins/end", &[("id", &of_ada[0])]).await;
    assert_eq!(other.get("/account").await.status, StatusCode::OK);
    for id in ["", "1", "00000000-0000-0000-0000-000000000000%00", "<script>"] {
        let page = bob.post("/account/sign-ins/end", &[("id", id)]).await;
        assert!(page.status == StatusCode::BAD_REQUEST || page.status == StatusCode::SEE_OTHER, "{id}");
    }
}

#[tokio::test]
async fn devices_are_told_in_plain_words() {
    let house = House::start().await;
    someone(&house).await;
    let browser = Browser::at(&house);
    let form = format!("email={}&password={PASSWORD}", ADA.replace('@', "%40"));
    let request = Request::post(HOST, "/t/northwind/sign-in")
        .header("sec-fetch-site", "same-origin")
        .header("user-agent", FIREFOX);
    browser.send(request.body(crate::FORM, form)).await;
    let page = browser.get("/account").await.text();
    assert!(page.contains("Firefox on Linux") && page.contains("from 127.0.0.1"), "{page}");
    assert!(
        page.contains("22 Nov 2026, 10:00 ·")
            && page.contains("time zone UTC")
            && page.contains("these pages"),
        "{page}"
    );
}

#[tokio::test]
async fn times_are_told_by_the_nearest_clock_that_somebody_named() {
    let house = House::start().await;
    let top = house.pool("northwind").await;
    let spa = house.child("northwind-spa", &top).await;
    for (tenant, name, zone) in [(&top, "TimeZone", "Asia/Kolkata"), (&spa, "timezone", "Europe/Berlin")] {
        let profile = vec![(name.to_owned(), Some(zone.to_owned()))];
        let changes = TenantChanges { profile, ..TenantChanges::default() };
        tenants::edit(&house.core, &house.caller, &house.operator, tenant, changes).await.unwrap();
    }
    // The machine's clock has a name on most machines, and is nobody's.
    let change = |new: &mut doorward_core::people::NewPerson| {
        new.profile.extra = vec![("TimeZone".to_owned(), "localtime".to_owned())];
    };
    let spa = tenants::by_id(&house.core, spa.pool(), spa.tenant().id).await.unwrap();
    house.person_with(&spa, ADA, Kind::User, Role::User, change).await;
    let browser = Browser::at(&house);
    let page = browser.submit("/t/northwind-spa/sign-in", &[("email", ADA), ("password", PASSWORD)]).await;
    let page = page.text();
    assert!(page.contains("22 Nov 2026, 11:00 ·") && page.contains("time zone Europe/Berlin"), "{page}");
}
