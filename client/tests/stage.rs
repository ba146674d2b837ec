//! What these tests share: one Doorward behind a real socket, with a SalesSeek door, its gate and its keys; and somebody.

use axum::body::Body;
use doorward_client::{Builder, Client, Clock};
use doorward_core::application_tokens::{self, NewToken};
use doorward_core::applications::{self, NewApplication, NewKey};
use doorward_core::{Branch, access_keys};
use doorward_gate::{Gate, GateSettings, IdentityHeaders, Preset};
use doorward_model::{AppId, Application, Audience, Dialect, Kind, Person, Role};
use doorward_salesseek::Salesseek;
use doorward_testkit::{Answer, House, PASSWORD, Request};
use doorward_web::WebSettings;
use http::request::Parts;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, UNIX_EPOCH};
use tower::ServiceExt as _;

pub(crate) const ADA: &str = "ada@harbour.example";
/// Where Ada signs in.
pub(crate) const HARBOUR: &str = "harbour.crm.example";
/// What Doorward calls itself; it listens somewhere else.
pub(crate) const ISSUER: &str = "https://id.example";

/// Longer than any healthy answer takes, on however busy a machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Everything around one Doorward.
pub(crate) struct Stage {
    pub(crate) house: House,
    pub(crate) pool: Branch,
    pub(crate) ada: Person,
    pub(crate) program: Application,
    pub(crate) doorward: doorward_testkit::Client,
    /// The services' clock; it shows what the house's shows.
    pub(crate) clock: Clock,
    counts: Arc<Counts>,
}

/// What came in.
#[derive(Default)]
struct Counts {
    questions: AtomicUsize,
    keys: AtomicUsize,
}

impl Stage {
    /// One where every peer may ask.
    pub(crate) async fn start() -> Self {
        Self::with(|_| ()).await
    }

    /// One where nobody may ask without a token.
    pub(crate) async fn closed() -> Self {
        Self::with(|settings| settings.askers.clear()).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut GateSettings)) -> Self {
        let house = House::start().await;
        let pool = house.pool("harbour").await;
        house.door(Dialect::Salesseek, "{slug}.crm.example", None).await;
        house.person(&pool, "olga@harbour.example", Kind::User, Role::Owner).await;
        let ada = house.person(&pool, ADA, Kind::User, Role::Admin).await;
        let new = NewApplication {
            name: "Till".to_owned(),
            app_id: Some(AppId::parse("till0001").unwrap()),
            key: NewKey::None,
            trusted_server: false,
            origins: Vec::new(),
        };
        let made = applications::create(&house.core, &house.caller, &house.operator, &pool, new).await;
        let counts = Arc::<Counts>::default();
        let doorward = doorward(&house, change, Arc::clone(&counts));
        let now = u64::try_from(house.clock.now().micros()).unwrap();
        let clock = Clock::manual(UNIX_EPOCH + Duration::from_micros(now));
        Self { house, pool, ada, program: made.unwrap().application, doorward, clock, counts }
    }

    /// Where Doorward is, for services.
    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.doorward.address())
    }

    /// A client in the making that shares the time.
    pub(crate) fn builder(&self) -> Builder {
        Client::builder(self.base()).clock(self.clock.clone()).timeout(PATIENCE)
    }

    /// One that asks each time.
    pub(crate) fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    /// One that remembers.
    pub(crate) fn remembering(&self) -> Client {
        self.builder().audience("billing").build().unwrap()
    }

    /// Time passes, for everybody.
    pub(crate) fn advance(&self, span: Duration) {
        self.house.clock.advance(span);
        self.clock.advance(span);
    }

    /// How often `POST /verify` was asked.
    pub(crate) fn questions(&self) -> usize {
        self.counts.questions.load(Ordering::SeqCst)
    }

    /// How often the keys were fetched.
    pub(crate) fn fetches(&self) -> usize {
        self.counts.keys.load(Ordering::SeqCst)
    }

    /// Signs Ada in at the door; the `Cookie` header to send.
    pub(crate) async fn sign_in(&self) -> String {
        let body = json!({ "email_address": ADA, "password": PASSWORD });
        let answer = self.doorward.send(Request::post(HARBOUR, "/api/login").json(&body)).await;
        let cookie = answer.header("set-cookie").unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    /// Signs her out at the door.
    pub(crate) async fn sign_out(&self, cookie: &str) {
        let request = Request::new("DELETE", HARBOUR, "/api/logout").header("cookie", cookie);
        assert_eq!(self.doorward.send(request).await.status.as_u16(), 200);
    }

    /// A token of the program's, for a route and with scopes.
    pub(crate) async fn token(&self, audience: &str, scopes: &[&str]) -> String {
        let House { core, caller, operator, .. } = &self.house;
        let new = NewToken {
            label: "export".to_owned(),
            scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
            audience: Audience::parse(audience).unwrap(),
            expires_at: None,
        };
        let whose = (self.pool.pool(), self.program.id);
        let issued = application_tokens::create(core, caller, operator, whose, new).await.unwrap();
        issued.secret.expose().to_owned()
    }

    /// A key pair of Ada's.
    pub(crate) async fn key_pair(&self) -> (String, String) {
        let House { core, caller, operator, .. } = &self.house;
        let new = access_keys::NewKey {
            person: self.ada.id,
            label: "import".to_owned(),
            rate: None,
            expires_at: None,
        };
        let issued = access_keys::create(core, caller, operator, &self.pool, new).await.unwrap();
        (issued.key.name.as_str().to_owned(), issued.secret.expose().to_owned())
    }

    /// What a proxy hands to the upstream for Ada's request.
    pub(crate) async fn assertion(&self, cookie: &str) -> String {
        let question = Request::get("doorward.internal", "/verify/forward-auth")
            .header("x-forwarded-method", "GET")
            .header("x-forwarded-proto", "https")
            .header("x-forwarded-host", HARBOUR)
            .header("x-forwarded-uri", "/people")
            .header("cookie", cookie);
        let answer = self.doorward.send(question).await;
        assert_eq!(answer.status.as_u16(), 200);
        answer.header("x-doorward-assertion").unwrap().to_owned()
    }
}

fn doorward(
    house: &House,
    change: impl FnOnce(&mut GateSettings),
    counts: Arc<Counts>,
) -> doorward_testkit::Client {
    let mut settings = GateSettings {
        askers: vec!["127.0.0.0/8".parse().unwrap()],
        routes: vec!["doors name=crm".parse().unwrap()],
        headers: IdentityHeaders::new(&[Preset::Remote]),
        basic: true,
        assertions: true,
        owns: Arc::new(|_door, path| path == "/api/login"),
    };
    change(&mut settings);
    let core = house.core.clone();
    let gate = Gate::new(core.clone(), settings);
    let web = WebSettings { house_hosts: vec!["127.0.0.1".to_owned()], ..WebSettings::default() };
    let salesseek = doorward_web::router::<Salesseek>(Arc::new(core.clone()));
    let pages = doorward_gate::jwks(&core).merge(doorward_gate::not_asked());
    let doors = doorward_web::service(web, Arc::new(move || core.doors()), [salesseek], pages);
    doorward_testkit::Client::of(tower::service_fn(move |request: http::Request<Body>| {
        let (gate, doors) = (gate.clone(), doors.clone());
        match request.uri().path() {
            "/verify" => counts.questions.fetch_add(1, Ordering::SeqCst),
            "/.well-known/jwks.json" => counts.keys.fetch_add(1, Ordering::SeqCst),
            _ => 0,
        };
        async move {
            let from = request.extensions().get().copied().unwrap();
            if gate.is_asked(&request, from) {
                Ok(gate.answer(request, from).await)
            } else {
                doors.oneshot(request).await
            }
        }
    }))
}

/// The head of a request that came to a service at Ada's host.
pub(crate) fn head(path: &str, headers: &[(&str, &str)]) -> Parts {
    let request = http::Request::get(path).header("host", HARBOUR);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    request.body(()).unwrap().into_parts().0
}

/// Status and text of an answer.
pub(crate) fn told(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.text())
}
