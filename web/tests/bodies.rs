//! Every encoding a body may have, and what makes a body unreadable.

use crate::toy::{Ask, Seen, ask};
use serde_json::json;

const MULTIPART: &str = "multipart/form-data; boundary=X";

fn echo() -> Ask {
    ask("POST /echo").admitted()
}

fn part(name: &str, value: &str) -> String {
    format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
}

async fn fields(ask: Ask) -> serde_json::Value {
    let seen = ask.send().await;
    assert_eq!(seen.status, 200, "{seen:?}");
    seen.json()["fields"].clone()
}

fn assert_unreadable(seen: &Seen) {
    assert_eq!(seen.status, 400, "{seen:?}");
    assert!(!seen.json()["toy"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn the_same_fields_arrive_in_every_encoding() {
    let expected = json!([["email", "a+b@x.example"], ["password", "p&ss wörd"]]);
    let json = r#"{"email":"a+b@x.example","password":"p&ss wörd"}"#;
    let form = "email=a%2Bb%40x.example&password=p%26ss+w%C3%B6rd";
    let parts = part("email", "a+b@x.example") + &part("password", "p&ss wörd") + "--X--\r\n";
    let asks = [
        echo().json(json),
        echo().header("content-type", "application/json; charset=utf-8").body(json),
        echo().header("content-type", "application/hal+json").body(json),
        echo().form(form),
        echo().header("content-type", "application/x-www-form-urlencoded").body(form),
        echo().header("content-type", "application/x-www-form-urlencoded; charset=ISO-8859-1").body(form),
        echo().header("content-type", MULTIPART).body(parts),
        // JSON text under a form's content type, and without any.
        echo().form(json),
        echo().body(json),
        echo().body(form),
        // A byte order mark and white space around.
        echo().json(format!("\u{feff} {json}\n")),
    ];
    for ask in asks {
        assert_eq!(fields(ask).await, expected);
    }
}

#[tokio::test]
async fn the_last_space_of_a_password_stays() {
    assert_eq!(fields(echo().form("password= x ")).await, json!([["password", " x "]]));
}

#[tokio::test]
async fn nothing_and_null_are_no_fields() {
    for ask in [
        echo(),
        echo().json(""),
        echo().json("null"),
        echo().json("{}"),
        echo().form("null"),
        echo().form(""),
        echo().header("content-type", MULTIPART).body("--X--\r\n"),
    ] {
        assert_eq!(fields(ask).await, json!([]));
    }
}

#[tokio::test]
async fn a_get_may_carry_a_content_type_and_a_body_of_null() {
    for ask in [ask("GET /things/7").json(""), ask("GET /things/7").json("null")] {
        assert_eq!(ask.send().await.status, 200);
    }
}

#[tokio::test]
async fn the_field_of_empty_name_and_the_top_level_array_are_reachable() {
    let classic = echo().form("=%5B%22a%40b%22%5D");
    assert_eq!(fields(classic).await, json!([["", "[\"a@b\"]"]]));
    let seen = echo().json(r#"["a@b", 1]"#).send().await;
    assert_eq!(seen.json()["array"], json!(["a@b", 1]));
}

#[tokio::test]
async fn a_body_that_two_readers_could_understand_differently_is_refused() {
    for body in [
        r#"{"a":"#,
        r#"{"a":1} {"a":2}"#,
        r#""text""#,
        "7",
        r#"{"a":"\ud800"}"#,
        r#"{"a":{"b":1,"b":2}}"#,
        r#"{"a":"x\u0000y"}"#,
        r#"{"a":{"b":["\u0000"]}}"#,
        r#"["\u0000"]"#,
        "{\"a\":\"\u{1}\"}",
    ] {
        assert_unreadable(&echo().json(body).send().await);
    }
    assert_unreadable(&echo().json(b"{\"a\":\"\xff\"}".to_vec()).send().await);
    for body in ["a=%FF", "a=x%00y", "%00=x", "a=%ED%A0%80"] {
        assert_unreadable(&echo().form(body).send().await);
    }
    for body in [
        part("a", "x\0y") + "--X--\r\n",
        part("a", "x"),
        "--X\r\nContent-Disposition: form-data\r\n\r\nx\r\n--X--\r\n".to_owned(),
        "--X\r\nContent-Disposition: form-data; name=\"a\"; filename=\"f\"\r\n\r\nx\r\n--X--\r\n".to_owned(),
    ] {
        assert_unreadable(&echo().header("content-type", MULTIPART).body(body).send().await);
    }
}

#[tokio::test]
async fn a_name_given_twice_is_refused_in_every_encoding() {
    let twice = part("a", "1") + &part("a", "2") + "--X--\r\n";
    for ask in [
        echo().json(r#"{"a":"1","a":"2"}"#),
        echo().form("a=1&a=2"),
        echo().header("content-type", MULTIPART).body(twice),
    ] {
        assert_eq!(ask.send().await.refusal(), (400, "a: given twice".to_owned()));
    }
}

#[tokio::test]
async fn other_media_types_are_unsupported() {
    for media in ["text/plain", "application/xml", "image/png", "nonsense", "multipart/form-data"] {
        let seen = echo().header("content-type", media).body(r#"{"a":1}"#).send().await;
        assert_eq!(seen.status, 415, "{media}");
    }
    let compressed = echo().json("{}x").header("content-encoding", "gzip").send().await;
    assert_eq!(compressed.status, 415);
    let two_types = echo().json("{\"a\":1}").header("content-type", "text/json").send().await;
    assert_eq!(two_types.status, 415);
}

#[tokio::test]
async fn a_broken_query_is_refused_when_it_is_read() {
    assert_eq!(ask("GET /things/7?search=b%C3%BC").send().await.json()["search"], "bü");
    for query in ["search=%FF", "search=a&search=b", "search=%00"] {
        assert_unreadable(&ask(&format!("GET /things/7?{query}")).send().await);
    }
    assert_eq!(ask("GET /slug?search=%FF").send().await.status, 200);
}
