//! The paths that doors answer themselves.

use super::{BOOKINGBUG, LEADSQUARED, OTHER_SALESSEEK, RUBICRM, SALESSEEK};
use crate::process::{Answer, Ask, Demo};
use crate::proxies::proxy::{Kind, Proxy};
use crate::proxies::stand_ins::{StandIn, Taken};
use doorward_bookingbug::Bookingbug;
use doorward_leadsquared::Leadsquared;
use doorward_rubicrm::Rubicrm;
use doorward_salesseek::Salesseek;
use doorward_web::{
    Connection, HeaderMap, HeaderName, HeaderValue, RouteInfo, TrustedProxies, request_host, route_list,
};
use http::Uri;
use std::net::IpAddr;

/// Every path the doors answer themselves, from the lists that mount them, in the spellings each door knows.
pub(super) fn own_paths() -> Vec<(&'static str, String, String)> {
    let mut own = Vec::new();
    let filled = |route: &RouteInfo| {
        let part = |part: &str| if part.starts_with('{') { "7".to_owned() } else { part.to_owned() };
        route.path.split('/').map(part).collect::<Vec<_>>().join("/")
    };
    let mut add = |host, route: &RouteInfo, path: String| own.push((host, route.method.to_string(), path));
    for route in route_list::<Salesseek>() {
        add(SALESSEEK, &route, filled(&route));
        add(SALESSEEK, &route, format!("{}/", filled(&route)));
    }
    for route in route_list::<Bookingbug>() {
        for version in ["v1", "v3", "v4", "v5"] {
            add(BOOKINGBUG, &route, filled(&route).replacen("v1", version, 1));
        }
        add(BOOKINGBUG, &route, format!("{}/", filled(&route)));
    }
    for route in route_list::<Rubicrm>() {
        add(RUBICRM, &route, filled(&route));
        add(RUBICRM, &route, filled(&route).to_ascii_lowercase());
        add(RUBICRM, &route, filled(&route).to_ascii_uppercase());
        add(RUBICRM, &route, format!("{}/", filled(&route).trim_start_matches("/api")));
    }
    for route in route_list::<Leadsquared>().iter().filter(|route| !route.stands_in) {
        add(LEADSQUARED, route, filled(route));
    }
    own
}

fn through(proxy: &Proxy, kind: Kind, ask: &Ask) -> Answer {
    ask.send(proxy.address).unwrap_or_else(|error| panic!("{kind:?}: {} {}: {error}", ask.method, ask.path))
}

/// Nobody is asked about these paths, and Doorward believes its proxies about host, scheme and address: what a client says
/// of them must not get through.
#[test]
fn a_client_does_not_say_what_doorward_is_told_of_an_own_path() {
    let (doorward, service) = (StandIn::doorward(), StandIn::service());
    let lies = [
        ("X-Forwarded-Host", OTHER_SALESSEEK),
        ("X-Forwarded-Uri", "/api/logout"),
        ("X-Forwarded-Method", "DELETE"),
        ("X-Forwarded-Port", "1"),
        ("X-Forwarded-Prefix", "/elsewhere"),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-For", "192.0.2.7"),
        ("X-Original-Host", OTHER_SALESSEEK),
        ("X-Original-URL", "http://southwind.salesseek.localhost/api/logout"),
        ("X-Original-Method", "DELETE"),
        ("X-Rewrite-URL", "/api/logout"),
        ("Forwarded", "host=southwind.salesseek.localhost"),
    ];
    for kind in Kind::ALL {
        let proxy = kind.start(doorward.address, service.address);
        doorward.taken();
        let ask =
            lies.iter().fold(Ask::post(SALESSEEK, "/api/login"), |ask, (name, lie)| ask.header(name, lie));
        assert_eq!(through(&proxy, kind, &ask).status, 200, "{kind:?}");
        let told = doorward.taken().remove(0);
        let headers = headers(&told);
        assert_eq!(told.path(), "/api/login", "{kind:?}");
        let host = request_host(&Uri::from_static("/api/login"), &headers, true);
        assert_eq!(host.as_deref(), Ok(SALESSEEK), "{kind:?}: {}", told.head);
        let loopback: IpAddr = [127, 0, 0, 1].into();
        let proxies = TrustedProxies { networks: vec![loopback.into()] };
        let from = Connection { peer: (loopback, 9).into(), tls: false };
        assert!(!proxies.is_secure(from, &headers), "{kind:?}: {}", told.head);
        let hops = told.read("X-Forwarded-For");
        let last = hops.last().and_then(|hops| hops.rsplit(',').next());
        // Which one it is says the machine: Envoy has a name of its own for loopback.
        assert!(last.is_some_and(|hop| hop.trim() != "192.0.2.7"), "{kind:?}: {}", told.head);
    }
}

/// As Doorward reads them.
fn headers(told: &Taken) -> HeaderMap {
    let lines = told.head.lines().skip(1).filter_map(|line| line.split_once(':'));
    let header = |(name, value): (&str, &str)| {
        (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value.trim()).unwrap())
    };
    lines.map(header).collect()
}

/// nginx, Caddy and HAProxy match paths by patterns of their own, and refuse those with two readings before they look
/// whose path it is. Doorward's door would say 401: nobody is signed in.
#[test]
fn a_path_with_two_readings_is_no_doors_own() {
    let (demo, service) = (Demo::start(), StandIn::service());
    for kind in [Kind::Nginx, Kind::Caddy, Kind::Haproxy] {
        let proxy = kind.start(demo.doorward.address, service.address);
        assert_eq!(through(&proxy, kind, &Ask::get(SALESSEEK, "/api/users/ab")).status, 401, "{kind:?}");
        for path in [
            "/api/users/a\\b",
            "/api/users/a%00b",
            "/api/users/a%5cb",
            "/api/users/a%2Fb",
            "/users/;x/icalendar_feed",
            "/users/%3Bx/icalendar_feed",
        ] {
            let answer = through(&proxy, kind, &Ask::get(SALESSEEK, path));
            assert_eq!(answer.status, 400, "{kind:?}: {path}: {}", answer.text());
        }
    }
}
