//! The hosts of a region, as the operator's service directory names them.
//!
//! Nothing here is built from the request: a host that a client sent is never printed back.

use doorward_core::cells::{Account, Home};
use doorward_core::{Error, installation};
use doorward_web::{CallContext, Refusal};
use serde_json::{Map, Value};

/// Printed with a scheme, in the seed's order.
const MOBILE: [&str; 8] = [
    "ReportsURL",
    "FileUploadURL",
    "MobileNotificationURL",
    "V1ServiceURL",
    "V2ServiceURL",
    "SalesTrackedURL",
    "MobileReportListURL",
    "AceURL",
];

/// Printed as bare hosts, in the seed's order, before [`LOGIN_APP`].
const COMMON: [&str; 5] = ["api", "app", "tracking", "telephony", "analyticsapi"];

/// Printed last and, alone among its neighbours, with a scheme (seed).
const LOGIN_APP: &str = "loginApp";

/// The hosts of one pool's home.
pub(crate) struct Directory {
    hosts: Vec<(String, String)>,
    /// Where this door is, for an installation without a directory.
    own_host: String,
}

impl Directory {
    /// The directory of the pool's home region. A pool without one is at home wherever it asks.
    pub(crate) async fn of(call: &CallContext, account: &Account) -> Result<Self, Refusal> {
        let home = match &account.home {
            Home::Here(region) => region.as_ref(),
            // A host of ours would be wrong for whatever the home has not named.
            Home::Elsewhere(hosts) => return Ok(Self { hosts: hosts.clone(), own_host: String::new() }),
        };
        let home = home.or(call.door.door.settings.region.as_ref()).or(call.core.settings().region.as_ref());
        let hosts = match home {
            Some(code) => match installation::region(&call.core, code).await {
                Ok(region) => region.hosts,
                Err(Error::NotFound) => Vec::new(),
                Err(fault) => return Err(fault.into()),
            },
            None => Vec::new(),
        };
        Ok(Self { hosts, own_host: bare(&call.base_url()) })
    }

    /// The seed's `LSQCommonServiceURLs`.
    pub(crate) fn common(&self) -> Map<String, Value> {
        let bare = COMMON.iter().map(|service| (*service, self.bare_host(service)));
        let with_login = bare.chain([(LOGIN_APP, self.url(LOGIN_APP))]);
        with_login.map(|(service, host)| (service.to_owned(), host.into())).collect()
    }

    /// The seed's `MobileServiceURLs`.
    pub(crate) fn mobile(&self) -> Map<String, Value> {
        MOBILE.iter().map(|service| ((*service).to_owned(), self.url(service).into())).collect()
    }

    /// A service the directory does not have is the empty text: clients expect a string.
    fn bare_host(&self, service: &str) -> String {
        match self.host(service) {
            Some(host) => bare(host),
            None if service == "api" => self.own_host.clone(),
            None => String::new(),
        }
    }

    fn url(&self, service: &str) -> String {
        match self.host(service) {
            Some(url) if url.contains("://") => url.to_owned(),
            Some(host) if !host.is_empty() => format!("https://{host}"),
            Some(_) | None => String::new(),
        }
    }

    fn host(&self, service: &str) -> Option<&str> {
        self.hosts.iter().find(|(known, _)| known == service).map(|(_, host)| host.as_str())
    }
}

/// A URL without its scheme.
fn bare(url: &str) -> String {
    let without_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    without_scheme.trim_end_matches('/').to_owned()
}
