//! One node after the other is asked to end and started again, as for an upgrade.

use super::cluster::{Cluster, NODES};
use super::traffic::survives;
use super::{own, share};

#[test]
fn nodes_are_restarted_one_by_one() {
    let Some(own) = own("") else { return };
    let mut cluster = Cluster::start(&own.url("postgres"));
    survives("rolling-restart", &mut cluster, |cluster, progress| {
        for number in 0..NODES {
            progress.more(share(2 * NODES));
            cluster.stop(number);
            progress.more(share(2 * NODES));
            cluster.again(number);
            progress.served_at(&[number]);
        }
    });
}
