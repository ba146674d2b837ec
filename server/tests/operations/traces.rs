//! Traces, as an OpenTelemetry collector receives them, and what its absence costs.

use super::{HOUSE, Site};
use crate::process::Ask;
use serde_json::json;
use std::io::{BufRead, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc;
use std::thread;

/// A secret of the query, which no trace may carry.
const CANARY: &str = "canary-token-of-the-evening";

/// What a collector was sent: the head of a message and its body.
type Message = (String, Vec<u8>);

/// Takes every message until the test is over.
fn collector() -> (SocketAddr, mpsc::Receiver<Message>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, messages) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut reader = BufReader::new(stream);
            while let Some(message) = message(&mut reader) {
                reader.get_mut().write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
                drop(sender.send(message));
            }
        }
    });
    (address, messages)
}

fn message(reader: &mut impl BufRead) -> Option<Message> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let length =
        head.to_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap()];
    reader.read_exact(&mut body).ok()?;
    Some((head, body))
}

fn telemetry(collector: SocketAddr) -> String {
    format!("[telemetry]\notlp_endpoint = \"http://{collector}\"\n")
}

fn sign_in() -> Ask {
    let body = json!({ "email_address": "owner@harbour.example", "password": super::PASSWORD });
    Ask::post("harbour.crm.test", &format!("/api/login?next={CANARY}")).json(&body)
}

#[test]
fn a_request_is_traced_without_its_secrets() {
    let site = Site::new();
    site.apply(HOUSE);
    let (address, messages) = collector();
    let mut server = site.serve_with(&telemetry(address));
    let answer = server.send(&sign_in());
    assert_eq!(answer.status, 200);
    let id = &answer.headers.iter().find(|(name, _)| name == "x-request-id").unwrap().1;
    let log = server.stop();
    let messages: Vec<Message> = messages.try_iter().collect();
    assert!(messages.iter().all(|(head, _)| head.starts_with("POST /v1/traces HTTP/1.1")), "{messages:?}");
    let bodies: Vec<u8> = messages.into_iter().flat_map(|(_, body)| body).collect();
    let traced = String::from_utf8_lossy(&bodies);
    let expected = [
        "service.name",
        "doorward",
        "POST salesseek",
        "http.response.status_code",
        "harbour.crm.test",
        "/api/login",
        "doorward.door",
        "sign_in",
        "password_hash",
        id,
    ];
    for text in expected {
        assert!(traced.contains(text), "{text} is missing: {traced}\n{log}");
    }
    for secret in [super::PASSWORD, CANARY, "owner@harbour.example"] {
        assert!(!traced.contains(secret), "{secret}: {traced}");
    }
}

#[test]
fn a_collector_that_is_away_costs_one_line() {
    let site = Site::new();
    site.apply(HOUSE);
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut server = site.serve_with(&telemetry(nobody));
    assert_eq!(server.send(&sign_in()).status, 200);
    let log = server.stop();
    let complaints = log.lines().filter(|line| line.contains("WARN") || line.contains("ERROR"));
    let complaints: Vec<&str> = complaints.filter(|line| !line.contains("no mail server")).collect();
    assert!(matches!(complaints[..], [line] if line.contains("traces do not reach the collector")), "{log}");
}
