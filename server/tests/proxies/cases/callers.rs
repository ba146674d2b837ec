//! Everybody who signs in through the proxy, with every kind of credential.

use super::{BOOKINGBUG, CHECKED, IDENTITY, LEADSQUARED, RUBICRM, SALESSEEK, SPOOFED, Stage};
use crate::process::Ask;
use crate::proxies::stand_ins::Taken;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

/// Somebody with a credential, and what a service must be told about them.
pub(super) struct Caller {
    pub(super) host: &'static str,
    pub(super) target: String,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) email: String,
    pub(super) tenant: &'static str,
    /// The program that called, where the demo names it: a key's program has no other name than its id.
    pub(super) application: Option<String>,
}

impl Caller {
    pub(super) fn ask(&self) -> Ask {
        self.ask_for(&self.target)
    }

    pub(super) fn ask_for(&self, target: &str) -> Ask {
        let ask = Ask::get(self.host, target);
        self.headers.iter().fold(ask, |ask, (name, value)| ask.header(name, value))
    }

    /// A service that reads headers as loosely as any sees this person, and nothing the client made up.
    pub(super) fn is_known_to(&self, taken: &Taken) {
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

impl Stage {
    /// The doors' own paths work through the proxy: everybody signs in there.
    pub(super) fn sign_in(&self) -> Vec<Caller> {
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
}
