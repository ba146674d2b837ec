//! The network between one node and the database is cut, silently, while the others go on.

use super::cluster::{Cluster, NODES, Place};
use super::namespace::Namespace;
use super::traffic::survives;
use super::{not_proven, own, share};
use doorward_testkit_postgres::{Own, USER, Wire, is_skipped};
use std::fs;

/// Which node is cut off.
const CUT: usize = 0;

#[test]
fn a_node_loses_the_database() {
    let Some(own) = own("") else { return };
    let (url, wire) = (own.url("postgres"), Wire::to(own.socket()));
    let places = std::iter::once(wire.url("postgres"))
        .chain((1..NODES).map(|_| url.clone()))
        .map(|url| Place::here(&url))
        .collect();
    let mut cluster = Cluster::start_at(&url, places);
    cut_off("node-cut-off", &mut cluster, || wire.silence(), || wire.speak());
}

/// The same over TCP, with a cable that is pulled out.
#[test]
fn the_cable_of_a_node_is_pulled_out() {
    const FAULT: &str = "cable-pulled-out";
    if is_skipped() {
        return;
    }
    let namespace = match Namespace::make() {
        Ok(namespace) => namespace,
        Err(why) => return not_proven(FAULT, &format!("no network namespaces on this machine: {why}")),
    };
    let host = namespace.database_host();
    let own = Own::on_tcp(&format!("listen_addresses = '127.0.0.1, {host}'"), |data| {
        let rules = format!("local all all trust\nhost all {USER} {} trust\n", namespace.database_guest());
        fs::write(data.join("pg_hba.conf"), rules).unwrap();
    });
    let url = own.url("postgres");
    let far = format!("postgresql://{USER}@{host}:{}/postgres?sslmode=disable", own.port());
    let there = Place { url: far, listen: namespace.guest(4_711), through: namespace.through() };
    let places = std::iter::once(there).chain((1..NODES).map(|_| Place::here(&url))).collect();
    let mut cluster = Cluster::start_at(&url, places);
    cut_off(FAULT, &mut cluster, || namespace.cut(), || namespace.mend());
}

fn cut_off(name: &'static str, cluster: &mut Cluster, cut: impl FnOnce(), mend: impl FnOnce()) {
    survives(name, cluster, |_, progress| {
        progress.more(share(3));
        cut();
        progress.refused_at(&[CUT]);
        progress.more(share(3));
        mend();
        progress.served_at(&[CUT]);
        progress.more(share(3));
    });
}
