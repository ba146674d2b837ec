//! Members: customers with a login.

use crate::harbour::{FORBIDDEN, HARBOUR, Harbour, SPA, UNAUTHORIZED, said};
use doorward_core::memberships::{self, NewMembership};
use doorward_model::{Kind, Role};
use serde_json::json;

/// Makes the spa's customer an owner of the whole tree, too.
async fn promote(harbour: &Harbour) {
    let house = &harbour.house;
    let place = NewMembership {
        person: harbour.member.id,
        kind: Kind::Administrator,
        role: Role::Owner,
        standing: None,
    };
    memberships::give(&house.core, &house.caller, &house.operator, &harbour.harbour, place).await.unwrap();
}

async fn member_token(harbour: &Harbour) -> String {
    let answer = harbour.log_in("/login/member/37002", "member@harbour.example", None).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.header("auth-token").unwrap().to_owned()
}

#[tokio::test]
async fn a_member_sees_and_renames_themselves() {
    let harbour = Harbour::open().await;
    let token = harbour.token("member@harbour.example", SPA).await;
    let path = format!("/37002/members/{}", harbour.member.number);
    let member = harbour.with(&token, "GET", &path).await.json();
    assert_eq!((&member["id"], &member["role"]), (&json!(harbour.member.number.get()), &json!("user")));
    let changed = harbour.put(&token, "PUT", &path, json!({ "first_name": "Grace", "role": "owner" })).await;
    assert_eq!((changed.status.as_u16(), &changed.json()["name"]), (200, &json!("Grace Example")));
    assert_eq!(changed.json()["role"], "user");
    let email = harbour.put(&token, "PUT", &path, json!({ "email": "new@harbour.example" })).await;
    assert_eq!(email.status, 403, "the address is where a reset goes");
}

#[tokio::test]
async fn administrators_see_the_members_of_their_company() {
    let harbour = Harbour::open().await;
    let owner = harbour.token("owner@harbour.example", 37_001).await;
    let path = format!("/37002/members/{}", harbour.member.number);
    assert_eq!(harbour.with(&owner, "GET", &path).await.status, 200);
    let email = harbour.put(&owner, "PUT", &path, json!({ "email": "new@harbour.example" })).await;
    assert_eq!(email.json()["email"], "new@harbour.example");
    let not_a_member = format!("/37002/members/{}", harbour.shared.number);
    assert_eq!(harbour.with(&owner, "GET", &not_a_member).await.status, 404);
    assert_eq!(harbour.with(&owner, "GET", "/37002/members/abc").await.status, 404);
}

#[tokio::test]
async fn members_see_nobody_else() {
    let harbour = Harbour::open().await;
    let token = harbour.token("member@harbour.example", SPA).await;
    for path in [
        "/37002/members/1",
        "/37001/members/1003",
        "/admin/37002/administrators",
        "/admin/37002/administrators/1001",
    ] {
        assert_eq!(said(&harbour.with(&token, "GET", path).await), (403, FORBIDDEN.to_owned()), "{path}");
    }
}

#[tokio::test]
async fn a_members_login_stays_a_members_whatever_else_they_are() {
    let harbour = Harbour::open().await;
    promote(&harbour).await;
    let token = member_token(&harbour).await;
    let number = harbour.member.number;
    let own = format!("/admin/37002/administrators/{number}");
    for (method, path) in [
        ("GET", "/admin/37002/company"),
        ("PUT", "/admin/37002/company"),
        ("GET", "/admin/37002/administrators"),
        ("POST", "/admin/37002/administrators"),
        ("GET", "/admin/37002/administrators/new"),
        ("GET", &own),
        ("GET", &format!("{own}/edit")),
        ("PUT", &own),
        ("DELETE", &own),
        ("GET", "/37002/members/9999"),
        ("GET", "/login/admin"),
        ("GET", "/login/admin/37002"),
        ("GET", "/login/37001"),
    ] {
        let answer = harbour.put(&token, method, path, json!({ "name": "Mine Now" })).await;
        assert_eq!(said(&answer), (403, FORBIDDEN.to_owned()), "{method} {path}");
    }
    let up = harbour.put(&token, "PUT", "/login/admin", json!({ "company_id": HARBOUR })).await;
    assert_eq!(said(&up), (403, FORBIDDEN.to_owned()));
    let current = harbour.with(&token, "GET", "/login").await.json();
    assert_eq!(current["_embedded"]["administrators"], json!([]));
    assert_eq!(current["_embedded"]["members"][0]["role"], "user");
    let member = harbour.with(&token, "GET", &format!("/37002/members/{number}")).await.json();
    assert_eq!(member["name"], "Ada Example", "nothing of it was done");

    let administrator = harbour.log_in("/login", "member@harbour.example", Some(SPA)).await;
    let token = administrator.header("auth-token").unwrap();
    assert_eq!(harbour.with(token, "GET", "/admin/37002/administrators").await.status, 200, "admins first");
    assert_eq!(harbour.with(token, "GET", "/login/member").await.status, 200, "and what a member sees");
}

#[tokio::test]
async fn a_members_login_ends_with_the_members_place() {
    let harbour = Harbour::open().await;
    promote(&harbour).await;
    let token = member_token(&harbour).await;
    let administrators = harbour.token("member@harbour.example", SPA).await;
    let house = &harbour.house;
    let (core, caller, operator) = (&house.core, &house.caller, &house.operator);
    memberships::take(core, caller, operator, &harbour.spa, harbour.member.id, Kind::Member).await.unwrap();
    assert_eq!(said(&harbour.with(&token, "GET", "/login").await), (401, UNAUTHORIZED.to_owned()));
    assert_eq!(harbour.with(&administrators, "GET", "/login").await.status, 200);
}

#[tokio::test]
async fn a_members_current_login_is_read_at_every_address_of_it() {
    let harbour = Harbour::open().await;
    let login = harbour.log_in("/login/member", "member@harbour.example", None).await;
    let token = login.header("auth-token").unwrap();
    for path in ["/login", "/login/37002", "/login/member", "/login/member/37002"] {
        let answer = harbour.with(token, "GET", path).await;
        assert_eq!((answer.status.as_u16(), answer.json()), (200, login.json()), "{path}");
    }
    assert_eq!(said(&harbour.with(token, "GET", "/login/admin/37002").await), (403, FORBIDDEN.to_owned()));
}
