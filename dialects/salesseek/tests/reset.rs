//! Forgotten passwords, from the request to the new password.

use crate::stage::{ADMIN, Code, NEW_PASSWORD, NORTH, STRANGER, Stage, USER, delete, essence, post, refusal};
use doorward_core::people;
use doorward_model::{Kind, MailKind, Role};
use doorward_testkit::{Answer, PASSWORD, Request};
use serde_json::json;
use std::time::Duration;
use tokio::task::JoinSet;

async fn forgotten(stage: &Stage, email: &str, callback: Option<&str>) -> Answer {
    let mut body = json!({ "email_address": email });
    if let Some(callback) = callback {
        body["callback_url"] = callback.into();
    }
    stage.send(post("/api/forgotten").json(&body)).await
}

#[tokio::test]
async fn a_reset_sets_the_password_and_ends_every_session_and_code() {
    let stage = Stage::set().await;
    let sessions = [stage.cookie(USER).await, stage.cookie(USER).await];
    let old = stage.code(USER).await;
    let code = stage.code(USER).await;
    assert_eq!(refusal(&stage.finish(&old, NEW_PASSWORD).await).0, 400, "a newer code was issued");
    let answer = stage.finish(&code, NEW_PASSWORD).await;
    assert_eq!((answer.status.as_u16(), answer.text()), (200, "null".to_owned()));
    assert!(answer.header("set-cookie").is_none(), "nobody is signed in by it");
    for cookie in &sessions {
        assert!(!stage.is_signed_in(cookie).await);
    }
    assert_eq!(stage.log_in(NORTH, USER, PASSWORD).await.status, 401);
    assert_eq!(stage.log_in(NORTH, USER, NEW_PASSWORD).await.status, 200);
    let refused = stage.finish(&code, "another-password-0815").await;
    assert_eq!(refusal(&refused), (400, "The code is not valid any more.".to_owned()));
}

#[tokio::test]
async fn the_seeds_own_spelling_works_too() {
    let stage = Stage::set().await;
    let body = json!({ "email_address": USER, "callback_url": "https://app.northwind.example/app#reset" });
    assert_eq!(stage.send(delete("/api/logout").json(&body)).await.text(), "null");
    let letter = stage.mail(MailKind::Reset).await.unwrap();
    let link = letter.content.link.clone().unwrap();
    let id = stage.user.id;
    assert!(
        link.starts_with(&format!("https://app.northwind.example/app#reset?user_id={id}&token=")),
        "{link}"
    );
    let body = Code::of(&letter).with(NEW_PASSWORD);
    assert_eq!(stage.send(delete("/api/reset").json(&body)).await.text(), "null");
    assert_eq!(stage.log_in(NORTH, USER, NEW_PASSWORD).await.status, 200);
}

#[tokio::test]
async fn links_lead_to_allowed_callbacks_or_to_our_own_page_and_nowhere_else() {
    let stage = Stage::set().await;
    for (allowed, with_parameters) in [
        ("https://app.northwind.example/app", "https://app.northwind.example/app?"),
        ("https://app.northwind.example/app/x?y=1", "https://app.northwind.example/app/x?y=1&"),
    ] {
        assert_eq!(forgotten(&stage, USER, Some(allowed)).await.status, 200, "{allowed}");
        let letter = stage.mail(MailKind::Reset).await.unwrap();
        let Code { user_id, token } = Code::of(&letter);
        assert!(token.len() >= 16 && token.bytes().all(|b| b.is_ascii_hexdigit()), "{token}");
        let link = letter.content.link.unwrap();
        assert_eq!(link, format!("{with_parameters}user_id={user_id}&token={token}"));
    }
    for refused in [
        "http://app.northwind.example/app",
        "https://app.northwind.example:444/app",
        "https://app.northwind.example.evil/app",
        "https://app.northwind.example@evil/app",
        "https://app.northwind.example/application",
        "https://app.northwind.example/app/../x",
        "https://app.northwind.example/app/%2e%2e/x",
        "//app.northwind.example/app",
        "javascript:alert(1)",
        "",
    ] {
        for email in [USER, "nobody@northwind.example"] {
            assert_eq!(forgotten(&stage, email, Some(refused)).await.status, 400, "{refused}");
        }
        assert!(stage.house.mails().await.is_empty(), "{refused}");
    }
    let forged = post("/api/forgotten").header("x-forwarded-host", "evil.example");
    stage.send(forged.json(&json!({ "email_address": USER }))).await;
    let link = stage.mail(MailKind::Reset).await.unwrap().content.link.unwrap();
    assert!(link.starts_with("https://id.example/reset?user_id="), "{link}");
}

#[tokio::test]
async fn nobody_can_tell_whether_an_account_exists() {
    let stage = Stage::set().await;
    let (house, north) = (&stage.house, &stage.north);
    people::disable(&house.core, &house.caller, &house.operator, north, stage.admin.id).await.unwrap();
    let known = essence(&forgotten(&stage, USER, None).await);
    assert_eq!(stage.house.mails().await.len(), 1);
    for email in ["nobody@northwind.example", ADMIN, STRANGER, "not an address", ""] {
        assert_eq!(essence(&forgotten(&stage, email, None).await), known, "{email}");
    }
    assert!(stage.house.mails().await.is_empty());
}

#[tokio::test]
async fn a_stranger_can_neither_flood_a_mailbox_nor_keep_its_owner_out() {
    let stage = Stage::set().await;
    for _ in 0..20 {
        forgotten(&stage, USER, None).await;
        stage.house.clock.advance(Duration::from_secs(1));
    }
    let mails = stage.house.mails().await;
    assert_eq!(mails.len(), 5);
    let newest = Code::of(mails.iter().max_by_key(|letter| letter.created_at).unwrap());
    assert_eq!(stage.finish(&newest, NEW_PASSWORD).await.status, 200);
}

#[tokio::test]
async fn a_code_is_good_for_half_an_hour_for_its_person_in_its_pool() {
    let stage = Stage::set().await;
    let code = stage.code(USER).await;
    let others = Code { user_id: stage.admin.id.to_string(), ..code.clone() };
    assert_eq!(stage.finish(&others, NEW_PASSWORD).await.status, 400);
    let seed_like = Code { user_id: "b8146356634".to_owned(), token: "76ef98545e738a51".to_owned() };
    assert_eq!(stage.finish(&seed_like, NEW_PASSWORD).await.status, 400);
    let elsewhere = Request::post("southwind.salesseek.test", "/api/reset").json(&code.with(NEW_PASSWORD));
    assert_eq!(stage.send(elsewhere).await.status, 400);
    stage.house.clock.advance(Duration::from_secs(30 * 60 - 1));
    assert_eq!(stage.finish(&code, "too short").await.status, 400, "the code is not used up by this");
    stage.house.clock.advance(Duration::from_secs(1));
    assert_eq!(stage.finish(&code, NEW_PASSWORD).await.status, 400);
}

#[tokio::test]
async fn the_policy_says_why_and_leaves_the_code_open() {
    let stage = Stage::set().await;
    let code = stage.code(USER).await;
    let refused = stage.finish(&code, "short").await;
    assert_eq!(refusal(&refused), (400, "The password needs at least 15 characters.".to_owned()));
    assert_eq!(stage.finish(&code, NEW_PASSWORD).await.status, 200);
}

#[tokio::test]
async fn fifty_clients_with_one_code_set_one_password() {
    let stage = Stage::set().await;
    let code = stage.code(USER).await;
    let mut racers = JoinSet::new();
    for racer in 0..50 {
        let (client, body) = (stage.client.clone(), code.with(&format!("racer-number-{racer}-wins")));
        racers.spawn(async move { (racer, client.send(post("/api/reset").json(&body)).await.status) });
    }
    let statuses = racers.join_all().await;
    let winners: Vec<u32> =
        statuses.iter().filter(|(_, status)| *status == 200).map(|(racer, _)| *racer).collect();
    assert_eq!(winners.len(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|(_, status)| *status == 200 || *status == 400), "{statuses:?}");
    let password = format!("racer-number-{}-wins", winners[0]);
    assert_eq!(stage.log_in(NORTH, USER, &password).await.status, 200);
}

#[tokio::test]
async fn it_works_while_sign_in_is_delayed_and_ends_the_delay() {
    let stage = Stage::set().await;
    for _ in 0..5 {
        stage.log_in(NORTH, USER, "wrong, and long enough").await;
    }
    assert_eq!(stage.log_in(NORTH, USER, PASSWORD).await.status, 429);
    let code = stage.code(USER).await;
    assert_eq!(stage.finish(&code, NEW_PASSWORD).await.status, 200);
    assert_eq!(stage.log_in(NORTH, USER, NEW_PASSWORD).await.status, 200);
}

#[tokio::test]
async fn its_owner_is_told_and_their_address_counts_as_verified() {
    let stage = Stage::set().await;
    let house = &stage.house;
    let new = |new: &mut people::NewPerson| new.verified = doorward_model::Verified::No;
    let email = "fresh@northwind.example";
    let fresh = house.person_with(&stage.north, email, Kind::User, Role::User, new).await;
    let code = stage.code(email).await;
    stage.finish(&code, NEW_PASSWORD).await;
    let told = stage.mail(MailKind::PasswordChanged).await.unwrap();
    assert_eq!(told.content.to, email);
    let person = people::by_id(&house.core, fresh.pool, fresh.id).await.unwrap();
    assert_eq!(person.verified, doorward_model::Verified::ByMail);
}
