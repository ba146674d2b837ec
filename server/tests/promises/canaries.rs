//! P16: no secret in any log line, error, metric, event or process list. A day's work at all four doors, with logging
//! at its most talkative; then everything that was written is searched for every secret that was used.

use super::database;
use super::doors::{self, Door, base64};
use super::once::mailed_code;
use crate::process::{Answer, Ask, Demo};
use serde_json::{Value, json};
use std::fs;

/// A password that people choose in this test.
const CHOSEN: &str = "canary-password-of-the-morning";
/// One that is never right.
const WRONG: &str = "canary-password-that-is-wrong";

/// What was used, and what was answered.
#[derive(Default)]
struct Day {
    secrets: Vec<(String, String)>,
    refusals: Vec<String>,
}

#[test]
fn no_secret_is_written_anywhere_it_could_be_read_again() {
    let mut demo = Demo::start_with(&["--log", "trace"]);
    let mut day = Day::default();
    let doors = doors::all(&demo);
    day.know_the_fixture(&demo, &doors);
    day.at_salesseek(&demo, &doors[0]);
    day.at_bookingbug(&demo, &doors[1]);
    day.at_rubicrm(&demo, &doors[2]);
    day.at_leadsquared(&demo, &doors[3]);
    let metrics = demo.send(&Ask::get("127.0.0.1", "/metrics")).text();
    let process = fs::read(format!("/proc/{}/cmdline", demo.doorward.id())).unwrap();
    let environment = fs::read(format!("/proc/{}/environ", demo.doorward.id())).unwrap();
    let log = demo.doorward.kill();
    assert!(log.contains("path=\"/api/login"), "the log is talkative");
    let stored = database::bytes(demo.data());
    let places = [
        ("the log", log),
        ("an error", day.refusals.join("\n")),
        ("the metrics", metrics),
        ("the database", text(&stored)),
        ("the process list", text(&process)),
        ("the environment", text(&environment)),
    ];
    let mut found = Vec::new();
    for (what, secret) in &day.secrets {
        assert!(secret.len() >= 8, "{what} is too short to be searched for: {secret:?}");
        let spellings = [
            secret.clone(),
            percent(secret),
            base64(secret),
            base64(secret).trim_end_matches('=').to_owned(),
        ];
        for (place, written) in &places {
            found.extend(around(written, &spellings).map(|context| format!("{what} in {place}: {context}")));
        }
    }
    assert!(found.is_empty(), "of {} secrets:\n{}", day.secrets.len(), found.join("\n"));
}

impl Day {
    fn secret(&mut self, what: &str, text: &str) {
        self.secrets.push((what.to_owned(), text.to_owned()));
    }

    /// Sends, and keeps what was said if it was a refusal.
    fn send(&mut self, demo: &Demo, ask: &Ask) -> Answer {
        let answer = demo.send(ask);
        if answer.status >= 400 {
            self.refusals.push(format!("{:?} {}", answer.headers, answer.text()));
        }
        answer
    }

    fn know_the_fixture(&mut self, demo: &Demo, doors: &[Door]) {
        self.secret("a chosen password", CHOSEN);
        self.secret("a wrong password", WRONG);
        collect(&demo.made, "", &mut self.secrets);
        for door in doors {
            for (header, value) in door.person.iter().filter(|(header, _)| *header != "x-lsq-accesskey") {
                self.secret(&format!("{} {header}", door.name), value.trim_start_matches("salesseek="));
            }
        }
    }

    fn at_salesseek(&mut self, demo: &Demo, door: &Door) {
        let email = demo.text("/salesseek/user/email_address").to_owned();
        for body in [
            json!({ "email_address": email, "password": WRONG }),
            json!({ "email_address": "nobody@nowhere.example", "password": WRONG }),
            json!({ "email_address": WRONG, "password": [WRONG] }),
            json!({ "password": WRONG }),
        ] {
            self.send(demo, &door.ask("POST", "/api/login").json(&body));
            self.send(
                demo,
                &door.ask("POST", &format!("/api/login?password={WRONG}")).form(&[("password", WRONG)]),
            );
        }
        self.send(
            demo,
            &door.ask("POST", "/api/login").body("application/json", format!("{{\"password\":\"{WRONG}")),
        );
        self.send(demo, &door.ask("GET", &format!("/api/nothing?token={WRONG}&{WRONG}")));
        let asked = json!({ "email_address": email, "callback_url": demo.text("/salesseek/callback_url") });
        assert_eq!(self.send(demo, &door.ask("POST", "/api/forgotten").json(&asked)).status, 200);
        let (user_id, token) = mailed_code(demo, &email);
        self.secret("a reset code", &token);
        for password in ["short", CHOSEN, CHOSEN] {
            let body = json!({ "user_id": user_id, "token": token, "password": password });
            self.send(demo, &door.ask("POST", "/api/reset").json(&body));
        }
        let login = json!({ "email_address": email, "password": CHOSEN });
        let signed_in = self.send(demo, &door.ask("POST", "/api/login").json(&login));
        assert_eq!(signed_in.status, 200, "{}", signed_in.text());
        let feed = signed_in.json()["ical_url"].as_str().unwrap().to_owned();
        let (_, token) = feed.split_once("token=").unwrap();
        self.secret("a feed's token", token);
        assert_eq!(self.send(demo, &door.ask("GET", &feed)).status, 200);
        let new = json!({ "email_address": "guest@northwind.example", "name": "Gast Neu" });
        self.send(demo, &door.ask_signed_in("POST", "/api/users").json(&new));
        let (user_id, token) = mailed_code(demo, "guest@northwind.example");
        self.secret("an invitation's code", &token);
        let page = format!("/invitation?user_id={user_id}&token={token}");
        assert_eq!(self.send(demo, &Ask::get("127.0.0.1", &page)).status, 200);
        self.send(demo, &Ask::get("127.0.0.1", &format!("/reset?user_id={user_id}&token={token}")));
        self.send(demo, &door.ask_signed_in("DELETE", "/api/logout"));
        self.send(demo, &door.ask_signed_in("DELETE", "/api/logout"));
    }

    fn at_bookingbug(&mut self, demo: &Demo, door: &Door) {
        let (app_id, wrong) = (demo.text("/bookingbug/app_id"), format!("key-{WRONG}"));
        self.secret("a wrong application key", &wrong);
        let unknown =
            Ask::post(&door.host, "/api/v1/login").header("app-id", app_id).header("app-key", &wrong);
        self.send(demo, &unknown.form(&[("email", "a@b.example"), ("password", WRONG)]));
        let shared = json!({
            "email": demo.text("/bookingbug/shared/email"), "password": demo.text("/bookingbug/shared/password"),
        });
        assert_eq!(self.send(demo, &door.ask("POST", "/api/v1/login").json(&shared)).status, 400);
        self.send(demo, &door.ask("GET", "/api/v1/login").header("auth-token", "canary-token-of-nobody"));
        self.secret("an unknown token", "canary-token-of-nobody");
        self.send(demo, &door.ask_signed_in("GET", "/api/v1/admin/38001/company"));
        let email = demo.text("/bookingbug/member/email").to_owned();
        let asked = json!({ "email": email });
        self.send(demo, &door.ask("POST", "/api/v1/login/37002/email_password_reset").json(&asked));
        let mail = demo.wait_for_mail(&email, 1);
        let text = mail["text"].as_str().unwrap();
        let (_, rest) =
            text.split_once("reset_password_token=").unwrap_or_else(|| panic!("no code in {text}"));
        let code: String =
            rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
        self.secret("BookingBug's reset code", &code);
        let body =
            json!({ "reset_password_token": code, "password": CHOSEN, "password_confirmation": WRONG });
        self.send(demo, &door.ask("PUT", "/api/v1/login/37002/reset_password").json(&body));
        self.send(demo, &door.ask_signed_in("DELETE", "/api/v1/login"));
    }

    fn at_rubicrm(&mut self, demo: &Demo, door: &Door) {
        let key = demo.text("/rubicrm/api_key").to_owned();
        let email = demo.text("/rubicrm/unverified/emailaddress").to_owned();
        let login =
            |password: &str| json!({ "emailaddress": email, "password": base64(password), "apikey": key });
        self.send(demo, &door.ask("POST", "/api/Login").json(&login(WRONG)));
        let row = self.send(
            demo,
            &door.ask("POST", "/api/Login").json(&login(demo.text("/rubicrm/unverified/password"))),
        );
        let row = row.json()["ResponseMessage"][0].clone();
        let codes = json!({ "val": row["ValidationVal"], "id": row["ValidationID"], "apikey": key });
        self.secret("a validation code", row["ValidationVal"].as_str().unwrap());
        self.send(demo, &door.ask("POST", "/api/Validation").json(&codes));
        self.send(demo, &door.ask("POST", "/api/Validation").json(&codes));
        let classic = json!([email, base64(WRONG), key]).to_string();
        self.send(demo, &door.ask("POST", "/api/Login").form(&[("", &classic)]));
        let trusted = demo.text("/rubicrm/trusted_api_key");
        let uid = demo.text("/rubicrm/verified/uid");
        let reset = json!({ "emailaddress": demo.text("/rubicrm/verified/emailaddress"), "uid": uid, "apikey": trusted });
        let row =
            self.send(demo, &door.ask("POST", "/api/LoginReset").json(&reset)).json()["ResponseMessage"][0]
                .clone();
        self.secret("a trusted server's reset code", row["PasswordResetVal"].as_str().unwrap());
        let body = json!({
            "val": row["PasswordResetVal"], "id": row["PasswordResetID"], "newpassword": base64(CHOSEN), "apikey": key,
        });
        self.send(demo, &door.ask("POST", "/api/PasswordReset").json(&body));
        self.send(demo, &door.ask("POST", "/api/PasswordReset").json(&body));
    }

    fn at_leadsquared(&mut self, demo: &Demo, door: &Door) {
        let path = "/v2/Authentication.svc/UserByAccessKey.Get";
        let (key, secret) = (demo.text("/leadsquared/access_key"), demo.text("/leadsquared/secret_key"));
        let wrong = format!("secret-{WRONG}");
        self.secret("a wrong secret key", &wrong);
        for query in [
            format!("accessKey={key}&secretKey={secret}"),
            format!("accessKey={}&secretKey={secret}", key.replace('$', "%24")),
            format!("accessKey={key}&secretKey={wrong}"),
            format!("secretKey={secret}"),
            format!("accessKey={key}&secretKey={secret}&secretKey={secret}"),
        ] {
            self.send(demo, &door.ask("GET", &format!("{path}?{query}")));
        }
        self.send(demo, &door.ask_signed_in("GET", path));
        self.send(
            demo,
            &door.ask("GET", path).header("x-lsq-accesskey", key).header("x-lsq-secretkey", &wrong),
        );
        let elsewhere = format!("/v2/LeadManagement.svc/Leads.Get?accessKey={key}&secretKey={secret}");
        self.send(demo, &door.ask("GET", &elsewhere));
    }
}

/// Every password, key and token of `demo.json`; ids and key names are none.
fn collect(value: &Value, name: &str, into: &mut Vec<(String, String)>) {
    let is_secret = name.contains("password")
        || name.ends_with("secret_key")
        || name.ends_with("api_key")
        || name == "app_key";
    match value {
        Value::Object(object) => object.iter().for_each(|(name, value)| collect(value, name, into)),
        Value::String(text) if is_secret => into.push((format!("the demo's {name}"), text.clone())),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {}
    }
}

/// Where the first of them stands, for whoever has to mend it.
fn around(written: &str, spellings: &[String]) -> Option<String> {
    let found = spellings.iter().find_map(|spelling| written.find(spelling.as_str()))?;
    let before: String = written[..found].chars().rev().take(120).collect();
    let after: String = written[found..].chars().take(120).collect();
    Some(before.chars().rev().collect::<String>() + &after)
}

/// Bytes as text; every secret is plain ASCII.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn percent(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
