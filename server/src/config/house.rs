//! `[house]`: Doorward's own surface, apart from the doors.

use super::reader::Reader;
use super::value::read_web_address;
use doorward_model::HostPattern;
use std::net::Ipv6Addr;

/// Doorward's own surface: health, metrics, pages, links in mails.
#[derive(Clone, Debug)]
pub struct House {
    /// As requests name them: lower case, without ports, IPv6 in brackets.
    pub hosts: Vec<String>,
    /// What links in mails are built from (P11: never from a request): an address of one of the hosts, without a path.
    pub public_url: String,
}

impl House {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let mut section = reader.section("house", "Doorward's own surface: health, metrics and pages.");
        let local = ["localhost", "127.0.0.1"].map(str::to_owned).to_vec();
        let hosts = section.checked(
            "hosts",
            local,
            |hosts| {
                let is_right = !hosts.is_empty() && hosts.iter().all(|host| as_asked(host).is_some());
                if is_right { Ok(()) } else { Err(EXPECTED_HOSTS.to_owned()) }
            },
            "Hosts at which Doorward itself answers, without ports. A door's host is not among them.",
        );
        let hosts: Vec<String> = hosts.iter().filter_map(|host| as_asked(host)).collect();
        let public_url = section.value(
            "public_url",
            "http://localhost:8080".to_owned(),
            "What links in mails begin with: an address of one of `hosts`. Never taken from a request.",
        );
        // The default as well: it leads to a host that need not be one of ours.
        if let Err(reason) = check_public_url(&public_url, &hosts) {
            section.refuse("public_url", reason);
        }
        Self { hosts, public_url }
    }
}

fn check_public_url(text: &str, hosts: &[String]) -> Result<(), String> {
    let Some(url) = read_web_address(text) else {
        return Err(format!("expected an address like \"https://id.example.com\", found {text:?}"));
    };
    let host = url.host_str().unwrap_or_default();
    if url.path() != "/" {
        Err("expected an address without a path".to_owned())
    } else if hosts.iter().any(|known| known == host) {
        Ok(())
    } else {
        Err(format!("links in mails would lead nowhere: {host} is not among the `hosts` of [house]"))
    }
}

const EXPECTED_HOSTS: &str = "expected hosts like \"id.example.com\", without scheme or port";

/// A host as requests name it; `None` if it is none.
fn as_asked(text: &str) -> Option<String> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    if let Ok(address) = bare.parse::<Ipv6Addr>() {
        return Some(format!("[{address}]"));
    }
    match HostPattern::parse(text) {
        Ok(HostPattern::Exact(host)) => Some(host),
        Ok(HostPattern::Slug { .. }) | Err(_) => None,
    }
}
