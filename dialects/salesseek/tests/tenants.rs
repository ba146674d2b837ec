//! A tenant is fixed by its host: what belongs to another answers like what does not exist (P13).

use crate::stage::{
    ADMIN, NORTH, SOUTH, STRANGER, Stage, USER, cookie_of, delete, essence, get, patch, post, refusal,
};
use doorward_model::{Kind, Role};
use doorward_testkit::{PASSWORD, Request};
use serde_json::json;

#[tokio::test]
async fn a_cookie_of_another_tenant_is_nobodys() {
    let stage = Stage::set().await;
    let cookie = cookie_of(&stage.log_in(SOUTH, STRANGER, PASSWORD).await);
    let nobody = essence(&stage.send(get("/api/users")).await);
    assert_eq!(nobody.0, 401);
    for request in [
        get("/api/users"),
        get(&format!("/api/users/{}", stage.user.id)),
        delete("/api/logout"),
        post("/api/users").json(&json!({ "email_address": "x@northwind.example" })),
        patch(&format!("/api/users/{}", stage.user.id)).json(&json!({ "name": "Owned" })),
        delete(&format!("/api/users/{}", stage.user.id)),
    ] {
        assert_eq!(essence(&stage.send(request.header("cookie", &cookie)).await), nobody);
    }
    let own = Request::get(SOUTH, "/api/users").header("cookie", &cookie);
    assert_eq!(stage.send(own).await.status, 200, "it is still good at home");
}

#[tokio::test]
async fn an_id_of_another_tenant_answers_like_a_random_one() {
    let stage = Stage::set().await;
    let cookie = stage.cookie(ADMIN).await;
    let random = "0198f5b0-0000-7000-8000-000000000000";
    for method in ["GET", "PATCH", "DELETE"] {
        let ask = |id: &str| {
            let path = format!("/api/users/{id}");
            Request::new(method, NORTH, &path).header("cookie", &cookie).json(&json!({ "name": "X Y" }))
        };
        let expected = essence(&stage.send(ask(random)).await);
        assert_eq!(expected.0, 404);
        for id in [stage.stranger.id.to_string(), "7".to_owned(), "%00".to_owned(), "..".to_owned()] {
            assert_eq!(essence(&stage.send(ask(&id)).await), expected, "{method} {id}");
        }
    }
}

#[tokio::test]
async fn administrators_of_a_parent_reach_down_and_nobody_reaches_up_or_sideways() {
    let stage = Stage::set().await;
    let house = &stage.house;
    let child = house.child("northwind-spa", &stage.north).await;
    let sibling = house.child("northwind-gym", &stage.north).await;
    house.person(&child, "spa@northwind.example", Kind::User, Role::Admin).await;
    let host = "northwind-spa.salesseek.test";
    let parents = stage.log_in(host, ADMIN, PASSWORD).await;
    assert_eq!(parents.json()["is_admin"], true);
    let own = cookie_of(&stage.log_in(host, "spa@northwind.example", PASSWORD).await);
    assert_eq!(stage.log_in(NORTH, "spa@northwind.example", PASSWORD).await.status, 401);
    let sideways = format!("{}.salesseek.test", sibling.tenant().slug);
    assert_eq!(stage.log_in(&sideways, "spa@northwind.example", PASSWORD).await.status, 401);
    let above = format!("/api/users/{}", stage.admin.id);
    let change = Request::new("PATCH", host, &above).header("cookie", &own).json(&json!({ "name": "X Y" }));
    assert_eq!(refusal(&stage.send(change).await).0, 403, "they are seen here, and administered above");
}

#[tokio::test]
async fn an_administrator_of_one_company_cannot_take_over_somebody_of_two() {
    let stage = Stage::set().await;
    let house = &stage.house;
    let (spa, gym) =
        (house.child("northwind-spa", &stage.north).await, house.child("northwind-gym", &stage.north).await);
    house.person(&spa, "spa@northwind.example", Kind::User, Role::Admin).await;
    let shared = house.person(&spa, "shared@northwind.example", Kind::User, Role::User).await;
    let place = doorward_core::memberships::NewMembership {
        person: shared.id,
        kind: Kind::User,
        role: Role::Admin,
        standing: None,
    };
    doorward_core::memberships::give(&house.core, &house.caller, &house.operator, &gym, place).await.unwrap();
    let host = "northwind-spa.salesseek.test";
    let cookie = cookie_of(&stage.log_in(host, "spa@northwind.example", PASSWORD).await);
    let path = format!("/api/users/{}", shared.id);
    for body in
        [json!({ "password": "a-password-of-mine-1" }), json!({ "email_address": "spa+2@northwind.example" })]
    {
        let request = Request::new("PATCH", host, &path).header("cookie", &cookie).json(&body);
        assert_eq!(refusal(&stage.send(request).await).0, 403, "{body}");
    }
    let end = Request::new("DELETE", host, &path).header("cookie", &cookie);
    assert_eq!(stage.send(end).await.status, 403);
    assert_eq!(stage.log_in(host, "shared@northwind.example", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn a_suspended_tenant_signs_nobody_in_and_mails_nobody() {
    let stage = Stage::set().await;
    let (house, cookie) = (&stage.house, stage.cookie(USER).await);
    doorward_core::tenants::suspend(&house.core, &house.caller, &house.operator, &stage.north).await.unwrap();
    assert!(!stage.is_signed_in(&cookie).await);
    assert_eq!(stage.log_in(NORTH, USER, PASSWORD).await.status, 401);
    house.mails().await;
    let answer = stage.send(post("/api/forgotten").json(&json!({ "email_address": USER }))).await;
    assert_eq!(answer.text(), "null");
    assert!(house.mails().await.is_empty());
}

#[tokio::test]
async fn rights_from_above_are_changed_above_and_nothing_else_of_the_change_is_made() {
    let stage = Stage::set().await;
    stage.house.child("northwind-spa", &stage.north).await;
    let host = "northwind-spa.salesseek.test";
    stage.house.person(&stage.north, "second@northwind.example", Kind::User, Role::Admin).await;
    let cookie = cookie_of(&stage.log_in(host, ADMIN, PASSWORD).await);
    let path = format!("/api/users/{}", stage.user.id);
    let change = |body| {
        let request = Request::new("PATCH", host, &path).header("cookie", &cookie);
        stage.send(request.json(&body))
    };
    for body in [json!({ "is_admin": true }), json!({ "name": "Grace Hopper", "is_admin": true })] {
        assert_eq!(refusal(&change(body).await).0, 403);
    }
    let seen = stage.send(Request::get(host, &path).header("cookie", &cookie)).await.json();
    assert_eq!((&seen["name"], &seen["is_admin"]), (&json!("Ada Example"), &json!(false)));
}

#[tokio::test]
async fn nothing_answers_outside_the_api_but_the_calendar() {
    let stage = Stage::set().await;
    let cookie = stage.cookie(ADMIN).await;
    for path in ["/", "/login", "/users", "/api", "/api/login/x", "/icalendar_feed"] {
        for method in ["GET", "POST"] {
            let request = Request::new(method, NORTH, path).header("cookie", &cookie);
            let expected = (404, "There is nothing at this address.".to_owned());
            assert_eq!(refusal(&stage.send(request).await), expected, "{method} {path}");
        }
    }
    let unknown = Request::get("nowhere.salesseek.test", "/api/users");
    assert_eq!(refusal(&stage.send(unknown).await), (404, "There is nothing at this address.".to_owned()));
}
