//! Daily work, with and without a running server: one command, the same outcome.

use super::{Site, mode};
use crate::process::Ask;
use serde_json::json;
use std::fs;

const HOUSE: &str = r#"
[[tenant]]
slug = "harbour"
[[door]]
name = "crm"
host = "{slug}.crm.test"
base_url = "http://{slug}.crm.test"
dialect = "salesseek"
[[person]]
tenant = "harbour"
email = "owner@harbour.example"
role = "owner"
password = "mild otter sings at dawn"
"#;

/// Signs the owner in, and returns the cookie.
fn sign_in(server: &crate::process::Doorward) -> Option<String> {
    let body = json!({ "email_address": "owner@harbour.example", "password": super::PASSWORD });
    let answer = server.send(&Ask::post("harbour.crm.test", "/api/login").json(&body));
    let (_, cookie) = answer.headers.iter().find(|(name, _)| name == "set-cookie")?;
    cookie.split(';').next().map(str::to_owned)
}

#[test]
fn a_running_server_carries_commands_out_itself() {
    let site = Site::new();
    site.apply(HOUSE);
    let server = site.serve();
    let socket = site.path("doorward-data/admin.sock");
    assert_eq!(mode(&socket), 0o600);
    let cookie = sign_in(&server).expect("the owner signs in");
    let held = site.json(&["session", "list", "harbour", "owner@harbour.example"]);
    assert_eq!(held.as_array().unwrap().len(), 1);
    site.done(&["person", "disable", "harbour", "owner@harbour.example"]);
    let users = Ask::get("harbour.crm.test", "/api/users").header("cookie", &cookie);
    assert_eq!(server.send(&users).status, 401, "the next request is refused");
    assert_eq!(sign_in(&server), None);
    site.done(&["person", "enable", "harbour", "owner@harbour.example"]);
    assert!(sign_in(&server).is_some());
    site.done(&["tenant", "suspend", "harbour"]);
    assert_eq!(sign_in(&server), None);
}

#[test]
fn doors_that_are_applied_while_it_runs_open_at_once() {
    let site = Site::new();
    let server = site.serve();
    assert_eq!(sign_in(&server), None);
    site.apply(HOUSE);
    assert!(sign_in(&server).is_some());
}

#[test]
fn a_socket_that_a_crash_left_behind_is_no_obstacle() {
    let site = Site::new();
    site.serve().kill();
    assert!(site.path("doorward-data/admin.sock").exists());
    assert_eq!(site.json(&["tenant", "list"]), json!([]), "nobody listens there: done here");
    let _server = site.serve();
    assert_eq!(site.json(&["tenant", "list"]), json!([]));
}

#[test]
fn a_deep_data_directory_has_a_socket_too() {
    let site = Site::bare();
    let deep = format!("data/{}", "deep/".repeat(30));
    let configuration = format!("{}data_dir = {deep:?}\n", super::CONFIGURATION);
    site.write("doorward.toml", &configuration);
    site.done(&["init"]);
    let _server = crate::process::Doorward::serve(&site.path("."), &configuration);
    assert_eq!(site.json(&["tenant", "list"]), json!([]));
}

#[test]
fn a_database_in_use_without_a_socket_is_said_so() {
    let site = Site::new();
    let _server = site.serve();
    fs::remove_file(site.path("doorward-data/admin.sock")).unwrap();
    let refusal = site.refused(&["tenant", "list"]);
    assert!(refusal.contains("The running server cannot be reached"), "{refusal}");
}

#[test]
fn what_does_not_exist_is_said_in_one_sentence() {
    let site = Site::new();
    site.apply(HOUSE);
    for (command, sentence) in [
        (vec!["tenant", "show", "nowhere"], "error: There is no tenant nowhere.\n"),
        (
            vec!["person", "show", "harbour", "x@y.example"],
            "error: There is no person x@y.example in the tree of harbour.\n",
        ),
        (vec!["application", "show", "none-1"], "error: There is no application none-1.\n"),
        (vec!["tenant", "create", "harbour"], "error: slug: this slug or number is taken.\n"),
    ] {
        assert_eq!(site.refused(&command), sentence);
    }
}

#[test]
fn a_life_of_people_applications_and_keys() {
    let site = Site::new();
    site.apply(HOUSE);
    let ana = ["harbour", "ana@harbour.example"];
    let made = site.json(&["person", "create", ana[0], ana[1], "--role", "admin", "--generate-password"]);
    assert_eq!(made["memberships"][0]["role"], "admin");
    assert!(made["password"].as_str().unwrap().len() >= 20);
    let edited = site.json(&["person", "edit", ana[0], ana[1], "--first-name", "Ana"]);
    assert_eq!(edited["first_name"], "Ana");
    let reset = site.json(&["person", "reset-password", ana[0], ana[1], "--generate"]);
    assert_eq!(
        (reset["password_reset_required"].clone(), reset["password"].is_string()),
        (json!(true), true)
    );
    let key = site.json(&["key", "create", ana[0], ana[1], "export", "--rate", "5/2s"]);
    let name = key["access_key"].as_str().unwrap();
    assert_eq!(key["rate"], json!({ "calls": 5, "seconds": 2.0 }));
    let rotated = site.json(&["key", "rotate", name, "--overlap", "24h"]);
    assert!(rotated["previous_until"].is_string() && rotated["secret_key"] != key["secret_key"]);
    assert_eq!(site.json(&["key", "disable", name])["state"], "disabled");
    assert_eq!(site.json(&["key", "enable", name])["state"], "active");
    let app = site.json(&["application", "create", "harbour", "web shop", "--app-id", "shop-1"]);
    assert_eq!(app["app_id"], "shop-1");
    assert_eq!(site.json(&["application", "disable", "shop-1"])["disabled"], true);
    assert!(site.json(&["application", "rotate", "shop-1"])["app_key"].is_string());
    site.done(&["person", "delete", ana[0], ana[1]]);
    assert_eq!(site.json(&["person", "list", "harbour"])["total"], 1);
    let invited = site.json(&["person", "invite", ana[0], ana[1]]);
    assert_ne!(invited["id"], made["id"], "a deleted person's e-mail signs up anew");
}
