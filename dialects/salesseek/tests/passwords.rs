//! `PATCH /api/users/{id}` with a `password`, and sessions that may do nothing else.

use crate::stage::{
    ADMIN, NEW_PASSWORD, NORTH, STRANGER, Stage, USER, cookie_of, delete, get, patch, refusal,
};
use doorward_core::people::{self, Edit};
use doorward_model::MailKind;
use doorward_testkit::{Answer, PASSWORD};
use serde_json::{Value, json};

async fn change(stage: &Stage, cookie: &str, id: impl std::fmt::Display, body: Value) -> Answer {
    stage.send(patch(&format!("/api/users/{id}")).header("cookie", cookie).json(&body)).await
}

#[tokio::test]
async fn a_change_keeps_this_session_and_ends_the_others() {
    let stage = Stage::set().await;
    let (here, elsewhere) = (stage.cookie(USER).await, stage.cookie(USER).await);
    let code = stage.code(USER).await;
    let body = json!({ "password": NEW_PASSWORD, "current_password": PASSWORD });
    assert_eq!(change(&stage, &here, stage.user.id, body).await.status, 200);
    assert!(stage.is_signed_in(&here).await);
    assert!(!stage.is_signed_in(&elsewhere).await);
    assert_eq!(stage.finish(&code, "one-more-password-1").await.status, 400, "open codes die too");
    assert_eq!(stage.log_in(NORTH, USER, PASSWORD).await.status, 401);
    assert_eq!(stage.log_in(NORTH, USER, NEW_PASSWORD).await.status, 200);
    assert_eq!(stage.mail(MailKind::PasswordChanged).await.unwrap().content.to, USER);
}

#[tokio::test]
async fn the_current_password_must_be_right_and_guesses_are_counted() {
    let stage = Stage::set().await;
    let cookie = stage.cookie(USER).await;
    let with = |current: &str| json!({ "password": NEW_PASSWORD, "current_password": current });
    let missing = change(&stage, &cookie, stage.user.id, json!({ "password": NEW_PASSWORD })).await;
    assert_eq!(refusal(&missing), (400, "current_password: is required.".to_owned()));
    for _ in 0..5 {
        let wrong = change(&stage, &cookie, stage.user.id, with("not the password at all")).await;
        assert_eq!(refusal(&wrong), (400, "The current password does not match.".to_owned()));
    }
    let throttled = change(&stage, &cookie, stage.user.id, with(PASSWORD)).await;
    assert_eq!(throttled.status, 429);
    assert_eq!(stage.log_in(NORTH, USER, PASSWORD).await.status, 429, "one counter for both");
}

#[tokio::test]
async fn a_new_password_that_breaks_a_rule_costs_no_attempt() {
    let stage = Stage::set().await;
    let cookie = stage.cookie(USER).await;
    for _ in 0..10 {
        let body = json!({ "password": "short", "current_password": "not the password at all" });
        let refused = change(&stage, &cookie, stage.user.id, body).await;
        assert_eq!(refusal(&refused), (400, "The password needs at least 15 characters.".to_owned()));
    }
    assert_eq!(stage.log_in(NORTH, USER, PASSWORD).await.status, 200);
}

#[tokio::test]
async fn until_a_required_password_is_set_a_session_may_do_nothing_else() {
    let stage = Stage::set().await;
    require_new_password(&stage).await;
    let login = stage.log_in(NORTH, USER, PASSWORD).await;
    assert_eq!(login.json()["password_reset_required"], true);
    let cookie = cookie_of(&login);
    let own = format!("/api/users/{}", stage.user.id);
    let detail = "Set a new password first: PATCH your own user with a new password.".to_owned();
    for request in [
        get("/api/users"),
        get(&own),
        patch(&own).json(&json!({ "name": "X Y" })),
        patch(&format!("/api/users/{}", stage.admin.id)).json(&json!({ "password": NEW_PASSWORD })),
    ] {
        let refused = stage.send(request.header("cookie", &cookie)).await;
        assert_eq!(refusal(&refused), (403, detail.clone()));
    }
    let same = change(&stage, &cookie, stage.user.id, json!({ "password": PASSWORD })).await;
    assert_eq!(refusal(&same), (400, "password: must differ from the present one.".to_owned()));
    let body = json!({ "password": NEW_PASSWORD, "name": "Ada Anew" });
    let user = change(&stage, &cookie, stage.user.id, body).await.json();
    assert_eq!((&user["password_reset_required"], &user["name"]), (&json!(false), &json!("Ada Anew")));
    assert_eq!(stage.send(get("/api/users").header("cookie", &cookie)).await.status, 200);
}

#[tokio::test]
async fn a_limited_session_may_log_out() {
    let stage = Stage::set().await;
    require_new_password(&stage).await;
    let cookie = stage.cookie(USER).await;
    assert_eq!(stage.send(delete("/api/logout").header("cookie", &cookie)).await.status, 200);
}

#[tokio::test]
async fn an_administrator_sets_a_password_and_its_owner_is_told() {
    let stage = Stage::set().await;
    let (admin, user) = (stage.cookie(ADMIN).await, stage.cookie(USER).await);
    let body = json!({ "password": NEW_PASSWORD, "password_reset_required": true });
    let answer = change(&stage, &admin, stage.user.id, body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["password_reset_required"], true, "for one sign-in only");
    assert!(!stage.is_signed_in(&user).await);
    assert!(stage.is_signed_in(&admin).await);
    assert_eq!(stage.log_in(NORTH, USER, PASSWORD).await.status, 401);
    assert_eq!(stage.log_in(NORTH, USER, NEW_PASSWORD).await.status, 200);
    assert_eq!(stage.mail(MailKind::PasswordChanged).await.unwrap().content.to, USER);
    let other = change(&stage, &admin, stage.stranger.id, json!({ "password": NEW_PASSWORD })).await;
    assert_eq!(other.status, 404);
    assert_eq!(stage.log_in("southwind.salesseek.test", STRANGER, PASSWORD).await.status, 200);
}

#[tokio::test]
async fn a_refused_change_leaves_no_new_password_behind() {
    let stage = Stage::set().await;
    let (admin, user) = (stage.cookie(ADMIN).await, stage.cookie(USER).await);
    let long = json!({ "password": NEW_PASSWORD, "current_password": PASSWORD, "name": "x".repeat(251) });
    assert_eq!(change(&stage, &user, stage.user.id, long.clone()).await.status, 400);
    assert_eq!(change(&stage, &admin, stage.user.id, long).await.status, 400);
    let taken = json!({ "password": NEW_PASSWORD, "email_address": ADMIN, "is_admin": true });
    assert_eq!(change(&stage, &admin, stage.user.id, taken).await.status, 400);
    let login = stage.log_in(NORTH, USER, PASSWORD).await;
    assert_eq!(login.status, 200);
    assert_eq!(login.json()["is_admin"], false);
}

async fn require_new_password(stage: &Stage) {
    let (house, north) = (&stage.house, &stage.north);
    let edit = Edit { password_reset_required: Some(true), ..Edit::default() };
    people::edit(&house.core, &house.caller, &house.operator, north, stage.user.id, edit).await.unwrap();
}

/// All of a change or nothing of it: each of these is refused for its last part only.
#[tokio::test]
async fn a_change_that_is_refused_in_one_part_is_not_made_in_another() {
    let stage = Stage::set().await;
    let admin = stage.cookie(ADMIN).await;
    let before = stage.send(get(&format!("/api/users/{}", stage.user.id)).header("cookie", &admin)).await;
    let weak = json!({
        "name": "Ada Anew", "email_address": "moved@northwind.example", "is_admin": true, "password": "short"
    });
    let refused = change(&stage, &admin, stage.user.id, weak).await;
    assert_eq!(refusal(&refused), (400, "The password needs at least 15 characters.".to_owned()));
    let taken = json!({ "name": "Ada Anew", "is_admin": true, "email_address": ADMIN });
    assert_eq!(change(&stage, &admin, stage.user.id, taken).await.status, 400);
    let after = stage.send(get(&format!("/api/users/{}", stage.user.id)).header("cookie", &admin)).await;
    assert_eq!(after.text(), before.text());
    assert!(stage.house.mails().await.is_empty(), "nobody is told of what did not happen");

    let cookie = stage.cookie(USER).await;
    let wrong = json!({ "name": "Ada Anew", "password": NEW_PASSWORD, "current_password": "not it at all" });
    assert_eq!(change(&stage, &cookie, stage.user.id, wrong).await.status, 400);
    let rights = json!({ "password": NEW_PASSWORD, "current_password": PASSWORD, "is_admin": true });
    assert_eq!(change(&stage, &cookie, stage.user.id, rights).await.status, 403);
    let moved = json!({
        "password": NEW_PASSWORD, "current_password": PASSWORD, "email_address": "me@northwind.example"
    });
    assert_eq!(change(&stage, &cookie, stage.user.id, moved).await.status, 403);
    let after = stage.send(get(&format!("/api/users/{}", stage.user.id)).header("cookie", &admin)).await;
    assert_eq!(after.text(), before.text());
    assert_eq!(stage.log_in(NORTH, USER, PASSWORD).await.status, 200);
}

#[tokio::test]
async fn everything_a_change_asks_for_happens_at_once() {
    let stage = Stage::set().await;
    let (admin, user) = (stage.cookie(ADMIN).await, stage.cookie(USER).await);
    let body = json!({
        "name": "Grace Hopper", "email_address": "grace@northwind.example", "is_admin": true, "password": NEW_PASSWORD,
        "notification_settings": { "instant_email_notifications": "True" }
    });
    let changed = change(&stage, &admin, stage.user.id, body).await.json();
    assert_eq!((&changed["name"], &changed["is_admin"]), (&json!("Grace Hopper"), &json!(true)));
    assert_eq!(changed["notification_settings"]["instant_email_notifications"], "True");
    assert!(!stage.is_signed_in(&user).await);
    let login = stage.log_in(NORTH, "grace@northwind.example", NEW_PASSWORD).await;
    assert_eq!(login.json()["is_admin"], true);
    let own = json!({ "name": "Ada Once", "password": PASSWORD, "current_password": NEW_PASSWORD });
    let cookie = cookie_of(&login);
    assert_eq!(change(&stage, &cookie, stage.user.id, own).await.json()["name"], "Ada Once");
    assert_eq!(stage.log_in(NORTH, "grace@northwind.example", PASSWORD).await.status, 200);
}
