//! Forgotten and changed passwords.

use crate::harbour::{FORBIDDEN, Harbour, SPA, UNAUTHORIZED, said};
use doorward_model::MailKind;
use doorward_testkit::PASSWORD;
use serde_json::json;

const NEW: &str = "brisk-heron-dives-0815";

/// Asks for a reset and reads the code from the mail.
async fn mailed_code(harbour: &Harbour) -> String {
    code_of(harbour, "/login/37002/email_password_reset", "member@harbour.example").await
}

async fn code_of(harbour: &Harbour, path: &str, email: &str) -> String {
    let body = json!({ "email": email });
    assert_eq!(harbour.send(harbour.call("POST", path).json(&body)).await.status, 201);
    let mails = harbour.house.mails().await;
    let reset = mails.iter().find(|mail| mail.kind == MailKind::Reset).unwrap();
    let link = reset.content.link.clone().unwrap();
    assert!(link.starts_with("https://id.example/reset?"), "{link}");
    link.split_once("reset_password_token=").unwrap().1.to_owned()
}

#[tokio::test]
async fn a_reset_is_asked_for_without_learning_who_is_known() {
    let harbour = Harbour::open().await;
    for path in ["/login/37002/email_password_reset", "/login/admin/reset_password_email"] {
        let ask = |email: &str| harbour.send(harbour.call("POST", path).json(&json!({ "email": email })));
        let (known, unknown) = (ask("member@harbour.example").await, ask("nobody@harbour.example").await);
        assert_eq!(known.status, 201);
        assert!(known.json()["result"].is_string() && known.json()["message"].is_string());
        assert_eq!(said(&known), said(&unknown));
    }
    let elsewhere = harbour.call("POST", "/login/38001/email_password_reset");
    assert_eq!(harbour.send(elsewhere.json(&json!({ "email": "a@b.example" }))).await.status, 404);
}

#[tokio::test]
async fn a_mailed_code_sets_a_password_once_and_signs_nobody_in() {
    let harbour = Harbour::open().await;
    let token = harbour.token("member@harbour.example", SPA).await;
    let code = mailed_code(&harbour).await;
    let body = json!({ "reset_password_token": code, "password": NEW, "password_confirmation": NEW });
    let reset = || harbour.send(harbour.call("PUT", "/login/37002/reset_password").json(&body));
    let answer = reset().await;
    assert_eq!(answer.status, 200);
    assert!(answer.json().get("auth_token").is_none() && answer.header("auth-token").is_none());
    assert_eq!(answer.json()["_embedded"]["members"][0]["email"], "member@harbour.example");
    assert_eq!(harbour.with(&token, "GET", "/login").await.status, 401);
    assert_eq!(harbour.log_in("/login", "member@harbour.example", None).await.text(), UNAUTHORIZED);
    let with_new = json!({ "email": "member@harbour.example", "password": NEW });
    assert_eq!(harbour.send(harbour.call("POST", "/login").json(&with_new)).await.status, 201);
    assert_eq!(said(&reset().await), (400, r#"{"error":"Reset password token is invalid"}"#.to_owned()));
}

#[tokio::test]
async fn a_bad_code_or_password_says_which() {
    let harbour = Harbour::open().await;
    let invalid = (400, r#"{"error":"Reset password token is invalid"}"#.to_owned());
    for path in ["/login/37002/reset_password", "/login/admin/reset_password"] {
        for code in ["", "x", &"0".repeat(64)] {
            let body = json!({ "reset_password_token": code, "password": NEW, "password_confirmation": NEW });
            assert_eq!(said(&harbour.send(harbour.call("PUT", path).json(&body)).await), invalid);
        }
    }
    let code = mailed_code(&harbour).await;
    let finish = |password: &str, again: &str| {
        let body =
            json!({ "reset_password_token": code, "password": password, "password_confirmation": again });
        harbour.send(harbour.call("PUT", "/login/admin/reset_password").json(&body))
    };
    assert_eq!(finish(NEW, "another").await.json()["details"][0]["field"], "password_confirmation");
    assert_eq!(finish("short", "short").await.json()["details"][0]["field"], "password");
    assert_eq!(finish(NEW, NEW).await.status, 200);
}

#[tokio::test]
async fn whoever_is_signed_in_changes_their_own_password() {
    let harbour = Harbour::open().await;
    let token = harbour.token("member@harbour.example", SPA).await;
    let other = harbour.token("member@harbour.example", SPA).await;
    let path = format!("/login/37002/update_password/{}", harbour.member.number);
    let change = |current: &str| {
        let body = json!({ "current_password": current, "password": NEW, "password_confirmation": NEW });
        harbour.put(&token, "POST", &path, body)
    };
    let wrong = change("wrong").await;
    assert_eq!(
        said(&wrong),
        (400, r#"{"error":"current_password doesn't match existing password"}"#.to_owned())
    );
    let changed = change(PASSWORD).await;
    assert_eq!((changed.status.as_u16(), &changed.json()["auth_token"]), (201, &json!(token)));
    assert_eq!(harbour.with(&token, "GET", "/login").await.status, 200);
    assert_eq!(harbour.with(&other, "GET", "/login").await.status, 401);
    let somebody_else = format!("/login/37002/update_password/{}", harbour.owner.number);
    assert_eq!(
        said(&harbour.put(&token, "POST", &somebody_else, json!({})).await),
        (403, FORBIDDEN.to_owned())
    );
}

#[tokio::test]
async fn the_administrators_form_changes_with_the_current_password() {
    let harbour = Harbour::open().await;
    let token = harbour.token("owner@harbour.example", 37_001).await;
    let schema = harbour.send(harbour.call("GET", "/login/admin/reset_password_schema")).await.json();
    assert_eq!(schema["schema"]["properties"]["password"]["pattern"], "^.{15,}$");
    let body = json!({ "current_password": PASSWORD, "password": NEW, "password_confirmation": NEW });
    let path = "/login/admin/reset_password";
    assert_eq!(
        said(&harbour.send(harbour.call("PUT", path).json(&body)).await),
        (401, UNAUTHORIZED.to_owned())
    );
    let changed = harbour.put(&token, "PUT", path, body).await;
    assert_eq!((changed.status.as_u16(), &changed.json()["company_id"]), (200, &json!(37_001)));
}

#[tokio::test]
async fn a_required_new_password_comes_before_everything_else() {
    let harbour = Harbour::open().await;
    let house = &harbour.house;
    let edit = doorward_core::people::Edit { password_reset_required: Some(true), ..Default::default() };
    doorward_core::people::edit(
        &house.core,
        &house.caller,
        &house.operator,
        &harbour.harbour,
        harbour.owner.id,
        edit,
    )
    .await
    .unwrap();
    let token = harbour.token("owner@harbour.example", 37_001).await;
    assert_eq!(harbour.with(&token, "GET", "/admin/37001/company").await.status, 403);
    let body = json!({ "password": NEW, "password_confirmation": NEW });
    assert_eq!(harbour.put(&token, "PUT", "/login/admin/reset_password", body).await.status, 200);
    assert_eq!(harbour.with(&token, "GET", "/admin/37001/company").await.status, 200);
}

#[tokio::test]
async fn a_reset_without_a_company_answers_with_a_login_of_the_persons_own() {
    let harbour = Harbour::open().await;
    let code = code_of(&harbour, "/login/admin/reset_password_email", "shared@harbour.example").await;
    let body = json!({ "reset_password_token": code, "password": NEW, "password_confirmation": NEW });
    let answer = harbour.send(harbour.call("PUT", "/login/admin/reset_password").json(&body)).await;
    let login = answer.json();
    assert_eq!((answer.status.as_u16(), &login["company_id"]), (200, &json!(SPA)));
    assert_eq!(login["_embedded"]["administrators"][0]["email"], "shared@harbour.example");
    assert!(login.get("auth_token").is_none() && answer.header("auth-token").is_none());
}

#[tokio::test]
async fn a_mailed_code_is_good_for_half_an_hour_and_a_newer_one_voids_it() {
    let harbour = Harbour::open().await;
    let finish = |code: String| {
        let body = json!({ "reset_password_token": code, "password": NEW, "password_confirmation": NEW });
        harbour.send(harbour.call("PUT", "/login/37002/reset_password").json(&body))
    };
    let invalid = (400, r#"{"error":"Reset password token is invalid"}"#.to_owned());
    let old = mailed_code(&harbour).await;
    let code = mailed_code(&harbour).await;
    assert_eq!(said(&finish(old).await), invalid);
    harbour.house.clock.advance(std::time::Duration::from_secs(30 * 60));
    assert_eq!(said(&finish(code).await), invalid);
}
