//! The seed's organisation with one user and one key, behind the hosts of two regions.

use doorward_core::access_keys::{self, IssuedKey, NewKey};
use doorward_core::tenants::{self, NewTenant};
use doorward_core::{Branch, installation};
use doorward_leadsquared::Leadsquared;
use doorward_model::{
    CompanyNumber, Dialect, DoorSettings, Kind, Person, Policy, RateLimit, Region, RegionCode, Role, Slug,
};
use doorward_testkit::{Answer, Client, House, Request};

/// The host of the organisation's home region.
pub const HOME: &str = "api-in21.lsq.example";
/// The host of another region.
pub const ABROAD: &str = "api-us11.lsq.example";
/// The seed's call.
pub const USER: &str = "/v2/Authentication.svc/UserByAccessKey.Get";

/// The organisation of the seed's sample, as its profile says it.
const ORGANISATION: [(&str, &str); 9] = [
    ("OrgUniqueName", "t20170817174751"),
    ("DefaultCountryCode", "91"),
    ("Website", "lshelp.staging.wpengine.com"),
    ("Street1", "123 Street"),
    ("City", "Bengaluru"),
    ("State", "Karnataka"),
    ("Country", "India"),
    ("TimeZone", "Asia/Kolkata"),
    ("CustomerType", "LSQ - Internal"),
];

pub struct Office {
    pub house: House,
    pub client: Client,
    pub org: Branch,
    pub person: Person,
    pub key: IssuedKey,
}

impl Office {
    pub async fn open() -> Self {
        let house = House::start().await;
        for (code, host) in [("in21", HOME), ("us11", ABROAD)] {
            region(&house, code).await;
            let settings = DoorSettings { region: RegionCode::parse(code), ..DoorSettings::default() };
            house.door_with(Dialect::Leadsquared, host, None, settings).await;
        }
        let org = organisation(&house).await;
        let person = house
            .person_with(&org, "sri.sudhan@leadsquared.com", Kind::User, Role::Admin, |new| {
                new.profile.first_name = Some("Yogesh".to_owned());
                new.profile.last_name = None;
                new.profile.extra =
                    facts(&[("Phone", "+91-8556010497"), ("AssociatedPhoneNumbers", "+91-9000000000")]);
            })
            .await;
        let key = key(&house, &org, &person, None).await;
        Self { client: house.client::<Leadsquared>(), house, org, person, key }
    }

    /// The seed's call with the pair in the query.
    pub async fn ask(&self, host: &str, access_key: &str, secret_key: &str) -> Answer {
        let path = format!("{USER}?accessKey={access_key}&secretKey={secret_key}");
        self.client.send(Request::get(host, &path)).await
    }

    /// The same with a key that was issued, at its home.
    pub async fn ask_with(&self, key: &IssuedKey) -> Answer {
        self.ask(HOME, key.key.name.as_str(), key.secret.expose()).await
    }

    /// A further key of the same user.
    pub async fn key(&self, rate: Option<RateLimit>) -> IssuedKey {
        key(&self.house, &self.org, &self.person, rate).await
    }

    pub fn access_key(&self) -> &str {
        self.key.key.name.as_str()
    }

    pub fn secret_key(&self) -> &str {
        self.key.secret.expose()
    }
}

/// A request that carries a pair in its headers.
pub fn with_headers(request: Request, key: &IssuedKey) -> Request {
    request.header("x-LSQ-AccessKey", key.key.name.as_str()).header("x-LSQ-SecretKey", key.secret.expose())
}

/// What a refusal says.
pub fn exception(answer: &Answer) -> (u16, String, String) {
    let body = answer.json();
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    assert_eq!(text("Status"), "Error");
    (answer.status.as_u16(), text("ExceptionType"), text("ExceptionMessage"))
}

async fn organisation(house: &House) -> Branch {
    organisation_in(house, "education101", Some(22_824), "in21").await
}

/// An organisation like the seed's, at home in a region.
pub async fn organisation_in(house: &House, slug: &str, number: Option<i64>, region: &str) -> Branch {
    let new = NewTenant {
        parent: None,
        slug: Slug::parse(slug).unwrap(),
        number: number.map(|number| CompanyNumber::new(number).unwrap()),
        display_name: "Education 101".to_owned(),
        region: RegionCode::parse(region),
        policy: Policy::default(),
        profile: facts(&ORGANISATION),
    };
    tenants::create(&house.core, &house.caller, &house.operator, new).await.unwrap()
}

pub async fn key(house: &House, org: &Branch, person: &Person, rate: Option<RateLimit>) -> IssuedKey {
    let new = NewKey { person: person.id, label: "Nightly export".to_owned(), rate, expires_at: None };
    access_keys::create(&house.core, &house.caller, &house.operator, org, new).await.unwrap()
}

/// A region whose directory is the seed's, with the region's own code.
pub async fn region(house: &House, code: &str) {
    let in21 = [
        ("ReportsURL", "https://reports.leadsquared.com/CommonServices"),
        ("FileUploadURL", "https://files-in21.leadsquared.com/File/Upload"),
        ("MobileNotificationURL", "https://mobile-notifications.leadsquared.com/RegisterDevice.aspx"),
        ("V1ServiceURL", "https://mobileapi-in21.leadsquared.com/v1"),
        ("V2ServiceURL", "https://mobileapi-in21.leadsquared.com/v2"),
        ("SalesTrackedURL", "https://field-sales-tracker.leadsquared.com"),
        ("MobileReportListURL", "https://mobilereportlist.leadsquared.com/MobileReports.svc"),
        ("AceURL", "https://analytics-in21.leadsquared.com/goals"),
        ("api", "api-in21.leadsquared.com"),
        ("app", "in21.leadsquared.com"),
        ("tracking", "web-in21.mxradon.com"),
        ("telephony", "telephony-in21.leadsquared.com"),
        ("analyticsapi", "analyticsapi-in21.leadsquared.com"),
        ("loginApp", "https://login-in21.leadsquared.com"),
    ];
    let region = Region {
        id: installation::region_id(&house.core).unwrap(),
        code: RegionCode::parse(code).unwrap(),
        name: code.to_owned(),
        hosts: facts(&in21.map(|(service, host)| (service, host.replace("in21", code)))),
        version: 1,
    };
    installation::set_region(&house.core, &house.caller, &house.operator, region, None).await.unwrap();
}

fn facts<T: ToString>(facts: &[(&str, T)]) -> Vec<(String, String)> {
    facts.iter().map(|(name, value)| ((*name).to_owned(), value.to_string())).collect()
}
