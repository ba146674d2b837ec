//! Two strangers behind each door, in one process: a core whose clock stands still, and every dialect over it.

use doorward_bookingbug::Bookingbug;
use doorward_core::Branch;
use doorward_core::access_keys::{self, NewKey as NewAccessKey};
use doorward_core::applications::{self, NewApplication, NewKey};
use doorward_core::people;
use doorward_leadsquared::Leadsquared;
use doorward_model::{AppId, CallbackRule, Dialect, DoorSettings, Kind, Person, Policy, Role, Secret};
use doorward_rubicrm::Rubicrm;
use doorward_salesseek::Salesseek;
use doorward_testkit::{Answer, Client, House, PASSWORD, Request};
use doorward_web::{RouteInfo, route_list};
use serde_json::{Value, json};

/// The core, its doors, and who lives behind them.
pub(crate) struct Rooms {
    pub(crate) house: House,
    pub(crate) salesseek: Room,
    pub(crate) bookingbug: Room,
    pub(crate) rubicrm: Room,
    pub(crate) leadsquared: Room,
    /// BookingBug's applications: App-Id and key, of the first tree and of the other.
    pub(crate) applications: [(String, String); 2],
    /// RubiCRM's keys: an ordinary one and a trusted server's of the first pool, and a trusted server's of the other.
    pub(crate) api_keys: [String; 3],
    /// LeadSquared's pairs, of the first pool and of the other.
    pub(crate) access_keys: [(String, String); 2],
}

/// One dialect's door.
pub(crate) struct Room {
    pub(crate) client: Client,
    pub(crate) routes: Vec<RouteInfo>,
    /// The first tenant's host, and the other's.
    pub(crate) hosts: [&'static str; 2],
    /// The strongest person of the first tenant, somebody with few rights, and somebody who was disabled.
    pub(crate) strong: Person,
    pub(crate) weak: Person,
    pub(crate) inactive: Person,
    /// The strongest person of the other tenant.
    pub(crate) stranger: Person,
}

impl Rooms {
    /// Makes everything.
    pub(crate) async fn new() -> Self {
        let house = House::in_region(Some("sg")).await;
        let salesseek = salesseek(&house).await;
        let (bookingbug, applications) = bookingbug(&house).await;
        let (rubicrm, api_keys) = rubicrm(&house).await;
        let (leadsquared, access_keys) = leadsquared(&house).await;
        Self { house, salesseek, bookingbug, rubicrm, leadsquared, applications, api_keys, access_keys }
    }

    /// Signs in at the first SalesSeek tenant, or the other; the `Cookie` header.
    pub(crate) async fn cookie(&self, host: usize, person: &Person) -> String {
        let body = json!({ "email_address": person.email.as_written(), "password": PASSWORD });
        let host = self.salesseek.hosts[host];
        let answer = self.salesseek.client.send(Request::post(host, "/api/login").json(&body)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
    }

    /// Signs in at the first BookingBug tree, or the other; the `Auth-Token`.
    pub(crate) async fn auth_token(&self, tree: usize, person: &Person) -> String {
        let (app_id, app_key) = &self.applications[tree];
        let body = json!({ "email": person.email.as_written(), "password": PASSWORD });
        let login = Request::post(self.bookingbug.hosts[0], "/api/v1/login");
        let login = login.header("app-id", app_id).header("app-key", app_key).json(&body);
        let answer = self.bookingbug.client.send(login).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.header("auth-token").unwrap().to_owned()
    }

    /// Signs in at the first RubiCRM tenant, or the other; the `Doorward-Session`.
    pub(crate) async fn session(&self, host: usize, api_key: &str, person: &Person) -> String {
        let password = super::doors::base64(PASSWORD);
        let body =
            json!({ "emailaddress": person.email.as_written(), "password": password, "apikey": api_key });
        let login = Request::post(self.rubicrm.hosts[host], "/api/Login").json(&body);
        let answer = self.rubicrm.client.send(login).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.header("doorward-session").unwrap().to_owned()
    }
}

/// Everything by which a caller can tell two answers apart, the request's name and the time excepted.
pub(crate) fn told(answer: &Answer) -> (u16, Vec<String>, String) {
    let differs = |name: &str| matches!(name, "x-request-id" | "date");
    let named = answer.headers.iter().filter(|(name, _)| !differs(name.as_str()));
    let mut headers: Vec<String> = named.map(|(name, value)| format!("{name}: {value:?}")).collect();
    headers.sort();
    (answer.status.as_u16(), headers, answer.text())
}

async fn salesseek(house: &House) -> Room {
    let callbacks = Some(vec![CallbackRule::parse(CALLBACK_RULE).unwrap()]);
    let policy = Policy { callbacks, ..Policy::default() };
    let (home, other) = (house.tenant("alpha", None, None, policy).await, house.pool("omega").await);
    house.door(Dialect::Salesseek, "{slug}.seek.example", None).await;
    Room {
        client: house.client::<Salesseek>(),
        routes: route_list::<Salesseek>(),
        hosts: ["alpha.seek.example", "omega.seek.example"],
        strong: house.person(&home, "admin@alpha.example", Kind::User, Role::Admin).await,
        weak: house.person(&home, "user@alpha.example", Kind::User, Role::User).await,
        inactive: disabled(house, &home, "off@alpha.example", Kind::User).await,
        stranger: house.person(&other, "admin@omega.example", Kind::User, Role::Admin).await,
    }
}

async fn bookingbug(house: &House) -> (Room, [(String, String); 2]) {
    let home = house.tenant("harbour", Some(101), None, Policy::default()).await;
    house.tenant("harbour-spa", Some(102), Some(&home), Policy::default()).await;
    let other = house.tenant("quay", Some(201), None, Policy::default()).await;
    house.door(Dialect::Bookingbug, "booking.example", None).await;
    // Numbers of people begin anew in every pool; the stranger's must be nobody's at home.
    for extra in 0..8 {
        house.person(&other, &format!("extra{extra}@quay.example"), Kind::Member, Role::User).await;
    }
    let room = Room {
        client: house.client::<Bookingbug>(),
        routes: route_list::<Bookingbug>(),
        hosts: ["booking.example", "booking.example"],
        strong: house.person(&home, "owner@harbour.example", Kind::Administrator, Role::Owner).await,
        weak: house.person(&home, "member@harbour.example", Kind::Member, Role::User).await,
        inactive: disabled(house, &home, "off@harbour.example", Kind::Administrator).await,
        stranger: house.person(&other, "owner@quay.example", Kind::Administrator, Role::Owner).await,
    };
    let one = application(house, &home, Some("11111111"), false).await;
    let two = application(house, &other, Some("22222222"), false).await;
    (room, [("11111111".to_owned(), one), ("22222222".to_owned(), two)])
}

async fn rubicrm(house: &House) -> (Room, [String; 3]) {
    let (home, other) = (house.pool("guild").await, house.pool("league").await);
    house.door(Dialect::Rubicrm, "guild.example", Some(&home)).await;
    house.door(Dialect::Rubicrm, "league.example", Some(&other)).await;
    let room = Room {
        client: house.client::<Rubicrm>(),
        routes: route_list::<Rubicrm>(),
        hosts: ["guild.example", "league.example"],
        strong: house.person(&home, "vera@guild.example", Kind::Contact, Role::User).await,
        weak: house.person(&home, "uwe@guild.example", Kind::Contact, Role::User).await,
        inactive: disabled(house, &home, "off@guild.example", Kind::Contact).await,
        stranger: house.person(&other, "lea@league.example", Kind::Contact, Role::User).await,
    };
    let keys = [
        application(house, &home, None, false).await,
        application(house, &home, None, true).await,
        application(house, &other, None, true).await,
    ];
    (room, keys)
}

async fn leadsquared(house: &House) -> (Room, [(String, String); 2]) {
    let (home, other) = (house.pool("education").await, house.pool("academy").await);
    let region = doorward_model::RegionCode::parse("sg");
    let settings = DoorSettings { region, ..DoorSettings::default() };
    house.door_with(Dialect::Leadsquared, "api.lead.example", None, settings).await;
    let room = Room {
        client: house.client::<Leadsquared>(),
        routes: route_list::<Leadsquared>(),
        hosts: ["api.lead.example", "api.lead.example"],
        strong: house.person(&home, "sri@education.example", Kind::User, Role::Admin).await,
        weak: house.person(&home, "tom@education.example", Kind::User, Role::User).await,
        inactive: disabled(house, &home, "off@education.example", Kind::User).await,
        stranger: house.person(&other, "ann@academy.example", Kind::User, Role::Admin).await,
    };
    let keys =
        [access_key(house, &home, &room.strong).await, access_key(house, &other, &room.stranger).await];
    (room, keys)
}

async fn disabled(house: &House, at: &Branch, email: &str, kind: Kind) -> Person {
    let person = house.person(at, email, kind, Role::User).await;
    people::disable(&house.core, &house.caller, &house.operator, at, person.id).await.unwrap();
    person
}

async fn application(house: &House, at: &Branch, app_id: Option<&str>, trusted_server: bool) -> String {
    let new = NewApplication {
        name: format!("Program {trusted_server}"),
        app_id: app_id.and_then(AppId::parse),
        key: NewKey::Random,
        trusted_server,
        origins: Vec::new(),
    };
    let made = applications::create(&house.core, &house.caller, &house.operator, at, new).await.unwrap();
    made.key.as_ref().map(Secret::expose).unwrap().to_owned()
}

async fn access_key(house: &House, at: &Branch, person: &Person) -> (String, String) {
    let new = NewAccessKey { person: person.id, label: "Key".to_owned(), rate: None, expires_at: None };
    let issued = access_keys::create(&house.core, &house.caller, &house.operator, at, new).await.unwrap();
    (issued.key.name.as_str().to_owned(), issued.secret.expose().to_owned())
}

/// A body that any route can make sense of: it names nobody who lives here.
pub(crate) fn decent_body() -> Value {
    json!({
        "email": "nobody@elsewhere.example", "email_address": "nobody@elsewhere.example",
        "emailaddress": "nobody@elsewhere.example", "name": "Nobody", "password": "broad-finch-waits-0815",
        "token": "00ff00ff00ff00ff00ff00ff00ff00ff", "user_id": NOBODY, "uid": NOBODY, "id": NOBODY,
        "val": "00ff00ff00ff00ff00ff00ff00ff00ff", "calltype": "UserConsent", "updatevalues": "[]",
        "newpassword": super::doors::base64("broad-finch-waits-0815"), "current_password": "no",
        "reset_password_token": "00ff00ff00ff00ff00ff00ff00ff00ff",
    })
}

/// Where reset links of the first SalesSeek tenant may lead.
pub(crate) const CALLBACK_RULE: &str = "https://app.alpha.example/account";

/// An id that nobody has.
pub(crate) const NOBODY: &str = "019aab00-0000-7000-8000-00000000dead";
