//! Who becomes an identity at the service, and what never does.

use super::callers::Caller;
use super::{BOOKINGBUG, CHECKED, IDENTITY, LEADSQUARED, PUBLIC, RUBICRM, SALESSEEK, SPOOFED, Stage};
use crate::process::Ask;

impl Stage {
    pub(super) fn without_a_credential_nothing_passes(&self) {
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

    pub(super) fn every_credential_becomes_an_identity(&self, caller: &Caller) {
        let taken = self.reaches(&caller.ask(), caller);
        assert_eq!(taken.path(), caller.target, "{:?}", self.kind);
        assert_eq!(taken.read("Host"), [caller.host], "{:?}", self.kind);
    }

    pub(super) fn identity_never_comes_from_the_client(&self, caller: &Caller) {
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

    pub(super) fn malformed_credentials_are_nobodys(&self, caller: &Caller) {
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

    /// What a browser says of the page (OWASP CSRF cheat sheet, "Fetch Metadata headers") gets as far as Doorward.
    pub(super) fn a_page_of_somebody_else_uses_no_cookie(&self, caller: &Caller) {
        let (name, cookie) = &caller.headers[0];
        let ask = |method| Ask::new(method, caller.host, CHECKED).header(name, cookie);
        for (header, value) in [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")] {
            for method in ["POST", "DELETE"] {
                self.refuses(&ask(method).header(header, value), 403);
            }
            self.reaches(&ask("GET").header(header, value), caller);
        }
        self.reaches(&ask("POST").header("Sec-Fetch-Site", "same-origin"), caller);
        self.reaches(&ask("DELETE"), caller);
    }

    pub(super) fn a_public_route_is_open_and_names_nobody(&self, caller: &Caller) {
        let lies = |ask: Ask| IDENTITY.iter().fold(ask, |ask, name| ask.header(name, SPOOFED));
        let open = |host| Ask::get(host, PUBLIC);
        let asks = [SALESSEEK, BOOKINGBUG, RUBICRM, LEADSQUARED].map(open).into_iter();
        for ask in asks.chain([lies(open(SALESSEEK)), caller.ask_for(PUBLIC), lies(caller.ask_for(PUBLIC))]) {
            let (answer, taken) = self.send(&ask);
            let [taken] = &taken[..] else { panic!("{:?}: {answer:?}: {taken:?}", self.kind) };
            assert_eq!((answer.status, taken.path()), (200, PUBLIC), "{:?}: {answer:?}", self.kind);
            assert_eq!(taken.read("X-Doorward-Route"), ["doors/demo/public"], "{}", taken.head);
            for name in IDENTITY.into_iter().filter(|name| *name != "X-Doorward-Route") {
                let told = taken.read(name);
                assert!(told.iter().all(|value| value.is_empty()), "{name}: {}", taken.head);
            }
        }
        // Whole segments, and no way out of it.
        for path in ["/demo/publicity", "/demo", "/demo/public/../deals", "/demo/public/%2e%2e/deals"] {
            let (answer, taken) = self.send(&Ask::get(caller.host, path));
            assert!(taken.is_empty(), "{:?}: {path}: {taken:?}", self.kind);
            assert!(matches!(answer.status, 400..500), "{:?}: {path}: {answer:?}", self.kind);
        }
    }

    pub(super) fn signing_out_is_seen_at_once(&self, caller: &Caller) {
        self.reaches(&caller.ask(), caller);
        let logout = Ask::new("DELETE", caller.host, "/api/logout");
        let logout = caller.headers.iter().fold(logout, |ask, (name, value)| ask.header(name, value));
        let (answer, taken) = self.send(&logout);
        assert_eq!((answer.status, taken.len()), (200, 0), "{:?}: {answer:?}", self.kind);
        self.refuses(&caller.ask(), 401);
    }
}
