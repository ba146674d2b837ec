//! One e-mail, several companies: the 400 that lists them, and the login that follows.

use crate::harbour::{BASE, GYM, HARBOUR, Harbour, SPA, UNAUTHORIZED, said};
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
