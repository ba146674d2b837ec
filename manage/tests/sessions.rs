//! Sessions: seen, and ended.

use crate::desk::{Desk, refusal};
use doorward_core::sign_in::{self, PasswordAttempt, SessionWish, SignIn, Wanted};
use doorward_core::{Branch, Identity};
use doorward_model::{Kind, Role, Secret, SessionScheme};
use doorward_testkit::PASSWORD;
use serde_json::{Value, json};
use std::time::Duration;

async fn sign_in(desk: &Desk, at: &Branch, email: &str) -> Identity {
    desk.house.clock.advance(Duration::from_secs(1));
    let attempt = PasswordAttempt {
        wanted: Wanted::Tenant { pool: at.pool(), tenant: at.tenant().id, kinds: &[Kind::User] },
        email: email.to_owned(),
        password: Secret::new(PASSWORD),
        application: None,
        session: SessionWish::Open(SessionScheme::Cookie),
    };
    let signed_in = match sign_in::with_password(&desk.house.core, &desk.house.caller, attempt).await.unwrap()
    {
        SignIn::Done(done) => Some(done.identity),
        SignIn::Choose { .. } => None,
    };
    signed_in.unwrap()
}

fn people(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|it| it["tenant_name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn who_is_signed_in_is_listed_and_signed_out() {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let below = desk.house.child("below", &top).await;
    let ada = desk.house.person(&below, "ada@northwind.example", Kind::User, Role::User).await;
    desk.house.person(&top, "eve@northwind.example", Kind::User, Role::User).await;
    for (at, email) in [
        (&below, "ada@northwind.example"),
        (&top, "eve@northwind.example"),
        (&below, "ada@northwind.example"),
    ] {
        sign_in(&desk, at, email).await;
    }
    let read = desk.token(&top, &["manage:sessions:read"]).await;
    let write = desk.token(&below, &["manage:sessions:write"]).await;
    let at_top = format!("/tenants/{}/sessions", top.tenant().id);
    let page = desk.get(&read, &format!("{at_top}?limit=2")).await.json();
    assert_eq!(people(&page), ["Below", "Northwind"]);
    let cursor = page["next"].as_str().unwrap();
    let rest = desk.get(&read, &format!("{at_top}?limit=2&cursor={cursor}")).await.json();
    assert_eq!((people(&rest), &rest["next"]), (vec!["Below"], &json!(null)));
    assert_eq!(
        people(&desk.get(&write, &format!("/tenants/{}/sessions", below.tenant().id)).await.json()).len(),
        2
    );

    let of_ada = format!("/tenants/{}/people/{}/sessions", below.tenant().id, ada.id);
    let held = desk.get(&write, &format!("{of_ada}?limit=1")).await.json();
    assert_eq!(
        (held["items"][0]["id"].clone(), held["next"].is_string()),
        (page["items"][0]["id"].clone(), true)
    );
    assert!(!held.to_string().contains("token"));
    let one = format!("{of_ada}/{}", held["items"][0]["id"].as_str().unwrap());
    assert_eq!(refusal(&desk.delete(&read, &one).await).0, 403);
    assert_eq!(desk.delete(&write, &one).await.json(), json!({ "ended": 1 }));
    assert_eq!(refusal(&desk.delete(&write, &one).await).0, 404);
    assert_eq!(desk.delete(&write, &of_ada).await.json(), json!({ "ended": 1 }));
    assert_eq!(desk.delete(&write, &of_ada).await.json(), json!({ "ended": 0 }));
    assert_eq!(people(&desk.get(&read, &at_top).await.json()), ["Northwind"]);
}
