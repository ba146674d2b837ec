//! The paths that doors answer themselves.

use super::{BOOKINGBUG, LEADSQUARED, RUBICRM, SALESSEEK};
use doorward_bookingbug::Bookingbug;
use doorward_leadsquared::Leadsquared;
use doorward_rubicrm::Rubicrm;
use doorward_salesseek::Salesseek;
use doorward_web::{RouteInfo, route_list};

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
