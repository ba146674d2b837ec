//! What a client says of its own address: it changes no answer, and guesses count for whoever really sends them.

use super::callers::Caller;
use super::{CHECKED, PUBLIC, SALESSEEK, Stage};
use crate::process::Ask;
use crate::proxies::guarded::{Behind, Guarded};
use crate::proxies::proxy::Kind;
use std::net::Ipv4Addr;

/// Made-up credentials that one address is looked for, in five seconds (docs/operators/verify.md).
const MISSES: usize = 25;
/// A machine may be so busy that the first guesses are forgotten before the last: that much later it must have ended.
const MOST: usize = 20 * MISSES;

/// Of no door, so that a made-up session is looked for whatever dialect the host speaks.
const HOST: &str = "guarded.salesseek.localhost";
const OPEN: &str = "/open/prices";

/// A lie, and its headers; they may differ from guess to guess.
struct Lie {
    what: &'static str,
    headers: fn(usize) -> Vec<(&'static str, String)>,
    /// The one address it names, if it does.
    invented: Option<&'static str>,
}

const ONE: &str = "192.0.2.7";

const LIES: [Lie; 16] = [
    Lie::new("another address each time", |n| vec![(FOR, format!("203.0.113.{n}"))]),
    Lie { invented: Some(ONE), ..Lie::new("one address", |_| vec![(FOR, ONE.to_owned())]) },
    Lie::new("several", |n| vec![(FOR, format!("192.0.2.{n}, 198.51.100.{n}"))]),
    Lie::new("two headers", |n| vec![(FOR, format!("192.0.2.{n}")), (FOR, format!("198.51.100.{n}"))]),
    Lie { invented: Some("2001:db8::7"), ..Lie::new("IPv6", |_| vec![(FOR, "2001:db8::7".to_owned())]) },
    Lie::new("another network of IPv6", |n| vec![(FOR, format!("2001:db8:0:{n}::1"))]),
    Lie::new("IPv6 with a port", |n| vec![(FOR, format!("[2001:db8:0:{n}::1]:443"))]),
    Lie::new("IPv4 in IPv6", |n| vec![(FOR, format!("::ffff:203.0.113.{n}"))]),
    Lie::new("garbage", |n| vec![(FOR, format!("who knows {n}"))]),
    Lie::new("no text", |n| vec![(FOR, format!("\u{e9}\u{1f6aa}{n}"))]),
    Lie::new("empty", |_| vec![(FOR, String::new())]),
    Lie::new("commas", |_| vec![(FOR, ", ,".to_owned())]),
    Lie::new("the proxy", |_| vec![(FOR, "127.0.0.1".to_owned())]),
    Lie::new("more hops than there are", |n| vec![(FOR, vec![format!("203.0.113.{n}"); 40].join(", "))]),
    Lie::new("other spellings", |n| {
        let spellings = ["x-forwarded-for", "X_Forwarded_For", "X-FORWARDED_FOR", "X.Forwarded.For"];
        spellings.map(|name| (name, format!("203.0.113.{n}"))).to_vec()
    }),
    Lie::new("other names", |n| {
        let names =
            ["X-Real-IP", "True-Client-IP", "CF-Connecting-IP", "X-Client-IP", "X-Envoy-External-Address"];
        let said = names.map(|name| (name, format!("203.0.113.{n}"))).into_iter();
        said.chain([("Forwarded", format!("for=203.0.113.{n}"))]).collect()
    }),
];

const FOR: &str = "X-Forwarded-For";

impl Lie {
    const fn new(what: &'static str, headers: fn(usize) -> Vec<(&'static str, String)>) -> Self {
        Self { what, headers, invented: None }
    }

    fn told(&self, number: usize, ask: Ask) -> Ask {
        (self.headers)(number).iter().fold(ask, |ask, (name, value)| ask.header(name, value))
    }
}

impl Stage {
    pub(super) fn a_made_up_address_changes_no_answer(&self, caller: &Caller) {
        for lie in &LIES {
            self.reaches(&lie.told(7, caller.ask()), caller);
            self.refuses(&lie.told(7, Ask::get(caller.host, CHECKED)), 401);
            let (answer, taken) = self.send(&lie.told(7, Ask::get(caller.host, PUBLIC)));
            assert_eq!((answer.status, taken.len()), (200, 1), "{:?}: {}: {answer:?}", self.kind, lie.what);
            // A door's own path; nobody is signed in.
            let (answer, taken) = self.send(&lie.told(7, Ask::get(SALESSEEK, "/api/users/7")));
            assert_eq!((answer.status, taken.len()), (401, 0), "{:?}: {}: {answer:?}", self.kind, lie.what);
        }
    }
}

/// Every guess is another one: a token that is known to be nobody's counts once.
struct Guesses(usize);

impl Guesses {
    fn next(&mut self, ask: Ask) -> Ask {
        self.0 += 1;
        ask.header("Doorward-Session", &format!("{:043}", self.0))
    }
}

#[test]
fn guesses_count_for_the_client_who_sends_them() {
    let closed = format!("{HOST}/");
    let guarded = Guarded::start(&[&format!("{HOST}/open public"), &closed]);
    let mut guesses = Guesses(0);
    for (network, kind) in (1..).zip(Kind::ALL) {
        let behind = guarded.behind(kind);
        for (number, lie) in (1..).zip(&LIES) {
            // Clients of this machine, one for each lie, so that each begins with an empty window.
            let client = Ipv4Addr::new(127, 0, network, number);
            is_counted(&behind, client, lie, &mut guesses);
            let neighbour = Ipv4Addr::new(127, 1, network, number);
            let told = behind.send_from(neighbour, &guesses.next(Ask::get(HOST, CHECKED)).bytes());
            assert_eq!(told.status(), Some(401), "{kind:?}: {}: {told:?}", lie.what);
            if let Some(invented) = lie.invented {
                let told = guarded.ask(&guesses.next(guarded.question(HOST, CHECKED, invented)));
                let reason = told.header("x-doorward-reason");
                assert_eq!((told.status, reason), (401, Some("invalid")), "{kind:?}: {}", lie.what);
            }
            says_who_asked(&behind, client, lie);
        }
        hop_by_hop_is_counted_or_refused(&behind, Ipv4Addr::new(127, 2, network, 1), &mut guesses);
    }
}

/// What a client is told whose window is full; nginx knows no other refusal than 401 and 403.
fn too_many(kind: Kind) -> u16 {
    match kind {
        Kind::Nginx => 403,
        Kind::Caddy | Kind::Haproxy | Kind::Traefik | Kind::Envoy => 429,
    }
}

/// As many as one address may make up are looked for, and then no more.
fn is_counted(behind: &Behind<'_>, client: Ipv4Addr, lie: &Lie, guesses: &mut Guesses) {
    let guess = |number| lie.told(number, Ask::get(HOST, CHECKED));
    let mut answered = 0;
    let last = (1..=MOST).map(|number| {
        let told = behind.send_from(client, &guesses.next(guess(number % 250)).bytes());
        assert!(told.taken.is_empty(), "{:?}: {}: {told:?}", behind.kind, lie.what);
        told.status()
    });
    let refused = last.inspect(|_| answered += 1).find(|status| *status != Some(401));
    assert_eq!(refused, Some(Some(too_many(behind.kind))), "{:?}: {}", behind.kind, lie.what);
    assert!(answered > MISSES, "{:?}: {}: refused after {answered}", behind.kind, lie.what);
}

/// The service is told the client's address and no other.
fn says_who_asked(behind: &Behind<'_>, client: Ipv4Addr, lie: &Lie) {
    let told = behind.send_from(client, &lie.told(7, Ask::get(HOST, OPEN)).bytes());
    let [taken] = &told.taken[..] else { panic!("{:?}: {}: {told:?}", behind.kind, lie.what) };
    assert_eq!(taken.read(FOR), [client.to_string()], "{:?}: {}: {}", behind.kind, lie.what, taken.head);
}

/// A header named in `Connection` is dropped on the way by careless proxies, with the address that they added to it.
fn hop_by_hop_is_counted_or_refused(behind: &Behind<'_>, client: Ipv4Addr, guesses: &mut Guesses) {
    let hop = Lie::new("hop by hop", |n| {
        vec![("Connection", format!("close, {FOR}")), (FOR, format!("203.0.113.{n}"))]
    });
    let told = behind.send(&hop.told(7, Ask::get(HOST, CHECKED)).bytes());
    match told.status() {
        Some(400) => {}
        other => {
            assert_eq!(other, Some(401), "{:?}: {told:?}", behind.kind);
            is_counted(behind, client, &hop, guesses);
        }
    }
}
