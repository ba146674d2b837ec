//! P24: a fresh installation has no account that signs in with any default; the demo binds loopback only, and leaves
//! databases alone that it did not make.

use super::database;
use super::installation::Installation;
use crate::process::{Ask, Demo, Doorward};
use serde_json::json;
use std::process::Command;

/// What people try first.
const DEFAULTS: [(&str, &str); 6] = [
    ("admin", "admin"),
    ("admin@localhost", "admin"),
    ("root", "root"),
    ("doorward", "doorward"),
    ("admin@example.com", "password"),
    ("", ""),
];

#[tokio::test]
async fn a_fresh_server_knows_nobody() {
    let installation = Installation::new("serve").await;
    installation.close().await;
    let folder = installation.folder();
    let served = Doorward::serve(folder, &installation.configuration(""));
    for (name, password) in DEFAULTS {
        let body =
            json!({ "email": name, "email_address": name, "emailaddress": name, "password": password });
        for host in ["127.0.0.1", "localhost", "salesseek.localhost", "bookingbug.localhost"] {
            for path in ["/api/login", "/api/v1/login", "/api/Login", "/login", "/console", "/manage/v1"] {
                let answer = served.send(&Ask::post(host, path).json(&body));
                assert!((400..500).contains(&answer.status), "{host}{path}: {}", answer.status);
                assert_eq!(answer.header("set-cookie"), None, "{host}{path}");
            }
        }
    }
    for table in ["people", "operators", "applications", "access_keys", "sessions", "doors", "tenants"] {
        assert_eq!(database::count(folder, &format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
}

#[test]
fn the_demo_listens_on_this_machine_only() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:8080"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_doorward"));
        let refused = command.env_clear().args(["demo", "--listen", address]).output().unwrap();
        assert_eq!(refused.status.code(), Some(2), "{address}");
        let words = String::from_utf8(refused.stderr).unwrap();
        assert!(words.starts_with("error: The demo listens on this machine only"), "{words}");
    }
}

#[tokio::test]
async fn the_demo_leaves_a_real_database_alone() {
    let installation = Installation::new("serve").await;
    installation.close().await;
    let before = database::dump(installation.folder(), &[]);
    let words = Demo::start_in(installation.folder(), &[]).err().unwrap();
    assert!(words.contains("was not made by `doorward demo`"), "{words}");
    assert_eq!(database::dump(installation.folder(), &[]), before);
}

#[test]
fn two_demos_share_no_secret() {
    let (one, other) = (Demo::start(), Demo::start());
    for secret in
        ["/salesseek/admin/password", "/rubicrm/api_key", "/leadsquared/secret_key", "/bookingbug/app_key"]
    {
        assert_ne!(one.text(secret), other.text(secret), "{secret}");
    }
}
