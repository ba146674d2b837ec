//! A server that cannot be used: what it is told at the start, and that nothing secret is in it.

use super::sections;
use crate::operations::{CONFIGURATION, Site};
use doorward_testkit_postgres::{Own, is_skipped};
use std::net::TcpListener;

/// In every wrong or right URL where a password may stand.
const SECRET: &str = "canary";

/// A server that asks for passwords where it is spoken to over TCP, with a user and two databases, of which one is not
/// the user's.
fn strict() -> Own {
    let own = Own::on_tcp("", |data| {
        let rules = "local all all trust\nhost all ana 127.0.0.1/32 scram-sha-256\n";
        std::fs::write(data.join("pg_hba.conf"), rules).unwrap();
    });
    own.sql("postgres", &format!("CREATE ROLE ana LOGIN PASSWORD '{SECRET}'"));
    own.sql("postgres", "CREATE DATABASE hers OWNER ana");
    own.sql("postgres", "CREATE DATABASE others");
    own.sql("others", "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    own
}

/// A port of this machine where nobody listens.
fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// What `serve` and a command are told with this URL, which is the same.
fn told(url: &str) -> String {
    let site = Site::new();
    site.write("doorward.toml", &format!("{}{}", CONFIGURATION, sections(url)));
    let refusal = site.refused(&["serve"]);
    assert!(!refusal.contains(SECRET), "{refusal}");
    let sentence = |text: &str| text.lines().find(|line| line.starts_with("error: ")).map(str::to_owned);
    assert_eq!(sentence(&site.refused(&["tenant", "list"])), sentence(&refusal));
    refusal
}

#[test]
fn a_server_that_cannot_be_used_is_named_with_what_to_do() {
    if is_skipped() {
        return;
    }
    let own = strict();
    let port = own.port();
    let plain = "?sslmode=disable";
    for (url, words) in [
        (
            format!("postgresql://ana:{SECRET}-not@127.0.0.1:{port}/hers{plain}"),
            ["password authentication failed", "check user and password in the URL"],
        ),
        (
            format!("postgresql://ana@127.0.0.1:{port}/hers{plain}"),
            ["password missing", "write the password into the URL"],
        ),
        (format!("postgresql://eve:{SECRET}@127.0.0.1:{port}/hers{plain}"), ["pg_hba.conf", "check user"]),
        (
            format!("postgresql://ana:{SECRET}@127.0.0.1:{port}/none{plain}"),
            ["\"none\" does not exist", "create the database first"],
        ),
        (
            format!("postgresql://ana:{SECRET}@127.0.0.1:{port}/others{plain}"),
            ["permission denied", "owner of the database"],
        ),
        (
            format!("postgresql://ana:{SECRET}@127.0.0.1:{port}/hers"),
            ["does not support TLS", "sslmode=disable"],
        ),
        (
            format!("postgresql://ana:{SECRET}@127.0.0.1:{}/hers{plain}", closed_port()),
            ["Connection refused", "is the server running"],
        ),
        // Two dots name no host, so nobody's resolver has to be asked.
        (
            format!("postgresql://ana:{SECRET}@db..example/hers{plain}"),
            ["lookup", "check the host in the URL"],
        ),
        (
            format!("postgresql:///hers?host=/nowhere&user=ana&password={SECRET}"),
            ["No such file", "is its socket in this directory?"],
        ),
    ] {
        let refusal = told(&url);
        assert!(refusal.contains("error: cannot open the database at "), "{refusal}");
        assert!(refusal.contains("hint: `url` in [store.postgres]"), "{refusal}");
        for word in words {
            assert!(refusal.contains(word), "{word}: {refusal}");
        }
    }
}

#[test]
fn a_password_lets_in_and_is_shown_nowhere() {
    if is_skipped() {
        return;
    }
    let own = strict();
    let url = format!("postgresql://ana:{SECRET}@127.0.0.1:{}/hers?sslmode=disable", own.port());
    let site = Site::bare_with(&sections(&url));
    let made = site.done(&["init"]);
    assert!(made.contains(&format!("Database:  127.0.0.1:{}/hers\n", own.port())), "{made}");
    let shown = site.done(&["config", "show"]);
    assert!(shown.contains("[store.postgres]\nurl = (hidden)  # "), "{shown}");
    let mut server = site.serve_with("[log]\nlevel = \"debug\"\n");
    let listed = site.done(&["tenant", "list"]);
    let log = server.stop();
    for text in [made, shown, listed, log] {
        assert!(!text.contains(SECRET), "{text}");
    }
}

#[test]
fn a_server_that_never_answers_is_not_waited_for_longer_than_was_said() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let url = format!("postgresql://ana:{SECRET}@127.0.0.1:{port}/hers?sslmode=disable");
    let site = Site::bare_with(&format!("{}connect_timeout = \"100ms\"\n", sections(&url)));
    let refusal = site.refused(&["init"]);
    assert!(refusal.contains("no connection within 100ms: check host, port and firewalls"), "{refusal}");
    assert!(!refusal.contains(SECRET), "{refusal}");
    assert!(!site.path("doorward-data/doorward.keys").exists(), "no keys for a database that was not seen");
}
