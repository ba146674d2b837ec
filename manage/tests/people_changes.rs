//! Changing, ending and inviting people, and their passwords.

use crate::desk::{Desk, refusal};
use doorward_core::Branch;
use doorward_core::sign_in::{self, PasswordAttempt, SessionWish, Wanted};
use doorward_model::{Kind, Role, Secret};
use doorward_testkit::PASSWORD;
use serde_json::{Value, json};

const WRITE: &[&str] = &["manage:people:write"];

struct Somebody {
    desk: Desk,
    top: Branch,
    token: String,
    path: String,
}

/// Ada, in a tenant, and a token that may change her.
async fn ada() -> Somebody {
    let desk = Desk::open().await;
    let top = desk.house.pool("northwind").await;
    let ada = desk.house.person(&top, "ada@northwind.example", Kind::User, Role::User).await;
    let token = desk.token(&top, WRITE).await;
    let path = format!("/tenants/{}/people/{}", top.tenant().id, ada.id);
    Somebody { desk, top, token, path }
}

impl Somebody {
    async fn ask(
        &self,
        method: &str,
        more: &str,
        tag: Option<&str>,
        body: Value,
    ) -> doorward_testkit::Answer {
        let headers: Vec<(&str, &str)> = tag.map(|tag| ("if-match", tag)).into_iter().collect();
        self.desk.ask(method, &self.token, &format!("{}{more}", self.path), &headers, &body).await
    }

    async fn now(&self) -> (u16, Value, String) {
        let answer = self.desk.get(&self.token, &self.path).await;
        let tag = answer.header("etag").unwrap_or_default().to_owned();
        (answer.status.as_u16(), answer.json(), tag)
    }
}

#[tokio::test]
async fn a_change_says_what_it_changes_and_leaves_the_rest() {
    let it = ada().await;
    let (_, before, tag) = it.now().await;
    assert_eq!(tag, format!("\"{}\"", before["version"]));
    let changed =
        it.ask("PATCH", "", Some(&tag), json!({ "last_name": "Lovelace", "first_name": null })).await;
    assert_eq!(changed.status.as_u16(), 200, "{}", changed.text());
    let body = changed.json();
    assert_eq!(
        (&body["first_name"], &body["last_name"], &body["email"]),
        (&json!(null), &json!("Lovelace"), &before["email"])
    );
    assert_ne!(changed.header("etag"), Some(tag.as_str()));
    assert_eq!((it.now().await.1, it.now().await.2.as_str()), (body, changed.header("etag").unwrap()));
    // Somebody changed it since.
    for method in ["PATCH", "DELETE"] {
        let stale = it.ask(method, "", Some(&tag), json!({})).await;
        assert_eq!(refusal(&stale), (412, "stale".to_owned()), "{method}");
    }
    for odd in ["W/\"1\"", "1", "\"x\"", "\"1\", \"2\""] {
        assert_eq!(refusal(&it.ask("PATCH", "", Some(odd), json!({})).await).0, 412, "{odd}");
    }
    assert_eq!(it.ask("PATCH", "", Some("*"), json!({ "known_as": "Countess" })).await.status.as_u16(), 200);
    for (body, field) in [
        (json!({ "role": "owner" }), "role"),
        (json!({ "email": null }), "email"),
        (json!({ "email": "nobody" }), "email"),
        (json!({ "first_name": 7 }), "first_name"),
        (json!({ "known_as": "x".repeat(251) }), "known_as"),
    ] {
        let refused = it.ask("PATCH", "", None, body.clone()).await;
        assert_eq!((refusal(&refused).0, refused.json()["field"].clone()), (422, json!(field)), "{body}");
    }
    it.desk.house.person(&it.top, "eve@northwind.example", Kind::User, Role::User).await;
    let taken = it.ask("PATCH", "", None, json!({ "email": "eve@northwind.example" })).await;
    assert_eq!((refusal(&taken).0, taken.json()["field"].clone()), (409, json!("email")));
}

#[tokio::test]
async fn fifty_changes_of_one_version_change_it_once() {
    let it = std::sync::Arc::new(ada().await);
    let (_, _, tag) = it.now().await;
    let mut asked = tokio::task::JoinSet::new();
    for n in 0..50 {
        let (it, tag) = (it.clone(), tag.clone());
        asked.spawn(async move {
            it.ask("PATCH", "", Some(&tag), json!({ "known_as": format!("n{n}") })).await.status.as_u16()
        });
    }
    let mut answers = asked.join_all().await;
    answers.sort_unstable();
    assert_eq!((answers[0], &answers[1..]), (200, &[412; 49][..]));
}

#[tokio::test]
async fn who_is_disabled_is_shut_out_until_enabled_and_who_is_deleted_is_gone() {
    let it = ada().await;
    let signs_in = async || {
        it.desk.house.clock.advance(std::time::Duration::from_secs(3600));
        sign_in_as(&it, "ada@northwind.example", PASSWORD).await.is_ok()
    };
    assert!(signs_in().await);
    assert_eq!(it.ask("POST", "/disable", None, json!({})).await.json()["status"], "inactive");
    assert!(!signs_in().await);
    assert_eq!(it.ask("POST", "/enable", None, json!({})).await.json()["status"], "active");
    assert!(signs_in().await);
    let (_, _, tag) = it.now().await;
    let gone = it.ask("DELETE", "", Some(&tag), json!({})).await;
    assert_eq!((gone.status.as_u16(), &gone.json()["status"]), (200, &json!("deleted")));
    assert_eq!(it.now().await.0, 404);
    assert!(!signs_in().await);
}

async fn sign_in_as(it: &Somebody, email: &str, password: &str) -> doorward_core::Result<()> {
    let attempt = PasswordAttempt {
        wanted: Wanted::Tenant { pool: it.top.pool(), tenant: it.top.tenant().id, kinds: &[Kind::User] },
        email: email.to_owned(),
        password: Secret::new(password),
        application: None,
        session: SessionWish::Never,
    };
    sign_in::with_password(&it.desk.house.core, &it.desk.house.caller, attempt).await.map(drop)
}

#[tokio::test]
async fn a_password_that_is_set_is_good_and_temporary_unless_said() {
    let it = ada().await;
    let new = "quiet-heron-walks-0815";
    let common = it.ask("PUT", "/password", None, json!({ "password": "password1" })).await;
    assert_eq!((refusal(&common).0, common.json()["field"].clone()), (422, json!("password")));
    let set = it.ask("PUT", "/password", None, json!({ "password": new })).await;
    assert_eq!((set.status.as_u16(), &set.json()["password_reset_required"]), (200, &json!(true)));
    let kept = it.ask("PUT", "/password", None, json!({ "password": new, "temporary": false })).await;
    assert_eq!(kept.json()["password_reset_required"], false);
    assert!(!kept.text().contains(new));
    assert!(sign_in_as(&it, "ada@northwind.example", PASSWORD).await.is_err());
    assert!(sign_in_as(&it, "ada@northwind.example", new).await.is_ok());
}

#[tokio::test]
async fn an_invitation_is_mailed_once_for_one_request_and_again_when_asked() {
    let it = ada().await;
    let path = format!("/tenants/{}/invitations", it.top.tenant().id);
    let new = json!({ "email": "eve@northwind.example", "first_name": "Eve" });
    let named = [("idempotency-key", "one")];
    let first = it.desk.post(&it.token, &path, &named, &new).await;
    let again = it.desk.post(&it.token, &path, &named, &new).await;
    assert_eq!([first.status.as_u16(), again.status.as_u16()], [201, 201], "{}", first.text());
    assert_eq!(first.json(), again.json());
    assert_eq!(first.json()["password_reset_required"], true);
    assert_eq!(it.mails().await, 1);
    let at = first.header("location").unwrap().strip_prefix("/manage/v1").unwrap().to_owned();
    let more = it.desk.post(&it.token, &format!("{at}/invitation"), &[], &json!({})).await;
    assert_eq!(more.status.as_u16(), 200, "{}", more.text());
    assert_eq!(it.mails().await, 1);
    let elsewhere = json!({ "callback": "https://evil.example/" });
    let refused = it.desk.post(&it.token, &format!("{at}/invitation"), &[], &elsewhere).await;
    assert_eq!((refusal(&refused).0, refused.json()["field"].clone()), (422, json!("callback")));
    // Ada has a password already; she is mailed a reset instead.
    assert_eq!(refusal(&it.ask("POST", "/invitation", None, json!({})).await).0, 409);
    assert_eq!(it.ask("POST", "/password-reset", None, json!({})).await.status.as_u16(), 202);
    assert_eq!(it.mails().await, 1);
    for _ in 0..4 {
        it.ask("POST", "/password-reset", None, json!({})).await;
    }
    let often = it.ask("POST", "/password-reset", None, json!({})).await;
    assert_eq!((refusal(&often).0, often.json()["field"].clone()), (409, json!("reset")), "{}", often.text());
}

impl Somebody {
    /// Mails that came since this was last asked.
    async fn mails(&self) -> usize {
        self.desk.house.mails().await.len()
    }
}

#[tokio::test]
async fn nobody_changes_who_outranks_them() {
    let it = ada().await;
    let boss = it.desk.house.person(&it.top, "boss@northwind.example", Kind::User, Role::Admin).await;
    let owner = it.desk.house.person(&it.top, "owner@northwind.example", Kind::User, Role::Owner).await;
    let whole = it.desk.token(&it.top, &["manage"]).await;
    for (method, more, body) in [
        ("PATCH", "", json!({ "email": "mine@evil.example" })),
        ("PUT", "/password", json!({ "password": "quiet-heron-walks-0815" })),
        ("POST", "/disable", json!({})),
        ("DELETE", "", json!({})),
    ] {
        for (token, who) in [(&it.token, &boss), (&it.token, &owner), (&whole, &owner)] {
            let path = format!("/tenants/{}/people/{}{more}", it.top.tenant().id, who.id);
            let refused = it.desk.ask(method, token, &path, &[], &body).await;
            assert_eq!(refusal(&refused).0, 403, "{method} {more}");
        }
    }
    let path = format!("/tenants/{}/people/{}", it.top.tenant().id, boss.id);
    let changed = it.desk.ask("PATCH", &whole, &path, &[], &json!({ "known_as": "Boss" })).await;
    assert_eq!(changed.status.as_u16(), 200);
}
