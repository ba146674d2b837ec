//! What these tests share: a pool with a door of every dialect, somebody in it, and every kind of credential.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorward_core::application_tokens::{self, NewToken};
use doorward_core::applications::{self, NewApplication, NewKey};
use doorward_core::sign_in::{self, PasswordAttempt, SessionWish, SignIn, Wanted};
use doorward_core::{Branch, Identity, access_keys};
use doorward_gate::{Gate, GateSettings, IdentityHeaders, Preset};
use doorward_model::{
    AccessKeyId, AppId, Application, ApplicationTokenId, Audience, Dialect, DoorSettings, Kind, Person,
    RegionCode, Role, Secret, SessionScheme, Timestamp,
};
use doorward_testkit::{Answer, Client, House, PASSWORD, Request};
use std::sync::Arc;
use std::time::Duration;

pub(crate) const ADA: &str = "ada@harbour.example";

/// Everything around one gate.
pub(crate) struct Stage {
    pub(crate) house: House,
    pub(crate) pool: Branch,
    pub(crate) ada: Person,
    pub(crate) program: Application,
    client: Client,
}

/// A credential in the original request: where it comes to, and what carries it.
#[derive(Clone)]
pub(crate) struct Credential {
    pub(crate) host: &'static str,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) identity: Option<Identity>,
    pub(crate) key: Option<AccessKeyId>,
    pub(crate) token: Option<ApplicationTokenId>,
}

/// What stands for a person. Beside them there is `token`, with which a program speaks for itself.
pub(crate) const KINDS: [&str; 4] = ["cookie", "auth_token", "session", "access_key"];

impl Stage {
    pub(crate) async fn start() -> Self {
        Self::with(&["doors"]).await
    }

    pub(crate) async fn with(routes: &[&str]) -> Self {
        Self::in_house(House::start().await, routes).await
    }

    /// One where name and password may come with the request.
    pub(crate) async fn with_basic() -> Self {
        Self::with_basic_at(&["app.example", "doors"]).await
    }

    pub(crate) async fn with_basic_at(routes: &[&str]) -> Self {
        Self::set(House::start().await, routes, true).await
    }

    pub(crate) async fn in_house(house: House, routes: &[&str]) -> Self {
        Self::set(house, routes, false).await
    }

    async fn set(house: House, routes: &[&str], basic: bool) -> Self {
        let pool = house.pool("harbour").await;
        house.door(Dialect::Salesseek, "{slug}.crm.example", None).await;
        house.door(Dialect::Bookingbug, "book.example", None).await;
        house.door(Dialect::Rubicrm, "guild.example", Some(&pool)).await;
        house.door(Dialect::Leadsquared, "api.keys.example", None).await;
        house.person(&pool, "olga@harbour.example", Kind::Administrator, Role::Owner).await;
        let ada = house.person(&pool, ADA, Kind::Administrator, Role::Admin).await;
        let new = NewApplication {
            name: "Till".to_owned(),
            app_id: Some(AppId::parse("till0001").unwrap()),
            key: NewKey::None,
            trusted_server: false,
            origins: Vec::new(),
        };
        let made =
            applications::create(&house.core, &house.caller, &house.operator, &pool, new).await.unwrap();
        let client = client_with(&house, routes, "127.0.0.0/8", |settings| settings.basic = basic);
        Self { house, pool, ada, program: made.application, client }
    }

    /// Another LeadSquared door, of a region.
    pub(crate) async fn door_in_region(&self, host: &str, region: &str) {
        let settings = DoorSettings { region: RegionCode::parse(region), ..DoorSettings::default() };
        self.house.door_with(Dialect::Leadsquared, host, None, settings).await;
    }

    /// A fresh credential of Ada's.
    pub(crate) async fn credential(&self, kind: &'static str) -> Credential {
        self.credential_of(kind, ADA, &self.ada).await
    }

    pub(crate) async fn credential_of(&self, kind: &'static str, email: &str, person: &Person) -> Credential {
        let token = |(token, identity): (String, Identity), host, name, value: fn(String) -> String| {
            let headers = vec![(name, value(token))];
            Credential { host, headers, identity: Some(identity), key: None, token: None }
        };
        match kind {
            "cookie" => {
                let signed_in = self.sign_in(email, SessionScheme::Cookie).await;
                token(signed_in, "harbour.crm.example", "cookie", |token| format!("a=b; salesseek={token}"))
            }
            "auth_token" => {
                let signed_in = self.sign_in(email, SessionScheme::AuthToken).await;
                let mut made = token(signed_in, "book.example", "auth-token", |token| token);
                made.headers.push(("app-id", self.program.app_id.as_str().to_owned()));
                made
            }
            "session" => {
                let signed_in = self.sign_in(email, SessionScheme::DoorwardSession).await;
                token(signed_in, "guild.example", "doorward-session", |token| token)
            }
            "token" => self.token(new_token()).await,
            "basic" => {
                let value = STANDARD.encode(format!("{email}:{PASSWORD}"));
                let headers = vec![("authorization", format!("Basic {value}"))];
                Credential { host: "harbour.crm.example", headers, identity: None, key: None, token: None }
            }
            _ => self.key(person, None).await,
        }
    }

    /// The same; a key or token ends after some time, as a session does by itself.
    pub(crate) async fn lasting(&self, kind: &'static str, span: Duration) -> Credential {
        let end = Some(self.house.clock.now().plus(span));
        match kind {
            "token" => self.token(NewToken { expires_at: end, ..new_token() }).await,
            "access_key" => self.key(&self.ada, end).await,
            _ => self.credential(kind).await,
        }
    }

    async fn key(&self, person: &Person, expires_at: Option<Timestamp>) -> Credential {
        let new =
            access_keys::NewKey { person: person.id, label: "import".to_owned(), rate: None, expires_at };
        let House { core, caller, operator, .. } = &self.house;
        let issued = access_keys::create(core, caller, operator, &self.pool, new).await.unwrap();
        let headers = vec![
            ("x-lsq-accesskey", issued.key.name.as_str().to_owned()),
            ("x-lsq-secretkey", issued.secret.expose().to_owned()),
        ];
        let host = "api.keys.example";
        Credential { host, headers, identity: None, key: Some(issued.key.id), token: None }
    }

    /// A token of the program's.
    pub(crate) async fn token(&self, new: NewToken) -> Credential {
        let House { core, caller, operator, .. } = &self.house;
        let whose = (self.pool.pool(), self.program.id);
        let issued = application_tokens::create(core, caller, operator, whose, new).await.unwrap();
        let headers = vec![("authorization", format!("Bearer {}", issued.secret.expose()))];
        let host = "book.example";
        Credential { host, headers, identity: None, key: None, token: Some(issued.token.id) }
    }

    async fn sign_in(&self, email: &str, scheme: SessionScheme) -> (String, Identity) {
        let attempt = PasswordAttempt {
            wanted: Wanted::Tenant {
                pool: self.pool.pool(),
                tenant: self.pool.tenant().id,
                kinds: &[Kind::Administrator, Kind::User],
            },
            email: email.to_owned(),
            password: Secret::new(PASSWORD),
            application: (scheme == SessionScheme::AuthToken).then_some(self.program.id),
            session: SessionWish::Open(scheme),
        };
        match sign_in::with_password(&self.house.core, &self.house.caller, attempt).await.unwrap() {
            SignIn::Done(done) => (done.token.unwrap().expose().to_owned(), done.identity),
            SignIn::Choose { .. } => panic!("one tenant is one place"),
        }
    }

    /// Asks as Traefik would.
    pub(crate) async fn ask(&self, credential: &Credential) -> Answer {
        self.ask_at(credential, credential.host, "/api/people?x=1").await
    }

    pub(crate) async fn ask_at(&self, credential: &Credential, host: &str, uri: &str) -> Answer {
        let mut request = forwarded("GET", host, uri);
        for (name, value) in &credential.headers {
            request = request.header(name, value);
        }
        self.send(request).await
    }

    pub(crate) async fn send(&self, request: Request) -> Answer {
        self.client.send(request).await
    }
}

/// A question in Traefik's shape.
pub(crate) fn forwarded(method: &str, host: &str, uri: &str) -> Request {
    forwarded_from(method, host, uri, "203.0.113.7")
}

/// The same about a client's address.
pub(crate) fn forwarded_from(method: &str, host: &str, uri: &str, address: &str) -> Request {
    Request::get("doorward.internal", "/verify/forward-auth")
        .header("x-forwarded-method", method)
        .header("x-forwarded-proto", "https")
        .header("x-forwarded-host", host)
        .header("x-forwarded-uri", uri)
        .header("x-forwarded-for", address)
}

/// A token for every route, without a scope or an end.
pub(crate) fn new_token() -> NewToken {
    NewToken { label: "export".to_owned(), scopes: Vec::new(), audience: Audience::Any, expires_at: None }
}

/// A gate that peers of a network may ask.
pub(crate) fn client(house: &House, routes: &[&str], askers: &str) -> Client {
    client_with(house, routes, askers, |_| ())
}

/// The same with other settings.
pub(crate) fn client_with(
    house: &House,
    routes: &[&str],
    askers: &str,
    change: impl FnOnce(&mut GateSettings),
) -> Client {
    let gate = gate(house, routes, askers, change);
    Client::of(tower::service_fn(move |request| {
        let gate = gate.clone();
        async move {
            let from = connection(&request);
            let answer =
                if gate.is_asked(&request, from) { gate.answer(request, from).await } else { not_asked() };
            Ok::<_, std::convert::Infallible>(answer)
        }
    }))
}

/// The gate itself.
pub(crate) fn gate(
    house: &House,
    routes: &[&str],
    askers: &str,
    change: impl FnOnce(&mut GateSettings),
) -> Gate {
    let mut settings = GateSettings {
        askers: vec![askers.parse().unwrap()],
        routes: routes.iter().map(|line| line.parse().unwrap()).collect(),
        headers: IdentityHeaders::new(&[Preset::Remote, Preset::XAuthRequest, Preset::XForwarded]),
        basic: false,
        assertions: true,
        owns: Arc::new(|_door, path| path == "/api/login"),
    };
    change(&mut settings);
    Gate::new(house.core.clone(), settings)
}

/// The client's connection, as a listener knows it.
fn connection(request: &http::Request<axum::body::Body>) -> doorward_web::Connection {
    request.extensions().get().copied().unwrap()
}

fn not_asked() -> doorward_web::Response {
    doorward_web::reply::content(doorward_web::StatusCode::IM_A_TEAPOT, "text/plain", "no question")
}

/// The reason of a refusal, for the proxy.
pub(crate) fn reason(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.header("x-doorward-reason").unwrap_or("-"))
}
