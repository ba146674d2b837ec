//! Whole exchanges as snapshots in `golden/`: status, telling headers and body of every endpoint, to the byte but for
//! ids, tokens and codes.

use crate::stage::{ADMIN, NEW_PASSWORD, NORTH, Stage, USER, cookie_of, delete, get, patch, post};
use doorward_testkit::{Answer, PASSWORD};
use insta::{Settings, assert_snapshot};
use serde_json::json;

/// Ids are hidden but told apart: the user's own, and any other.
fn golden(stage: &Stage) -> Settings {
    let mut settings = Settings::clone_current();
    settings.set_snapshot_path("golden");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.add_filter("token=[0-9a-f-]{36}", "token=[feed token]");
    settings.add_filter("salesseek=[0-9a-f-]{36}", "salesseek=[session]");
    settings.add_filter(&stage.user.id.to_string(), "[user]");
    settings.add_filter(&stage.admin.id.to_string(), "[admin]");
    settings.add_filter(&stage.north.tenant().id.to_string(), "[client]");
    settings.add_filter("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "[id]");
    settings
}

fn told(answer: &Answer) -> String {
    let mut text = format!("{}\n", answer.status);
    for name in ["content-type", "set-cookie", "records-total", "records-start", "records-rows", "allow"] {
        for value in answer.headers.get_all(name) {
            text += &format!("{name}: {}\n", value.to_str().unwrap());
        }
    }
    text + "\n" + &answer.text()
}

#[tokio::test]
async fn signing_in_and_out() {
    let stage = Stage::set().await;
    let login = stage.log_in(NORTH, USER, PASSWORD).await;
    let cookie = cookie_of(&login);
    let logout = stage.send(delete("/api/logout").header("cookie", &cookie)).await;
    golden(&stage).bind(|| {
        assert_snapshot!("login", told(&login));
        assert_snapshot!("logout", told(&logout));
    });
}

#[tokio::test]
async fn resetting() {
    let stage = Stage::set().await;
    let asked = stage.send(post("/api/forgotten").json(&json!({ "email_address": USER }))).await;
    let code = stage.code(USER).await;
    let done = stage.finish(&code, NEW_PASSWORD).await;
    let used = stage.finish(&code, NEW_PASSWORD).await;
    golden(&stage).bind(|| {
        assert_snapshot!("reset_asked", told(&asked));
        assert_snapshot!("reset_done", told(&done));
        assert_snapshot!("reset_used", told(&used));
    });
}

#[tokio::test]
async fn managing_users() {
    let stage = Stage::set().await;
    let cookie = stage.cookie(ADMIN).await;
    let send = |request: doorward_testkit::Request| stage.send(request.header("cookie", &cookie));
    let own = format!("/api/users/{}", stage.user.id);
    let shown = send(get(&own)).await;
    let listed = send(get("/api/users?order_by=email_address&rows=1")).await;
    let body = json!({ "email_address": "new@northwind.example", "name": "Neo Newman" });
    let created = send(post("/api/users").json(&body)).await;
    let changed = send(patch(&own).json(&json!({ "name": "Ada Anew" }))).await;
    let deleted = send(delete(&own)).await;
    golden(&stage).bind(|| {
        assert_snapshot!("user_shown", told(&shown));
        assert_snapshot!("users_listed", told(&listed));
        assert_snapshot!("user_created", told(&created));
        assert_snapshot!("user_changed", told(&changed));
        assert_snapshot!("user_deleted", told(&deleted));
    });
}

#[tokio::test]
async fn refusals() {
    let stage = Stage::set().await;
    let mut text = String::new();
    for request in [
        get("/api/nothing"),
        get("/api/login"),
        get("/api/users"),
        post("/api/login").body("application/json", "{"),
        post("/api/login").body("text/csv", "a,b"),
        post("/api/login").body("application/json", "[".repeat(70_000)),
        post("/api/login").json(&json!({ "email_address": USER, "password": "wrong, and long enough" })),
        post("/api/reset")
            .json(&json!({ "user_id": "b8146356634", "token": "76ef98545e738a51", "password": "x" })),
        post("/api/forgotten")
            .json(&json!({ "email_address": USER, "callback_url": "https://evil.example/" })),
    ] {
        text += &format!("{}\n\n", told(&stage.send(request).await));
    }
    golden(&stage).bind(|| assert_snapshot!("refusals", text));
}
