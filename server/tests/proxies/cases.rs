//! The cases every proxy passes. One stage per proxy: the demo behind it, and a service that writes down what arrives.

use super::proxy::{Kind, Proxy};
use super::stand_ins::{SIGN_IN, StandIn, Taken};
use crate::process::{Answer, Ask, Demo, exchange};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorward_bookingbug::Bookingbug;
use doorward_leadsquared::Leadsquared;
use doorward_rubicrm::Rubicrm;
use doorward_salesseek::Salesseek;
use doorward_web::{RouteInfo, route_list};
use serde_json::json;
use std::thread;
use std::time::{Duration, Instant};

const SALESSEEK: &str = "northwind.salesseek.localhost";
const OTHER_SALESSEEK: &str = "southwind.salesseek.localhost";
const BOOKINGBUG: &str = "bookingbug.localhost";
const RUBICRM: &str = "guild.rubicrm.localhost";
const LEADSQUARED: &str = "api-in21.leadsquared.localhost";

/// A path of a service, at every door.
const CHECKED: &str = "/crm/deals/7?view=all";

/// Every header that says who is calling, or why not.
const IDENTITY: [&str; 23] = [
    "X-Doorward-Person",
    "X-Doorward-Tenant",
    "X-Doorward-Company",
    "X-Doorward-Roles",
    "X-Doorward-Application",
    "X-Doorward-Door",
    "X-Doorward-Session",
    "X-Doorward-Scopes",
    "X-Doorward-Reason",
    "X-Doorward-Assertion",
    "X-Doorward-Home",
    "Remote-User",
    "Remote-Groups",
    "Remote-Name",
    "Remote-Email",
    "X-Auth-Request-User",
    "X-Auth-Request-Email",
    "X-Auth-Request-Groups",
    "X-Auth-Request-Preferred-Username",
    "X-Forwarded-User",
    "X-Forwarded-Email",
    "X-Forwarded-Groups",
    "X-Forwarded-Preferred-Username",
];

/// How long a proxy may wait for a silent Doorward: several times what its configuration says.
const PATIENCE: Duration = Duration::from_secs(20);
/// Traefik waits thirty seconds and cannot be told otherwise.
const FIXED_PATIENCE: Duration = Duration::from_secs(40);

/// What a client says it is when it lies.
const SPOOFED: &str = "spoofed";

pub(super) fn all(kind: Kind) {
    let mut stage = Stage::start(kind);
    let somebody = stage.sign_in();
    stage.without_a_credential_nothing_passes();
    for caller in &somebody {
        stage.every_credential_becomes_an_identity(caller);
    }
    let person = &somebody[0];
    stage.a_body_arrives_whole(person);
    stage.identity_never_comes_from_the_client(person);
    stage.the_client_does_not_say_what_it_asked_for(person);
    stage.malformed_credentials_are_nobodys(person);
    stage.ambiguous_paths_lead_nowhere(person);
    stage.signing_out_is_seen_at_once(person);
    stage.nothing_passes_without_doorward(&somebody[1]);
    nonsense_is_no_identity(kind);
}

/// Somebody with a credential, and what a service must be told about them.
struct Caller {
    host: &'static str,
    target: String,
    headers: Vec<(&'static str, String)>,
    email: String,
    tenant: &'static str,
    /// The program that called, where the demo names it: a key's program has no other name than its id.
    application: Option<String>,
}

impl Caller {
    fn ask(&self) -> Ask {
        self.ask_for(&self.target)
    }

    fn ask_for(&self, target: &str) -> Ask {
        let ask = Ask::get(self.host, target);
        self.headers.iter().fold(ask, |ask, (name, value)| ask.header(name, value))
    }

    /// A service that reads headers as loosely as any sees this person, and nothing the client made up.
    fn is_known_to(&self, taken: &Taken) {
        let head = &taken.head;
        assert!(!head.contains(SPOOFED), "{head}");
        let told = |name: &str| {
            let values = taken.read(name);
            assert!(values.len() < 2, "{name} twice: {head}");
            values.first().copied().unwrap_or_default()
        };
        for name in ["Remote-User", "Remote-Email", "X-Auth-Request-Email", "X-Forwarded-Preferred-Username"]
        {
            assert_eq!(told(name), self.email, "{name}: {head}");
        }
        assert_eq!(told("X-Doorward-Tenant"), self.tenant, "{head}");
        if let Some(application) = &self.application {
            assert_eq!(told("X-Doorward-Application"), application, "{head}");
        }
        for name in IDENTITY {
            assert!(!told(name).starts_with('{'), "{name} is no value: {head}");
        }
        let person = told("X-Doorward-Person");
        assert_eq!(person.len(), 36, "a person's id: {head}");
        assert_eq!(told("X-Auth-Request-User"), person, "{head}");
        assert_eq!(told("X-Forwarded-User"), person, "{head}");
        assert_eq!(told("X-Doorward-Reason"), "", "{head}");
        for name in ["X-Doorward-Roles", "X-Doorward-Company", "Remote-Groups"] {
            assert_ne!(told(name), "", "{name}: {head}");
        }
    }
}

struct Stage {
    kind: Kind,
    demo: Demo,
    service: StandIn,
    proxy: Proxy,
}

impl Stage {
    fn start(kind: Kind) -> Self {
        let demo = Demo::start();
        let service = StandIn::service();
        let proxy = kind.start(demo.doorward.address, service.address);
        Self { kind, demo, service, proxy }
    }

    fn send(&self, ask: &Ask) -> (Answer, Vec<Taken>) {
        self.exchange(&ask.bytes())
    }

    fn exchange(&self, bytes: &[u8]) -> (Answer, Vec<Taken>) {
        let asked = String::from_utf8_lossy(bytes);
        let answer = exchange(self.proxy.address, bytes)
            .unwrap_or_else(|error| panic!("{:?}: {error}: {asked}", self.kind));
        (answer, self.service.taken())
    }

    fn refuses(&self, ask: &Ask, status: u16) {
        let (answer, taken) = self.send(ask);
        let about = String::from_utf8_lossy(&ask.bytes()).into_owned();
        assert!(taken.is_empty(), "{:?}: reached by {about}: {taken:?}", self.kind);
        assert_eq!(answer.status, status, "{:?}: {about}: {answer:?}", self.kind);
        for name in IDENTITY {
            let shown = answer.header(&name.to_ascii_lowercase()).unwrap_or_default();
            assert_eq!(shown, "", "the client is shown {name}");
        }
    }

    fn reaches(&self, ask: &Ask, caller: &Caller) -> Taken {
        let (answer, mut taken) = self.send(ask);
        let about = String::from_utf8_lossy(&ask.bytes()).into_owned();
        assert_eq!((answer.status, taken.len()), (200, 1), "{:?}: {about}: {answer:?}", self.kind);
        let taken = taken.remove(0);
        caller.is_known_to(&taken);
        taken
    }

    /// The doors' own paths work through the proxy: everybody signs in there.
    fn sign_in(&self) -> Vec<Caller> {
        let made = &self.demo.made;
        let text = |pointer: &str| self.demo.text(pointer).to_owned();
        let own = |ask: &Ask, status: u16| {
            let (answer, taken) = self.send(ask);
            assert_eq!(answer.status, status, "{:?}: {}", self.kind, answer.text());
            assert!(taken.is_empty(), "a door's own path reached the service");
            answer
        };
        let login = own(&Ask::post(SALESSEEK, "/api/login").json(&made["salesseek"]["admin"]), 200);
        let cookie = login.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();

        let program = [("App-Id", text("/bookingbug/app_id")), ("App-Key", text("/bookingbug/app_key"))];
        let owner = &made["bookingbug"]["owner"];
        let login = Ask::post(BOOKINGBUG, "/api/v1/login")
            .json(&json!({ "email": owner["email"], "password": owner["password"] }));
        let login = own(&program.iter().fold(login, |ask, (name, value)| ask.header(name, value)), 201);
        let token = login.header("auth-token").unwrap().to_owned();

        let login = json!({
            "emailaddress": text("/rubicrm/verified/emailaddress"),
            "password": STANDARD.encode(self.demo.text("/rubicrm/verified/password")),
            "apikey": text("/rubicrm/api_key"),
        });
        let login = own(&Ask::post(RUBICRM, "/api/Login").json(&login), 200);
        let session = login.header("doorward-session").unwrap().to_owned();

        let pair = (text("/leadsquared/access_key"), text("/leadsquared/secret_key"));
        let by_headers = [("x-LSQ-AccessKey", pair.0.clone()), ("x-LSQ-SecretKey", pair.1.clone())];
        let user = Ask::get(LEADSQUARED, "/v2/Authentication.svc/UserByAccessKey.Get");
        let user =
            own(&by_headers.iter().fold(user, |ask, (name, value)| ask.header(name, value)), 200).json();
        let key_holder = user["EmailAddress"].as_str().or(user["PassPhrase"].as_str()).unwrap().to_owned();
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("accessKey", &pair.0)
            .append_pair("secretKey", &pair.1)
            .append_pair("id", "7")
            .finish();

        let [id, key] = program;
        let application = Some(id.1.clone());
        let caller = |host, target: &str, headers, email, tenant| Caller {
            host,
            target: target.to_owned(),
            headers,
            email,
            tenant,
            application: None,
        };
        let leads = "/v2/LeadManagement.svc/Leads.GetById";
        vec![
            caller(
                SALESSEEK,
                CHECKED,
                vec![("Cookie", format!("theme=dark; {cookie}"))],
                text("/salesseek/admin/email_address"),
                "northwind",
            ),
            Caller {
                application,
                ..caller(
                    BOOKINGBUG,
                    "/api/v1/37001/services",
                    vec![id, key, ("Auth-Token", token)],
                    text("/bookingbug/owner/email"),
                    "harbour",
                )
            },
            caller(
                RUBICRM,
                "/api/DataQuery",
                vec![("Doorward-Session", session)],
                text("/rubicrm/verified/emailaddress"),
                "guild",
            ),
            caller(LEADSQUARED, leads, by_headers.to_vec(), key_holder.clone(), "education101"),
            caller(LEADSQUARED, &format!("{leads}?{query}"), vec![], key_holder, "education101"),
        ]
    }

    fn without_a_credential_nothing_passes(&self) {
        for host in [SALESSEEK, BOOKINGBUG, RUBICRM, LEADSQUARED] {
            for method in ["GET", "POST", "DELETE", "OPTIONS", "HEAD", "BREW"] {
                let (answer, taken) = self.send(&Ask::new(method, host, CHECKED));
                assert!(taken.is_empty(), "{:?}: {method} {host}", self.kind);
                // A proxy may refuse a method it does not know by itself.
                let wanted: &[u16] = if method == "BREW" { &[400, 401, 405, 501] } else { &[401] };
                assert!(wanted.contains(&answer.status), "{:?}: {method} {host}: {answer:?}", self.kind);
            }
            let (answer, _) = self.send(&Ask::get(host, CHECKED));
            assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"doorward\""), "{answer:?}");
        }
        // The question itself is nobody's to ask from outside.
        for path in ["/verify", "/verify/forward-auth", "/verify/ext-authz/x", "/doorward-verify"] {
            let (answer, taken) = self.send(&Ask::post(SALESSEEK, path));
            assert!(taken.is_empty() && matches!(answer.status, 401 | 403 | 404), "{path}: {answer:?}");
        }
    }

    fn every_credential_becomes_an_identity(&self, caller: &Caller) {
        let taken = self.reaches(&caller.ask(), caller);
        assert_eq!(taken.path(), caller.target, "{:?}", self.kind);
        assert_eq!(taken.read("Host"), [caller.host], "{:?}", self.kind);
    }

    fn a_body_arrives_whole(&self, caller: &Caller) {
        let deal = json!({ "name": "a deal", "value": 7 });
        let ask = Ask::post(caller.host, CHECKED).json(&deal);
        let ask = caller.headers.iter().fold(ask, |ask, (name, value)| ask.header(name, value));
        let taken = self.reaches(&ask, caller);
        assert!(taken.head.starts_with("POST "), "{}", taken.head);
        let body = String::from_utf8_lossy(&taken.body).into_owned();
        assert!(body.contains(&deal.to_string()), "{body}");
    }

    fn identity_never_comes_from_the_client(&self, caller: &Caller) {
        let spellings: [fn(&str) -> String; 8] = [
            |name| name.to_owned(),
            |name| name.to_ascii_lowercase(),
            |name| name.to_ascii_uppercase().replace('-', "_"),
            |name| name.to_ascii_lowercase().replace('-', "_"),
            |name| name.replace('-', "."),
            |name| name.replace('-', "~"),
            |name| name.replacen('-', "_", 1),
            |name| name.replacen('-', "!", 1).to_ascii_uppercase(),
        ];
        for spelling in spellings {
            let lies = |ask: Ask| IDENTITY.iter().fold(ask, |ask, name| ask.header(&spelling(name), SPOOFED));
            self.reaches(&lies(caller.ask()), caller);
            self.refuses(&lies(Ask::get(caller.host, CHECKED)), 401);
        }
        // Headers named here belong to one connection, and a careless proxy drops them on the way.
        for name in IDENTITY.into_iter().chain(["X-Forwarded-Uri", "X-Original-URL", "X-Forwarded-Host"]) {
            for hops in [format!("close, {name}"), name.to_ascii_lowercase()] {
                let (answer, taken) = self.send(&caller.ask().header("Connection", &hops));
                match taken.first() {
                    Some(taken) => {
                        caller.is_known_to(taken);
                        // Nor does whoever stands before the service drop it.
                        let passed = taken.read("Connection").join(",").to_ascii_lowercase();
                        assert!(!passed.contains(&name.to_ascii_lowercase()), "{:?}: {passed}", self.kind);
                    }
                    None => assert!(matches!(answer.status, 400..500), "{:?}: {hops}: {answer:?}", self.kind),
                }
                let (_, taken) = self.send(&Ask::get(caller.host, CHECKED).header("Connection", &hops));
                assert!(taken.is_empty(), "{:?}: {hops}: {taken:?}", self.kind);
            }
        }
    }

    fn the_client_does_not_say_what_it_asked_for(&self, caller: &Caller) {
        let lies = [
            ("X-Forwarded-Host", caller.host.to_owned()),
            ("X-Forwarded-Uri", "/api/login".to_owned()),
            ("X-Forwarded-Method", "OPTIONS".to_owned()),
            ("X-Forwarded-Proto", "gopher".to_owned()),
            ("X-Original-URL", format!("http://{}/", caller.host)),
            ("X-Original-Method", "OPTIONS".to_owned()),
            ("X-Forwarded-For", "192.0.2.7".to_owned()),
            ("Forwarded", format!("host={}", caller.host)),
            ("X-Rewrite-URL", "/api/login".to_owned()),
            ("X-HTTP-Method-Override", "OPTIONS".to_owned()),
        ];
        let lying = |ask: Ask| lies.iter().fold(ask, |ask, (name, value)| ask.header(name, value));
        self.reaches(&lying(caller.ask()), caller);
        // A good cookie at another tenant's host, which the client says is not the host.
        let elsewhere = Ask::get(OTHER_SALESSEEK, CHECKED);
        let elsewhere = caller.headers.iter().fold(elsewhere, |ask, (name, value)| ask.header(name, value));
        self.refuses(&lying(elsewhere), 401);
        self.refuses(&lying(Ask::get(caller.host, CHECKED)), 401);
    }

    fn malformed_credentials_are_nobodys(&self, caller: &Caller) {
        let (name, good) = &caller.headers[0];
        for bad in [
            "salesseek=",
            "salesseek=x",
            "salesseek=%00",
            "salesseek=\u{fe}\u{ff}",
            "salesseek=\"",
            "salesseek=a b",
            "salesseek",
            ";;=;=",
        ] {
            self.refuses(&Ask::get(caller.host, CHECKED).header(name, bad), 401);
        }
        let cookie = good.rsplit("; ").next().unwrap();
        for twice in [
            format!("{cookie}; {cookie}"),
            format!("{cookie}; salesseek=x"),
            format!("salesseek=x; {cookie}"),
        ] {
            self.refuses(&Ask::get(caller.host, CHECKED).header(name, &twice), 401);
        }
        let (_, taken) = self.send(&caller.ask().header(name, "salesseek=x"));
        assert!(taken.is_empty(), "{:?}: two Cookie headers: {taken:?}", self.kind);
        let (_, taken) = self.send(&caller.ask().header("Doorward-Session", "x"));
        assert!(taken.is_empty(), "{:?}: one good, one bad: {taken:?}", self.kind);
        for (header, value) in [("Auth-Token", "x"), ("Doorward-Session", "x"), ("x-LSQ-AccessKey", "x")] {
            for host in [BOOKINGBUG, RUBICRM, LEADSQUARED] {
                self.refuses(&Ask::get(host, CHECKED).header(header, value), 401);
            }
        }
    }

    fn ambiguous_paths_lead_nowhere(&self, caller: &Caller) {
        for path in [
            "/a/../b",
            "/a/./b",
            "/a/..",
            "/a/%2e%2e/b",
            "/a/%2E./b",
            "/a%2fb",
            "/a%2Fb",
            "/a//b",
            "//evil.example/b",
            "/a\\b",
            "/a%5cb",
            "/a%00b",
            "/a/..;x/b",
            "/%252e%252e/b",
            "/%ff",
            "/crm/../api/login",
            "/crm/..%2fapi/login",
        ] {
            let (answer, taken) = self.send(&caller.ask_for(path));
            assert!(taken.is_empty(), "{:?}: {path}: {taken:?}", self.kind);
            assert!(matches!(answer.status, 400..500), "{:?}: {path}: {answer:?}", self.kind);
        }
        // Nor is a door's own path a way around the check.
        for path in [
            "/api/login/../../crm",
            "/api/login/..%2f..%2fcrm",
            "/api/login%2f..%2f..%2fcrm",
            "/api/login;/../../crm",
            "/api/login/%2e%2e/%2e%2e/crm",
            "/api/login%3f/../../crm",
            "/API/login",
            "/verify/forward-auth/../../api/login",
            "/verify/ext-authz/../../api/login",
        ] {
            let (answer, taken) = self.send(&Ask::get(caller.host, path));
            assert!(taken.is_empty(), "{:?}: {path}: {taken:?}", self.kind);
            assert!(matches!(answer.status, 400..500), "{:?}: {path}: {answer:?}", self.kind);
        }
        // A whole URL in the request line names the host, whatever `Host` says.
        let mut bytes = format!("GET http://{OTHER_SALESSEEK}/crm HTTP/1.1\r\n").into_bytes();
        let rest = caller.ask().bytes();
        let end = rest.windows(2).position(|two| two == b"\r\n").unwrap();
        bytes.extend_from_slice(&rest[end + 2..]);
        let (answer, taken) = self.exchange(&bytes);
        match taken.first() {
            Some(taken) => assert_eq!(
                taken.read("Host"),
                [caller.host],
                "{:?}: judged for one host, sent to another",
                self.kind
            ),
            None => assert!(matches!(answer.status, 400..500), "{:?}: {answer:?}", self.kind),
        }
    }

    fn signing_out_is_seen_at_once(&self, caller: &Caller) {
        self.reaches(&caller.ask(), caller);
        let logout = Ask::new("DELETE", caller.host, "/api/logout");
        let logout = caller.headers.iter().fold(logout, |ask, (name, value)| ask.header(name, value));
        let (answer, taken) = self.send(&logout);
        assert_eq!((answer.status, taken.len()), (200, 0), "{:?}: {answer:?}", self.kind);
        self.refuses(&caller.ask(), 401);
    }

    fn nothing_passes_without_doorward(&mut self, caller: &Caller) {
        self.reaches(&caller.ask(), caller);
        self.demo.doorward.kill();
        for ask in
            [caller.ask(), caller.ask().header("X-Doorward-Tenant", SPOOFED), Ask::get(caller.host, CHECKED)]
        {
            let (answer, taken) = self.send(&ask);
            assert!(taken.is_empty(), "{:?}: reached without Doorward: {taken:?}", self.kind);
            assert!((500..600).contains(&answer.status), "{:?}: {answer:?}", self.kind);
        }
    }
}

/// Nothing but an identity counts as one; and what a door owns goes to Doorward unasked, everything else not.
fn nonsense_is_no_identity(kind: Kind) {
    let (doorward, service) = (StandIn::doorward(), StandIn::service());
    let proxy = kind.start(doorward.address, service.address);
    let hosts = [SALESSEEK, BOOKINGBUG, RUBICRM, LEADSQUARED];
    thread::scope(|scope| {
        for what in ["silent", "noise", "half", "empty", "no_content", "broken", "stranger", "closed"] {
            let (proxy, kind) = (&proxy, kind);
            // All at once: some wait long for the silent one.
            scope.spawn(move || {
                for host in hosts {
                    let ask = Ask::get(host, &format!("/{what}"))
                        .header("Cookie", "salesseek=x")
                        .header("X-Doorward-Tenant", SPOOFED)
                        .header("X_Doorward_Tenant", SPOOFED);
                    let asked = Instant::now();
                    let answer =
                        ask.send(proxy.address).unwrap_or_else(|error| panic!("{kind:?}: {what}: {error}"));
                    // Envoy hands on whatever is no 200.
                    assert!(matches!(answer.status, 204 | 400..600), "{kind:?}: {what}: {answer:?}");
                    if what == "silent" {
                        let patience = if kind == Kind::Traefik { FIXED_PATIENCE } else { PATIENCE };
                        assert!(asked.elapsed() < patience, "{kind:?}: {:?}", asked.elapsed());
                        break;
                    }
                }
            });
        }
    });
    let taken = service.taken();
    assert!(taken.is_empty(), "{kind:?}: reached by a nobody: {taken:?}");
    let answer = Ask::get(SALESSEEK, "/page").send(proxy.address).unwrap();
    assert_eq!((answer.status, answer.header("location")), (302, Some(SIGN_IN)), "{kind:?}: {answer:?}");
    // Nobody outside puts a question into the proxy's mouth.
    drop(doorward.taken());
    for path in ["/verify/forward-auth/../../api/login", "/verify/ext-authz/../../api/login"] {
        let answer = Ask::get(SALESSEEK, path).send(proxy.address).unwrap();
        assert!((400..600).contains(&answer.status), "{kind:?}: {path}: {answer:?}");
        let asked = doorward.taken();
        assert!(asked.iter().all(|taken| taken.path() != path), "{kind:?}: {asked:?}");
    }
    for (host, method, path) in own_paths() {
        let answer = Ask::new(&method, host, &path).send(proxy.address).unwrap();
        assert_eq!(answer.text(), "own", "{kind:?}: {method} {host} {path}: {answer:?}");
    }
    assert!(service.taken().is_empty(), "{kind:?}: a door's own path reached the service");
}

/// Every path the doors answer themselves, from the lists that mount them, in the spellings each door knows.
fn own_paths() -> Vec<(&'static str, String, String)> {
    let mut own = Vec::new();
    let filled = |route: &RouteInfo| {
        let part = |part: &str| if part.starts_with('{') { "7".to_owned() } else { part.to_owned() };
        route.path.split('/').map(part).collect::<Vec<_>>().join("/")
    };
    let mut add = |host, route: &RouteInfo, path: String| own.push((host, route.method.to_string(), path));
    for route in route_list::<Salesseek>() {
        add(SALESSEEK, &route, filled(&route));
        add(SALESSEEK, &route, format!("{}/", filled(&route)));
    }
    for route in route_list::<Bookingbug>() {
        for version in ["v1", "v3", "v4", "v5"] {
            add(BOOKINGBUG, &route, filled(&route).replacen("v1", version, 1));
        }
        add(BOOKINGBUG, &route, format!("{}/", filled(&route)));
    }
    for route in route_list::<Rubicrm>() {
        add(RUBICRM, &route, filled(&route));
        add(RUBICRM, &route, filled(&route).to_ascii_lowercase());
        add(RUBICRM, &route, filled(&route).to_ascii_uppercase());
        add(RUBICRM, &route, format!("{}/", filled(&route).trim_start_matches("/api")));
    }
    for route in route_list::<Leadsquared>().iter().filter(|route| !route.stands_in) {
        add(LEADSQUARED, route, filled(route));
    }
    own
}
