//! Who signs in: the demo's accounts at each door that hashes passwords, as its `demo.json` tells them.

use crate::Result;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use serde_json::{Value, json};

/// One account's sign-in request.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    /// The dialect of the door.
    pub(crate) door: &'static str,
    pub(crate) host: String,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// The accounts of `demo.json`, doors in turns.
pub(crate) fn all(demo: &Value) -> Result<Vec<Account>> {
    Ok(vec![
        salesseek(demo, "admin", "host")?,
        bookingbug(demo, "owner")?,
        rubicrm(demo)?,
        salesseek(demo, "other_admin", "other_host")?,
        bookingbug(demo, "member")?,
        salesseek(demo, "user", "host")?,
    ])
}

fn salesseek(demo: &Value, person: &str, host: &str) -> Result<Account> {
    let text = |path: &str| text(demo, &format!("/salesseek/{path}"));
    let body = json!({
        "email_address": text(&format!("{person}/email_address"))?,
        "password": text(&format!("{person}/password"))?,
    });
    Ok(Account {
        door: "salesseek",
        host: text(host)?,
        path: "/api/login".to_owned(),
        headers: HeaderMap::new(),
        body: Bytes::from(body.to_string()),
    })
}

fn bookingbug(demo: &Value, person: &str) -> Result<Account> {
    let text = |path: &str| text(demo, &format!("/bookingbug/{path}"));
    let body = json!({
        "email": text(&format!("{person}/email"))?,
        "password": text(&format!("{person}/password"))?,
    });
    let mut headers = HeaderMap::new();
    headers.insert("app-id", HeaderValue::from_str(&text("app_id")?)?);
    headers.insert("app-key", HeaderValue::from_str(&text("app_key")?)?);
    Ok(Account {
        door: "bookingbug",
        host: text("host")?,
        path: format!("{}/login", text("base_path")?),
        headers,
        body: Bytes::from(body.to_string()),
    })
}

fn rubicrm(demo: &Value) -> Result<Account> {
    let text = |path: &str| text(demo, &format!("/rubicrm/{path}"));
    let body = json!({
        "emailaddress": text("verified/emailaddress")?,
        "password": STANDARD.encode(text("verified/password")?),
        "apikey": text("api_key")?,
    });
    Ok(Account {
        door: "rubicrm",
        host: text("host")?,
        path: "/api/Login".to_owned(),
        headers: HeaderMap::new(),
        body: Bytes::from(body.to_string()),
    })
}

fn text(demo: &Value, pointer: &str) -> Result<String> {
    let found = demo.pointer(pointer).and_then(Value::as_str);
    Ok(found.ok_or_else(|| format!("demo.json has no text at {pointer}"))?.to_owned())
}
