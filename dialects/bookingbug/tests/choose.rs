//! One e-mail, several companies: the 400 that lists them, and the login that follows.

use crate::harbour::{BASE, GYM, HARBOUR, Harbour, SPA, UNAUTHORIZED, said};
use doorward_core::memberships::{self, NewMembership};
use doorward_model::{CompanyNumber, Kind, Role};
use doorward_testkit::PASSWORD;
use serde_json::json;

#[tokio::test]
async fn somebody_with_several_companies_chooses_and_then_signs_in() {
    let harbour = Harbour::open().await;
    let answer = harbour.log_in("/login", "shared@harbour.example", None).await;
    assert_eq!(answer.status, 400);
    assert!(answer.header("auth-token").is_none());
    let body = answer.json();
    assert!(body.get("auth_token").is_none());
    let number = harbour.shared.number;
    assert_eq!(body["_links"], json!({ "self": { "href": format!("{BASE}/login/admin") } }));
    assert_eq!(
        body["_embedded"]["administrators"][0],
        json!({
            "name": "Ada Example",
            "email": "shared@harbour.example",
            "role": "admin",
            "company_id": SPA,
            "company_name": "Harbour spa",
            "_links": {
                "self": { "href": format!("{BASE}/admin/37002/administrators/{number}") },
                "edit": { "href": format!("{BASE}/admin/37002/administrators/{number}/edit") },
                "company": { "href": format!("{BASE}/admin/37002/company") },
                "login": { "href": format!("{BASE}/login/admin/37002") },
                "base_login": { "href": format!("{BASE}/login/admin") },
            },
        })
    );
    assert_eq!(body["_embedded"]["administrators"][1]["company_id"], GYM);
    let login = body["_embedded"]["administrators"][1]["_links"]["login"]["href"].as_str().unwrap();
    let chosen = harbour.log_in(login.strip_prefix(BASE).unwrap(), "shared@harbour.example", None).await;
    assert_eq!((chosen.status.as_u16(), &chosen.json()["company_id"]), (201, &json!(GYM)));
    let by_number = harbour.log_in("/login/37002", "shared@harbour.example", None).await;
    assert_eq!((by_number.status.as_u16(), &by_number.json()["company_id"]), (201, &json!(SPA)));
}

#[tokio::test]
async fn only_the_right_password_learns_of_the_companies() {
    let harbour = Harbour::open().await;
    let body = json!({ "email": "shared@harbour.example", "password": format!("{PASSWORD}!") });
    let answer = harbour.send(harbour.call("POST", "/login").json(&body)).await;
    assert_eq!(said(&answer), (401, UNAUTHORIZED.to_owned()));
}

#[tokio::test]
async fn the_strongest_place_that_reaches_a_company_is_the_role_there_everywhere() {
    let harbour = Harbour::open().await;
    let owner = harbour.token("owner@harbour.example", HARBOUR).await;
    let body = json!({ "email": "shared@harbour.example", "role": "owner" });
    assert_eq!(harbour.put(&owner, "POST", "/admin/37001/administrators", body).await.status, 201);
    let listed = harbour.log_in("/login", "shared@harbour.example", None).await.json();
    let listed = listed["_embedded"]["administrators"].as_array().unwrap();
    assert!(listed.len() == 3 && listed.iter().all(|place| place["role"] == "owner"), "{listed:?}");
    let login = harbour.log_in("/login/37002", "shared@harbour.example", None).await;
    let current = harbour.with(login.header("auth-token").unwrap(), "GET", "/login").await.json();
    assert_eq!(login.json()["_embedded"]["administrators"][0]["role"], "owner");
    assert_eq!(login.json(), current);
}

#[tokio::test]
async fn a_customer_of_several_companies_chooses_among_memberships() {
    let harbour = Harbour::open().await;
    let house = &harbour.house;
    let gym = doorward_core::tenants::by_number(&house.core, CompanyNumber::new(GYM).unwrap()).await.unwrap();
    // A second later, so that the places have an order.
    house.clock.advance(std::time::Duration::from_secs(1));
    let place =
        NewMembership { person: harbour.member.id, kind: Kind::Member, role: Role::User, standing: None };
    memberships::give(&house.core, &house.caller, &house.operator, &gym, place).await.unwrap();
    for path in ["/login", "/login/member"] {
        let answer = harbour.log_in(path, "member@harbour.example", None).await;
        assert_eq!(answer.status, 400, "{path}");
        assert!(answer.header("auth-token").is_none());
        let body = answer.json();
        assert_eq!(body["_links"], json!({ "self": { "href": format!("{BASE}/login/member") } }));
        assert!(body["_embedded"].get("administrators").is_none());
        let number = harbour.member.number;
        assert_eq!(
            body["_embedded"]["members"][1],
            json!({
                "name": "Ada Example",
                "email": "member@harbour.example",
                "role": "user",
                "company_id": GYM,
                "company_name": "Harbour gym",
                "_links": {
                    "self": { "href": format!("{BASE}/37003/members/{number}") },
                    "edit": { "href": format!("{BASE}/37003/members/{number}/edit") },
                    "company": { "href": format!("{BASE}/company/37003") },
                    "login": { "href": format!("{BASE}/login/member/37003") },
                    "base_login": { "href": format!("{BASE}/login/member") },
                },
            })
        );
    }
    let chosen = harbour.log_in("/login/member/37003", "member@harbour.example", None).await;
    assert_eq!((chosen.status.as_u16(), &chosen.json()["company_id"]), (201, &json!(GYM)));
    let token = chosen.header("auth-token").unwrap();
    let switch = json!({ "company_id": SPA });
    let switched = harbour.put(token, "PUT", "/login/admin", switch).await.json();
    assert_eq!(
        (&switched["company_id"], &switched["_embedded"]["administrators"]),
        (&json!(SPA), &json!([]))
    );
}
