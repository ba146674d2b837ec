//! The proxies of `docs/operators/proxies/`, each started from the files shipped there, in front of the real binary and
//! of a service that writes down what reaches it (promises: P15).
//!
//! `cases/` is the one list of cases that all of them pass; `proxy.rs` starts them; `stand_ins.rs` holds the service,
//! and a Doorward that answers nonsense; `guarded.rs` is a real Doorward with routes of a test's own; `readings.rs` how
//! services read the host and path they are sent.

mod cases;
mod guarded;
mod proxy;
mod readings;
mod stand_ins;

use proxy::Kind;

#[test]
fn nginx_lets_nobody_through_without_doorwards_word() {
    cases::all(Kind::Nginx);
}

#[test]
fn caddy_lets_nobody_through_without_doorwards_word() {
    cases::all(Kind::Caddy);
}

#[test]
fn haproxy_lets_nobody_through_without_doorwards_word() {
    cases::all(Kind::Haproxy);
}

#[test]
fn traefik_lets_nobody_through_without_doorwards_word() {
    cases::all(Kind::Traefik);
}

#[test]
fn envoy_lets_nobody_through_without_doorwards_word() {
    cases::all(Kind::Envoy);
}
