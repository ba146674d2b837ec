//! Requests between cells that no cell sent, or that were sent before. They are signed here by hand, from RFC 9421 and not with
//! the server's own code.

use super::{Cell, SECRET, cells};
use crate::operations::Site;
use crate::process::{Answer, Ask, Doorward};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorward_crypto::{CellKey, Keyring};
use doorward_server::cell::ROUTES;
use serde_json::{Value, json};

/// SHA-256 of nothing.
const EMPTY: &str = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:";
const PATH: &str = "/cell/v1/directory";

struct Signed {
    query: &'static str,
    to: &'static str,
    created: i64,
    nonce: &'static str,
}

fn now() -> i64 {
    doorward_core::Clock::system().now().seconds()
}

impl Signed {
    fn new(nonce: &'static str) -> Self {
        Self { query: "after=0", to: "us11", created: now(), nonce }
    }

    /// As this cell would sign it.
    fn by(&self, cell: &Cell) -> Ask {
        let Self { query, to, created, nonce } = self;
        let keys = Keyring::load(&cell.site.path("doorward-data/doorward.keys")).unwrap();
        let parameters = format!(
            "(\"@method\" \"@path\" \"@query\" \"content-digest\" \"doorward-cell\");created={created};\
             nonce=\"{nonce}\";keyid=\"{}\";alg=\"ed25519\";tag=\"doorward-cell\"",
            cell.name
        );
        let base = format!(
            "\"@method\": GET\n\"@path\": {PATH}\n\"@query\": ?{query}\n\"content-digest\": {EMPTY}\n\
             \"doorward-cell\": {to}\n\"@signature-params\": {parameters}"
        );
        let signature = STANDARD.encode(CellKey::of(&keys).unwrap().sign(base.as_bytes()).unwrap());
        Ask::get("127.0.0.1", &format!("{PATH}?{query}"))
            .header("content-digest", EMPTY)
            .header("doorward-cell", to)
            .header("signature-input", &format!("cell={parameters}"))
            .header("signature", &format!("cell=:{signature}:"))
    }
}

fn refused(server: &Doorward, ask: &Ask, why: &str) {
    let answer = server.send(ask);
    let said: Value = answer.json();
    assert!(
        answer.status == 401 && said["error"].as_str().unwrap().contains(why),
        "{}: {said}",
        answer.status
    );
    assert!(!answer.headers.iter().any(|(name, _)| name == "signature"), "nothing of it is signed");
}

#[test]
fn a_request_is_good_once_and_only_as_it_was_signed() {
    let [one, two] = cells();
    let mut server = two.serve();
    let ask = Signed::new("00000000000000000000000000000001").by(&one);
    let answer = server.send(&ask);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(header(&answer, "content-type"), "application/json");
    assert!(header(&answer, "signature-input").contains("keyid=\"us11\""));
    let names: Vec<Value> = answer.json()["entries"].as_array().unwrap().clone();
    assert!(names.iter().any(|entry| entry["name"] == "school-us11"), "{names:?}");
    assert!(!answer.text().contains(&two.key_name(0)), "keys are told as hashes");
    refused(&server, &ask, "sent before");

    let new = |nonce| Signed::new(nonce);
    let forged = new("00000000000000000000000000000002").by(&two);
    refused(&server, &forged, "a cell that is not listed");
    let meant = Signed { to: "in21", ..new("00000000000000000000000000000003") }.by(&one);
    refused(&server, &meant, "another cell");
    let old = Signed { created: now() - 60, ..new("00000000000000000000000000000004") }.by(&one);
    refused(&server, &old, "clocks");
    let mut changed = new("00000000000000000000000000000005").by(&one);
    changed.path = format!("{PATH}?after=1");
    refused(&server, &changed, "signature");
    let stranger = Cell { name: "in21", ..Cell::new("ca12", 1) };
    refused(&server, &new("00000000000000000000000000000006").by(&stranger), "signature");

    server.stop();
    let server = two.serve();
    refused(&server, &ask, "sent before");
}

#[test]
fn a_flood_of_forged_requests_is_counted_and_said_once() {
    let [one, two] = cells();
    let mut server = two.serve();
    let stranger = Cell { name: "in21", ..Cell::new("ca12", 1) };
    for _ in 0..20 {
        refused(&server, &Ask::get("127.0.0.1", PATH), "not signed");
        refused(&server, &Signed::new("00000000000000000000000000000001").by(&stranger), "signature");
    }
    let figure = |cell, reason| {
        server.figure(&format!("doorward_cell_refused_total{{cell=\"{cell}\",reason=\"{reason}\"}}"))
    };
    assert_eq!((figure("", "unsigned"), figure("in21", "signature")), (20, 20));
    let log = server.stop();
    let said = log.lines().filter(|line| line.contains("a request between cells is refused")).count();
    // Twice each where the minute passes meanwhile.
    assert!((2..=4).contains(&said), "{said} lines: {log}");
    drop(one);
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

#[test]
fn no_route_between_cells_answers_anybody_else() {
    let [one, two] = cells();
    let server = two.serve();
    let body = json!({ "access_key": two.key_name(0), "secret_key": SECRET });
    for (method, path) in ROUTES {
        for authorization in ["", "Bearer 0123456789", "Basic YWRhOnNlY3JldA=="] {
            let ask = Ask::new(method, "127.0.0.1", path).json(&body).header("authorization", authorization);
            refused(&server, &ask, "not signed");
        }
        let at_a_door = server.send(&Ask::new(method, &two.host(), path).json(&body));
        assert_eq!(at_a_door.status, 404, "{method} {path}");
    }
    drop(one);
    let alone = Site::new();
    let server = alone.serve();
    for (method, path) in ROUTES {
        assert_eq!(server.send(&Ask::new(method, "127.0.0.1", path).json(&body)).status, 404);
    }
}
