//! `DELETE /api/logout`.

use crate::stage::{ADMIN, Stage, USER, delete, refusal};
use serde_json::json;

#[tokio::test]
async fn a_logout_ends_this_session_and_expires_the_cookie() {
    let stage = Stage::set().await;
    let (cookie, other) = (stage.cookie(USER).await, stage.cookie(USER).await);
    let request = delete("/api/logout").header("cookie", &cookie).header("content-type", "application/json");
    let answer = stage.send(request).await;
    assert_eq!((answer.status.as_u16(), answer.text()), (200, "null".to_owned()));
    assert_eq!(answer.header("set-cookie"), Some("salesseek=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"));
    assert!(!stage.is_signed_in(&cookie).await);
    assert!(stage.is_signed_in(&other).await);
}

#[tokio::test]
async fn nobody_is_logged_out_twice() {
    let stage = Stage::set().await;
    let cookie = stage.cookie(USER).await;
    let request = || delete("/api/logout").header("cookie", &cookie);
    assert_eq!(stage.send(request()).await.status, 200);
    let expected = (401, "You are not signed in.".to_owned());
    assert_eq!(refusal(&stage.send(request()).await), expected);
    assert_eq!(refusal(&stage.send(delete("/api/logout")).await), expected);
}

#[tokio::test]
async fn with_an_e_mail_in_its_body_it_asks_for_a_reset_and_signs_nobody_out() {
    let stage = Stage::set().await;
    let cookie = stage.cookie(ADMIN).await;
    let body = json!({ "email_address": USER });
    let answer = stage.send(delete("/api/logout").header("cookie", &cookie).json(&body)).await;
    assert_eq!((answer.status.as_u16(), answer.text()), (200, "null".to_owned()));
    assert!(answer.header("set-cookie").is_none());
    assert!(stage.is_signed_in(&cookie).await);
    let mails = stage.house.mails().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].content.to, USER);
}
