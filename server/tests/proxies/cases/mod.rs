//! The cases every proxy passes. One stage per proxy: the demo behind it, and a service that writes down what arrives.
//!
//! `callers.rs` are the people who sign in through the proxy; `identity.rs` who becomes an identity and what does not;
//! `requests.rs` what a client says of its own request; `closed.rs` what happens when Doorward says no, nonsense or
//! nothing; `own_paths.rs` the paths that go to Doorward unasked. `forwarded_for.rs`, `odd_hosts.rs` and `odd_paths.rs`
//! are long lists of lies about the client's address, the host and the path.

mod callers;
mod closed;
mod forwarded_for;
mod identity;
mod odd_hosts;
mod odd_paths;
mod own_paths;
mod requests;

use super::guarded::Outcome;
use super::proxy::{Kind, Proxy};
use super::stand_ins::{StandIn, Taken};
use crate::process::{Answer, Ask, Demo, exchange, exchange_from};
use callers::Caller;
use std::net::Ipv4Addr;

const SALESSEEK: &str = "northwind.salesseek.localhost";
const OTHER_SALESSEEK: &str = "southwind.salesseek.localhost";
const BOOKINGBUG: &str = "bookingbug.localhost";
const RUBICRM: &str = "guild.rubicrm.localhost";
const LEADSQUARED: &str = "api-in21.leadsquared.localhost";

/// A path of a service, at every door.
const CHECKED: &str = "/crm/deals/7?view=all";

/// Every header that says who is calling, or why not.
pub(super) const IDENTITY: [&str; 24] = [
    "X-Doorward-Route",
    "X-Doorward-Person",
    "X-Doorward-Tenant",
    "X-Doorward-Company",
    "X-Doorward-Roles",
    "X-Doorward-Application",
    "X-Doorward-Door",
    "X-Doorward-Session",
    "X-Doorward-Scopes",
    "X-Doorward-Reason",
    "X-Doorward-Assertion",
    "X-Doorward-Home",
    "Remote-User",
    "Remote-Groups",
    "Remote-Name",
    "Remote-Email",
    "X-Auth-Request-User",
    "X-Auth-Request-Email",
    "X-Auth-Request-Groups",
    "X-Auth-Request-Preferred-Username",
    "X-Forwarded-User",
    "X-Forwarded-Email",
    "X-Forwarded-Groups",
    "X-Forwarded-Preferred-Username",
];

/// A path of a service that everybody may see, at every door, and the route that says so.
const PUBLIC: &str = "/demo/public/prices?of=today";
const PUBLIC_ROUTE: &str = "doors/demo/public public";

/// What a client says it is when it lies.
const SPOOFED: &str = "spoofed";

pub(super) fn all(kind: Kind) {
    let mut stage = Stage::start(kind);
    let somebody = stage.sign_in();
    stage.without_a_credential_nothing_passes();
    for caller in &somebody {
        stage.every_credential_becomes_an_identity(caller);
    }
    let person = &somebody[0];
    stage.a_body_arrives_whole(person);
    stage.identity_never_comes_from_the_client(person);
    stage.the_client_does_not_say_what_it_asked_for(person);
    stage.a_made_up_address_changes_no_answer(person);
    stage.an_odd_host_is_the_callers_own_or_nobodys(person);
    stage.malformed_credentials_are_nobodys(person);
    stage.a_page_of_somebody_else_uses_no_cookie(person);
    stage.ambiguous_paths_lead_nowhere(person);
    stage.a_public_route_is_open_and_names_nobody(person);
    stage.signing_out_is_seen_at_once(person);
    stage.nothing_passes_without_doorward(&somebody[1]);
    closed::nonsense_is_no_identity(kind);
}

struct Stage {
    kind: Kind,
    demo: Demo,
    service: StandIn,
    proxy: Proxy,
}

impl Stage {
    fn start(kind: Kind) -> Self {
        let demo = Demo::start_with(&["--route", PUBLIC_ROUTE]);
        let service = StandIn::service();
        let proxy = kind.start(demo.doorward.address, service.address);
        Self { kind, demo, service, proxy }
    }

    fn send(&self, ask: &Ask) -> (Answer, Vec<Taken>) {
        self.exchange(&ask.bytes())
    }

    fn exchange(&self, bytes: &[u8]) -> (Answer, Vec<Taken>) {
        let asked = String::from_utf8_lossy(bytes);
        let answer = exchange(self.proxy.address, bytes)
            .unwrap_or_else(|error| panic!("{:?}: {error}: {asked}", self.kind));
        (answer, self.service.taken())
    }

    /// The same for what the proxy may leave without an answer.
    fn outcome(&self, bytes: &[u8]) -> Outcome {
        let answer = exchange_from(Ipv4Addr::LOCALHOST, self.proxy.address, bytes).ok();
        Outcome { answer, taken: self.service.taken() }
    }

    fn refuses(&self, ask: &Ask, status: u16) {
        let (answer, taken) = self.send(ask);
        let about = String::from_utf8_lossy(&ask.bytes()).into_owned();
        assert!(taken.is_empty(), "{:?}: reached by {about}: {taken:?}", self.kind);
        assert_eq!(answer.status, status, "{:?}: {about}: {answer:?}", self.kind);
        for name in IDENTITY {
            let shown = answer.header(&name.to_ascii_lowercase()).unwrap_or_default();
            assert_eq!(shown, "", "the client is shown {name}");
        }
    }

    fn reaches(&self, ask: &Ask, caller: &Caller) -> Taken {
        let (answer, mut taken) = self.send(ask);
        let about = String::from_utf8_lossy(&ask.bytes()).into_owned();
        assert_eq!((answer.status, taken.len()), (200, 1), "{:?}: {about}: {answer:?}", self.kind);
        let taken = taken.remove(0);
        caller.is_known_to(&taken);
        taken
    }
}
