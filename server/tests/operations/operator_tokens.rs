//! Tokens of operators, from the command line to the management API of a running server.

use super::{HOUSE, PASSWORD, Site, text};
use crate::clients::pages::check_text;
use crate::process::{Ask, Doorward};
use serde_json::{Value, json};

const ADA: &str = "ada@ops.example";

/// After `init`, with an operator and a tenant.
fn site() -> Site {
    let site = Site::bare();
    site.write("password", PASSWORD);
    site.done(&["init", "--operator", ADA, "--password-file", "password"]);
    site.apply(HOUSE);
    site
}

fn ask(server: &Doorward, token: &str, path: &str) -> (u16, Value) {
    let asked = Ask::get("localhost", &format!("/manage/v1{path}"));
    let answer = server.send(&asked.header("authorization", &format!("Bearer {token}")));
    (answer.status, serde_json::from_slice(&answer.body).unwrap_or_default())
}

fn create(site: &Site, more: &[&str]) -> Value {
    site.json(&[&["operator", "token", "create", ADA, "nightly report"], more].concat())
}

#[test]
fn a_token_is_made_used_listed_and_revoked() {
    let site = site();
    let mut server = site.serve();
    assert_eq!(site.json(&["operator", "list"])[0]["email"], ADA);
    let made = create(&site, &["--scope", "manage:tenants:read", "--pool", "harbour"]);
    let (id, token) = (made["id"].as_str().unwrap(), made["token"].as_str().unwrap());
    assert!(token.starts_with("dwo_"));
    assert_eq!((&made["pool"], &made["state"]), (&json!("harbour"), &json!("active")));

    let (status, page) = ask(&server, token, "/tenants");
    assert_eq!((status, &page["items"][0]["slug"]), (200, &json!("harbour")));
    let people = format!("/tenants/{}/people", page["items"][0]["id"].as_str().unwrap());
    assert_eq!(ask(&server, token, &people).0, 403, "that is another scope");

    let list = ["operator", "token", "list"];
    let listed = site.done(&list);
    assert!(listed.contains(id) && listed.contains("nightly report") && !listed.contains(token), "{listed}");
    assert_eq!(site.json(&["operator", "token", "revoke", id])["state"], "revoked");
    assert_eq!(ask(&server, token, "/tenants").0, 401, "the very next question");
    assert_eq!(site.json(&list)[0]["state"], "revoked");
    let log = server.stop();
    assert!(log.contains("/manage/v1/tenants") && !log.contains(token), "{log}");
}

#[test]
fn a_restored_backup_revives_no_token_that_was_revoked_since() {
    let site = site();
    let all = ["--scope", "manage"];
    let (lasting, revoked) = (create(&site, &all), create(&site, &all));
    site.done(&["backup", "copy.db"]);
    site.done(&["operator", "token", "revoke", revoked["id"].as_str().unwrap()]);
    let told = site.done(&["restore", "copy.db"]);
    assert!(told.contains("operators' tokens stay revoked"), "{told}");
    let states = |site: &Site| {
        let listed = site.json(&["operator", "token", "list"]);
        listed
            .as_array()
            .unwrap()
            .iter()
            .map(|it| (it["id"].clone(), it["state"].clone()))
            .collect::<Vec<_>>()
    };
    let expected = [(lasting["id"].clone(), json!("active")), (revoked["id"].clone(), json!("revoked"))];
    assert_eq!(states(&site), expected);
    // One that the replaced database never heard of is shut, and without any database all are.
    std::fs::remove_file(site.database()).unwrap();
    site.done(&["restore", "copy.db"]);
    assert!(states(&site).iter().all(|(_, state)| state == "revoked"));
}

#[test]
fn what_cannot_be_meant_is_said_in_one_sentence() {
    let site = site();
    site.apply("[[tenant]]\nslug = \"harbour-spa\"\nparent = \"harbour\"\n");
    let refused = |more: &[&str]| {
        let output = site.run(&[&["operator", "token", "create"], more].concat());
        (output.status.code(), text(&output.stderr))
    };
    let (code, said) = refused(&[ADA, "x"]);
    assert!(code == Some(2) && said.contains("--scope"), "{said}");
    let (code, said) = refused(&[ADA, "x", "--scope", "everything"]);
    assert!(code == Some(2) && said.contains("manage:people:write"), "{said}");
    let (code, said) = refused(&["eve@ops.example", "x", "--scope", "manage"]);
    assert!(code == Some(1) && said.contains("There is no operator eve@ops.example."), "{said}");
    let (code, said) = refused(&[ADA, "x", "--scope", "manage", "--pool", "harbour-spa"]);
    assert!(code == Some(1) && said.contains("harbour-spa is not the top of a tree; harbour is."), "{said}");
    let (code, said) = refused(&[ADA, "x", "--scope", "manage", "--expires", "2020-01-01T00:00:00Z"]);
    assert!(code == Some(1) && said.contains("must be in the future"), "{said}");
    let said = site.refused(&["operator", "token", "revoke", "no-id"]);
    assert!(said.contains("doorward operator token list"), "{said}");
    let help = site.done(&["operator", "token", "create", "--help"]);
    assert!(help.contains("manage:people:write       the same; making and changing people"), "{help}");
}

#[test]
fn the_examples_of_the_operators_page_work() {
    let site = site();
    let server = site.serve();
    let page =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/operators/manage.md")).unwrap();
    // The program is on no path here, and the server at no name.
    let page =
        page.replace("https://id.example.com", &format!("http://localhost:{}", server.address().port()));
    let page =
        page.replace("doorward operator token", concat!(env!("CARGO_BIN_EXE_doorward"), " operator token"));
    check_text("docs/operators/manage.md", &page, &site.path(""));
}
