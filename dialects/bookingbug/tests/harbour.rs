//! A company with two children, their people and their programs, and a stranger.

use doorward_bookingbug::Bookingbug;
use doorward_core::Branch;
use doorward_core::applications::{self, Made, NewApplication, NewKey};
use doorward_core::memberships::{self, NewMembership};
use doorward_model::{AppId, Dialect, DoorSettings, Kind, Person, Policy, Role};
use doorward_testkit::{Answer, Client, House, PASSWORD, Request};
use serde_json::{Value, json};

pub const HOST: &str = "bookingbug.example";
/// What every printed address begins with.
pub const BASE: &str = "http://bookingbug.example/api/v1";
pub const HARBOUR: i64 = 37_001;
pub const SPA: i64 = 37_002;
pub const GYM: i64 = 37_003;
pub const STRANGER: i64 = 38_001;
pub const UNAUTHORIZED: &str = r#"{"error":"401 Unauthorized"}"#;
pub const NOT_FOUND: &str = r#"{"error":"Not Found"}"#;
pub const FORBIDDEN: &str = r#"{"error":"Forbidden"}"#;

pub struct Harbour {
    pub house: House,
    pub client: Client,
    pub harbour: Branch,
    pub spa: Branch,
    pub stranger: Branch,
    /// At the parent.
    pub owner: Person,
    /// Administers both children.
    pub shared: Person,
    /// A customer of the spa.
    pub member: Person,
    /// Administers the stranger.
    pub foreigner: Person,
    /// May act in the whole tree; has a key.
    pub app: Made,
    /// The stranger's.
    pub foreign_app: Made,
}

impl Harbour {
    pub async fn open() -> Self {
        let house = House::start().await;
        let settings =
            DoorSettings { origins: vec!["https://door.example".to_owned()], ..DoorSettings::default() };
        house.door_with(Dialect::Bookingbug, HOST, None, settings).await;
        let tenant = |slug, number, parent| house.tenant(slug, Some(number), parent, Policy::default());
        let harbour = tenant("harbour", HARBOUR, None).await;
        let spa = tenant("harbour-spa", SPA, Some(&harbour)).await;
        let gym = tenant("harbour-gym", GYM, Some(&harbour)).await;
        let stranger = tenant("quayside", STRANGER, None).await;
        let administrator = Kind::Administrator;
        let owner = house.person(&harbour, "owner@harbour.example", administrator, Role::Owner).await;
        let shared = house.person(&spa, "shared@harbour.example", administrator, Role::Admin).await;
        // A second later, so that the places have an order.
        house.clock.advance(std::time::Duration::from_secs(1));
        let place =
            NewMembership { person: shared.id, kind: administrator, role: Role::User, standing: None };
        memberships::give(&house.core, &house.caller, &house.operator, &gym, place).await.unwrap();
        let member = house.person(&spa, "member@harbour.example", Kind::Member, Role::User).await;
        let foreigner = house.person(&stranger, "boss@quayside.example", administrator, Role::Owner).await;
        house.mails().await;
        let app = application(&house, &harbour, "f6b16c23", NewKey::Random).await;
        let foreign_app = application(&house, &stranger, "aaaa1111", NewKey::None).await;
        let client = house.client::<Bookingbug>();
        Self { house, client, harbour, spa, stranger, owner, shared, member, foreigner, app, foreign_app }
    }

    /// A call of the tree's application.
    pub fn call(&self, method: &str, path: &str) -> Request {
        let key = self.app.key.as_ref().unwrap();
        let request = Request::new(method, HOST, &format!("/api/v1{path}"));
        request.header("App-Id", self.app.application.app_id.as_str()).header("App-Key", key.expose())
    }

    pub async fn send(&self, request: Request) -> Answer {
        self.client.send(request).await
    }

    /// A login's answer.
    pub async fn log_in(&self, path: &str, email: &str, company: Option<i64>) -> Answer {
        let mut body = json!({ "email": email, "password": PASSWORD });
        if let Some(company) = company {
            body["id"] = json!(company);
        }
        self.send(self.call("POST", path).json(&body)).await
    }

    /// A token of somebody at a company.
    pub async fn token(&self, email: &str, company: i64) -> String {
        let answer = self.log_in("/login", email, Some(company)).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.header("auth-token").unwrap().to_owned()
    }

    /// A call with a token.
    pub async fn with(&self, token: &str, method: &str, path: &str) -> Answer {
        self.send(self.call(method, path).header("Auth-Token", token)).await
    }

    /// A call with a token and a body.
    pub async fn put(&self, token: &str, method: &str, path: &str, body: Value) -> Answer {
        self.send(self.call(method, path).header("Auth-Token", token).json(&body)).await
    }
}

pub async fn application(house: &House, at: &Branch, app_id: &str, key: NewKey) -> Made {
    let new = NewApplication {
        name: format!("{app_id} of a partner"),
        app_id: AppId::parse(app_id),
        key,
        trusted_server: false,
        origins: vec![format!("https://{app_id}.example")],
    };
    applications::create(&house.core, &house.caller, &house.operator, at, new).await.unwrap()
}

/// An answer's status and body.
pub fn said(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.text())
}
