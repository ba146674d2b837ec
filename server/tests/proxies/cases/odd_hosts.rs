//! Hosts that two programs could read as different ones. Whoever is let in at one host reaches no other.

use super::callers::Caller;
use super::{OTHER_SALESSEEK, Stage};
use crate::proxies::guarded::{Guarded, Outcome};
use crate::proxies::proxy::Kind;
use crate::proxies::readings::hosts;
use crate::proxies::stand_ins::Taken;

/// Anybody may come in here …
const OPEN: &str = "open.salesseek.localhost";
/// … but nobody there, nor at any other.
const CLOSED: &str = "closed.salesseek.localhost";
const OTHER_CLOSED: &str = "closed.rubicrm.localhost";

/// `{o}` is the open host, `{O}` the same in upper case, `{c}` and `{C}` the closed one.
const HOSTS: [&str; 66] = [
    "{O}",
    "{C}",
    "{o}:80",
    "{c}:80",
    "{o}:0080",
    "{o}:",
    "{c}:",
    "{o}:99999",
    "{o}:http",
    "{o}:80:80",
    "{o}:80, {c}",
    "{o}:80@{c}",
    "{o}:80@{c}:80",
    "{c}:80@{o}",
    "{o}@{c}",
    "{c}@{o}",
    "@{o}",
    "@{c}",
    "{o}.",
    "{c}.",
    "{O}.:80",
    "{C}.:80",
    "{o}..",
    "{c}..",
    ".{o}",
    ".{c}",
    "..{o}",
    "",
    "   ",
    "\t",
    ".",
    "{o},{c}",
    "{c},{o}",
    "{o}, {c}",
    "{c}, {o}",
    "{o} {c}",
    "{c} {o}",
    "{o}\t{c}",
    "{o};{c}",
    "{c};{o}",
    "{o}/{c}",
    "{c}/{o}",
    "{o}/",
    "{c}/",
    "{c}/.{o}",
    "{c}/../{o}",
    "{c}\\.{o}",
    "{c}\\@{o}",
    "{c}#{o}",
    "{c}#.{o}",
    "{c}?.{o}",
    "{c}%23.{o}",
    "{c}%00.{o}",
    "{c}%2f.{o}",
    "{c}\0{o}",
    "{c}\0.{o}",
    "{c}\u{7f}.{o}",
    "{c}\u{e9}.{o}",
    "clo%73ed.salesseek.localhost",
    "http://{o}",
    "http://{c}/",
    "\"{o}\"",
    "[{o}]",
    "[{c}]:80",
    "*.salesseek.localhost",
    "{c}.{o}",
];

/// Whole heads, a line each, for what is odd about more than one line.
const HEADS: [&[&str]; 40] = [
    &["GET /crm HTTP/1.1", "Host: {o}", "Host: {c}"],
    &["GET /crm HTTP/1.1", "Host: {c}", "Host: {o}"],
    &["GET /crm HTTP/1.1", "Host: {o}", "Host: {o}"],
    &["GET /crm HTTP/1.1", "Host: {o}", "Host:"],
    &["GET /crm HTTP/1.1", "Host:", "Host: {c}"],
    &["GET /crm HTTP/1.1", "Host: {o}", "HOST: {c}"],
    &["GET /crm HTTP/1.1", "Host: {o}", "X-Other: x", "host: {c}"],
    &["GET /crm HTTP/1.1", "Host : {c}", "Host: {o}"],
    &["GET /crm HTTP/1.1", "Host: {o}", "Host : {c}"],
    &["GET /crm HTTP/1.1", "Host\t: {c}", "Host: {o}"],
    &["GET /crm HTTP/1.1", " Host: {c}", "Host: {o}"],
    &["GET /crm HTTP/1.1", "Host: {o}", " {c}"],
    &["GET /crm HTTP/1.1", "Host:", " {c}"],
    &["GET /crm HTTP/1.1", "X-Other: x", " Host: {c}", "Host: {o}"],
    &["GET /crm HTTP/1.1", "Host: {o}\rHost: {c}"],
    &["GET /crm HTTP/1.1", "Host: {o}\nHost: {c}"],
    &["GET /crm HTTP/1.1", "H_ost: {c}", "Host: {o}", "Host_: {c}"],
    &["GET /crm HTTP/1.1", "Host: {o}", ":authority: {c}"],
    &["GET /crm HTTP/1.1"],
    &["GET /crm HTTP/1.0"],
    &["GET /crm HTTP/1.0", "Host: {c}"],
    &["GET /crm HTTP/1.0", "Host: {o}", "Host: {c}"],
    &["GET http://{c}/crm HTTP/1.1", "Host: {o}"],
    &["GET http://{o}/crm HTTP/1.1", "Host: {c}"],
    &["GET http://{c}/crm HTTP/1.1"],
    &["GET http://{c}/crm HTTP/1.0"],
    &["GET http://{C}:80/crm HTTP/1.1", "Host: {o}"],
    &["GET http://{o}:80/crm HTTP/1.1", "Host: {c}"],
    &["GET http://{o}@{c}/crm HTTP/1.1", "Host: {o}"],
    &["GET http://{o}@{c}/crm HTTP/1.1", "Host: {c}"],
    &["GET http://{c}@{o}/crm HTTP/1.1", "Host: {c}"],
    &["GET HTTP://{c}/crm HTTP/1.1", "Host: {o}"],
    &["GET https://{c}/crm HTTP/1.1", "Host: {o}"],
    &["GET ftp://{c}/crm HTTP/1.1", "Host: {o}"],
    &["GET http://{c} HTTP/1.1", "Host: {o}"],
    &["GET http://{c}?x=/crm HTTP/1.1", "Host: {o}"],
    &["GET http://{c}\\.{o}/crm HTTP/1.1", "Host: {o}"],
    &["GET //{c}/crm HTTP/1.1", "Host: {o}"],
    &["GET {c}/crm HTTP/1.1", "Host: {o}"],
    &["CONNECT {c}:80 HTTP/1.1", "Host: {o}"],
];

/// Every request of the two lists, each in both roles.
fn requests(open: &str, closed: &str, more: &[(&str, String)]) -> Vec<String> {
    let one_line = HOSTS.iter().map(|host| vec!["GET /crm HTTP/1.1".to_owned(), format!("Host: {host}")]);
    let heads = HEADS.iter().map(|lines| lines.iter().map(|line| (*line).to_owned()).collect());
    let more: Vec<String> = more.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let request = |lines: Vec<String>| {
        let filled = lines.join("\r\n");
        let filled = filled.replace("{o}", open).replace("{c}", closed);
        let filled =
            filled.replace("{O}", &open.to_ascii_uppercase()).replace("{C}", &closed.to_ascii_uppercase());
        [vec![filled, "Connection: close".to_owned()], more.clone()].concat().join("\r\n") + "\r\n\r\n"
    };
    one_line.chain(heads).map(request).collect()
}

/// What is wrong about an outcome that may be for nobody but `host`, however the service looks for it.
fn fault(told: &Outcome, host: &str) -> Option<&'static str> {
    let is_for_host = |taken: &Taken| hosts(taken).iter().all(|read| read == host);
    if told.taken.is_empty() {
        return Some("neither refused nor sent on").filter(|_| !told.is_refused());
    }
    let is_clear = told.taken.iter().all(|taken| taken.read("Host").len() == 1 && is_for_host(taken));
    Some("could be for another host").filter(|_| !is_clear)
}

#[test]
fn an_open_host_is_no_way_to_a_closed_one() {
    let routes = [format!("{OPEN}/ public name=open"), format!("{CLOSED}/"), format!("{OTHER_CLOSED}/")];
    let guarded = Guarded::start(&routes.each_ref().map(String::as_str));
    let mut faults = Vec::new();
    for kind in Kind::ALL {
        let behind = guarded.behind(kind);
        let plain = |host| {
            let head = format!("GET /crm HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            behind.send(head.as_bytes())
        };
        let told = plain(OPEN);
        assert_eq!((told.taken.len(), fault(&told, OPEN)), (1, None), "{kind:?}: {told:?}");
        for closed in [CLOSED, OTHER_CLOSED] {
            assert_eq!(plain(closed).status(), Some(401), "{kind:?}: {closed}");
            for request in requests(OPEN, closed, &[]) {
                let told = behind.send(request.as_bytes());
                let is_judged_so = |taken: &Taken| taken.read("X-Doorward-Route") == ["open"];
                let misjudged = Some("by another route").filter(|_| !told.taken.iter().all(is_judged_so));
                let fault = fault(&told, OPEN).or(misjudged);
                faults.extend(fault.map(|fault| format!("{kind:?}: {fault}: {request:?}: {told:?}")));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

impl Stage {
    /// With a credential that is good at one tenant's host and not at another's.
    pub(super) fn an_odd_host_is_the_callers_own_or_nobodys(&self, caller: &Caller) {
        let mut faults = Vec::new();
        for (open, closed) in [(caller.host, OTHER_SALESSEEK), (OTHER_SALESSEEK, caller.host)] {
            for request in requests(open, closed, &caller.headers) {
                let told = self.outcome(request.as_bytes());
                let fault = fault(&told, caller.host);
                faults.extend(fault.map(|fault| format!("{:?}: {fault}: {request:?}: {told:?}", self.kind)));
                told.taken.iter().for_each(|taken| caller.is_known_to(taken));
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}
