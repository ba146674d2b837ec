//! A sign-in through a door, as its client would send it, and the exact exchange.
//!
//! The request takes the way of every other: host, door, dialect, throttling, session, event. What was typed as secret is
//! shown as dots; the answer is shown as it came, because whoever reads it just gave the password.

use super::{found, spoken};
use crate::admin::frame::{Frame, Room};
use crate::admin::trouble::{Page, status};
use crate::frame::render;
use crate::pages::Pages;
use crate::visit::{Posted, Viewing, Visit};
use askama::Template;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorward_core::Error;
use doorward_model::{Dialect, Door, DoorId, HostPattern};
use doorward_web::{Connection, Response};
use http::{Request, header};
use std::net::SocketAddr;
use url::form_urlencoded;

/// More than any sign-in answers.
const ANSWER_BYTES: usize = 64 * 1024;
/// What is shown in place of one that is longer, or was broken off.
const TOO_LONG: &str = "(the answer is too long to be shown, or was broken off)";
/// What stands for a secret.
const DOTS: &str = "••••••••";

/// A field of the form; what it is called depends on the contract.
struct Field {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    is_secret: bool,
    value: String,
}

/// What a door's client sends, in the contract's own words.
fn fields(door: &Door) -> Vec<(&'static str, &'static str, &'static str, bool)> {
    let mut fields = match door.dialect {
        Dialect::Salesseek => {
            vec![("account", "E-mail address", "", false), ("secret", "Password", "", true)]
        }
        Dialect::Bookingbug => vec![
            ("app_id", "App-Id", "", false),
            ("app_key", "App-Key", "Empty, if the application has none.", true),
            ("account", "E-mail address", "", false),
            ("secret", "Password", "", true),
        ],
        Dialect::Rubicrm => vec![
            ("app_key", "API key", "Empty, if the door asks for none.", true),
            ("account", "E-mail address", "", false),
            ("secret", "Password", "It is sent in Base64, as its clients do.", true),
        ],
        Dialect::Leadsquared => {
            vec![("account", "Access key", "", false), ("secret", "Secret key", "", true)]
        }
    };
    if let HostPattern::Slug { .. } = door.host {
        fields.insert(0, ("slug", "Tenant's short name", "It stands in the host.", false));
    }
    fields
}

struct Exchange {
    asked: String,
    answered: String,
    is_good: bool,
}

#[derive(Template)]
#[template(path = "console/trial.html")]
struct Trial {
    frame: Frame,
    id: DoorId,
    name: String,
    dialect: &'static str,
    fields: Vec<Field>,
    exchange: Option<Exchange>,
    problem: Option<String>,
}

fn form(
    visit: &Visit,
    door: &Door,
    typed: impl Fn(&str) -> String,
    exchange: Option<Exchange>,
    problem: Option<String>,
) -> Response {
    let fields = fields(door).into_iter().map(|(name, label, hint, is_secret)| Field {
        name,
        label,
        hint,
        is_secret,
        value: if is_secret { String::new() } else { typed(name) },
    });
    let trial = Trial {
        frame: Frame::of(visit, Room::Doors, format!("Try {}", door.name)),
        id: door.id,
        name: door.name.clone(),
        dialect: spoken(door.dialect),
        fields: fields.collect(),
        exchange,
        problem,
    };
    render(status(&trial.problem), &trial)
}

pub(crate) async fn show(Path(id): Path<String>, viewing: Viewing) -> Page {
    let door = found(&viewing.visit, &id).await?;
    Ok(form(&viewing.visit, &door, |_| String::new(), None, None))
}

pub(crate) async fn send(State(pages): State<Pages>, Path(id): Path<String>, posted: Posted) -> Page {
    let visit = &posted.visit;
    let door = found(visit, &id).await?;
    let typed = |name: &str| posted.text(name).to_owned();
    // Not trimmed: spaces are part of a password.
    let secret = |name| posted.fields.text(name).ok().flatten().unwrap_or_default().to_owned();
    let knock = Knock {
        host: door.host.to_string().replace("{slug}", posted.text("slug")),
        account: typed("account"),
        secret: secret("secret"),
        app_id: typed("app_id"),
        app_key: secret("app_key"),
    };
    let Some(request) = knock.request(door.dialect) else {
        let problem = "These cannot be sent: a host or a header would not hold them.".to_owned();
        return Ok(form(visit, &door, typed, None, Some(problem)));
    };
    let asked = knock.shown(&request.0, &request.1);
    // Over TLS as far as the door is concerned: this page is, or it is on the server's own machine.
    let from = Connection { peer: SocketAddr::new(visit.caller.address, 0), tls: true };
    let (parts, body) = request;
    let answer = pages.knocker.knock(Request::from_parts(parts, Body::from(body)), from).await;
    let exchange = exchange(asked, answer.ok_or(Error::Internal)?).await?;
    Ok(form(visit, &door, typed, Some(exchange), None))
}

/// What is sent.
struct Knock {
    host: String,
    account: String,
    secret: String,
    app_id: String,
    app_key: String,
}

impl Knock {
    /// The request of a contract's own sign-in (the seeds' first example each).
    fn request(&self, dialect: Dialect) -> Option<(http::request::Parts, String)> {
        let pairs = |pairs: &[(&str, &str)]| {
            form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
        };
        let form = "application/x-www-form-urlencoded";
        let (method, path, media, body) = match dialect {
            Dialect::Salesseek => {
                let body = pairs(&[("email_address", &self.account), ("password", &self.secret)]);
                ("POST", "/api/login".to_owned(), form, body)
            }
            Dialect::Bookingbug => {
                let body = serde_json::json!({ "email": self.account, "password": self.secret });
                ("POST", "/api/v1/login".to_owned(), "application/json", body.to_string())
            }
            Dialect::Rubicrm => {
                let password = STANDARD.encode(&self.secret);
                let mut body = serde_json::json!({ "emailaddress": self.account, "password": password });
                if let Some(fields) = body.as_object_mut().filter(|_| !self.app_key.is_empty()) {
                    fields.insert("apikey".to_owned(), self.app_key.clone().into());
                }
                ("POST", "/api/Login".to_owned(), "application/json", body.to_string())
            }
            Dialect::Leadsquared => {
                let query = pairs(&[("accessKey", &self.account), ("secretKey", &self.secret)]);
                ("GET", format!("/v2/Authentication.svc/UserByAccessKey.Get?{query}"), "", String::new())
            }
        };
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, &self.host);
        request = request.header(header::USER_AGENT, "Doorward console");
        if !media.is_empty() {
            request = request.header(header::CONTENT_TYPE, media).header(header::CONTENT_LENGTH, body.len());
        }
        if dialect == Dialect::Bookingbug {
            request = request.header("app-id", &self.app_id);
            if !self.app_key.is_empty() {
                request = request.header("app-key", &self.app_key);
            }
        }
        let (parts, ()) = request.body(()).ok()?.into_parts();
        Some((parts, body))
    }

    /// The request as text, its secrets as dots.
    fn shown(&self, parts: &http::request::Parts, body: &str) -> String {
        let mut text = format!("{} {} HTTP/1.1\n", parts.method, parts.uri);
        for (name, value) in &parts.headers {
            text.push_str(&format!("{name}: {}\n", value.to_str().unwrap_or("?")));
        }
        text.push_str(&format!("\n{body}"));
        // In every spelling in which one of them is sent.
        for secret in [&self.secret, &self.app_key].into_iter().filter(|secret| !secret.is_empty()) {
            let encoded: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
            let quoted = serde_json::Value::from(secret.as_str()).to_string();
            let quoted = quoted.trim_matches('"').to_owned();
            for spelling in [STANDARD.encode(secret), encoded, quoted, secret.clone()] {
                text = text.replace(&spelling, DOTS);
            }
        }
        text
    }
}

async fn exchange(asked: String, answer: Response) -> Result<Exchange, Error> {
    let (parts, body) = answer.into_parts();
    let mut answered = format!("HTTP/1.1 {}\n", parts.status);
    for (name, value) in &parts.headers {
        answered.push_str(&format!("{name}: {}\n", value.to_str().unwrap_or("?")));
    }
    let body = to_bytes(body, ANSWER_BYTES).await.unwrap_or_else(|_| TOO_LONG.into());
    let text = String::from_utf8_lossy(&body);
    let pretty = serde_json::from_slice::<serde_json::Value>(&body).ok();
    let pretty = pretty.and_then(|value| serde_json::to_string_pretty(&value).ok());
    answered.push_str(&format!("\n{}", pretty.as_deref().unwrap_or(&text)));
    Ok(Exchange { asked, answered, is_good: parts.status.is_success() })
}
