//! The isolation sweep, made from the route lists: every route × nobody, a broken credential, another tenant's
//! credential, too little right. `pairs.rs` asks for what is another pool's.

mod pairs;

use super::rooms::{NOBODY, Room, Rooms, decent_body};
use doorward_testkit::{Answer, Request};
use doorward_web::RouteInfo;
use serde_json::Value;

/// Routes that need no sign-in: what signs in, what a mailed code opens, and what needs an application only. Shorter is
/// better: adding a line here is a decision that a reviewer must see.
const OPEN: &[(&str, &str)] = &[
    ("POST", "/api/login"),
    ("DELETE", "/api/logout"),
    ("POST", "/api/forgotten"),
    ("POST", "/api/reset"),
    ("DELETE", "/api/reset"),
    ("GET", "/users/{id}/icalendar_feed"),
    ("POST", "/api/v1/login"),
    ("POST", "/api/v1/login/{company_id}"),
    ("POST", "/api/v1/login/admin"),
    ("POST", "/api/v1/login/admin/{company_id}"),
    ("POST", "/api/v1/login/member"),
    ("POST", "/api/v1/login/member/{company_id}"),
    ("POST", "/api/v1/login/{company_id}/email_password_reset"),
    ("PUT", "/api/v1/login/{company_id}/reset_password"),
    ("POST", "/api/v1/login/admin/reset_password_email"),
    ("PUT", "/api/v1/login/admin/reset_password"),
    ("GET", "/api/v1/login/admin/reset_password_schema"),
    ("GET", "/api/v1/company/{id}"),
    ("GET", "/api/v1/company/{id}/children"),
    ("POST", "/api/Login"),
    ("POST", "/api/Validation"),
    ("POST", "/api/LoginReset"),
    ("POST", "/api/PasswordReset"),
    ("POST", "/api/EmailCheck"),
    ("GET", "/v2/{service}.svc/{operation}"),
    ("POST", "/v2/{service}.svc/{operation}"),
    ("PUT", "/v2/{service}.svc/{operation}"),
    ("PATCH", "/v2/{service}.svc/{operation}"),
    ("DELETE", "/v2/{service}.svc/{operation}"),
];

/// What the dialects call open.
const OPEN_ACCESS: [&str; 3] = ["Anyone", "Application", "Key"];

/// Somebody who calls, and which routes must refuse them.
struct Voice {
    name: &'static str,
    host: &'static str,
    headers: Vec<(&'static str, String)>,
    fields: Vec<(&'static str, String)>,
    must_be_refused: fn(&RouteInfo) -> bool,
}

#[tokio::test]
async fn the_routes_that_anyone_may_call_are_these() {
    let rooms = Rooms::new().await;
    let routes = [&rooms.salesseek, &rooms.bookingbug, &rooms.rubicrm, &rooms.leadsquared];
    let routes: Vec<&RouteInfo> = routes.into_iter().flat_map(|room| &room.routes).collect();
    let open: Vec<(&str, &str)> =
        routes.iter().filter(|route| is_open(route)).map(|route| name(route)).collect();
    let known: Vec<(&str, &str)> = OPEN.to_vec();
    assert!(open.iter().all(|route| known.contains(route)), "not in the list: {open:?}");
    assert!(known.iter().all(|route| open.contains(route)), "to be taken off the list: {open:?}");
}

#[tokio::test]
async fn salesseek_refuses_everybody_who_is_not_meant() {
    let rooms = Rooms::new().await;
    let [here, there] = rooms.salesseek.hosts;
    let cookie = |value: String| vec![("cookie", value)];
    let voice =
        |name, host, headers, must_be_refused| Voice { name, host, headers, fields: vec![], must_be_refused };
    let voices = [
        voice("nobody", here, vec![], is_closed as fn(&RouteInfo) -> bool),
        voice("a broken cookie", here, cookie(format!("salesseek={NOBODY}")), is_closed),
        voice(
            "another tenant's cookie",
            here,
            cookie(rooms.cookie(1, &rooms.salesseek.stranger).await),
            is_closed,
        ),
        voice(
            "our cookie at another tenant",
            there,
            cookie(rooms.cookie(0, &rooms.salesseek.strong).await),
            is_closed,
        ),
        voice("too little", here, cookie(rooms.cookie(0, &rooms.salesseek.weak).await), |route| {
            route.access == "Administrator" || route.method == "PATCH"
        }),
    ];
    let id = rooms.salesseek.strong.id.to_string();
    sweep(&rooms.salesseek, &voices, &|_, _| id.clone(), |body| body["detail"].is_string()).await;
}

#[tokio::test]
async fn bookingbug_refuses_everybody_who_is_not_meant() {
    let rooms = Rooms::new().await;
    let [(ours, our_key), (theirs, their_key)] = &rooms.applications;
    let app = |id: &str, key: &str, token: Option<String>| {
        let mut headers = vec![("app-id", id.to_owned()), ("app-key", key.to_owned())];
        headers.extend(token.map(|token| ("auth-token", token)));
        headers
    };
    let stranger = rooms.auth_token(1, &rooms.bookingbug.stranger).await;
    let strong = rooms.auth_token(0, &rooms.bookingbug.strong).await;
    let weak = rooms.auth_token(0, &rooms.bookingbug.weak).await;
    let host = rooms.bookingbug.hosts[0];
    let voice =
        |name, headers, must_be_refused| Voice { name, host, headers, fields: vec![], must_be_refused };
    let voices = [
        voice("nobody", vec![], all as fn(&RouteInfo) -> bool),
        voice("an unknown application", app("99999999", our_key, Some(strong.clone())), all),
        voice("a wrong application key", app(ours, their_key, Some(strong.clone())), all),
        voice("no token", app(ours, our_key, None), is_closed),
        voice("a broken token", app(ours, our_key, Some("AAAAAAAAAAAAAAAAAAAAAA".to_owned())), is_closed),
        voice("another tree's token", app(ours, our_key, Some(stranger.clone())), is_closed),
        voice("our token in another tree", app(theirs, their_key, Some(strong)), is_closed),
        voice("another tree", app(theirs, their_key, Some(stranger)), |route| {
            route.path.contains("{company_id}") || route.path.contains("/company/{id}")
        }),
        voice("too little", app(ours, our_key, Some(weak)), |route| route.path.starts_with("/api/v1/admin/")),
    ];
    let number = rooms.bookingbug.strong.number.get().to_string();
    let fill =
        |path: &str, name: &str| if names_company(path, name) { "101".to_owned() } else { number.clone() };
    sweep(&rooms.bookingbug, &voices, &fill, |body| body["error"].is_string()).await;
}

#[tokio::test]
async fn rubicrm_refuses_everybody_who_is_not_meant() {
    let rooms = Rooms::new().await;
    let [plain, trusted, foreign] = &rooms.api_keys;
    let [here, there] = rooms.rubicrm.hosts;
    let stranger = rooms.session(1, foreign, &rooms.rubicrm.stranger).await;
    let weak = rooms.session(0, plain, &rooms.rubicrm.weak).await;
    let uid = rooms.rubicrm.strong.id.to_string();
    let voice = |name, host, key: &str, session: Option<String>, must_be_refused| Voice {
        name,
        host,
        headers: session.map(|session| ("doorward-session", session)).into_iter().collect(),
        fields: vec![("apikey", key.to_owned()), ("uid", uid.clone())],
        must_be_refused,
    };
    let voices = [
        voice("nobody", here, "", None, all as fn(&RouteInfo) -> bool),
        voice("an unknown key", here, "0123456789abcdef0123456789abcdef", Some(weak.clone()), all),
        voice("another tenant's key", here, foreign, None, all),
        voice("our key at another tenant", there, trusted, None, all),
        voice("no session", here, plain, None, is_closed),
        voice("another tenant's session", here, plain, Some(stranger), is_closed),
        voice("somebody else's session", here, plain, Some(weak), is_closed),
    ];
    let refuses = |body: &Value| body["ResponseCode"].as_u64().is_some_and(|code| (400..500).contains(&code));
    sweep(&rooms.rubicrm, &voices, &|_, _| String::new(), refuses).await;
}

#[tokio::test]
async fn leadsquared_refuses_everybody_who_is_not_meant() {
    let rooms = Rooms::new().await;
    let [(ours, our_secret), (theirs, their_secret)] = &rooms.access_keys;
    let host = rooms.leadsquared.hosts[0];
    let voice = |name, key: &str, secret: &str| Voice {
        name,
        host,
        headers: vec![("x-lsq-accesskey", key.to_owned()), ("x-lsq-secretkey", secret.to_owned())],
        fields: vec![],
        must_be_refused: is_closed,
    };
    let voices = [
        voice("nobody", "", ""),
        voice("an unknown key", "u$r00000000000000000000000000000000", our_secret),
        voice("another's secret", ours, their_secret),
        voice("our secret for another's key", theirs, our_secret),
    ];
    sweep(&rooms.leadsquared, &voices, &|_, _| "Lead".to_owned(), |body| body["Status"] == "Error").await;
}

/// Every route by every voice.
async fn sweep(
    room: &Room,
    voices: &[Voice],
    fill: &dyn Fn(&str, &str) -> String,
    is_own: impl Fn(&Value) -> bool,
) {
    let mut complaints = Vec::new();
    for voice in voices {
        for route in &room.routes {
            let path = super::doors::path(route, |name| fill(route.path, name));
            let answer = say(room, voice, route, &path, &[]).await;
            let is_refused = (400..500).contains(&answer.status.as_u16()) && is_own(&parse(&answer));
            // Malformed is no answer to who somebody is, but LeadSquared calls a missing key just that.
            let is_about_them = answer.status != 400 || route.path.starts_with("/v2/");
            let must = (voice.must_be_refused)(route);
            if answer.status.as_u16() >= 500 || (must && !(is_refused && is_about_them)) {
                let what = format!("{}: {} {}", voice.name, route.method, route.path);
                complaints.push(format!("{what}: {} {}", answer.status, answer.text()));
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

async fn say(room: &Room, voice: &Voice, route: &RouteInfo, path: &str, fields: &[(&str, &str)]) -> Answer {
    let mut body = decent_body();
    let own = voice.fields.iter().map(|(name, value)| (*name, value.as_str()));
    for (name, value) in own.chain(fields.iter().copied()) {
        body[name] = Value::from(value);
    }
    let request = Request::new(route.method.as_str(), voice.host, path);
    let request = voice.headers.iter().fold(request, |request, (name, value)| request.header(name, value));
    let request = if route.method == "GET" { request } else { request.json(&body) };
    room.client.send(request).await
}

fn parse(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

fn name(route: &RouteInfo) -> (&str, &str) {
    (route.method.as_str(), route.path)
}

fn is_open(route: &RouteInfo) -> bool {
    OPEN_ACCESS.contains(&route.access.as_str())
}

fn is_closed(route: &RouteInfo) -> bool {
    !is_open(route)
}

fn all(_: &RouteInfo) -> bool {
    true
}

/// Whether a parameter of BookingBug's names a company; every other names a person.
fn names_company(path: &str, parameter: &str) -> bool {
    parameter == "company_id" || path.contains("/company/{id}")
}
