//! Members: customers with a login.

use crate::harbour::{FORBIDDEN, Harbour, SPA, said};
use serde_json::json;

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
