//! `/api/users`.

use crate::stage::{
    ADMIN, Code, NEW_PASSWORD, NORTH, Stage, USER, cookie_of, delete, get, patch, post, refusal,
};
use doorward_model::{Kind, MailKind, Role};
use doorward_testkit::{Answer, PASSWORD};
use serde_json::{Value, json};

fn names(answer: &Answer) -> Vec<String> {
    let users = answer.json();
    users.as_array().unwrap().iter().map(|user| user["name"].as_str().unwrap().to_owned()).collect()
}

fn page(answer: &Answer) -> [&str; 3] {
    ["records-total", "records-start", "records-rows"].map(|name| answer.header(name).unwrap())
}

async fn with_team(stage: &Stage) {
    for (first, last, email) in
        [("Zoe", "Abel", "z@northwind.example"), ("bob", "Cole", "b_1@northwind.example")]
    {
        stage
            .house
            .person_with(&stage.north, email, Kind::User, Role::User, |new| {
                new.profile.first_name = Some(first.to_owned());
                new.profile.last_name = Some(last.to_owned());
            })
            .await;
        stage.house.clock.advance(std::time::Duration::from_millis(2));
    }
}

#[tokio::test]
async fn the_list_is_ordered_searched_and_paged() {
    let stage = Stage::set().await;
    with_team(&stage).await;
    let cookie = stage.cookie(USER).await;
    let list = |query: &str| stage.send(get(&format!("/api/users{query}")).header("cookie", &cookie));
    let all = list("").await;
    assert_eq!(page(&all), ["4", "0", "4"]);
    let by_name = list("/?order_by=name%20desc").await;
    assert_eq!(names(&by_name), ["Zoe Abel", "bob Cole", "Ada Example", "Ada Example"]);
    assert_eq!(names(&list("?order_by=name+DESC").await), names(&by_name));
    let second = list("?order_by=name&start=1&rows=2").await;
    assert_eq!(names(&second), ["Ada Example", "bob Cole"]);
    assert_eq!(page(&second), ["4", "1", "2"]);
    assert_eq!(names(&list("?search=ZOE").await), ["Zoe Abel"]);
    assert_eq!(names(&list("?search=b_1").await), ["bob Cole"]);
    assert_eq!(names(&list("?search=b%251").await), [""; 0], "no pattern language");
    let nul = list("?search=%00").await;
    assert_eq!(nul.json(), json!({ "detail": "search: a NUL character." }));
    assert_eq!(names(&list("?search=northwind&order_by=email_address+desc&rows=1").await), ["Zoe Abel"]);
    let beyond = list("?start=9").await;
    assert_eq!((page(&beyond), beyond.text()), (["4", "9", "0"], "[]".to_owned()));
    for bad in ["?start=-1", "?rows=many", "?order_by=password", "?order_by=name+up", "?start=1&start=2"] {
        assert_eq!(list(bad).await.status, 400, "{bad}");
    }
}

#[tokio::test]
async fn a_user_is_shown_as_in_the_login_body() {
    let stage = Stage::set().await;
    let login = stage.log_in(NORTH, USER, PASSWORD).await;
    let mut expected = login.json();
    expected.as_object_mut().unwrap().remove("client");
    let uri = format!("/api/{}", expected["uri"].as_str().unwrap());
    let shown = stage.send(get(&uri).header("cookie", &cookie_of(&login))).await;
    assert_eq!(shown.json(), expected);
}

#[tokio::test]
async fn an_invited_user_chooses_a_password_by_the_mailed_link() {
    let stage = Stage::set().await;
    let cookie = stage.cookie(ADMIN).await;
    let body = json!({ "email_address": "new@northwind.example", "name": "Neo Newman", "is_admin": true });
    let answer = stage.send(post("/api/users/").header("cookie", &cookie).json(&body)).await;
    assert_eq!(answer.status, 201);
    let user = answer.json();
    assert_eq!(user["password_reset_required"], true);
    assert_eq!((&user["name"], &user["is_admin"]), (&json!("Neo Newman"), &json!(true)));
    let letter = stage.mail(MailKind::Invitation).await.unwrap();
    assert_eq!(letter.content.to, "new@northwind.example");
    assert!(letter.content.link.as_deref().unwrap().starts_with("https://id.example/invitation?user_id="));
    let code = Code::of(&letter);
    assert_eq!(stage.finish(&code, NEW_PASSWORD).await.status, 200);
    let login = stage.log_in(NORTH, "new@northwind.example", NEW_PASSWORD).await.json();
    assert_eq!(login["password_reset_required"], false);
    assert_eq!(login["id"], user["id"]);
}

#[tokio::test]
async fn a_second_person_of_one_e_mail_is_refused_in_any_spelling() {
    let stage = Stage::set().await;
    let cookie = stage.cookie(ADMIN).await;
    for email in [USER.to_owned(), USER.to_uppercase()] {
        let body = json!({ "email_address": email });
        let answer = stage.send(post("/api/users").header("cookie", &cookie).json(&body)).await;
        let detail = "email_address: somebody here already has this e-mail.".to_owned();
        assert_eq!(refusal(&answer), (400, detail));
    }
    assert!(stage.house.mails().await.is_empty());
}

#[tokio::test]
async fn only_administrators_invite_and_delete() {
    let stage = Stage::set().await;
    let cookie = stage.cookie(USER).await;
    let body = json!({ "email_address": "new@northwind.example" });
    let invite = stage.send(post("/api/users").header("cookie", &cookie).json(&body)).await;
    assert_eq!(refusal(&invite), (403, "You are not allowed to do this.".to_owned()));
    let path = format!("/api/users/{}", stage.admin.id);
    assert_eq!(stage.send(delete(&path).header("cookie", &cookie)).await.status, 403);
}

#[tokio::test]
async fn a_deleted_user_is_signed_out_gone_and_may_be_invited_anew() {
    let stage = Stage::set().await;
    let (admin, user) = (stage.cookie(ADMIN).await, stage.cookie(USER).await);
    let path = format!("/api/users/{}", stage.user.id);
    let deleted = stage.send(delete(&path).header("cookie", &admin)).await;
    assert_eq!((deleted.status.as_u16(), &deleted.json()["deleted"]), (200, &json!(true)));
    assert_eq!(deleted.json()["email_address"], USER);
    assert!(!stage.is_signed_in(&user).await);
    assert_eq!(stage.log_in(NORTH, USER, PASSWORD).await.status, 401);
    for request in [get(&path), delete(&path)] {
        assert_eq!(stage.send(request.header("cookie", &admin)).await.status, 404);
    }
    let list = stage.send(get("/api/users").header("cookie", &admin)).await;
    assert_eq!(page(&list), ["1", "0", "1"]);
    let body = json!({ "email_address": USER });
    let anew = stage.send(post("/api/users").header("cookie", &admin).json(&body)).await;
    assert_eq!(anew.status, 201);
    assert_ne!(anew.json()["id"], stage.user.id.to_string());
}

#[tokio::test]
async fn administrators_do_not_delete_themselves() {
    let stage = Stage::set().await;
    let cookie = stage.cookie(ADMIN).await;
    let path = format!("/api/users/{}", stage.admin.id);
    assert_eq!(stage.send(delete(&path).header("cookie", &cookie)).await.status, 403);
    assert!(stage.is_signed_in(&cookie).await);
}

async fn change(stage: &Stage, cookie: &str, id: impl std::fmt::Display, body: Value) -> Answer {
    stage.send(patch(&format!("/api/users/{id}")).header("cookie", cookie).json(&body)).await
}

#[tokio::test]
async fn people_change_their_own_profile() {
    let stage = Stage::set().await;
    let cookie = stage.cookie(USER).await;
    let settings = json!({ "instant_email_notifications": "True" });
    let body = json!({ "name": "Ada Mary Lovelace", "notification_settings": settings });
    let user = change(&stage, &cookie, stage.user.id, body).await.json();
    assert_eq!(user["name"], "Ada Mary Lovelace");
    assert_eq!(user["notification_settings"]["instant_email_notifications"], "True");
    assert_eq!(user["notification_settings"]["morning_email_notification"], "False");
    let bad = json!({ "notification_settings": { "instant_email_notifications": "Yes" } });
    assert_eq!(change(&stage, &cookie, stage.user.id, bad).await.status, 400);
    let other = change(&stage, &cookie, stage.admin.id, json!({ "name": "X Y" })).await;
    assert_eq!(other.status, 403);
}

#[tokio::test]
async fn nobody_promotes_themselves_whatever_they_send_back() {
    let stage = Stage::set().await;
    let cookie = stage.cookie(USER).await;
    for (field, value) in [
        ("is_admin", json!(true)),
        ("is_admin", json!("True")),
        ("email_address", json!("other@northwind.example")),
        ("password_reset_required", json!(true)),
    ] {
        let mut body = json!({ "name": "New Name" });
        body[field] = value;
        assert_eq!(change(&stage, &cookie, stage.user.id, body).await.status, 403, "{field}");
    }
    let path = format!("/api/users/{}", stage.user.id);
    let unchanged = stage.send(get(&path).header("cookie", &cookie)).await.json();
    assert_eq!(unchanged["name"], "Ada Example", "nothing was done by halves");
    let mut whole = unchanged.clone();
    whole["name"] = "New Name".into();
    whole["client_id"] = stage.south.tenant().id.to_string().into();
    whole["deleted"] = true.into();
    let sent_back = change(&stage, &cookie, stage.user.id, whole).await.json();
    let mut expected = unchanged;
    expected["name"] = "New Name".into();
    expected["modified"] = sent_back["modified"].clone();
    assert_eq!(sent_back, expected);
}

#[tokio::test]
async fn administrators_change_rights_addresses_and_requirements() {
    let stage = Stage::set().await;
    let (admin, user) = (stage.cookie(ADMIN).await, stage.cookie(USER).await);
    let code = stage.code(USER).await;
    let body = json!({ "is_admin": true, "email_address": "moved@northwind.example" });
    let changed = change(&stage, &admin, stage.user.id, body).await.json();
    assert_eq!(changed["is_admin"], true);
    assert_eq!(changed["email_address"], "moved@northwind.example");
    assert_eq!(stage.finish(&code, NEW_PASSWORD).await.status, 400, "the old address's code is dead");
    assert_eq!(stage.log_in(NORTH, "moved@northwind.example", PASSWORD).await.status, 200);
    let required = json!({ "password_reset_required": true });
    assert_eq!(change(&stage, &admin, stage.user.id, required).await.json()["password_reset_required"], true);
    let limited = stage.send(get("/api/users").header("cookie", &user)).await;
    assert_eq!(limited.status, 403);
    let demoted = change(&stage, &admin, stage.user.id, json!({ "is_admin": false })).await;
    assert_eq!(demoted.json()["is_admin"], false);
}

#[tokio::test]
async fn a_list_orders_and_finds_letters_beyond_ascii_in_any_case() {
    let stage = Stage::set().await;
    for (first, email) in
        [("Émile", "e@northwind.example"), ("émile", "É@northwind.example"), ("Zoe", "zz@n.example")]
    {
        let named = |new: &mut doorward_core::people::NewPerson| {
            new.profile.first_name = Some(first.to_owned());
            new.profile.last_name = None;
        };
        stage.house.person_with(&stage.north, email, Kind::User, Role::User, named).await;
        stage.house.clock.advance(std::time::Duration::from_millis(2));
    }
    let cookie = stage.cookie(USER).await;
    let list = |query: &str| stage.send(get(&format!("/api/users{query}")).header("cookie", &cookie));
    let ascending = ["Ada Example", "Ada Example", "Zoe", "Émile", "émile"];
    assert_eq!(names(&list("?order_by=name").await), ascending);
    let mut descending = ascending;
    descending.reverse();
    assert_eq!(names(&list("?order_by=name+desc").await), descending);
    let found = list("?search=%C3%89MILE&start=1&rows=5").await;
    assert_eq!((names(&found), page(&found)), (vec!["émile".to_owned()], ["2", "1", "1"]));
    let by_email = list("?order_by=email_address+desc&rows=1").await;
    assert_eq!(by_email.json()[0]["email_address"], "É@northwind.example");
}

#[tokio::test]
async fn a_get_may_carry_a_body_of_null() {
    let stage = Stage::set().await;
    let cookie = stage.cookie(USER).await;
    let request = get("/api/users").header("cookie", &cookie).body("application/json", "null");
    assert_eq!(stage.send(request).await.status, 200);
}

#[tokio::test]
async fn a_user_is_shown_to_nobody_without_a_cookie() {
    let stage = Stage::set().await;
    let path = format!("/api/users/{}", stage.user.id);
    let wrong = get(&path).header("cookie", "salesseek=11111111-2222-3333-4444-555555555555");
    for request in [get(&path), wrong] {
        assert_eq!(refusal(&stage.send(request).await), (401, "You are not signed in.".to_owned()));
    }
}
