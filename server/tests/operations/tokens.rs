//! Bearer tokens of applications, from the command line to a service that asks with one.

use super::Site;
use crate::process::{Ask, Doorward};
use serde_json::{Value, json};

const HOUSE: &str = r#"
[[tenant]]
slug = "harbour"
[[application]]
tenant = "harbour"
app_id = "till0001"
name = "Till"
"#;

fn ask(server: &Doorward, bearer: Option<&str>, about: &str) -> (u16, Value) {
    let question = json!({ "credential": { "kind": "bearer", "value": about } });
    let mut asked = Ask::post("localhost", "/verify").json(&question);
    if let Some(bearer) = bearer {
        asked = asked.header("authorization", &format!("Bearer {bearer}"));
    }
    let answer = server.send(&asked);
    (answer.status, serde_json::from_slice(&answer.body).unwrap_or_default())
}

#[test]
fn a_token_is_made_used_listed_and_revoked() {
    let site = Site::new();
    site.apply(HOUSE);
    let server = site.serve();
    let create = ["application", "token", "create", "till0001", "the export"];
    let made = site
        .json(&[&create[..], &["--audience", "*", "--scope", "verify", "--scope", "people:read"]].concat());
    let (id, token) = (made["id"].as_str().unwrap(), made["token"].as_str().unwrap());
    assert!(token.starts_with("dwt_"));
    assert_eq!((&made["state"], &made["scopes"]), (&json!("active"), &json!(["people:read", "verify"])));

    assert_eq!(ask(&server, None, token).0, 401, "nobody may ask by default");
    let (status, told) = ask(&server, Some(token), token);
    assert_eq!((status, &told["active"]), (200, &json!(true)));
    assert_eq!(told["application"], "till0001");

    let list = ["application", "token", "list", "till0001"];
    let listed = site.done(&list);
    assert!(listed.contains(id) && listed.contains("the export") && !listed.contains(token), "{listed}");
    let revoked = site.json(&["application", "token", "revoke", "till0001", id]);
    assert_eq!(revoked["state"], "revoked");
    assert_eq!(ask(&server, Some(token), token).0, 401, "the very next question");
    assert_eq!(site.json(&list)[0]["state"], "revoked");
}

#[test]
fn what_cannot_be_meant_is_said_in_one_sentence() {
    let site = Site::new();
    site.apply(HOUSE);
    let create = |more: &[&str]| {
        let arguments = [&["application", "token", "create", "till0001", "export"], more].concat();
        let output = site.run(&arguments);
        (output.status.code(), super::text(&output.stderr))
    };
    let (code, said) = create(&[]);
    assert!(code == Some(2) && said.contains("--audience"), "{said}");
    let (code, said) = create(&["--audience", "two words"]);
    assert!(code == Some(2) && said.contains("expected the name of one route"), "{said}");
    let (code, said) = create(&["--audience", "crm", "--scope", "two words"]);
    assert!(code == Some(1) && said.starts_with("error: scopes: expected"), "{said}");
    let (code, said) = create(&["--audience", "crm", "--expires", "2020-01-01T00:00:00Z"]);
    assert!(code == Some(1) && said.contains("must be in the future"), "{said}");
    let unknown = ["application", "token", "revoke", "till0001", "00000000-0000-0000-0000-000000000001"];
    assert!(site.refused(&unknown).contains("There is no token"), "{}", site.refused(&unknown));
    let none = site.refused(&["application", "token", "list", "none-1"]);
    assert_eq!(none, "error: There is no application none-1.\n");
}
