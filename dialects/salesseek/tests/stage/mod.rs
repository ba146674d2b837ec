//! Two tenants, their people, and short words for what clients do.

use doorward_core::Branch;
use doorward_core::outbox::Letter;
use doorward_model::{CallbackRule, Dialect, Kind, MailKind, Person, Policy, Role};
use doorward_salesseek::Salesseek;
use doorward_testkit::{Answer, Client, House, PASSWORD, Request};
use serde_json::{Value, json};

pub const NORTH: &str = "northwind.salesseek.test";
pub const SOUTH: &str = "southwind.salesseek.test";
pub const ADMIN: &str = "admin@northwind.example";
pub const USER: &str = "user@northwind.example";
pub const STRANGER: &str = "admin@southwind.example";
pub const NEW_PASSWORD: &str = "seven-quiet-herons-0815";

/// A door for every tenant, northwind with an administrator and a user, southwind with an administrator.
pub struct Stage {
    pub house: House,
    pub client: Client,
    pub north: Branch,
    pub south: Branch,
    pub admin: Person,
    pub user: Person,
    pub stranger: Person,
}

impl Stage {
    pub async fn set() -> Self {
        let house = House::start().await;
        house.door(Dialect::Salesseek, "{slug}.salesseek.test", None).await;
        let policy = Policy {
            callbacks: Some(vec![CallbackRule::parse("https://app.northwind.example/app").unwrap()]),
            origins: Some(vec!["https://mail.northwind.example".to_owned()]),
            ..Policy::default()
        };
        let north = house.tenant("northwind", None, None, policy).await;
        let south = house.pool("southwind").await;
        let admin = house.person(&north, ADMIN, Kind::User, Role::Admin).await;
        let user = house.person(&north, USER, Kind::User, Role::User).await;
        let stranger = house.person(&south, STRANGER, Kind::User, Role::Admin).await;
        let client = house.client::<Salesseek>();
        Self { house, client, north, south, admin, user, stranger }
    }

    pub async fn send(&self, request: Request) -> Answer {
        self.client.send(request).await
    }

    pub async fn log_in(&self, host: &str, email: &str, password: &str) -> Answer {
        let body = json!({ "email_address": email, "password": password });
        self.send(Request::post(host, "/api/login").json(&body)).await
    }

    /// Signs somebody of northwind in with everybody's password; the `Cookie` header to send.
    pub async fn cookie(&self, email: &str) -> String {
        cookie_of(&self.log_in(NORTH, email, PASSWORD).await)
    }

    /// Whether a cookie still opens anything at northwind.
    pub async fn is_signed_in(&self, cookie: &str) -> bool {
        let answer = self.send(get("/api/users").header("cookie", cookie)).await;
        answer.status != 401
    }

    /// Asks for a reset of a person of northwind, and reads the mail.
    pub async fn code(&self, email: &str) -> Code {
        self.house.mails().await;
        self.send(post("/api/forgotten").json(&json!({ "email_address": email }))).await;
        Code::of(&self.mail(MailKind::Reset).await.expect("a mail"))
    }

    /// Sets a new password with a code.
    pub async fn finish(&self, code: &Code, password: &str) -> Answer {
        self.send(post("/api/reset").json(&code.with(password))).await
    }

    /// The mail of a kind that was written since anybody looked.
    pub async fn mail(&self, kind: MailKind) -> Option<Letter> {
        let mut letters = self.house.mails().await;
        letters.retain(|letter| letter.kind == kind);
        assert!(letters.len() <= 1, "several mails of one moment have no order");
        letters.pop()
    }
}

/// What a mailed link holds.
#[derive(Clone, Debug)]
pub struct Code {
    pub user_id: String,
    pub token: String,
}

impl Code {
    pub fn of(letter: &Letter) -> Self {
        let link = letter.content.link.as_deref().expect("a link");
        let parameter = |name: &str| {
            let (_, rest) = link.split_once(&format!("{name}=")).expect("the parameter");
            rest.split('&').next().unwrap_or_default().to_owned()
        };
        Self { user_id: parameter("user_id"), token: parameter("token") }
    }

    pub fn with(&self, password: &str) -> Value {
        json!({ "user_id": self.user_id, "token": self.token, "password": password })
    }
}

pub fn get(path: &str) -> Request {
    Request::get(NORTH, path)
}

pub fn post(path: &str) -> Request {
    Request::post(NORTH, path)
}

pub fn delete(path: &str) -> Request {
    Request::new("DELETE", NORTH, path)
}

pub fn patch(path: &str) -> Request {
    Request::new("PATCH", NORTH, path)
}

/// As the vendor's PHP sample does it: the first `Set-Cookie`, cut at the first `;`.
pub fn cookie_of(answer: &Answer) -> String {
    let header = answer.header("set-cookie").unwrap_or_else(|| panic!("no cookie: {}", answer.text()));
    header.split(';').next().unwrap_or_default().to_owned()
}

/// Status and `detail` of a refusal.
pub fn refusal(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.json()["detail"].as_str().unwrap_or_default().to_owned())
}

/// An answer without what differs from call to call.
pub fn essence(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    let mut headers: Vec<_> = answer
        .headers
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "x-request-id" | "date"))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()))
        .collect();
    headers.sort();
    (answer.status.as_u16(), headers, answer.text())
}
