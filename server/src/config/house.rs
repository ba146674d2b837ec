//! `[house]`: Doorward's own surface, apart from the doors.

use super::reader::Reader;
use doorward_model::HostPattern;
use std::net::IpAddr;
use url::Url;

/// Doorward's own surface: health, metrics, pages, links in mails.
#[derive(Clone, Debug)]
pub struct House {
    /// Lower case, without ports.
    pub hosts: Vec<String>,
    /// What links in mails are built from (P11: never from a request).
    pub public_url: Url,
}

impl House {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let mut section = reader.section("house", "Doorward's own surface: health, metrics and pages.");
        let local = ["localhost", "127.0.0.1"].map(str::to_owned).to_vec();
        let hosts = section.checked(
            "hosts",
            local,
            |hosts| {
                if hosts.iter().all(|host| is_host(host)) { Ok(()) } else { Err(EXPECTED_HOSTS.to_owned()) }
            },
            "Hosts at which Doorward itself answers, without ports. A door's host is not among them.",
        );
        let public_url = section.checked(
            "public_url",
            default_url(),
            |url| {
                if url.path() == "/" { Ok(()) } else { Err("expected an address without a path".to_owned()) }
            },
            "What links in mails begin with. Never taken from a request.",
        );
        Self { hosts: hosts.iter().map(|host| host.to_ascii_lowercase()).collect(), public_url }
    }
}

const EXPECTED_HOSTS: &str = "expected hosts like \"id.example.com\", without scheme or port";

#[expect(clippy::expect_used, reason = "a constant; every test that loads a configuration parses it")]
fn default_url() -> Url {
    Url::parse("http://localhost:8080").expect("the default address is one")
}

fn is_host(text: &str) -> bool {
    let is_name = matches!(HostPattern::parse(text), Ok(HostPattern::Exact(_)));
    is_name || text.parse::<IpAddr>().is_ok()
}
