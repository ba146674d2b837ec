//! It fails closed: Doorward gone, silent, or talking nonsense, and nobody passes.

use super::callers::Caller;
use super::own_paths::own_paths;
use super::{BOOKINGBUG, CHECKED, IDENTITY, LEADSQUARED, PUBLIC, RUBICRM, SALESSEEK, SPOOFED, Stage};
use crate::process::Ask;
use crate::proxies::proxy::Kind;
use crate::proxies::stand_ins::{SIGN_IN, StandIn};
use std::thread;
use std::time::{Duration, Instant};

/// How long a proxy may wait for a silent Doorward: several times what its configuration says.
const PATIENCE: Duration = Duration::from_secs(20);
/// Traefik waits thirty seconds and cannot be told otherwise.
const FIXED_PATIENCE: Duration = Duration::from_secs(40);

impl Stage {
    pub(super) fn nothing_passes_without_doorward(&mut self, caller: &Caller) {
        self.reaches(&caller.ask(), caller);
        self.demo.doorward.kill();
        for ask in [
            caller.ask(),
            caller.ask().header("X-Doorward-Route", SPOOFED),
            Ask::get(caller.host, CHECKED),
            Ask::get(caller.host, PUBLIC),
        ] {
            let (answer, taken) = self.send(&ask);
            assert!(taken.is_empty(), "{:?}: reached without Doorward: {taken:?}", self.kind);
            assert!((500..600).contains(&answer.status), "{:?}: {answer:?}", self.kind);
        }
    }
}

/// Nothing but an identity counts as one; and what a door owns goes to Doorward unasked, everything else not.
pub(super) fn nonsense_is_no_identity(kind: Kind) {
    let (doorward, service) = (StandIn::doorward(), StandIn::service());
    let proxy = kind.start(doorward.address, service.address);
    let hosts = [SALESSEEK, BOOKINGBUG, RUBICRM, LEADSQUARED];
    thread::scope(|scope| {
        for what in
            ["silent", "noise", "half", "empty", "nameless", "no_content", "broken", "stranger", "closed"]
        {
            let (proxy, kind) = (&proxy, kind);
            // All at once: some wait long for the silent one.
            scope.spawn(move || {
                for host in hosts {
                    let ask = Ask::get(host, &format!("/{what}"))
                        .header("Cookie", "salesseek=x")
                        .header("X-Doorward-Route", SPOOFED)
                        .header("X_Doorward_Route", SPOOFED);
                    let asked = Instant::now();
                    let answer =
                        ask.send(proxy.address).unwrap_or_else(|error| panic!("{kind:?}: {what}: {error}"));
                    // Envoy hands on whatever is no 200.
                    assert!(matches!(answer.status, 204 | 400..600), "{kind:?}: {what}: {answer:?}");
                    if what == "silent" {
                        let patience = if kind == Kind::Traefik { FIXED_PATIENCE } else { PATIENCE };
                        assert!(asked.elapsed() < patience, "{kind:?}: {:?}", asked.elapsed());
                        break;
                    }
                }
            });
        }
    });
    let taken = service.taken();
    assert!(taken.is_empty(), "{kind:?}: reached by a nobody: {taken:?}");
    // What Doorward says is handed on, each header of it.
    let answer = Ask::get(SALESSEEK, "/everything").send(proxy.address).unwrap();
    let [taken] = &service.taken()[..] else { panic!("{kind:?}: {answer:?}") };
    let for_the_proxy = ["X-Doorward-Reason", "X-Doorward-Home"];
    for name in IDENTITY.into_iter().filter(|name| !for_the_proxy.contains(name)) {
        assert_eq!(taken.read(name), [format!("said {name}")], "{kind:?}: {}", taken.head);
    }
    let answer = Ask::get(SALESSEEK, "/page").send(proxy.address).unwrap();
    assert_eq!((answer.status, answer.header("location")), (302, Some(SIGN_IN)), "{kind:?}: {answer:?}");
    // Nobody outside puts a question into the proxy's mouth.
    drop(doorward.taken());
    for path in ["/verify/forward-auth/../../api/login", "/verify/ext-authz/../../api/login"] {
        let answer = Ask::get(SALESSEEK, path).send(proxy.address).unwrap();
        assert!((400..600).contains(&answer.status), "{kind:?}: {path}: {answer:?}");
        let asked = doorward.taken();
        assert!(asked.iter().all(|taken| taken.path() != path), "{kind:?}: {asked:?}");
    }
    for (host, method, path) in own_paths() {
        let answer = Ask::new(&method, host, &path).send(proxy.address).unwrap();
        assert_eq!(answer.text(), "own", "{kind:?}: {method} {host} {path}: {answer:?}");
    }
    assert!(service.taken().is_empty(), "{kind:?}: a door's own path reached the service");
}
