//! P8 and P18: unknown, wrong, inactive and other tenants' accounts are told alike on every pathway and in every
//! encoding, each for exactly one hash; throttled answers are alike and cost none; a full queue says so.

use super::doors::base64;
use super::rooms::{Rooms, told};
use doorward_testkit::{PASSWORD, Request};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::time::Duration;

/// One way to sign in with a password.
struct Pathway {
    name: String,
    request: Box<AskOf>,
}

/// A request of somebody with this e-mail address and password.
type AskOf = dyn Fn(&Rooms, &str, &str) -> Request;

type Encoding = fn(Request, &[(&str, &str)]) -> Request;

const ENCODINGS: [(&str, Encoding); 5] = [
    ("JSON", as_json),
    ("form", as_form),
    ("form, with a charset", |request, fields| {
        request.body("application/x-www-form-urlencoded; charset=UTF-8", urlencoded(fields))
    }),
    ("JSON called a form", |request, fields| {
        request.body("application/x-www-form-urlencoded", object(fields).to_string())
    }),
    ("multipart", as_multipart),
];

const BOOKINGBUG_PATHS: [&str; 6] = [
    "/api/v1/login",
    "/api/v1/login/101",
    "/api/v1/login/admin",
    "/api/v1/login/admin/101",
    "/api/v1/login/member",
    "/api/v1/login/member/101",
];

#[tokio::test]
async fn whoever_does_not_get_in_is_told_the_same_for_exactly_one_hash() {
    let rooms = Rooms::new().await;
    for pathway in pathways() {
        let accounts = accounts(&rooms, &pathway.name);
        let mut answers = HashSet::new();
        for (what, email, password) in &accounts {
            // Longer than any wait after a failure, so that nobody is throttled for the pathway before.
            rooms.house.clock.advance(Duration::from_secs(3600));
            let before = hashes(&rooms).await;
            let request = (pathway.request)(&rooms, email, password);
            let answer = client(&rooms, &pathway.name).send(request).await;
            let hashes = hashes(&rooms).await - before;
            assert_eq!(hashes, 1, "{}, {what}: {}", pathway.name, answer.text());
            answers.insert(told(&answer));
        }
        assert_eq!(answers.len(), 1, "{}: {answers:#?}", pathway.name);
        let (status, _, body) = answers.iter().next().unwrap();
        assert!(
            *status == 401 || (*status == 200 && body.contains("401")),
            "{}: {status} {body}",
            pathway.name
        );
    }
}

#[tokio::test]
async fn whoever_guesses_too_often_is_told_the_same_for_no_hash_known_or_not() {
    let one_encoding = |pathway: &Pathway| pathway.name.ends_with(", JSON") || is_classic(pathway);
    for pathway in pathways().into_iter().filter(one_encoding) {
        let rooms = Rooms::new().await;
        let mut answers = HashSet::new();
        let accounts = accounts(&rooms, &pathway.name);
        for (_, email, _) in accounts.iter().filter(|(what, _, _)| *what != "inactive and wrong") {
            let guess = |number: usize| (pathway.request)(&rooms, email, &base_password(number));
            for number in 0..5 {
                client(&rooms, &pathway.name).send(guess(number)).await;
            }
            let before = hashes(&rooms).await;
            let answer = client(&rooms, &pathway.name).send(guess(5)).await;
            assert_eq!(hashes(&rooms).await, before, "{}: {email}", pathway.name);
            assert!(answer.header("retry-after").is_some(), "{}: {}", pathway.name, answer.text());
            answers.insert(told(&answer));
        }
        assert_eq!(answers.len(), 1, "{}: {answers:#?}", pathway.name);
        let (status, _, body) = answers.iter().next().unwrap();
        assert!(
            *status == 429 || (*status == 200 && body.contains("429")),
            "{}: {status} {body}",
            pathway.name
        );
    }
}

#[tokio::test]
async fn one_counter_serves_every_spelling() {
    let rooms = Rooms::new().await;
    let spellings = ["user@alpha.example", "USER@alpha.example", "user@ALPHA.example", "uSeR@alpha.EXAMPLE"];
    let guess = |email: &str| {
        Request::post(rooms.salesseek.hosts[0], "/api/login")
            .json(&json!({ "email": email, "password": "guess" }))
    };
    let mut statuses = Vec::new();
    for email in spellings.iter().chain(&spellings) {
        statuses.push(rooms.salesseek.client.send(guess(email)).await.status.as_u16());
    }
    assert!(statuses.contains(&429), "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 5, "{statuses:?}");
}

#[tokio::test]
async fn every_wrong_key_pair_is_told_the_same() {
    let rooms = Rooms::new().await;
    let [(ours, our_secret), (_, their_secret)] = &rooms.access_keys;
    let unknown = "u$r00000000000000000000000000000000";
    let mut answers = HashSet::new();
    let before = hashes(&rooms).await;
    for (key, secret) in [(unknown, our_secret), (ours.as_str(), their_secret), (unknown, their_secret)] {
        let path = format!("/v2/Authentication.svc/UserByAccessKey.Get?accessKey={key}&secretKey={secret}");
        let in_query = Request::get(rooms.leadsquared.hosts[0], &path);
        let plain = Request::get(rooms.leadsquared.hosts[0], "/v2/Authentication.svc/UserByAccessKey.Get");
        let in_headers = plain.header("x-lsq-accesskey", key).header("x-lsq-secretkey", secret);
        for request in [in_query, in_headers] {
            let answer = rooms.leadsquared.client.send(request).await;
            assert_eq!(answer.status, 401, "{}", answer.text());
            answers.insert(told(&answer));
        }
    }
    assert_eq!(answers.len(), 1, "{answers:#?}");
    assert_eq!(hashes(&rooms).await, before, "a key costs no password hash");
}

/// Password hashes computed so far. A thread counts one a moment after it has handed over its verdict.
async fn hashes(rooms: &Rooms) -> u64 {
    loop {
        let stats = rooms.house.core.hashes().stats();
        if stats.running == 0 && stats.waiting == 0 {
            return stats.finished;
        }
        tokio::task::yield_now().await;
    }
}

/// Accounts that do not get in: unknown, wrong, inactive (with the right password), and another tenant's.
fn accounts(rooms: &Rooms, pathway: &str) -> Vec<(&'static str, String, String)> {
    let room = room(rooms, pathway);
    let unknown = format!("unknown-{}@nowhere.example", pathway.len());
    vec![
        ("unknown", unknown, "any password at all".to_owned()),
        ("wrong", room.strong.email.as_written().to_owned(), "not this password".to_owned()),
        ("inactive", room.inactive.email.as_written().to_owned(), PASSWORD.to_owned()),
        ("inactive and wrong", room.inactive.email.as_written().to_owned(), "nor this one here".to_owned()),
        ("another tenant's", room.stranger.email.as_written().to_owned(), PASSWORD.to_owned()),
        ("no address", "not an address".to_owned(), PASSWORD.to_owned()),
    ]
}

fn pathways() -> Vec<Pathway> {
    let mut all = Vec::new();
    for (encoding, encode) in ENCODINGS {
        all.push(Pathway {
            name: format!("SalesSeek, {encoding}"),
            request: Box::new(move |rooms, email, password| {
                let ask = Request::post(rooms.salesseek.hosts[0], "/api/login");
                encode(ask, &[("email_address", email), ("password", password)])
            }),
        });
        for path in BOOKINGBUG_PATHS {
            all.push(Pathway {
                name: format!("BookingBug {path}, {encoding}"),
                request: Box::new(move |rooms, email, password| {
                    let (app_id, app_key) = &rooms.applications[0];
                    let ask = Request::post(rooms.bookingbug.hosts[0], path);
                    let ask = ask.header("app-id", app_id).header("app-key", app_key);
                    encode(ask, &[("email", email), ("password", password)])
                }),
            });
        }
        all.push(Pathway {
            name: format!("RubiCRM, {encoding}"),
            request: Box::new(move |rooms, email, password| {
                let fields = [
                    ("emailaddress", email),
                    ("password", &base64(password)),
                    ("apikey", &rooms.api_keys[0]),
                ];
                encode(Request::post(rooms.rubicrm.hosts[0], "/api/Login"), &fields)
            }),
        });
    }
    all.push(Pathway {
        name: CLASSIC.to_owned(),
        request: Box::new(|rooms, email, password| {
            let values = json!([email, base64(password), rooms.api_keys[0]]).to_string();
            as_form(Request::post(rooms.rubicrm.hosts[0], "/api/Login"), &[("", &values)])
        }),
    });
    all
}

const CLASSIC: &str = "RubiCRM, classic";

fn is_classic(pathway: &Pathway) -> bool {
    pathway.name == CLASSIC
}

fn room<'a>(rooms: &'a Rooms, pathway: &str) -> &'a super::rooms::Room {
    match pathway.split([' ', ',']).next() {
        Some("SalesSeek") => &rooms.salesseek,
        Some("BookingBug") => &rooms.bookingbug,
        _ => &rooms.rubicrm,
    }
}

fn client<'a>(rooms: &'a Rooms, pathway: &str) -> &'a doorward_testkit::Client {
    &room(rooms, pathway).client
}

fn base_password(number: usize) -> String {
    format!("guess number {number}")
}

fn object(fields: &[(&str, &str)]) -> Value {
    fields.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect()
}

fn as_json(request: Request, fields: &[(&str, &str)]) -> Request {
    request.json(&object(fields))
}

fn as_form(request: Request, fields: &[(&str, &str)]) -> Request {
    request.body("application/x-www-form-urlencoded", urlencoded(fields))
}

fn urlencoded(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

fn as_multipart(request: Request, fields: &[(&str, &str)]) -> Request {
    let part = |(name, value): &(&str, &str)| {
        format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let text: String = fields.iter().map(part).collect();
    request.body("multipart/form-data; boundary=edge", text + "--edge--\r\n")
}
