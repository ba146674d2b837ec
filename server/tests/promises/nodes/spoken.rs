//! What clients ask a node, and what they make of the answer.

use super::cluster::HOST;
use crate::process::{Answer, Ask};
use serde_json::{Value, json};
use std::net::SocketAddr;

/// Why a request was not acknowledged.
#[derive(Debug)]
pub(super) enum Unacknowledged {
    /// 503 as promised (P22): with `Retry-After`, in the door's own words. What was asked for may be kept or not.
    Unavailable,
    /// The connection was refused or broke; the same is true.
    Unreachable,
    /// Any other answer of 500 or more.
    Broken(String),
    /// The server would not.
    Refused(String),
}

/// A cookie, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Session {
    cookie: String,
    person: String,
}

impl Session {
    /// The way to its person's own data.
    fn path(&self) -> String {
        format!("/api/users/{}", self.person)
    }
}

pub(super) fn sign_in(node: SocketAddr, email: &str, password: &str) -> Result<Session, Unacknowledged> {
    let body = json!({ "email_address": email, "password": password });
    let answer = done(node, &Ask::post(HOST, "/api/login").json(&body))?;
    let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap();
    Ok(Session { cookie: cookie.to_owned(), person: answer.json()["id"].as_str().unwrap().to_owned() })
}

pub(super) fn sign_out(node: SocketAddr, session: &Session) -> Result<(), Unacknowledged> {
    let ask = Ask::new("DELETE", HOST, "/api/logout").header("cookie", &session.cookie);
    done(node, &ask).map(drop)
}

pub(super) fn change_password(
    node: SocketAddr,
    session: &Session,
    old: &str,
    new: &str,
) -> Result<(), Unacknowledged> {
    let body = json!({ "password": new, "current_password": old, "password_confirmation": new });
    let ask = Ask::new("PATCH", HOST, &session.path()).header("cookie", &session.cookie);
    done(node, &ask.json(&body)).map(drop)
}

/// Whether the door lets it in.
pub(super) fn is_let_in(node: SocketAddr, session: &Session) -> Result<bool, Unacknowledged> {
    is_accepted(node, &Ask::get(HOST, &session.path()).header("cookie", &session.cookie))
}

/// Whether a service behind a proxy would be told whose it is.
pub(super) fn is_verified(node: SocketAddr, session: &Session) -> Result<bool, Unacknowledged> {
    let ask = Ask::get("localhost", "/verify/forward-auth")
        .header("x-forwarded-method", "GET")
        .header("x-forwarded-proto", "http")
        .header("x-forwarded-host", HOST)
        .header("x-forwarded-uri", "/reports")
        .header("cookie", &session.cookie);
    is_accepted(node, &ask)
}

fn is_accepted(node: SocketAddr, ask: &Ask) -> Result<bool, Unacknowledged> {
    let answer = answered(node, ask)?;
    match answer.status {
        200 => Ok(true),
        401 => Ok(false),
        _ => Err(refused(ask, &answer)),
    }
}

/// Only a whole answer that says so is an acknowledgement.
fn done(node: SocketAddr, ask: &Ask) -> Result<Answer, Unacknowledged> {
    let answer = answered(node, ask)?;
    if answer.status == 200 { Ok(answer) } else { Err(refused(ask, &answer)) }
}

fn answered(node: SocketAddr, ask: &Ask) -> Result<Answer, Unacknowledged> {
    let Ok(answer) = ask.send(node) else { return Err(Unacknowledged::Unreachable) };
    if answer.status < 500 {
        return Ok(answer);
    }
    let says_when = answer.header("retry-after").is_some_and(|wait| wait.parse::<u32>().is_ok());
    let is_own = ask.path.starts_with("/verify") || is_detail(&answer.json());
    if answer.status == 503 && says_when && is_own {
        return Err(Unacknowledged::Unavailable);
    }
    Err(Unacknowledged::Broken(words(ask, &answer)))
}

/// A refusal in the door's own shape.
fn is_detail(body: &Value) -> bool {
    body.as_object().is_some_and(|body| body.len() == 1) && body["detail"].is_string()
}

fn refused(ask: &Ask, answer: &Answer) -> Unacknowledged {
    Unacknowledged::Refused(words(ask, answer))
}

fn words(ask: &Ask, answer: &Answer) -> String {
    format!("{} {}: {} {}", ask.method, ask.path, answer.status, answer.text())
}
