//! `apply`: what a file says comes to be, once, whole, and told.

use super::{PASSWORD, Site};
use serde_json::json;

const HOUSE: &str = r#"
[[region]]
code = "in21"
hosts = { api = "api-in21.example.com" }

[[tenant]]
slug = "harbour-spa"
parent = "harbour"

[[tenant]]
slug = "harbour"
display_name = "Harbour Group"
number = 37001
region = "in21"
profile = { TimeZone = "UTC" }
[tenant.policy]
session_idle = "12h"

[[door]]
name = "crm"
host = "{slug}.crm.test"
base_url = "http://{slug}.crm.test"
dialect = "salesseek"

[[application]]
tenant = "harbour"
name = "web shop"

[[person]]
tenant = "harbour"
email = "owner@harbour.example"
kind = "administrator"
role = "owner"
password = "mild otter sings at dawn"
[[person.membership]]
tenant = "harbour-spa"

[[person]]
tenant = "harbour-spa"
email = "new@harbour.example"
password = "generated"

[[key]]
person = "owner@harbour.example"
tenant = "harbour"
label = "export"
rate = "5/2s"

[[terms]]
tenant = "harbour"
version = "2026-11"
"#;

#[test]
fn a_dry_run_says_everything_and_changes_nothing() {
    let site = Site::new();
    site.write("house.toml", HOUSE);
    let dry = site.json(&["apply", "house.toml", "--dry-run"]);
    assert_eq!(dry["generated"], json!([]));
    let again = site.json(&["apply", "house.toml", "--dry-run"]);
    assert_eq!(dry["changes"], again["changes"]);
    assert_eq!(site.json(&["tenant", "list"]), json!([]));
    assert_eq!(site.json(&["apply", "house.toml"])["changes"], dry["changes"]);
}

#[test]
fn a_second_run_has_nothing_to_change_and_secrets_are_shown_once() {
    let site = Site::new();
    let first = site.apply(HOUSE);
    let made: Vec<&str> = first["generated"]
        .as_array()
        .unwrap()
        .iter()
        .map(|made| {
            ["app_key", "password", "secret_key"].into_iter().find(|name| made[*name].is_string()).unwrap()
        })
        .collect();
    assert_eq!(made, ["app_key", "password", "secret_key"]);
    let second = site.apply(HOUSE);
    assert_eq!((&second["changes"], &second["generated"]), (&json!([]), &json!([])));
    assert_eq!(site.done(&["apply", "house.toml"]), "There is nothing to change.\n");
}

#[test]
fn children_may_stand_before_parents_and_numbers_are_counted_past_chosen_ones() {
    let site = Site::new();
    site.apply(HOUSE);
    let spa = site.json(&["tenant", "show", "harbour-spa"]);
    assert_eq!((&spa["parent"], &spa["number"]), (&json!("harbour"), &json!(37002)));
}

#[test]
fn changes_are_told_line_by_line() {
    let site = Site::new();
    site.apply(HOUSE);
    site.write(
        "more.toml",
        r#"
[[tenant]]
slug = "harbour"
display_name = "Harbour"
status = "suspended"
[[person]]
tenant = "harbour-spa"
email = "New@harbour.example"
first_name = "Nora"
language = "de"
role = "admin"
[[key]]
person = "owner@harbour.example"
tenant = "harbour"
label = "export"
disabled = true
"#,
    );
    let told = site.done(&["apply", "more.toml"]);
    assert_eq!(
        told,
        "~ tenant harbour   display_name \"Harbour Group\" → \"Harbour\", status active → suspended\n\
         ~ person New@harbour.example   first_name nothing → \"Nora\", language the tenant's → de\n\
         ~ person New@harbour.example   role in harbour-spa user → admin\n\
         ~ key export of owner@harbour.example in harbour   disabled no → yes\n\
         4 changes were applied.\n"
    );
}

#[test]
fn a_password_is_replaced_only_when_the_file_says_so() {
    let site = Site::new();
    site.apply(HOUSE);
    let person = |extra: &str| {
        format!(
            "[[person]]\ntenant = \"harbour\"\nemail = \"owner@harbour.example\"\nkind = \"administrator\"\nrole = \"owner\"\n{extra}"
        )
    };
    let other = "password = \"another otter sings at dusk\"\n";
    assert_eq!(site.apply(&person(other))["changes"], json!([]));
    let set = person(&format!("{other}set_password = true\n"));
    assert_eq!(site.apply(&set)["changes"][0]["details"], json!(["another password"]));
    assert_eq!(site.apply(&set)["changes"], json!([]), "it is theirs now");
    let key = site.json(&["key", "list", "harbour"]);
    assert_eq!(key[0]["state"], "active", "a changed password ends sessions, not integrations");
}

#[test]
fn nothing_is_applied_when_one_entry_is_wrong() {
    let site = Site::new();
    site.write(
        "house.toml",
        &format!("{HOUSE}\n[[key]]\nperson = \"nobody@x.example\"\ntenant = \"harbour\"\nlabel = \"x\"\n"),
    );
    let refusal = site.refused(&["apply", "house.toml"]);
    assert!(refusal.contains("key.person: nobody in the tree of harbour has this e-mail"), "{refusal}");
    assert_eq!(site.json(&["tenant", "list"]), json!([]));
    assert!(HOUSE.contains(PASSWORD) && !refusal.contains(PASSWORD));
}

#[test]
fn the_documented_file_is_in_order() {
    let page = include_str!("../../../docs/operators/apply.md");
    let (_, rest) = page.split_once("```toml\n").unwrap();
    let (file, _) = rest.split_once("```").unwrap();
    let site = Site::new();
    assert!(!site.apply(file)["changes"].as_array().unwrap().is_empty());
    assert_eq!(site.apply(file)["changes"], json!([]));
}

#[test]
fn standard_input_is_a_file_too() {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let site = Site::new();
    let mut child = Command::new(env!("CARGO_BIN_EXE_doorward"))
        .current_dir(site.path("."))
        .env_clear()
        .args(["apply", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"[[tenant]]\nslug = \"a\"\n").unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(site.json(&["tenant", "list"])[0]["slug"], "a");
}
