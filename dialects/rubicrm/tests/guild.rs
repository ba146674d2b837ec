//! The fixture: a tenant with a door, a web site's key, a back office's trusted key, and contacts.

use doorward_core::Branch;
use doorward_core::applications::{self, NewApplication, NewKey};
use doorward_model::{Dialect, DoorSettings, Kind, Person, Role, Secret, Verified};
use doorward_rubicrm::Rubicrm;
use doorward_testkit::{Answer, Client, House, Request};
use serde_json::{Value, json};

/// Bound to the guild, key required.
pub const HOST: &str = "guild.rubicrm.example";
/// Bound to the guild, no key required.
pub const OPEN: &str = "open.rubicrm.example";
/// Bound to no tenant.
pub const SHARED: &str = "rubicrm.example";

/// The web site's.
pub const KEY: &str = "the-key-of-the-guild-website";
/// The back office's, trusted.
pub const TRUSTED: &str = "the-key-of-the-back-office";

pub const VERIFIED: &str = "verified@guild.example";
pub const UNVERIFIED: &str = "unverified@guild.example";

/// `mild-otter-sings-4711`, as clients send it.
pub const PASSWORD: &str = "bWlsZC1vdHRlci1zaW5ncy00NzEx";

pub struct Guild {
    pub house: House,
    pub branch: Branch,
    pub client: Client,
    pub verified: Person,
    pub unverified: Person,
}

impl Guild {
    pub async fn open() -> Self {
        let house = House::start().await;
        let branch = house.pool("guild").await;
        house.door(Dialect::Rubicrm, HOST, Some(&branch)).await;
        let keyless = DoorSettings { require_api_key: false, ..DoorSettings::default() };
        house.door_with(Dialect::Rubicrm, OPEN, Some(&branch), keyless).await;
        house.door(Dialect::Rubicrm, SHARED, None).await;
        application(&house, &branch, KEY, false).await;
        application(&house, &branch, TRUSTED, true).await;
        let verified = contact(&house, &branch, VERIFIED, Verified::ByMail).await;
        let unverified = contact(&house, &branch, UNVERIFIED, Verified::No).await;
        let client = house.client::<Rubicrm>();
        Self { house, branch, client, verified, unverified }
    }

    /// A named call at [`HOST`] with the web site's key.
    pub async fn call(&self, method: &str, fields: Value) -> Answer {
        self.call_with(KEY, method, fields).await
    }

    /// A named call at [`HOST`] with this key.
    pub async fn call_with(&self, key: &str, method: &str, mut fields: Value) -> Answer {
        fields["apikey"] = json!(key);
        self.client.send(Request::post(HOST, &format!("/api/{method}")).json(&fields)).await
    }

    /// A classic call at [`HOST`]: values by position, this key last.
    pub async fn classic(&self, key: &str, method: &str, values: &[&str]) -> Answer {
        let values: Vec<&str> = values.iter().copied().chain([key]).collect();
        self.client.send(classic(HOST, method, &json!(values))).await
    }

    pub async fn login(&self, email: &str) -> Answer {
        self.call("Login", json!({ "emailaddress": email, "password": PASSWORD })).await
    }

    /// The token of a fresh session.
    pub async fn session(&self, email: &str) -> String {
        self.login(email).await.header("doorward-session").unwrap().to_owned()
    }
}

/// A request in the classic framing.
pub fn classic(host: &str, method: &str, values: &Value) -> Request {
    let text: String = url_encoded(&values.to_string());
    let form = "application/x-www-form-urlencoded; charset=UTF-8";
    Request::post(host, &format!("/api/{method}")).body(form, format!("={text}"))
}

fn url_encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let encode = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(encode).collect()
}

/// The one row of a named answer.
pub fn row(answer: &Answer) -> Value {
    let body = answer.json();
    assert_eq!(body["ResponseMessage"].as_array().map(Vec::len), Some(1), "{body}");
    body["ResponseMessage"][0].clone()
}

/// `ResponseCode` and `ResponseMessage` of a named answer, whose status must agree.
pub fn said(answer: &Answer) -> (u16, Value) {
    let body = answer.json();
    assert_eq!(body["ResponseCode"], json!(answer.status.as_u16()));
    (answer.status.as_u16(), body["ResponseMessage"].clone())
}

/// The same of a classic answer, unpacked as the vendor's sample does: twice.
pub fn said_classic(answer: &Answer) -> (String, Value) {
    assert_eq!(answer.status.as_u16(), 200);
    let inside = answer.json();
    let body: Value = serde_json::from_str(inside.as_str().unwrap()).unwrap();
    let message = serde_json::from_str(body["ResponseMessage"].as_str().unwrap()).unwrap();
    (body["ResponseCode"].as_str().unwrap().to_owned(), message)
}

pub async fn contact(house: &House, branch: &Branch, email: &str, verified: Verified) -> Person {
    let change = |new: &mut doorward_core::people::NewPerson| {
        new.verified = verified;
        new.standing = Some("Active".to_owned());
    };
    house.person_with(branch, email, Kind::Contact, Role::User, change).await
}

pub async fn application(house: &House, branch: &Branch, key: &str, trusted_server: bool) {
    let new = NewApplication {
        name: key.to_owned(),
        app_id: None,
        key: NewKey::Chosen(Secret::new(key)),
        trusted_server,
        origins: Vec::new(),
    };
    applications::create(&house.core, &house.caller, &house.operator, branch, new).await.unwrap();
}
