//! Administrators: making, listing, changing and removing them, and the forms for it.

use crate::harbour::{BASE, GYM, Harbour, SPA};
use doorward_core::people;
use doorward_model::{Kind, MailKind, Role};
use doorward_testkit::{PASSWORD, Request};
use serde_json::{Value, json};

const LIST: &str = "/admin/37002/administrators";

async fn create(harbour: &Harbour, token: &str, body: Value) -> doorward_testkit::Answer {
    harbour.put(token, "POST", LIST, body).await
}

#[tokio::test]
async fn an_unknown_address_is_invited() {
    let harbour = Harbour::open().await;
    let owner = harbour.token("owner@harbour.example", 37_001).await;
    let body =
        json!({ "name": "Grace Brewster Hopper", "email": "grace@navy.example", "role": "callcenter" });
    let made = create(&harbour, &owner, body).await;
    assert_eq!(made.status, 201);
    let resource = made.json();
    assert_eq!(
        (&resource["first_name"], &resource["last_name"]),
        (&json!("Grace"), &json!("Brewster Hopper"))
    );
    assert_eq!((&resource["role"], &resource["company_id"]), (&json!("callcentre"), &json!(SPA)));
    let own = resource["_links"]["self"]["href"].as_str().unwrap().strip_prefix(BASE).unwrap();
    assert_eq!(harbour.with(&owner, "GET", own).await.json(), resource);
    let mails = harbour.house.mails().await;
    assert_eq!((mails.len(), mails[0].kind), (1, MailKind::Invitation));
    assert_eq!(mails[0].content.to, "grace@navy.example");
}

#[tokio::test]
async fn an_address_with_a_password_signs_in_at_once() {
    let harbour = Harbour::open().await;
    let owner = harbour.token("owner@harbour.example", 37_001).await;
    let body = json!({ "name": "Grace Hopper", "email": "grace@navy.example", "role": "admin", "password": PASSWORD });
    assert_eq!(create(&harbour, &owner, body.clone()).await.status, 201);
    harbour.token("grace@navy.example", SPA).await;
    assert_eq!(create(&harbour, &owner, body).await.status, 409);
    let weak = json!({ "name": "X", "email": "x@navy.example", "password": "short" });
    assert_eq!(create(&harbour, &owner, weak).await.status, 400);
}

#[tokio::test]
async fn a_known_address_gets_a_place_and_keeps_its_password() {
    let harbour = Harbour::open().await;
    let owner = harbour.token("owner@harbour.example", 37_001).await;
    let body = json!({ "name": "Other Name", "email": "MEMBER@harbour.example", "role": "user", "password": "another-one-4711-long" });
    let made = create(&harbour, &owner, body).await;
    assert_eq!((made.status.as_u16(), &made.json()["name"]), (201, &json!("Ada Example")));
    let login = harbour.log_in("/login/admin", "member@harbour.example", None).await;
    assert_eq!(login.status, 201);
    let mails = harbour.house.mails().await;
    assert_eq!((mails.len(), mails[0].kind), (1, MailKind::MembershipAdded));
}

#[tokio::test]
async fn the_list_comes_a_page_at_a_time() {
    let harbour = Harbour::open().await;
    let owner = harbour.token("owner@harbour.example", 37_001).await;
    for n in 0..4 {
        let body =
            json!({ "name": "Extra", "email": format!("extra{n}@harbour.example"), "password": PASSWORD });
        assert_eq!(create(&harbour, &owner, body).await.status, 201);
    }
    let mut seen = Vec::new();
    let mut next = Some(format!("{LIST}?per_page=2"));
    while let Some(path) = next {
        let page = harbour.with(&owner, "GET", &path).await.json();
        assert_eq!(page["total_entries"], 5);
        let people = page["_embedded"]["administrators"].as_array().unwrap();
        seen.extend(people.iter().map(|one| one["id"].as_i64().unwrap()));
        let rel = &page["_links"]["next"]["href"];
        next = rel.as_str().map(|href| href.strip_prefix(BASE).unwrap().to_owned());
        assert_eq!(page["_links"].get("previous").is_some(), seen.len() > 2);
    }
    seen.dedup();
    assert_eq!(seen.len(), 5);
    for query in ["page=0", "per_page=-1", "page=x", "page=1&page=2"] {
        assert_eq!(harbour.with(&owner, "GET", &format!("{LIST}?{query}")).await.status, 400, "{query}");
    }
    let beyond = harbour.with(&owner, "GET", &format!("{LIST}?page=9223372036854775807")).await;
    assert_eq!((beyond.status.as_u16(), &beyond.json()["_embedded"]["administrators"]), (200, &json!([])));
}

#[tokio::test]
async fn a_change_is_seen_and_nothing_but_names_mail_and_role_changes() {
    let harbour = Harbour::open().await;
    let owner = harbour.token("owner@harbour.example", 37_001).await;
    let path = format!("{LIST}/{}", harbour.shared.number);
    let body =
        json!({ "name": "Grace Hopper", "role": "owner", "company_id": 38001, "id": 1, "status": "deleted" });
    let changed = harbour.put(&owner, "PUT", &path, body).await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    let seen = harbour.with(&owner, "GET", &path).await.json();
    assert_eq!(
        (&seen["name"], &seen["role"], &seen["company_id"]),
        (&json!("Grace Hopper"), &json!("owner"), &json!(SPA))
    );
    assert_eq!(harbour.put(&owner, "PUT", &path, json!({ "role": "king" })).await.status, 400);
}

#[tokio::test]
async fn nobody_gives_more_than_they_have_or_touches_someone_stronger() {
    let harbour = Harbour::open().await;
    let admin = harbour.token("shared@harbour.example", SPA).await;
    let promoted =
        json!({ "name": "X Y", "email": "x@harbour.example", "role": "owner", "password": PASSWORD });
    assert_eq!(create(&harbour, &admin, promoted).await.status, 403);
    let own = format!("{LIST}/{}", harbour.shared.number);
    assert_eq!(
        harbour.put(&admin, "PUT", &own, json!({ "role": "owner", "name": "New Name" })).await.status,
        403
    );
    assert_eq!(harbour.with(&admin, "GET", &own).await.json()["name"], "Ada Example");
    let boss = format!("{LIST}/{}", harbour.owner.number);
    assert_eq!(harbour.with(&admin, "GET", &boss).await.status, 200);
    assert_eq!(harbour.with(&admin, "DELETE", &boss).await.status, 403);
    assert_eq!(harbour.put(&admin, "PUT", &boss, json!({ "role": "user" })).await.status, 403);
    assert_eq!(harbour.put(&admin, "PUT", &boss, json!({ "email": "mine@evil.example" })).await.status, 403);
}

#[tokio::test]
async fn without_an_administering_role_one_sees_oneself_only() {
    let harbour = Harbour::open().await;
    let token = harbour.token("shared@harbour.example", GYM).await;
    let list = "/admin/37003/administrators";
    let own = format!("{list}/{}", harbour.shared.number);
    assert_eq!(harbour.with(&token, "GET", &own).await.status, 200);
    for (method, path) in [
        ("GET", list.to_owned()),
        ("GET", format!("{list}/new")),
        ("POST", list.to_owned()),
        ("GET", format!("{list}/{}", harbour.owner.number)),
        ("DELETE", own.clone()),
    ] {
        assert_eq!(harbour.with(&token, method, &path).await.status, 403, "{method} {path}");
    }
    assert_eq!(harbour.put(&token, "PUT", &own, json!({ "role": "admin" })).await.status, 403);
}

#[tokio::test]
async fn a_removed_administrator_is_out_at_once_and_stays_elsewhere() {
    let harbour = Harbour::open().await;
    let owner = harbour.token("owner@harbour.example", 37_001).await;
    let (at_spa, at_gym) = (
        harbour.token("shared@harbour.example", SPA).await,
        harbour.token("shared@harbour.example", GYM).await,
    );
    let path = format!("{LIST}/{}", harbour.shared.number);
    let removed = harbour.with(&owner, "DELETE", &path).await;
    assert_eq!(removed.status, 200);
    assert!(removed.json()["_links"]["self"]["href"].is_string());
    assert_eq!(harbour.with(&at_spa, "GET", "/login").await.status, 401);
    assert_eq!(harbour.with(&at_gym, "GET", "/login").await.status, 200);
    assert_eq!(harbour.with(&owner, "GET", &path).await.status, 404);
    assert_eq!(harbour.log_in("/login", "shared@harbour.example", None).await.json()["company_id"], GYM);
}

#[tokio::test]
async fn the_forms_say_what_our_policy_asks_for() {
    let harbour = Harbour::open().await;
    let owner = harbour.token("owner@harbour.example", 37_001).await;
    let form = harbour.with(&owner, "GET", &format!("{LIST}/new")).await.json();
    let properties = &form["schema"]["properties"];
    assert_eq!(properties["password"]["pattern"], "^.{15,}$");
    assert_eq!(properties["role"]["enum"], json!(["owner", "admin", "user", "callcentre"]));
    assert_eq!(form["schema"]["required"], json!(["name", "email"]));
    let admin = harbour.token("shared@harbour.example", SPA).await;
    let edit = format!("{LIST}/{}/edit", harbour.shared.number);
    let form = harbour.with(&admin, "GET", &edit).await.json();
    assert_eq!(form["schema"]["properties"]["role"]["enum"], json!(["admin", "user", "callcentre"]));
    let bare = Request::get(crate::harbour::HOST, "/api/v1/admin/37002/administrators/new");
    assert_eq!(harbour.send(bare).await.status, 401);
}

#[tokio::test]
async fn a_name_that_is_none_is_refused_by_the_name_it_was_sent_under() {
    let harbour = Harbour::open().await;
    let owner = harbour.token("owner@harbour.example", 37_001).await;
    let long = "x".repeat(300);
    let own = format!("/admin/37001/administrators/{}", harbour.owner.number);
    for (method, path) in [("PUT", own.as_str()), ("POST", "/admin/37002/administrators")] {
        for (field, name) in
            [("name", ""), ("name", "  "), ("name", "a\nb"), ("name", &long), ("last_name", &long)]
        {
            let email = if method == "PUT" { "owner@harbour.example" } else { "grace@navy.example" };
            let answer = harbour.put(&owner, method, path, json!({ "email": email, field: name })).await;
            let fault = &answer.json()["details"][0]["field"];
            assert_eq!((answer.status.as_u16(), fault), (400, &json!(field)), "{method} {name:?}");
        }
    }
}

#[tokio::test]
async fn a_name_of_one_word_is_a_first_name_only() {
    let harbour = Harbour::open().await;
    let owner = harbour.token("owner@harbour.example", 37_001).await;
    let body = json!({ "name": "Grace", "email": "grace@navy.example", "password": PASSWORD });
    let made = harbour.put(&owner, "POST", "/admin/37002/administrators", body).await.json();
    assert_eq!((&made["name"], &made["last_name"]), (&json!("Grace"), &json!(null)));
}

#[tokio::test]
async fn a_page_has_thirty_entries_unless_the_client_says_otherwise() {
    let harbour = Harbour::open().await;
    let owner = harbour.token("owner@harbour.example", 37_001).await;
    let house = &harbour.house;
    for n in 0..31 {
        let email = format!("extra{n}@harbour.example");
        let nobody_waits = |new: &mut people::NewPerson| new.password = people::NewPassword::None;
        house.person_with(&harbour.spa, &email, Kind::Administrator, Role::User, nobody_waits).await;
    }
    let first = harbour.with(&owner, "GET", LIST).await.json();
    assert_eq!(
        (&first["total_entries"], first["_embedded"]["administrators"].as_array().unwrap().len()),
        (&json!(32), 30)
    );
    assert!(first["_links"].get("previous").is_none());
    let next = first["_links"]["next"]["href"].as_str().unwrap();
    assert_eq!(next, format!("{BASE}{LIST}?page=2&per_page=30"));
    let second = harbour.with(&owner, "GET", next.strip_prefix(BASE).unwrap()).await.json();
    assert_eq!(second["_embedded"]["administrators"].as_array().unwrap().len(), 2);
    assert!(second["_links"].get("next").is_none());
    assert_eq!(second["_links"]["previous"]["href"], format!("{BASE}{LIST}?page=1&per_page=30"));
}

#[tokio::test]
async fn a_change_that_is_refused_in_one_part_is_not_made_in_another() {
    let harbour = Harbour::open().await;
    let owner = harbour.token("owner@harbour.example", 37_001).await;
    let path = format!("{LIST}/{}", harbour.shared.number);
    let before = harbour.with(&owner, "GET", &path).await.json();
    let taken = json!({ "name": "New Name", "role": "owner", "email": "owner@harbour.example" });
    assert_eq!(harbour.put(&owner, "PUT", &path, taken).await.status, 409);
    assert_eq!(harbour.with(&owner, "GET", &path).await.json(), before);
}

#[tokio::test]
async fn a_role_is_changed_where_it_was_given_whatever_else_its_owner_has() {
    let harbour = Harbour::open().await;
    harbour.house.person(&harbour.spa, "boss@harbour.example", Kind::Administrator, Role::Owner).await;
    let boss = harbour.token("boss@harbour.example", SPA).await;
    let path = format!("{LIST}/{}", harbour.shared.number);
    let role = harbour.put(&boss, "PUT", &path, json!({ "role": "callcentre" })).await;
    assert_eq!((role.status.as_u16(), &role.json()["role"]), (200, &json!("callcentre")));
    let name = json!({ "role": "user", "name": "New Name" });
    assert_eq!(harbour.put(&boss, "PUT", &path, name).await.status, 403, "the name is the gym's, too");
    assert_eq!(harbour.with(&boss, "GET", &path).await.json()["role"], "callcentre");
}

#[tokio::test]
async fn the_last_administrator_of_the_root_company_stays_and_is_told_why() {
    let harbour = Harbour::open().await;
    let owner = harbour.token("owner@harbour.example", 37_001).await;
    let own = format!("/admin/37001/administrators/{}", harbour.owner.number);
    let stepped_down = json!({ "role": "user", "name": "New Name" });
    for refused in [
        harbour.put(&owner, "PUT", &own, stepped_down.clone()).await,
        harbour.with(&owner, "DELETE", &own).await,
    ] {
        assert_eq!(refused.status, 409, "{}", refused.text());
        assert_eq!(refused.json()["details"][0]["field"], "role");
    }
    assert_eq!(harbour.with(&owner, "GET", &own).await.json()["name"], "Ada Example");
    let second = json!({ "name": "Grace Hopper", "email": "grace@navy.example", "role": "admin", "password": PASSWORD });
    assert_eq!(harbour.put(&owner, "POST", "/admin/37001/administrators", second).await.status, 201);
    assert_eq!(harbour.put(&owner, "PUT", &own, stepped_down).await.status, 200);
}
