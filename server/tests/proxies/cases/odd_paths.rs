//! Paths that two programs could read as different ones. What a service gets without a credential is public however the
//! service reads it.

use crate::proxies::guarded::{Behind, Guarded, Outcome};
use crate::proxies::proxy::Kind;
use crate::proxies::readings::{is_within, paths};
use crate::proxies::stand_ins::Taken;

/// One folder of it is public and all else is not.
const MOSTLY_CLOSED: &str = "closed.salesseek.localhost";
/// One folder of it is not public and all else is.
const MOSTLY_OPEN: &str = "open.salesseek.localhost";

const PUBLIC: &str = "/pub";
const PROTECTED: &str = "/admin";

/// Where a path may stand before it turns elsewhere; the first ones are public at both hosts.
const STARTS: [&str; 9] =
    ["", "/pub", "/pub/x", "/pub;", "/pub;x=1", "/%70ub", "/pub/%2e", "/x/../pub", "/api/login"];

/// Ways back to the root, or what could be one.
const WAYS: [&str; 74] = [
    "/",
    "//",
    "///",
    "/./",
    "/../",
    "/../../",
    "/.../",
    "/..",
    "/..//",
    "//../",
    "//../../",
    "/./../",
    "/x/../../",
    "/.;/",
    "/..;/",
    "/..;x/",
    "/..;x=1/../",
    "/;/",
    "/;x/",
    "/;/../",
    "/;x/../",
    ";/../",
    ";x/../",
    ";/..;/",
    ";..;/",
    "/..%3b/",
    "/%2e%2e%3bx/",
    "/%3b/",
    "%3b/../",
    "/%2e/",
    "/%2e%2e/",
    "/%2E%2e/",
    "/.%2e/",
    "/%2e./",
    "/%2e%2e;/",
    "/%2e%2e%2f",
    "/..%2f",
    "/..%2F",
    "%2f..%2f",
    "%2f../",
    "%2f",
    "%2f%2f",
    "/%2f",
    "%5c",
    "%5C..%5c",
    "/..%5c",
    "/%5c../",
    "\\",
    "\\..\\",
    "/..\\",
    "/\\../",
    "\\/",
    "/%252e%252e/",
    "/..%252f",
    "%252f..%252f",
    "/..%255c",
    "/%25252e%25252e/",
    "#/../",
    "/#/../",
    "%23/../",
    "/..%23/",
    "?/../",
    "%3f/../",
    "/..%3F/",
    "%253f/../",
    "%00/../",
    "/..%00/",
    "/%00/",
    "/..%0d/",
    "/..%0a/",
    "/..%09/",
    "/..%20/",
    "/%c0%ae%c0%ae/",
    "/..%c0%af",
];

/// The protected folder, or what could be it.
const ENDS: [&str; 30] = [
    "admin",
    "admin/",
    "admin/x",
    "admin//x",
    "admin/.",
    "admin/..",
    "admin/./x",
    "%61dmin",
    "a%64min/x",
    "%2561dmin",
    "admin;x",
    "admin;x=1/y",
    "admin;/x",
    ";x/admin",
    "admin%3bx",
    "admin%3Bx/y",
    "admin?x",
    "admin%3fx",
    "admin%3f/../x",
    "admin#x",
    "admin#/../x",
    "admin%23x",
    "admin%2523x",
    "admin\\x",
    "admin%5cx",
    "admin%255cx",
    "admin%2fx",
    "admin%252fx",
    "admin%00",
    "admin%00.png",
];

/// Targets that are odd by themselves: no path, a whole URL, raw bytes that stand in none.
const TARGETS: [&str; 30] = [
    "admin",
    "admin/x",
    ".",
    "..",
    "../admin",
    "*",
    "*/../admin",
    "?/admin",
    ";/admin",
    "#/admin",
    "\\admin",
    "pub/../admin",
    "http://{host}",
    "http://{host}/admin",
    "http://{host}/pub/../admin",
    "http://{host}/pub/%2e%2e/admin",
    "http://{host}//admin",
    "http://{host}?/../admin",
    "http://{host}#/../admin",
    "http://{host}\\admin",
    "http:///admin",
    "http:/admin",
    "/admin\0",
    "/pub\0/../admin",
    "/pub/\t/../admin",
    "/pub/..\t/admin",
    "/pub/..\u{b}/admin",
    "/pub/..\u{7f}/admin",
    "/pub/\u{ff0e}\u{ff0e}/admin",
    "/pub/..\u{a0}/admin",
];

/// Every start with every way to the plain folder, and a few ways to whatever could be that folder.
fn all() -> Vec<String> {
    let plain = |start: &str| WAYS.map(|way| format!("{start}{way}admin"));
    let ends = |way: &str| ENDS.map(|end| format!("{way}{end}"));
    let joined = STARTS.into_iter().flat_map(plain);
    let ended = ["/", "//", "/./", "/;x/", "/pub/", "/pub/../"].into_iter().flat_map(ends);
    joined.chain(ended).chain(TARGETS.map(str::to_owned)).collect()
}

fn get(behind: &Behind<'_>, host: &str, target: &str) -> Outcome {
    behind.send(format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes())
}

fn is_open(host: &str, path: &str) -> bool {
    if host == MOSTLY_OPEN { !is_within(path, PROTECTED) } else { is_within(path, PUBLIC) }
}

/// What is wrong about an outcome that nobody showed a credential for.
fn fault(host: &str, route: &str, told: &Outcome) -> Option<String> {
    if told.taken.is_empty() {
        return Some("neither refused nor sent on".to_owned()).filter(|_| !told.is_refused());
    }
    let misread = |taken: &Taken| paths(taken.path()).into_iter().find(|path| !is_open(host, path));
    let misjudged =
        |taken: &Taken| Some(taken.head.clone()).filter(|_| taken.read("X-Doorward-Route") != [route]);
    told.taken.iter().find_map(|taken| misread(taken).or_else(|| misjudged(taken)))
}

fn faults(kind: Kind, guarded: &Guarded) -> Vec<String> {
    let behind = guarded.behind(kind);
    let mut faults = Vec::new();
    for (host, route, open, closed) in [
        (MOSTLY_CLOSED, "shop", ["/pub", "/pub/x", "/pub/x?y=/../../admin"], ["/", "/public", "/admin/x"]),
        (MOSTLY_OPEN, "site", ["/", "/administer", "/x/admin?y"], ["/admin", "/admin/", "/admin/x?y"]),
    ] {
        for path in open {
            let told = get(&behind, host, path);
            let [taken] = &told.taken[..] else { panic!("{kind:?}: {path}: {told:?}") };
            assert_eq!((told.status(), taken.path()), (Some(200), path), "{kind:?}");
        }
        for path in closed {
            let told = get(&behind, host, path);
            assert_eq!((told.status(), told.taken.len()), (Some(401), 0), "{kind:?}: {path}: {told:?}");
        }
        for target in all() {
            let target = target.replace("{host}", host);
            let told = get(&behind, host, &target);
            let fault = fault(host, route, &told);
            faults.extend(fault.map(|fault| format!("{kind:?}: {host} {target}: {fault}: {told:?}")));
        }
    }
    faults
}

#[test]
fn a_public_path_is_no_way_to_a_protected_one() {
    let guarded = Guarded::start(&[
        &format!("{MOSTLY_CLOSED}{PUBLIC} public name=shop"),
        &format!("{MOSTLY_CLOSED}/"),
        &format!("{MOSTLY_OPEN}{PROTECTED} role=admin"),
        &format!("{MOSTLY_OPEN}/ public name=site"),
    ]);
    let faults: Vec<String> = Kind::ALL.into_iter().flat_map(|kind| faults(kind, &guarded)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
