//! After PostgreSQL's own tools put a database back: nothing that may have been revoked since works.

use super::{Installation, is_signed_in, is_verified, sign_in};
use crate::process::{Ask, Doorward};
use doorward_testkit_postgres::Shared;
use serde_json::{Value, json};

const MORE: &str = r#"
[[application]]
tenant = "harbour"
app_id = "service1"
name = "Service"
key = "none"
[[key]]
person = "owner@harbour.example"
tenant = "harbour"
label = "export"
"#;

/// Whether a service may ask with a token.
fn works(server: &Doorward, token: &str) -> bool {
    let asked = Ask::post("localhost", "/verify")
        .json(&json!({ "credential": { "kind": "bearer", "value": token } }));
    server.send(&asked).json()["active"] == json!(true)
}

/// Sessions and a token, and the database's name of a copy from when all of them were good.
struct Copied {
    cookie: String,
    token: String,
    copy: String,
}

impl Copied {
    fn make(on: &Installation) -> Self {
        on.node.apply(MORE);
        let mut server = on.node.serve();
        let cookie = sign_in(&server).expect("the owner signs in");
        let create = ["application", "token", "create", "service1", "service", "--audience", "*"];
        let token = on.node.json(&create)["token"].as_str().unwrap().to_owned();
        assert!(is_signed_in(&server, &cookie) && works(&server, &token));
        server.stop();
        let (name, copy) = (on.database.name(), format!("{}_copy", on.database.name()));
        Shared::server().sql("postgres", &format!("CREATE DATABASE {copy} TEMPLATE {name}"));
        Self { cookie, token, copy }
    }

    /// Puts the copy in the database's place.
    fn put_back(self, on: &Installation) -> Self {
        let (name, copy) = (on.database.name(), &self.copy);
        Shared::server().sql("postgres", &format!("DROP DATABASE {name} WITH (FORCE)"));
        Shared::server().sql("postgres", &format!("ALTER DATABASE {copy} RENAME TO {name}"));
        self
    }
}

fn count(told: &Value, what: &str) -> Value {
    let carried = told["carried"].as_array().unwrap();
    carried.iter().find(|row| row["what"] == what).map_or(json!(0), |row| row["count"].clone())
}

#[test]
fn whatever_may_have_been_revoked_since_is_shut() {
    let Some(installation) = Installation::new() else { return };
    let copied = Copied::make(&installation).put_back(&installation);
    let node = &installation.node;
    let told = node.json(&["restore", "--in-place"]);
    assert_eq!((&told["epoch"], &told["compared"]), (&json!(2), &json!(false)));
    let shut = ["access keys are disabled", "applications are disabled", "bearer tokens are revoked"];
    assert_eq!(shut.map(|what| count(&told, what)), [json!(1), json!(1), json!(1)]);
    let server = node.serve();
    assert!(!is_signed_in(&server, &copied.cookie) && !is_verified(&server, &copied.cookie));
    assert!(!works(&server, &copied.token));
    assert!(sign_in(&server).is_some(), "passwords are those of the backup");
    assert_eq!(installation.database.sql("SELECT count(*) FROM events WHERE kind = 'restored'"), "1");
}

#[test]
fn keys_that_are_trusted_work_on_and_sessions_end_all_the_same() {
    let Some(installation) = Installation::new() else { return };
    let copied = Copied::make(&installation).put_back(&installation);
    let told = installation.node.json(&["restore", "--in-place", "--trust-keys"]);
    assert_eq!(told["carried"], json!([]));
    let server = installation.node.serve();
    assert!(!is_signed_in(&server, &copied.cookie) && !is_verified(&server, &copied.cookie));
    assert!(works(&server, &copied.token));
}

#[test]
fn a_node_that_runs_keeps_its_sessions() {
    let Some(Installation { node, database: _database }) = Installation::new() else { return };
    let server = node.serve();
    let cookie = sign_in(&server).expect("the owner signs in");
    let refusal = node.refused(&["restore", "--in-place"]);
    assert!(refusal.contains("Stop every node first"), "{refusal}");
    assert!(is_signed_in(&server, &cookie));
}
