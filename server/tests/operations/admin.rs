//! Daily work, with and without a running server: one command, the same outcome.

use super::{HOUSE, Site, mode, sign_in};
use crate::process::Ask;
use serde_json::json;
use std::fs;

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
fn a_refusal_is_the_same_wherever_the_command_is_carried_out() {
    let site = Site::new();
    site.apply(HOUSE);
    let wrong_usage = ["membership", "take", "harbour", "owner@harbour.example", "--kind", "king"];
    let unknown = ["tenant", "show", "nowhere"];
    let told = |arguments: &[&str]| {
        let output = site.run(arguments);
        (output.status.code(), super::text(&output.stderr))
    };
    let alone = (told(&wrong_usage), told(&unknown));
    assert_eq!((alone.0.0, alone.1.0), (Some(2), Some(1)));
    let _server = site.serve();
    assert_eq!((told(&wrong_usage), told(&unknown)), alone);
}

#[test]
fn memberships_are_given_changed_and_taken() {
    let site = Site::new();
    site.apply(&format!("{HOUSE}[[tenant]]\nslug = \"spa\"\nparent = \"harbour\"\n"));
    let spa = ["spa", "owner@harbour.example"];
    let given = site.json(&["membership", "give", spa[0], spa[1], "--kind", "contact", "--standing", "Gold"]);
    assert_eq!((&given["tenant"], &given["person"]), (&json!("spa"), &json!(spa[1])));
    assert_eq!((&given["kind"], &given["role"]), (&json!("contact"), &json!("user")));
    let again = site.refused(&["membership", "give", spa[0], spa[1], "--kind", "contact"]);
    assert!(again.contains("has a place as contact in spa already") && again.contains("change"), "{again}");
    let change = ["membership", "change", spa[0], spa[1], "--kind", "contact"];
    assert_eq!(site.run(&change).status.code(), Some(2), "what is to change must be said");
    let changed = site.json(&[&change[..], &["--role", "admin", "--standing", ""]].concat());
    assert_eq!((&changed["role"], &changed["standing"]), (&json!("admin"), &json!(null)));
    let hers = site.json(&["membership", "list", "spa", "--person", spa[1]]);
    let places: Vec<_> = hers.as_array().unwrap().iter().map(|place| place["tenant"].clone()).collect();
    assert_eq!(places, ["harbour", "spa"]);
    let there = site.done(&["membership", "list", "spa"]);
    assert!(there.contains("spa     owner@harbour.example  contact  admin"), "{there}");
    site.done(&["membership", "take", spa[0], spa[1], "--kind", "contact"]);
    assert_eq!(site.json(&["membership", "list", "spa"]), json!([]));
    assert_eq!(
        site.refused(&["membership", "take", spa[0], spa[1]]),
        "error: There is no place of owner@harbour.example as user in spa.\n"
    );
}

#[test]
fn a_place_that_is_taken_ends_the_sessions_that_it_kept_open() {
    let site = Site::new();
    site.apply(HOUSE);
    let server = site.serve();
    let cookie = sign_in(&server).expect("the owner signs in");
    site.done(&["membership", "take", "harbour", "owner@harbour.example"]);
    let users = Ask::get("harbour.crm.test", "/api/users").header("cookie", &cookie);
    assert_eq!(server.send(&users).status, 401);
    assert_eq!(sign_in(&server), None);
}

#[test]
fn lists_of_a_tree_name_the_tenant_of_each() {
    let site = Site::new();
    site.apply(&format!("{HOUSE}[[tenant]]\nslug = \"spa\"\nparent = \"harbour\"\n"));
    site.done(&["application", "create", "spa", "web shop", "--app-id", "shop-1"]);
    site.done(&["key", "create", "spa", "owner@harbour.example", "export"]);
    assert_eq!(site.json(&["application", "list", "harbour"])[0]["tenant"], "spa");
    assert_eq!(site.json(&["application", "show", "shop-1"])["tenant"], "spa");
    assert_eq!(site.json(&["key", "list", "harbour"])[0]["tenant"], "spa");
    assert_eq!(site.json(&["person", "list", "harbour"])["people"][0]["role"], "owner");
    let server = site.serve();
    sign_in(&server).expect("the owner signs in");
    let held = site.json(&["session", "list", "harbour", "owner@harbour.example"]);
    assert_eq!(held[0]["tenant"], "harbour");
}

#[test]
fn what_was_set_can_be_taken_away_again() {
    let site = Site::new();
    site.apply(HOUSE);
    let key = ["key", "create", "harbour", "owner@harbour.example", "export"];
    let key = site.json(&[&key[..], &["--rate", "5/2s", "--expires", "2100-01-01T00:00:00Z"]].concat());
    let name = key["access_key"].as_str().unwrap();
    assert!(key["rate"].is_object() && key["expires_at"].is_string());
    let edited = site.json(&["key", "edit", name, "--rate", "default", "--expires", "never"]);
    assert_eq!((&edited["rate"], &edited["expires_at"]), (&json!(null), &json!(null)));
    let shop = ["application", "create", "harbour", "shop", "--app-id", "shop-1"];
    let shop = site.json(&[&shop[..], &["--origin", "https://shop.example"]].concat());
    assert_eq!(shop["origins"], json!(["https://shop.example"]));
    assert_eq!(
        site.json(&["application", "edit", "shop-1", "--name", "web shop"])["origins"],
        shop["origins"]
    );
    assert_eq!(site.json(&["application", "edit", "shop-1", "--no-origins"])["origins"], json!([]));
}

#[test]
fn an_origin_that_no_browser_sends_is_refused_like_in_a_file() {
    let site = Site::new();
    site.apply(HOUSE);
    for origin in ["https://shop.example/", "shop.example", "*"] {
        let refusal = site.refused(&["application", "create", "harbour", "shop", "--origin", origin]);
        assert!(refusal.contains("origins: expected origins like https://app.example.com"), "{refusal}");
    }
    assert!(site.refused(&["application", "create", "harbour", " "]).contains("name: expected a line"));
    assert_eq!(site.json(&["application", "list", "harbour"]), json!([]));
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
    assert_eq!((&edited["first_name"], &edited["language"]), (&json!("Ana"), &json!(null)));
    let written =
        |tag: &str| site.json(&["person", "edit", ana[0], ana[1], "--language", tag])["language"].clone();
    assert_eq!((written("fr"), written("default")), (json!("fr"), json!(null)));
    let refusal = site.refused(&["person", "edit", ana[0], ana[1], "--language", "it"]);
    assert!(refusal.contains("--language: expected en, de, fr or default."), "{refusal}");
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
    let again = site.refused(&["person", "invite", ana[0], ana[1], "--language", "de"]);
    assert!(again.contains("doorward person edit"), "{again}");
    assert_eq!(site.json(&["person", "invite", ana[0], ana[1]])["id"], invited["id"]);
}
