//! Strangers take all connections of the server: first those that are free, then those of the nodes.

use super::cluster::Cluster;
use super::traffic::survives;
use super::{own, share};
use doorward_testkit_postgres::Crowd;

/// A little more than three nodes want, which have up to ten each.
const CONNECTIONS: &str = "max_connections = 40";

#[test]
fn the_database_is_out_of_connections() {
    let Some(own) = own(CONNECTIONS) else { return };
    let mut cluster = Cluster::start(&own.url("postgres"));
    survives("out-of-connections", &mut cluster, |_, progress| {
        progress.more(share(3));
        let mut crowd = Crowd::before(&own);
        progress.more(share(3));
        crowd.push_out();
        progress.refused_at(&[0, 1, 2]);
        drop(crowd);
        progress.served_at(&[0, 1, 2]);
        progress.more(share(3));
    });
}
