//! The demo's four doors as a client of each sees them: its routes, its credentials, its own words for a refusal.

use crate::process::{Answer, Ask, Demo};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorward_bookingbug::Bookingbug;
use doorward_leadsquared::Leadsquared;
use doorward_rubicrm::Rubicrm;
use doorward_salesseek::Salesseek;
use doorward_web::{RouteInfo, route_list};
use serde_json::{Value, json};

/// A door of the demo.
pub(crate) struct Door {
    /// Its dialect.
    pub(crate) name: &'static str,
    /// What the `Host` header says.
    pub(crate) host: String,
    /// Everything it answers.
    pub(crate) routes: Vec<RouteInfo>,
    /// What every call of its client programs carries: the application's headers, not a person's.
    pub(crate) application: Vec<(&'static str, String)>,
    /// What calls of somebody signed in carry beside it.
    pub(crate) person: Vec<(&'static str, String)>,
    /// Whether an answer is a refusal in the dialect's own shape.
    pub(crate) refuses: fn(&Answer) -> bool,
}

impl Door {
    /// A request with the application's headers.
    pub(crate) fn ask(&self, method: &str, path: &str) -> Ask {
        let ask = Ask::new(method, &self.host, path);
        self.application.iter().fold(ask, |ask, (name, value)| ask.header(name, value))
    }

    /// The same by somebody who is signed in.
    pub(crate) fn ask_signed_in(&self, method: &str, path: &str) -> Ask {
        self.person.iter().fold(self.ask(method, path), |ask, (name, value)| ask.header(name, value))
    }
}

/// All four, with somebody signed in at each.
pub(crate) fn all(demo: &Demo) -> [Door; 4] {
    [salesseek(demo), bookingbug(demo), rubicrm(demo), leadsquared(demo)]
}

/// Fills a route's parameters.
pub(crate) fn path(route: &RouteInfo, value: impl Fn(&str) -> String) -> String {
    let part = |part: &str| match part.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
        // `{service}.svc` keeps what follows the parameter.
        Some((name, rest)) => format!("{}{rest}", value(name)),
        None => part.to_owned(),
    };
    route.path.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn salesseek(demo: &Demo) -> Door {
    let host = demo.text("/salesseek/host").to_owned();
    let admin = demo.made["salesseek"]["admin"].clone();
    let cookie = sign_in_salesseek(demo, &host, &admin);
    Door {
        name: "salesseek",
        routes: route_list::<Salesseek>(),
        application: Vec::new(),
        person: vec![("cookie", format!("salesseek={cookie}"))],
        refuses: |answer| keys(&answer.json()) == ["detail"] && answer.json()["detail"].is_string(),
        host,
    }
}

/// Signs in and returns the cookie's value.
pub(crate) fn sign_in_salesseek(demo: &Demo, host: &str, user: &Value) -> String {
    let answer = demo.send(&Ask::post(host, "/api/login").json(user));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let cookie = answer.header("set-cookie").unwrap();
    cookie.split(['=', ';']).nth(1).unwrap().to_owned()
}

/// BookingBug's door with nobody signed in.
pub(crate) fn bookingbug_unsigned(demo: &Demo) -> Door {
    let application = vec![
        ("app-id", demo.text("/bookingbug/app_id").to_owned()),
        ("app-key", demo.text("/bookingbug/app_key").to_owned()),
    ];
    Door {
        name: "bookingbug",
        host: demo.text("/bookingbug/host").to_owned(),
        routes: route_list::<Bookingbug>(),
        application,
        person: Vec::new(),
        refuses: |answer| {
            let body = answer.json();
            body["error"].is_string() && keys(&body).iter().all(|key| *key == "error" || *key == "details")
        },
    }
}

fn bookingbug(demo: &Demo) -> Door {
    let mut door = bookingbug_unsigned(demo);
    let owner = demo.made["bookingbug"]["owner"].clone();
    let credentials = json!({ "email": owner["email"], "password": owner["password"] });
    let answer = demo.send(&door.ask("POST", "/api/v1/login").json(&credentials));
    assert_eq!(answer.status, 201, "{}", answer.text());
    door.person = vec![("auth-token", answer.header("auth-token").unwrap().to_owned())];
    door
}

fn rubicrm(demo: &Demo) -> Door {
    let host = demo.text("/rubicrm/host").to_owned();
    let login = json!({
        "emailaddress": demo.text("/rubicrm/verified/emailaddress"),
        "password": base64(demo.text("/rubicrm/verified/password")),
        "apikey": demo.text("/rubicrm/api_key"),
    });
    let answer = demo.send(&Ask::post(&host, "/api/Login").json(&login));
    assert_eq!(answer.status, 200, "{}", answer.text());
    Door {
        name: "rubicrm",
        host,
        routes: route_list::<Rubicrm>(),
        application: Vec::new(),
        person: vec![("doorward-session", answer.header("doorward-session").unwrap().to_owned())],
        refuses: rubicrm_refuses,
    }
}

/// Named: the code is the status. Classic: HTTP 200, and a JSON text that holds the refusal.
fn rubicrm_refuses(answer: &Answer) -> bool {
    let body = answer.json();
    if let Some(inside) = body.as_str() {
        let inside: Value = serde_json::from_str(inside).unwrap_or_default();
        return answer.status == 200
            && inside["ResponseCode"].as_str().is_some_and(|code| code.starts_with('4'));
    }
    keys(&body) == ["ResponseCode", "ResponseMessage"] && body["ResponseCode"] == answer.status
}

fn leadsquared(demo: &Demo) -> Door {
    Door {
        name: "leadsquared",
        host: demo.text("/leadsquared/host").to_owned(),
        routes: route_list::<Leadsquared>(),
        application: Vec::new(),
        person: vec![
            ("x-lsq-accesskey", demo.text("/leadsquared/access_key").to_owned()),
            ("x-lsq-secretkey", demo.text("/leadsquared/secret_key").to_owned()),
        ],
        refuses: |answer| {
            let body = answer.json();
            let kind = body["ExceptionType"].as_str().unwrap_or_default();
            body["Status"] == "Error" && kind.starts_with("MX") && body["ExceptionMessage"].is_string()
        },
    }
}

/// RubiCRM's spelling of a password.
pub(crate) fn base64(text: &str) -> String {
    STANDARD.encode(text)
}

fn keys(body: &Value) -> Vec<&str> {
    body.as_object().map(|object| object.keys().map(String::as_str).collect()).unwrap_or_default()
}
