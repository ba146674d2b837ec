//! What is no HTTP, or HTTP that two readers might understand differently: refused before any door, and survived.

use super::super::doors;
use crate::process::{Ask, Demo, exchange};
use std::thread;

#[test]
fn what_is_no_request_is_refused_or_cut_off_and_the_next_one_is_served() {
    let mut demo = Demo::start();
    let host = demo.text("/salesseek/host").to_owned();
    let long = "a".repeat(40_000);
    let cases = [
        "\r\n\r\n\r\n".to_owned(),
        "GET\r\n\r\n".to_owned(),
        "GET / HTTP/9.9\r\n\r\n".to_owned(),
        "\0\0\0\0\r\n\r\n".to_owned(),
        "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0".to_owned(),
        "GET /api/login HTTP/1.1\r\n\r\n".to_owned(),
        format!("GET /{long} HTTP/1.1\r\nHost: {host}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: {host}\r\nX: {long}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: {host}\r\n{}\r\n", "X: 1\r\n".repeat(300)),
        format!("GET / HTTP/1.1\r\nHost: {host}\r\nHost: other.example\r\nConnection: close\r\n\r\n"),
        format!("GET http://other.example/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: {host}@evil.example\r\nConnection: close\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost : {host}\r\nConnection: close\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: {host}\r\n X: folded\r\nConnection: close\r\n\r\n"),
        format!("POST /api/login HTTP/1.1\r\nHost: {host}\r\nContent-Length: -1\r\n\r\n"),
        format!("POST /api/login HTTP/1.1\r\nHost: {host}\r\nContent-Length: 99999999999999999999\r\n\r\n"),
        format!(
            "POST /api/login HTTP/1.1\r\nHost: {host}\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"
        ),
        format!("POST /api/login HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: wishful\r\n\r\n"),
        format!(
            "POST /api/login HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n"
        ),
        format!("CONNECT {host} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
        format!("OPTIONS * HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nnot a frame at all".to_owned(),
    ];
    thread::scope(|scope| {
        for case in &cases {
            let address = demo.doorward.address;
            scope.spawn(move || {
                // No answer is an answer: a connection that speaks no HTTP may be closed without a word.
                let Ok(answer) = exchange(address, case.as_bytes()) else { return };
                assert!(
                    (400..500).contains(&answer.status),
                    "{case:.80}: {} {}",
                    answer.status,
                    answer.text()
                );
            });
        }
    });
    assert_eq!(demo.send(&Ask::get("127.0.0.1", "/readyz")).status, 200);
    assert!(demo.doorward.is_alive());
}

#[test]
fn a_body_that_never_comes_is_given_up_in_the_doors_own_words() {
    let demo = Demo::start();
    let doors = doors::all(&demo);
    thread::scope(|scope| {
        for door in &doors {
            let route = door.routes.iter().find(|route| route.method == "POST");
            let Some(route) = route.filter(|_| door.name != "leadsquared") else { continue };
            let ask = door
                .ask("POST", route.path)
                .header("content-length", "1000")
                .body("application/json", "{\"a\":");
            let address = demo.doorward.address;
            scope.spawn(move || {
                let answer = ask.send(address).unwrap();
                assert_eq!(answer.status, 408, "{}", door.name);
                assert!((door.refuses)(&answer), "{}", answer.text());
            });
        }
    });
}

#[test]
fn a_host_that_is_no_door_says_so_and_no_more() {
    let demo = Demo::start();
    for host in ["unknown.example", "salesseek.localhost.evil.example", "a.b.salesseek.localhost", "10.0.0.1"]
    {
        let answer = demo.send(&Ask::post(host, "/api/login").form(&[("email", "x"), ("password", "y")]));
        assert_eq!(
            (answer.status, answer.text().as_str()),
            (404, r#"{"error":"no door at this host"}"#),
            "{host}"
        );
    }
}
