//! `kill -9` of one node after the other.

use super::cluster::{Cluster, NODES};
use super::traffic::survives;
use super::{own, share};

#[test]
fn a_node_is_killed() {
    let Some(own) = own("") else { return };
    let mut cluster = Cluster::start(&own.url("postgres"));
    survives("node-killed", &mut cluster, |cluster, progress| {
        for number in 0..NODES {
            progress.more(share(2 * NODES));
            cluster.kill(number);
            progress.more(share(2 * NODES));
            cluster.again(number);
            progress.served_at(&[number]);
        }
    });
}
