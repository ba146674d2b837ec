//! All clients at once, a fault in their midst, and the check that follows.

use super::cluster::{Cluster, PEOPLE};
use super::person::{Person, Way};
use super::progress::{End, Progress};
use super::spoken;
use super::told::Told;
use super::watcher::{self, BOUND};
use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread;

/// Runs the traffic while `fault` happens, checks everything that was acknowledged, prints the line and fails if
/// anything is wrong with it.
pub(super) fn survives(
    name: &'static str,
    cluster: &mut Cluster,
    fault: impl FnOnce(&mut Cluster, &Progress),
) {
    let told = told(name, cluster, fault);
    told.print();
    told.assert();
}

fn told(name: &'static str, cluster: &mut Cluster, fault: impl FnOnce(&mut Cluster, &Progress)) -> Told {
    let nodes = cluster.addresses();
    let progress = Progress::new(nodes.len());
    let mut people: Vec<Person> = (0..PEOPLE).map(Person::new).collect();
    thread::scope(|scope| {
        let _end = End(&progress);
        let mut watchers = Vec::new();
        for &node in &nodes {
            let (tell, told) = mpsc::channel();
            watchers.push(tell);
            let progress = &progress;
            scope.spawn(move || watcher::watch(node, &told, progress));
        }
        for person in &mut people {
            let way = Way { nodes: &nodes, progress: &progress, watchers: watchers.clone() };
            scope.spawn(move || person.work(&way));
        }
        fault(cluster, &progress);
    });
    // The last end is a moment old: every node gets its bound.
    thread::sleep(BOUND);
    thread::scope(|scope| {
        for &node in &nodes {
            let (people, progress) = (&people, &progress);
            scope.spawn(move || check(node, people, progress));
        }
    });
    for person in &people {
        let works = person.passwords_that_work(nodes[0]);
        if works != 1 {
            let known = person.passwords.len();
            progress.lost(format!("{}: {works} of {known} passwords work", person.name()));
        }
    }
    Told { name, counted: progress.into_counted() }
}

/// Asks one node about everything.
fn check(node: SocketAddr, people: &[Person], progress: &Progress) {
    for person in people {
        let asked = [spoken::is_let_in as fn(_, &_) -> _, spoken::is_verified];
        for session in &person.live {
            for is_accepted in asked {
                match is_accepted(node, session) {
                    Ok(true) => {}
                    Ok(false) => {
                        progress.lost(format!("{node}: a session of {}: {session:?}", person.name()))
                    }
                    Err(why) => progress.broken(format!("{node}, afterwards: {why:?}")),
                }
            }
        }
        for session in &person.dead {
            for is_accepted in asked {
                match is_accepted(node, session) {
                    Ok(true) => {
                        progress.revived(format!("{node}: a session of {}: {session:?}", person.name()));
                    }
                    Ok(false) => {}
                    Err(why) => progress.broken(format!("{node}, afterwards: {why:?}")),
                }
            }
        }
    }
}
